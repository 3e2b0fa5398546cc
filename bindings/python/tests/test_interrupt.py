"""Ctrl-C works in the middle of a long wait, and the client works afterwards."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from orders import flush_until_quiet, order


@pytest.fixture(autouse=True)
def ctrl_c():
    """A shell that starts this in the background has it ignore SIGINT; Python then never raises."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_soon():
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()


def test_interrupt_ends_a_pull(client, sandbox):
    sandbox.delay(path="/listing/variants", ms=12_000, times=1)
    started = time.monotonic()
    interrupt_soon()

    with pytest.raises(KeyboardInterrupt), client.pull("listings") as pull:
        list(pull)

    assert time.monotonic() - started < 9
    with client.pull("listings") as pull:
        assert list(pull)


def test_interrupt_ends_a_flush_and_loses_nothing(client, sandbox):
    sandbox.delay(path="/orders", ms=12_000, times=1)
    client.submit(order())
    started = time.monotonic()
    interrupt_soon()

    with pytest.raises(KeyboardInterrupt):
        client.flush(30_000)

    assert time.monotonic() - started < 9
    flush_until_quiet(client, 60_000)
    assert [row["verdict"] for row in client.results(10)] == ["applied"]
    assert sandbox.order_numbers() == ["A-1"]


def pull_all(client):
    with client.pull("listings_to_sync") as pull:
        return list(pull)


@pytest.mark.parametrize("use", [
    lambda client: client.probe(),
    lambda client: client.submit(order("A-2")),
    lambda client: client.flush(10_000),
    lambda client: client.call("getOrderById", id=999_999_999),
    pull_all,
    lambda client: client.sync({"sync": lambda event: True, "change": lambda event: True}),
], ids=["probe", "submit", "flush", "refused call", "pull", "round"])
def test_interrupt_inside_of_a_log_function_is_not_lost(open_client, use):
    """C carries no exception: the call that makes the record ends, and then it is raised."""
    armed = []
    client = open_client(on_log=lambda level, line: armed and signal.raise_signal(armed.pop()), log={"level": "debug"})
    client.submit(order())
    armed.append(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        use(client)

    assert armed == [] and client.holders() == []
    flush_until_quiet(client, 60_000)
    assert {row["verdict"] for row in client.results(10)} == {"applied"}


def test_interrupt_while_a_client_opens_is_not_lost(open_client):
    with pytest.raises(KeyboardInterrupt):
        open_client(on_log=lambda level, line: signal.raise_signal(signal.SIGINT))
