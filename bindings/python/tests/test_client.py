"""Opening, closing and asking a client about itself."""

from __future__ import annotations

import pickle

import pytest

import flxchannel
from flxchannel import Client


def test_open_makes_no_request(idle_client):
    assert not idle_client.closed
    assert idle_client.stats()


def test_config_may_be_nested_or_dotted(state_dir, tmp_path):
    (tmp_path / "rate_limit").mkdir(mode=0o700)
    settings = {"channel": "shop", "token": "t", "state_dir": state_dir, "origin": "http://127.0.0.1:1"}

    Client(**settings, rate_limit={"dir": tmp_path / "rate_limit"}).close()
    Client(**settings, **{"rate_limit.dir": tmp_path / "rate_limit", "log.level": "debug"}).close()


def test_setting_of_none_is_never_its_default(state_dir):
    with pytest.raises(flxchannel.ConfigError, match="origin is null"):
        Client(channel="shop", token="t", state_dir=state_dir, origin=None)


def test_relative_directory_is_refused(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(flxchannel.ConfigError, match="absolute"):
        Client(channel="shop", token="t", state_dir="state", origin="http://127.0.0.1:1")

    assert list(tmp_path.iterdir()) == []


def test_refused_token_is_told_by_its_byte(state_dir):
    with pytest.raises(flxchannel.ConfigError, match="byte 7 of 7 is a line break") as caught:
        Client(channel="shop", token="secret\n", state_dir=state_dir)

    assert "secret" not in str(caught.value)


def test_close_twice_does_nothing(idle_client):
    idle_client.close()
    idle_client.close()

    assert idle_client.closed


USES = {
    "probe": lambda c: c.probe(),
    "holders": lambda c: c.holders(),
    "stats": lambda c: c.stats(),
    "logs": lambda c: c.logs(),
    "set_token": lambda c: c.set_token("t"),
    "relearn": lambda c: c.relearn(),
    "set_cancel": lambda c: c.set_cancel(None),
    "pull": lambda c: c.pull("orders"),
    "cursors": lambda c: c.cursors(),
    "set_cursor": lambda c: c.set_cursor("orders", ""),
    "ack": lambda c: c.ack("", []),
    "ack_results": lambda c: c.ack_results(0, 1),
    "submit": lambda c: c.submit({}),
    "order_status": lambda c: c.order_status("A"),
    "flush": lambda c: c.flush(0),
    "results": lambda c: c.results(1),
    "settle": lambda c: c.settle([]),
    "outbox": lambda c: c.outbox(),
    "retry": lambda c: c.retry([]),
    "discard": lambda c: c.discard([]),
    "history": lambda c: c.history("A"),
    "purge": lambda c: c.purge(numbers=[]),
    "call": lambda c: c.call("getOrderById", id=1),
    "sync": lambda c: c.sync({"gone": print}),
    "open_sync": lambda c: c.open_sync(),
    "cancel_order": lambda c: c.cancel_order("A"),
    "snapshot": lambda c: c.snapshot(sku="A"),
    "preview": lambda c: c.preview(),
    "with": lambda c: c.__enter__(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_closed_client_says_so(idle_client, use):
    idle_client.close()

    with pytest.raises(flxchannel.ClosedError, match="client is closed"):
        use(idle_client)


def test_table_of_uses_has_every_method():
    methods = {name for name, value in vars(Client).items() if callable(value) and not name.startswith("_")}

    assert methods == set(USES) - {"with"}


def test_client_shows_no_token_and_does_not_pickle(idle_client):
    idle_client.set_token("very-secret")

    assert "very-secret" not in repr(idle_client)
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(idle_client)


def test_probe_tells_what_the_hub_says(client, sandbox):
    report = client.probe()

    assert report["reachable"] is True
    assert report["token"] == "accepted"
    assert report["listings"] > 0


def test_probe_reports_a_refused_token(open_client):
    assert open_client(token="wrong").probe()["token"] == "refused"


def test_probe_of_an_absent_hub_is_a_report_or_a_named_error(idle_client):
    try:
        assert idle_client.probe(2000)["reachable"] is False
    except flxchannel.DeadlineError as error:
        assert error.retryable


def test_new_token_works_at_once(open_client, sandbox):
    client = open_client(token="wrong")
    assert client.probe()["token"] == "refused"

    client.set_token(sandbox.token)

    assert client.probe()["token"] == "accepted"


def test_what_was_learnt_is_shown_and_forgotten(client):
    client.probe()
    client.probe()
    learnt = {fact["fact"]: fact for fact in client.stats()["learnt"]}
    assert abs(learnt["clock"]["value"]) < 60_000
    assert learnt["clock"]["source"] == "Date"
    assert learnt["clock"]["witnesses"] >= 2
    assert learnt["pool"]["value"]["size"] > 0

    client.relearn("clock")
    assert {fact["fact"] for fact in client.stats()["learnt"]} == {"pool"}
    client.relearn()
    assert client.stats()["learnt"] == []


def test_unknown_fact_is_refused_with_the_known_ones(idle_client):
    with pytest.raises(flxchannel.UseError, match="clock, pool, hold, filters, channel"):
        idle_client.relearn("clock", "weather")


def test_logs_are_taken_once(open_client):
    client = open_client(**{"log.level": "debug"})
    client.probe()

    assert client.logs()
    assert client.logs() == []


def test_log_function_receives_lines_instead(open_client):
    lines = []
    client = open_client(on_log=lambda level, line: lines.append((level, line)), log={"level": "debug"})
    client.probe()
    client.close()

    assert lines and all(1 <= level <= 4 and line.startswith("{") for level, line in lines)


def test_log_function_is_let_go_with_its_client(idle_client, state_dir):
    from flxchannel import _config

    client = Client(channel="other", token="t", state_dir=state_dir, origin="http://127.0.0.1:1", on_log=print)
    assert len(_config._receivers) == 1
    client.close()

    assert _config._receivers == {}


def test_token_and_buyer_are_in_no_log(open_client, sandbox):
    from orders import flush_until_quiet, order

    lines = []
    client = open_client(on_log=lambda level, line: lines.append(line), log={"level": "debug"})
    client.submit(order())
    flush_until_quiet(client)

    text = "".join(lines)
    assert text
    assert sandbox.token not in text and "Ada Example" not in text and "ada@example.com" not in text
