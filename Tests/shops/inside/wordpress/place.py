"""A hub with nine variants and a shop that has them, and how a pass says what holds."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from guest import Guest
from house import HERE, House
from hub import Hub

HUB = ("--seed", "tiny", "--set", "pool.size=1000", "--set", "pool.refill=500")
SKU = "TNT-1002-1"


class Place:
    """A hub with nine variants, and a shop that has them."""

    def __init__(self, folder: Path, way: str) -> None:
        self.hub = Hub(*HUB)
        built = [Path(os.environ[name]) for name in ("FLXCHANNEL_LIBRARY", "FLX", "FLX_EXTENSION")]
        self.house = House(folder, *built, self.hub.origin, self.hub.token)
        self.way = way

    def __enter__(self) -> Place:
        try:
            self.house.__enter__()
        except BaseException:
            self.hub.stop()
            raise
        self.house.serve(self.way)
        self.admin = Guest(self.house.url)
        self.admin.log_in()
        return self

    def __exit__(self, *_: object) -> None:
        self.house.__exit__()
        self.hub.stop()

    def round(self) -> None:
        """As the shop runs one where this is its way: by a web request, or by the line that its settings print for cron."""
        if self.way == "cron":
            page = self.admin.get("/wp-admin/admin.php?page=flxchannel-settings")
            line = re.search(r"<pre>\* \* \* \* \* (.*?)</pre>", page)
            assert line, "the settings print no line for cron"
            environment = self.house.environment(self.house.channel())
            environment["PATH"] = f"{self.house.folder}:{environment['PATH']}"
            # Its configuration comes from the environment here, not from a file below /etc.
            command = line[1].replace(" --channel wordpress", "")
            done = subprocess.run([*self.house.as_user(), "sh", "-c", command], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"round.sh ended with {done.returncode}: {done.stderr}"
        else:
            page = self.admin.press("admin.php?page=flxchannel", "flxchannel_round")
            assert "A round was run" in page, plain(page)

    def order(self, number: str) -> "dict[str, str]":
        names = ("wanted", "verdict", "hub_status", "note", "access_key", "email")
        return dict(zip(names, self.house.sql(f"SELECT {', '.join(names)} FROM wp_flx_order WHERE number = '{number}'")[0]))

    def without_library(self, code: str) -> str:
        """Run PHP within WordPress where it may load no library: what is wanted stays written down."""
        return self.house.php("-d", "ffi.enable=0", "-r", f"require '{self.house.www}/wp-load.php'; {code}")

    def kept(self, name: str) -> bool:
        """Whether a buyer's name stands in the channel's state."""
        return subprocess.run(["grep", "-rqa", name, self.house.folder / "state"]).returncode == 0

    def wp(self, *words: str) -> str:
        """A command of the shell."""
        return self.house.php(str(HERE / "wp.php"), f"{self.house.www}/wp-load.php", "flxchannel", *words)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))[-1500:]


def must(is_so: bool, claim: str) -> None:
    print(f"{'ok    ' if is_so else 'FAILED'} {claim}", flush=True)
    if not is_so:
        raise SystemExit(1)
