"""The library's records in `logging`."""

from __future__ import annotations

import json
import logging

import pytest

from flxchannel import Client, ClientBusyError
from orders import flush_until_quiet, order


@pytest.fixture
def heard():
    """A logger of this test, and what it was given."""
    records = []
    logger = logging.getLogger("shop.channel")
    handler = logging.Handler()
    handler.emit = records.append
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield logger, records
    logger.removeHandler(handler)


def test_records_have_level_message_and_members(open_client, heard):
    logger, records = heard
    client = open_client(logger=logger, log={"level": "debug"})
    client.submit(order())
    flush_until_quiet(client)

    [posted] = [record for record in records if getattr(record, "flx_event", "") == "order.posted"]
    assert posted.levelno == logging.INFO and posted.name == "shop.channel"
    assert posted.flx_http_status == 201 and posted.flx_verdict == "applied"
    assert posted.getMessage().startswith("order.posted ") and "http_status=201" in posted.getMessage()
    assert logging.DEBUG in {record.levelno for record in records}
    assert client.logs() == []


def test_level_of_the_logger_counts(open_client, heard):
    logger, records = heard
    logger.setLevel(logging.WARNING)
    open_client(logger=logger).submit(order())

    assert records == []


def test_no_token_and_no_buyer(open_client, heard, sandbox):
    logger, records = heard
    client = open_client(logger=logger, log={"level": "debug"})
    client.submit(order())
    flush_until_quiet(client)

    text = json.dumps([vars(record) for record in records], default=str) + "".join(r.getMessage() for r in records)
    assert records
    assert sandbox.token not in text and "Ada Example" not in text and "ada@example.com" not in text


@pytest.mark.parametrize("use", [
    lambda client, number: client.submit(order(f"A-{number}")),
    lambda client, number: client.flush(1000),
    lambda client, number: client.probe(),
], ids=["submit", "flush", "probe"])
def test_handler_that_uses_the_client_does_no_harm(open_client, heard, use):
    logger, records = heard
    said = []

    class Careless(logging.Handler):
        def emit(self, record):
            try:
                use(client, len(said))
                said.append("done")
            except ClientBusyError:
                said.append("busy")

    client = open_client(logger=logger, log={"level": "debug"})
    careless = Careless()
    logger.addHandler(careless)
    try:
        client.submit(order("A-first"))
        client.probe()
        assert 1 <= len(said) < 50
    finally:
        logger.removeHandler(careless)
    assert client.flush(20_000).outcome.name == "DONE"
    assert len(records) >= len(said)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_handler_that_raises_does_no_harm(open_client, heard):
    logger, _ = heard

    class Broken(logging.Filter):
        def filter(self, record):
            raise ZeroDivisionError

    broken = Broken()
    logger.addFilter(broken)
    try:
        client = open_client(logger=logger)
        assert client.submit(order())["new"]
        flush_until_quiet(client)
    finally:
        logger.removeFilter(broken)
    assert client.results(1)[0]["verdict"] == "applied"


def test_one_receiver_only(state_dir, heard):
    with pytest.raises(TypeError, match="not to both"):
        Client(channel="shop", token="t", state_dir=state_dir, on_log=print, logger=heard[0])
