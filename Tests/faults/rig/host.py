"""Hosts as processes of their own: with another environment, another clock, other signals, or to be killed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .ground import ROOT, Ground

PYTHONPATH = os.pathsep.join(str(ROOT / part) for part in ("bindings/python", "bindings/python/tests", "Tests/faults"))
PRELUDE = """
import json, os, select, signal, sys, threading, time
time.sleep = lambda seconds: select.select([], [], [], max(0, seconds))  # the other way to sleep fails under a clock set back
import flxchannel
from flxchannel import *
from orders import order
CONFIG = json.loads(os.environ["FLX_CONFIG"])
def client(**more): return Client(**{**CONFIG, **more})
def say(**facts): print(json.dumps(facts, default=str), flush=True)
"""


def config(ground: Ground, hub: Any, **more: Any) -> "dict[str, Any]":
    """What all hosts of one channel have."""
    folder = ground.folder / "state"
    folder.mkdir(mode=0o700, exist_ok=True)
    return {"channel": "faults", "token": hub.token, "origin": hub.url, "state_dir": str(folder), **more}


def fast_clock(speed: float = 1, offset: str = "+0") -> "dict[str, str]":
    """An environment in which every clock goes so much faster, the waits of poll and sleep with it."""
    found = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")]
    assert found, "libfaketime is not installed: make deps"
    spec = f"{offset} x{speed:g}" if speed != 1 else offset
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": spec, "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "0"}


def start(ground: Ground, code: str, settings: "dict[str, Any]", *arguments: str, around: "tuple[str, ...]" = (), **environment: str) -> "subprocess.Popen[str]":
    """A Python host that runs `code` with `client()` and `say()`; it ends with the ground."""
    process = subprocess.Popen(
        [*around, sys.executable, "-c", PRELUDE + code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, errors="replace",
        env={**os.environ, "PYTHONPATH": PYTHONPATH, "FLX_CONFIG": json.dumps(settings), **environment})
    ground.callback(_end, process)
    return process


def finish(process: "subprocess.Popen[str]", seconds: float = 90) -> "list[dict[str, Any]]":
    """Wait for its end, which must be a good one; what it said."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"a host ended with {process.returncode}: {err.strip()[-800:]}"
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    with contextlib.suppress(ValueError, OSError):
        process.communicate()
