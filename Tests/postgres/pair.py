"""A primary with a replica that takes part in every commit; the address follows when the one dies and the other takes its place."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from land import SERVERS, Land
from server import ROLE, Server

SETTINGS = ("wal_keep_size=256MB", "wal_receiver_status_interval=1s", "wal_receiver_timeout=5s", "wal_sender_timeout=5s")


class Pair:
    """Two servers on two addresses. Which of them is the primary changes with each failover."""

    def __init__(self, place: Path, land: Land) -> None:
        self._land = land
        place.mkdir()
        for folder in [place, *place.parents[:1]]:
            os.chmod(folder, 0o755)  # for the user that PostgreSQL runs as
        self.primary, self.replica = (
            Server(place / f"server-{number}", *SETTINGS, address=address, trusts="10.77.0.0/24") for number, address in enumerate(SERVERS))
        self.primary.make()
        self._addresses = [(one.address, one.port) for one in (self.primary, self.replica)]
        self._join()

    def url(self, schema: str) -> str:
        self.primary.schema(schema)
        hosts = ",".join(f"{address}:{port}" for address, port in self._addresses)
        return f"postgresql://{ROLE}@{hosts}/shop?target_session_attrs=read-write&options=-csearch_path%3D{schema}"

    def restart(self, how: str) -> None:
        self.primary.restart(how)

    def fail_over(self, *, silent: bool) -> None:
        """The primary dies; silent: its machine does, and tells nobody. Its replica has every commit that was told."""
        dead = self.primary
        if silent:
            self._land.dies(dead.address)
        dead.stop("immediate")
        self.primary, self.replica = self.replica, dead
        self.primary.sql("ALTER SYSTEM RESET synchronous_standby_names")  # it is alone for a while
        self.primary.promote()
        self.primary.sql("SELECT pg_reload_conf()")

    def mend(self) -> None:
        """The machine that died comes back as the replica."""
        self._land.lives()
        shutil.rmtree(self.replica.data)
        self._join()

    def _join(self) -> None:
        self.replica.make_replica_of(self.primary)
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        while self.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1":
            time.sleep(0.05)

    def close(self) -> None:
        for server in (self.primary, self.replica):
            server.stop("immediate")
