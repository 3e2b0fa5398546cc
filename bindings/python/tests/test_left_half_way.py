"""A host that stops in the middle: its feed is free, and nothing that was not answered is lost."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading

import pytest

import flxchannel


def all_ids(client):
    with client.pull("listings_to_sync") as pull:
        return {record["id"] for page in pull for record in page}


def test_exception_inside_an_iteration_lets_the_feed_go(client):
    with pytest.raises(ZeroDivisionError), client.pull("listings_to_sync", page_size=2) as pull:
        for _ in pull:
            raise ZeroDivisionError

    assert client.holders() == []
    assert len(all_ids(client)) == 9


def test_iterator_that_is_left_holds_its_feed_no_longer_than_its_pull(client):
    pages = iter(client.pull("listings_to_sync", page_size=2))
    next(pages)
    assert [holder["feed"] for holder in client.holders()] == ["listings_to_sync"]
    del pages
    gc.collect()

    assert client.holders() == []
    assert len(all_ids(client)) == 9


def test_last_page_of_a_loop_keeps_no_feed(client):
    for page in client.pull("listings"):
        page.commit()
    for one in client.pull("listings_to_sync", page_size=2):
        page = one
        break

    assert client.holders() == []
    assert len(page) == 2
    with pytest.raises(flxchannel.UseError, match="the pull of this page is gone"):
        page.commit()


def test_iterator_goes_on_where_it_was_left(client):
    with client.pull("listings_to_sync", page_size=2) as pull:
        ids = [record["id"] for record in next(iter(pull))]
        ids += [record["id"] for page in pull for record in page]

    assert len(ids) == len(set(ids)) == 9


def test_iterator_of_a_closed_pull_says_so(client):
    with client.pull("listings_to_sync", page_size=2) as pull:
        pages = iter(pull)
        next(pages)

    with pytest.raises(flxchannel.ClosedError, match="pull is closed"):
        next(pages)


def test_exception_of_a_handler_that_ends_the_program_closes_the_round(client):
    def leave(event):
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        client.sync({"sync": leave, "change": leave})

    assert client.holders() == []
    assert client.sync({"sync": lambda event: True, "change": lambda event: True})["complete"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_thread_that_ends_inside_a_pull_holds_nothing(client):
    def work():
        with client.pull("listings_to_sync", page_size=2) as pull:
            next(iter(pull))
            raise SystemExit

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert client.holders() == []
    assert len(all_ids(client)) == 9


def die_inside_a_pull(settings, began):
    client = flxchannel.Client(**settings)
    next(iter(client.pull("listings_to_sync", page_size=2)))
    began.set()
    os.kill(os.getpid(), signal.SIGKILL)


def test_worker_that_dies_inside_a_pull_holds_nothing(sandbox, state_dir, client):
    settings = {"channel": "shop", "token": sandbox.token, "state_dir": state_dir, "origin": sandbox.url}
    context = multiprocessing.get_context("spawn")
    began = context.Event()
    worker = context.Process(target=die_inside_a_pull, args=(settings, began))
    worker.start()
    assert began.wait(60)
    worker.join()

    assert worker.exitcode == -signal.SIGKILL
    assert len(all_ids(client)) == 9
