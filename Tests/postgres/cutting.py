"""A road to the server that is cut at a message of choice: before it arrives, or behind it, so that its answer is lost."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable


class Road:
    """Passes what a client sends, message by message, to a server on loopback; `cut_at` counts from 1 over all sessions."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.messages = 0
        self.cuts = 0
        self._cut_at = 0
        self._is_behind = False
        self._deaf = False
        self.on_cut: "Callable[[], object]" = lambda: None
        """What happens while the client waits for an answer that does not come."""
        self._free = threading.Event()
        self._free.set()
        self._answered = threading.Event()
        self._ends: "set[socket.socket]" = set()
        self.ports: "list[int]" = []
        """What the server sees its clients come from."""
        threading.Thread(target=self._take, daemon=True).start()

    def cut_at(self, message: int, *, behind: bool) -> None:
        """Cut once, at the so many-eth message from now on."""
        with self._lock:
            self.messages, self._cut_at, self._is_behind = 0, message, behind

    def hang(self, is_hanging: bool = True) -> None:
        """Take everything and pass nothing on, as a network that drops."""
        self._deaf = is_hanging

    def close(self) -> None:
        self._door.close()
        self.cut_all()

    def cut_all(self) -> None:
        with self._lock:
            for end in self._ends:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # its other side was quicker
            self._ends.clear()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()  # nobody is there
                continue
            with self._lock:
                self._ends |= {near, far}
                self.ports.append(far.getsockname()[1])
            threading.Thread(target=self._up, args=(near, far), daemon=True).start()
            threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        try:
            while part := near.recv(1 << 20):
                if self._deaf:
                    continue
                with self._lock:
                    self.messages += 1
                    is_end = self.messages == self._cut_at
                    if is_end:
                        self._free.clear()
                        self._answered.clear()
                    self.cuts += is_end
                if is_end and not self._is_behind:
                    self._cut()
                    break
                far.sendall(part)
                if is_end:
                    # The server has it, and answers to nobody. It gets the time to do so: a cut before it reads is the other kind.
                    self._answered.wait(5)
                    self._cut()
                    break
        except OSError:
            pass  # one side is gone: so is the other, below
        self._free.set()
        self._end(near, far)

    def _cut(self) -> None:
        try:
            self.on_cut()
        finally:
            self._free.set()

    def _down(self, far: socket.socket, near: socket.socket) -> None:
        try:
            while part := far.recv(1 << 20):
                with self._lock:
                    is_lost = self._is_behind and self._cut_at == self.messages and self._cut_at > 0
                if is_lost:
                    break
                if not self._deaf:
                    near.sendall(part)
        except OSError:
            pass
        self._answered.set()
        self._free.wait()  # the client sees no end before what happens meanwhile has happened
        self._end(near, far)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            with self._lock:
                self._ends.discard(end)
