"""The deadline is the caller's: slices are for Ctrl-C, and between two of them others get on."""

from __future__ import annotations

import threading
import time

import pytest

import flxchannel
from flxchannel import Outcome
from flxchannel._turns import SLICE_MS, Slices
from orders import order


def in_thread(work):
    """Start `work`; give its thread and a list for its result or error."""
    said = []

    def run():
        try:
            said.append(work())
        except flxchannel.FlxError as error:
            said.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, said


def test_flush_waits_for_a_thread_that_pulls(client, sandbox):
    sandbox.delay(path="/listing/variants", ms=1500, times=1)
    client.submit(order())
    puller, pages = in_thread(lambda: list(client.pull("listings")))
    time.sleep(0.1)

    flusher, reports = in_thread(lambda: client.flush(8000))
    flusher.join()
    puller.join()

    assert isinstance(reports[0], flxchannel.FlushReport), reports
    assert isinstance(pages[0], list) and pages[0]
    assert [row["verdict"] for row in client.results(10)] == ["applied"]


def test_pull_waits_for_a_thread_that_is_in_one_long_call(client, sandbox):
    sandbox.delay(path="/listing/variants/count", ms=1200, times=1)
    caller, answers = in_thread(lambda: client.call("getListingVariantsCount", wait_ms=5000))
    time.sleep(0.2)

    pages = list(client.pull("listings"))
    caller.join()

    assert pages
    assert answers[0]["status"] == 200


def test_busy_client_is_an_error_at_the_callers_deadline(client, sandbox):
    sandbox.delay(path="/listing/variants/count", ms=8000, times=1)
    caller, _ = in_thread(lambda: client.call("getListingVariantsCount", wait_ms=12_000))
    time.sleep(0.2)
    started = time.monotonic()

    with pytest.raises(flxchannel.ClientBusyError):
        client.flush(700)
    took = time.monotonic() - started
    caller.join()

    assert 0.6 < took < 6


def test_log_function_that_calls_its_own_client_is_told_at_once(open_client):
    said = []

    def on_log(level, line):
        started = time.monotonic()
        try:
            client.flush(5000)
        except flxchannel.ClientBusyError:
            said.append(time.monotonic() - started)

    armed = False
    client = open_client(on_log=lambda level, line: on_log(level, line) if armed else None, log={"level": "debug"})
    armed = True
    client.probe()
    armed = False

    assert said and max(said) < 0.5


def test_threads_take_turns(client, sandbox):
    """A thread whose pull waits for long leaves the client to another between its slices."""
    sandbox.delay(path="/listing/variants", ms=2000, times=1)
    puller, _ = in_thread(lambda: list(client.pull("listings")))
    time.sleep(0.1)
    turns = 0
    while puller.is_alive() and turns < 1000:
        client.flush(1000)
        turns += 1
        time.sleep(0.05)
    puller.join()

    assert turns >= 3


def test_minus_one_is_the_librarys_deadline(open_client):
    client = open_client(http={"wait_ms": 300})
    started = time.monotonic()

    assert client.flush(-1).outcome == flxchannel.Outcome.DONE
    assert time.monotonic() - started < 10


def test_slice_is_no_longer_than_what_is_left():
    given = []

    Slices(50).stay(given.append)
    Slices(None).stay(given.append)

    assert given[0] <= 50
    assert given[1] == SLICE_MS


@pytest.mark.parametrize(
    "waits_for, next_in_ms, rest",
    [("", -1, None), ("time", 0, 1), ("time", 300, 300), ("time", 60_000, None), ("throttled", 60_000, None), ("hub", 25, 25)],
)
def test_flush_goes_on_with_what_has_its_time_within_the_budget(waits_for, next_in_ms, rest):
    assert Slices(5000).rest_after({"waits_for": waits_for, "next_in_ms": next_in_ms}) == rest
    assert Slices(0).rest_after({"waits_for": waits_for, "next_in_ms": next_in_ms}) is None


def test_flush_asks_on_for_a_slot_beyond_its_budget(client, monkeypatch):
    """Who waits for a slot keeps its turn only by asking: to leave, and come back later, gives it to those who poll."""
    given = []
    quiet = client._flush(0)[1]

    def wait(budget_ms):
        given.append(budget_ms)
        report = quiet if len(given) == 3 else {**quiet, "waits_for": "rate_limit", "next_in_ms": 600_000}
        return Outcome.DONE, report

    monkeypatch.setattr(client, "_flush", wait)
    client.flush(60_000)

    assert given == [SLICE_MS] * 3
