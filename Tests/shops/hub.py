"""The hub of a run: the sandbox as a process, its admin paths, and the road to it, which can be cut."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import urllib.request
from decimal import Decimal
from typing import Any

from ending import end


class Hub:
    """A sandbox on a free port of loopback, from the program that FLX_SANDBOX names.

    `origin` is where the shop finds it: by a road of its own, so that the hub can be gone for the shop and not for the rig.
    """

    def __init__(self, *arguments: str) -> None:
        command = [os.environ["FLX_SANDBOX"], "--port", "0", "--exit-with-parent", *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        said = dict(self._process.stdout.readline().split() for _ in range(2))
        self.url, self.token = said["url"], said["token"]
        self.road = Road(int(self.url.rpartition(":")[2]))
        self.origin = f"http://127.0.0.1:{self.road.port}"

    def stop(self) -> None:
        self.road.close()
        end(self._process)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_admin/{path}", timeout=120) as answer:
            return json.load(answer, parse_float=Decimal)

    def post(self, path: str, body: "dict[str, Any]") -> Any:
        request = urllib.request.Request(f"{self.url}/_admin/{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def as_the_channel(self, path: str) -> Any:
        """What the channel reads there: a request like any other, in the journal as well."""
        request = urllib.request.Request(f"{self.url}{path}", headers={"X-API-TOKEN": self.token})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer, parse_float=Decimal)

    def requests(self) -> int:
        """How many requests the hub has seen."""
        return int(self.get("totals")["requests"])

    def posts(self, number: str) -> "list[dict[str, Any]]":
        """The journal of an order's submissions."""
        return list(self.get(f"journal?operation=createOrder&order_number={number}"))


class Road:
    """A port that leads to another: every byte is passed on, until the road is cut."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._open: "set[socket.socket]" = set()
        self._lock = threading.Lock()
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Open the port, the same as before."""
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._take, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        """Close the port and every connection: whoever comes is turned away, as by a hub that is down."""
        self.close()

    def close(self) -> None:
        try:
            self._door.shutdown(socket.SHUT_RDWR)  # else the thread in accept() would keep the port open
        except OSError:
            pass  # it was closed before
        self._door.close()
        with self._lock:
            for end in self._open:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # its other side was quicker
            self._open.clear()

    def _take(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with self._lock:
                self._open |= {near, far}
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while part := here.recv(65536):
                there.sendall(part)
        except OSError:
            pass  # one of them is gone: so is the other, below
        try:
            there.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        with self._lock:
            self._open -= {here}
        here.close()
