"""Servers that fork their workers: gunicorn, php-fpm; and gevent, whose greenlets take the place of threads."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator

import pytest

import checks
from conftest import MakeHost
from hosts import EXTENSION, LIBRARY, PROGRAMS, PYTHON, Built, Host, Run
from sandbox import Sandbox

REQUESTS = 24
"""For four workers: several for each."""


class Gunicorn:
    """A gunicorn with four workers on a socket of its own."""

    def __init__(self, host: Host, at: Path, worker: str, preload: bool) -> None:
        self._socket = at / "gunicorn.sock"
        options = ["--workers", "4", "--worker-class", worker, "--chdir", str(PROGRAMS)]
        options += ["--threads", "2"] if worker == "gthread" else []
        options += ["--bind", f"unix:{self._socket}", *(["--preload"] if preload else [])]
        self._run = Run([PYTHON, "-m", "gunicorn", *options, "wsgi:shop"], host.environment)

    @contextlib.contextmanager
    def running(self) -> "Iterator[Gunicorn]":
        with self._run:
            while not self._socket.exists():
                assert self._run.lives(), self._run.errors()
                time.sleep(0.01)
            yield self
            self._run.stop()

    def answer(self, number: str) -> "dict[str, Any]":
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._socket))
            asking = http.client.HTTPConnection("localhost")
            asking.sock = line
            asking.request("GET", f"/?{number}")
            said = asking.getresponse()
            assert said.status == 200, self._run.errors()
            return dict(json.loads(said.read()))


@pytest.mark.parametrize("preload", [False, True], ids=["late", "preload"])
@pytest.mark.parametrize("worker", ["sync", "gthread", "gevent"])
def test_workers_of_gunicorn_do_their_jobs(worker: str, preload: bool, host: MakeHost, hub: Sandbox, tmp_path: Path) -> None:
    numbers = [f"G-{n}" for n in range(REQUESTS)]
    with Gunicorn(host("python"), tmp_path, worker, preload).running() as server, ThreadPoolExecutor(8) as pool:
        said = list(pool.map(server.answer, numbers))
    assert checks.effects(hub, numbers) == []
    assert [(answer["pages"], answer["applied"]) for answer in said] == [(1, True)] * REQUESTS
    assert {answer["told"] for answer in said} == {checks.FORKED if preload else "FLX_OK"}
    assert len({answer["pid"] for answer in said}) > 1


@pytest.mark.parametrize("name", ["php-extension", "php-ffi"])
def test_workers_of_php_fpm_do_their_jobs(name: str, built: Built) -> None:
    given = ["-d", f"extension={EXTENSION}"] if name == "php-extension" else []
    environment = {**os.environ, "LD_LIBRARY_PATH": str(LIBRARY.parent), "FLXCHANNEL_HEADER": str(built.header),
                   "FLX_PHP": " ".join(given)}
    with Run(["php", *given, "fpm.php", str(REQUESTS)], environment) as run:
        [said] = run.rest()
    answers = [dict(answer) for answer in said["answers"]]
    assert [(answer["pages"], answer["applied"]) for answer in answers] == [(1, True)] * REQUESTS
    assert (said["numbers"], said["orders"], said["posts"]) == (REQUESTS, REQUESTS, REQUESTS)
    workers = [answer["pid"] for answer in answers]
    assert len(set(workers)) > 1 and max(map(workers.count, workers)) > 1


def test_greenlets_run_beside_a_flush(host: MakeHost, hub: Sandbox) -> None:
    hub.delay(ms=1500, method="POST", path="/orders")
    hub.delay(ms=1500, path="/listing")
    said = host("python").said("greenlets")
    first = said.pop(0)
    assert first["applied"]
    # A flush stays for a fifth of a second at a time. The control is a probe, which is one stay: there the greenlets stand still.
    assert first["flush"] > 1 and first["stay"] <= 1, first
    created = checks.effects(hub, ["greenlets", "child", "parent"])
    assert created == []
    assert {line["who"]: line["told"] for line in said} == {"child": [checks.FORKED] * 4, "parent": []}
