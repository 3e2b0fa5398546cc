"""A cancel interrupts the call its client is in."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from flxchannel import Cancel, CanceledError, Client


def test_fired_cancel_stops_every_call(open_client):
    cancel = Cancel()
    client = open_client(cancel=cancel)
    cancel.fire()

    with pytest.raises(CanceledError):
        client.probe()
    with pytest.raises(CanceledError):
        client.flush(1000)


def test_reset_lets_the_client_work_again(open_client):
    cancel = Cancel()
    client = open_client(cancel=cancel)
    cancel.fire()
    cancel.reset()

    assert client.probe()["reachable"]


def test_cancel_taken_away_interrupts_no_more(open_client):
    cancel = Cancel()
    client = open_client(cancel=cancel)
    client.set_cancel(None)
    cancel.fire()

    assert client.probe()["reachable"]


def test_cancel_from_another_thread_ends_a_wait(open_client, sandbox):
    cancel = Cancel()
    client = open_client(cancel=cancel)
    sandbox.delay(path="/listing/variants", ms=20_000)
    started = time.monotonic()
    threading.Timer(0.3, cancel.fire).start()

    with client.pull("listings_to_sync") as pull, pytest.raises(CanceledError):
        pull.next(15_000)

    assert time.monotonic() - started < 5


class FlushesAtTheEnd(Client):
    ends = []

    def close(self):
        if not self.closed:
            self.ends.append((self.probe()["reachable"], self._cancel.closed))
        super().close()


def test_cancel_that_is_garbage_with_its_client_is_freed_behind_it(sandbox, state_dir):
    client = FlushesAtTheEnd(
        channel="shop", token=sandbox.token, state_dir=state_dir, origin=sandbox.url, cancel=Cancel())
    client.itself, client._cancel.client = client, client
    del client
    gc.collect()

    assert FlushesAtTheEnd.ends == [(True, False)]


def test_closed_cancel_is_taken_from_its_clients(open_client):
    cancel = Cancel()
    client = open_client(cancel=cancel)
    cancel.fire()
    cancel.close()

    assert client.probe()["reachable"]
