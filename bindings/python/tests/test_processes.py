"""Two processes, one channel: one outbox, one budget, each order sent once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import flxchannel
from orders import flush_until_quiet, order

WORKER = """
import json, sys
from flxchannel import Client, ClientBusyError
from orders import order

config, first = json.loads(sys.argv[1]), int(sys.argv[2])
with Client(**config) as client:
    for number in range(first, first + 8):
        client.submit(order(f"B-{number}"))
    while client.flush(5000).outcome.name == "AGAIN":
        pass
"""


def test_two_processes_send_each_order_once_and_keep_the_budget(sandbox, state_dir, client):
    config = {"channel": "shop", "token": sandbox.token, "state_dir": str(state_dir), "origin": sandbox.url}
    # Four of the numbers are submitted by both.
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(flxchannel.__file__).parents[1])])
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, json.dumps(config), str(first)], env={**os.environ, "PYTHONPATH": path}
        )
        for first in (0, 4)
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    flush_until_quiet(client)

    wanted = [f"B-{number}" for number in range(12)]
    assert sorted(sandbox.order_numbers(), key=lambda n: int(n[2:])) == wanted
    posts = [entry for entry in sandbox.journal() if entry["method"] == "POST"]
    assert len(posts) == 12
    assert all(entry["status"] != 429 for entry in sandbox.journal())
    assert len(client.results(100)) == 12


def test_conflict_is_seen_across_processes(open_client):
    first = open_client()
    first.submit(order())
    flush_until_quiet(first)
    with pytest.raises(flxchannel.ConflictError):
        open_client().submit(order(note="other"))
