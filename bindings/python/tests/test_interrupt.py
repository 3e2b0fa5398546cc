"""Ctrl-C works in the middle of a long wait, and the client works afterwards."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from flxchannel._library import lib
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


def test_interrupt_in_a_call_that_is_one_stay_comes_by_its_deadline_and_the_client_goes_on(client, sandbox):
    sandbox.delay(path="/listing/variants", ms=600_000, times=1)
    interrupt_soon()

    with pytest.raises(KeyboardInterrupt):
        client.call("getListingVariants", wait_ms=2000)

    assert client.call("getListingVariants")["status"] == 200


class SoftLimit(Exception):
    """What a task queue raises in a worker that takes too long."""


@pytest.fixture
def soft_limit():
    """Raises when the alarm rings, while it is armed."""
    armed = []

    def ring(*_):
        if armed:
            armed.clear()
            raise SoftLimit

    before = signal.signal(signal.SIGALRM, ring)
    yield armed
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_page_or_event_that_comes_with_an_exception_is_the_next_one(client, sandbox, soft_limit):
    sandbox.delay(path="/listing/variants", ms=60, times=0)
    client.probe()
    raised, rows, events = 0, 0, 0
    signal.setitimer(signal.ITIMER_REAL, 0.025, 0.025)

    def next_of(walk):
        nonlocal raised
        came = None
        try:
            soft_limit.append(True)
            came = walk.next(5000)
            soft_limit.clear()
        except SoftLimit:
            raised += 1
        return came

    with client.pull("listings", page_size=2) as pull:
        while not pull.is_done:
            page = next_of(pull)
            rows += 0 if page is None else len(page)
    with client.open_sync(parts=["sync"]) as sync:
        for _ in range(200):
            event = next_of(sync)
            if event is not None:
                sync.reply(event, False)
                events += 1
            if sync.summary is not None:
                break
    signal.setitimer(signal.ITIMER_REAL, 0)

    assert raised > 3 and rows == 9
    assert sync.summary["parts"]["sync"]["later"] == events > 0


def test_pull_that_opens_as_an_exception_comes_lets_its_feed_go(open_client, sandbox, soft_limit):
    client, other = open_client(), open_client()
    with client.pull("listings_to_sync") as pull:
        for page in pull:
            client.ack(page.receipt, [{"id": row["id"], "error": "no"} for row in page])
    sandbox.delay(operation="acknowledgeListingVariants", ms=1500, times=1)
    flush = threading.Thread(target=other.flush, args=(-1,))
    flush.start()
    while not client.holders():
        time.sleep(0.005)
    soft_limit.append(True)
    signal.setitimer(signal.ITIMER_REAL, 0.2)

    with pytest.raises(SoftLimit) as caught:
        client.pull("listings_to_sync")

    flush.join()
    assert client.holders() == [] and caught.value is not None


def test_exception_of_a_signal_handler_behind_a_reply_is_the_hosts_and_no_refusal(client, monkeypatch):
    class Interrupted:
        """The library, with a signal that comes as it returns."""

        replies = 0

        def __getattr__(self, name):
            return getattr(lib, name)

        def flx_sync_reply(self, *arguments):
            status = lib.flx_sync_reply(*arguments)
            self.replies += 1
            if self.replies == 1:
                raise SoftLimit
            return status

    monkeypatch.setattr("flxchannel.sync.lib", Interrupted())

    with pytest.raises(SoftLimit):
        client.sync({"sync": lambda event: True, "change": lambda event: True})

    assert client.holders() == []


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
