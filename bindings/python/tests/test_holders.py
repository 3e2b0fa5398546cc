"""Who holds a feed, and how it comes free again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import flxchannel
from flxchannel import Client, ClientBusyError

# A worker that leaks: an exception leaves a generator half way, and something keeps it.
LEAK = """
import json, sys
from flxchannel import Client

def listings(client):
    with client.pull("listings_to_sync") as pull:
        yield from pull

client = Client(**json.loads(sys.argv[1]))
kept = listings(client)
next(kept)
print("leaked", flush=True)
sys.stdin.read()
"""


def leaking(config):
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(flxchannel.__file__).parents[1])])
    worker = subprocess.Popen(
        [sys.executable, "-c", LEAK, json.dumps(config)],
        env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    assert worker.stdout.readline() == "leaked\n"
    return worker


@pytest.fixture
def config(sandbox, state_dir):
    return {"channel": "shop", "token": sandbox.token, "state_dir": str(state_dir), "origin": sandbox.url}


def test_busy_names_the_process_and_the_list_shows_it(config, client):
    worker = leaking(config)
    with pytest.raises(ClientBusyError) as caught:
        client.pull("listings_to_sync")
    assert f"process {worker.pid} " in str(caught.value)
    assert not caught.value.fatal
    (holder,) = client.holders()
    assert (holder["feed"], holder["by"], holder["pid"]) == ("listings_to_sync", "pull", worker.pid)
    assert client.stats()["holders"][0]["pid"] == worker.pid
    worker.communicate()
    assert client.holders() == []


def test_forgotten_pull_of_a_worker_is_taken_over(config, client):
    worker = leaking({**config, "pull.idle_s": 1})
    end = time.monotonic() + 20
    while client.holders()[0]["idle_ms"] < 1000 and time.monotonic() < end:
        time.sleep(0.05)
    with client.pull("listings_to_sync") as pull:
        assert sum(len(page) for page in pull) > 0
    assert worker.poll() is None
    worker.communicate()


def test_pull_that_lost_its_feed_says_so_and_its_pages_are_answered(config, open_client):
    first, second = open_client(**{"pull.idle_s": 1}), open_client()
    pull = first.pull("listings_to_sync")
    page = next(iter(pull))
    end = time.monotonic() + 20
    while second.holders()[0]["idle_ms"] < 1000 and time.monotonic() < end:
        time.sleep(0.05)
    second.pull("listings_to_sync").close()
    with pytest.raises(ClientBusyError) as caught:
        next(iter(pull))
    assert caught.value.fatal
    first.ack(page.receipt, [{"id": page.variants()[0].id, "error": "not now"}])
    assert first.flush(5000).answers_sent == 1


def test_closed_client_holds_nothing(config, client):
    with Client(**config) as closed:
        pull = closed.pull("listings_to_sync")
        next(iter(pull))
    client.pull("listings_to_sync").close()
    with pytest.raises(flxchannel.HandleError):
        next(iter(pull))
