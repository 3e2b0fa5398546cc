"""Rounds with a handler, good ones and bad ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import Any

import pytest

from rig import ROOT, Sandbox, Shop


def answered(hub: Sandbox, queue: str = "sync") -> "list[str]":
    """Ids of the records that the hub has an answer for, in their order."""
    return [str(one["id"]) for one in hub.get("answers") if one["queue"] == queue]


def finish(shop: Shop, *words: Any) -> Any:
    """Rounds with a good handler until nothing is left."""
    for _ in range(10):
        summary = json.loads(shop.run("sync", "--exec", shop.handler(name="good"), *words, status=None).stdout)
        if summary["complete"]:
            return summary
        time.sleep(1)
    raise AssertionError(summary)


def all_and_once(hub: Sandbox, shop: Shop) -> None:
    """Every listing is answered, and none that no handler said yes to."""
    totals = hub.get("totals")
    assert (totals["waiting_for_sync"], totals["waiting_for_publish"]) == (0, 0), totals
    said = {str(event["id"]) for event in shop.noted("sync", "publish") if event["reply"] is not False}
    assert set(answered(hub)) <= said | {str(event["id"]) for event in shop.noted("change")}
    assert set(answered(hub, "publish")) <= said


def test_round_does_all_the_work(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    summary = finish(shop)

    assert summary["complete"]
    assert hub.order_numbers() == ["A-1"]
    assert [event["order"]["number"] for event in shop.noted("result")] == ["A-1"]
    assert shop.json("outbox")[0]["state"] == "settled"
    all_and_once(hub, shop)


def test_one_process_handles_the_whole_round(shop: Shop) -> None:
    pids = shop.folder / "pids"
    shop.run("sync", "--exec", shop.handler(f"open({str(pids)!r}, 'a').write(str(os.getpid()) + chr(10))"))

    assert len(pids.read_text().split()) > 5
    assert len(set(pids.read_text().split())) == 1


def test_table_names_every_part(shop: Shop) -> None:
    table = shop.run("sync", "--exec", shop.handler(), "--table").stdout

    for part in ("results", "publish", "sync", "orders", "shipments", "returns", "gone"):
        assert f"\n{part} " in table


def test_without_a_handler_it_says_what_to_give(shop: Shop, hub: Sandbox) -> None:
    assert "--exec" in shop.run("sync", status=2).stderr
    assert hub.journal() == []


def test_unknown_part_is_refused_before_anything(shop: Shop, hub: Sandbox) -> None:
    said = shop.run("sync", "--exec", shop.handler(), "--parts", "ordrs", status=2).stderr

    assert "orders" in said
    assert hub.journal() == []
    assert shop.noted() == []


def test_replies_may_come_after_several_events_in_any_order(shop: Shop, hub: Sandbox) -> None:
    gathers = """
import json, os, select, sys
waiting, unread = [], b""
while True:
    if not select.select([0], [], [], 0.3)[0]:
        for number in reversed(waiting):
            print(json.dumps({"event": number, "reply": True}), flush=True)
        waiting = []
        continue
    more = os.read(0, 65536)
    if not more:
        break
    *lines, unread = (unread + more).split(b"\\n")
    waiting += [event["event"] for event in map(json.loads, lines) if "event" in event]
"""
    shop.run("sync", "--exec", shop.program(gathers), "--parts", "sync")

    assert len(answered(hub)) == 9


def test_words_of_an_error_reach_the_merchant(shop: Shop, hub: Sandbox) -> None:
    summary = json.loads(shop.run("sync", "--exec", shop.handler("reply = {'error': 'no price'}"), "--parts", "sync").stdout)

    assert summary["parts"]["sync"]["failed"] == 9
    assert {one["error"] for one in hub.get("answers")} == {"no price"}


def test_false_says_nothing_to_the_hub(shop: Shop, hub: Sandbox) -> None:
    shop.run("sync", "--exec", shop.handler("reply = False"), "--parts", "sync")

    assert answered(hub) == []
    assert hub.get("totals")["waiting_for_sync"] == 9


def test_reply_that_is_refused_holds_up_its_event_alone(shop: Shop, hub: Sandbox) -> None:
    body = "first = number == 1\nif first: reply = {'nonsense': 1}"
    done = shop.run("sync", "--exec", shop.handler(body), "--parts", "sync", status=1)

    assert "/nonsense" in done.stderr
    assert json.loads(done.stdout)["parts"]["sync"]["later"] == 1
    assert len(answered(hub)) == 8


def test_standard_error_of_the_handler_is_passed_on(shop: Shop) -> None:
    assert "from the handler" in shop.run("sync", "--exec", shop.handler("print('from the handler', file=sys.stderr)")).stderr


# bad handlers: a clear error, status 1, what was said counts and nothing else, and a later round does the rest


def bad(shop: Shop, hub: Sandbox, command: str, word: str, most: int, *words: str) -> str:
    done = shop.run("sync", "--exec", command, "--parts", "sync,publish", *words, status=1)
    assert word in done.stderr, done.stderr
    assert "Traceback" not in done.stderr.split("flx:")[-1]
    shop.run("flush", status=None)
    assert len(answered(hub)) + len(answered(hub, "publish")) <= most, hub.get("answers")
    finish(shop)
    all_and_once(hub, shop)
    return str(done.stderr)


def test_handler_that_does_not_exist(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, "/no/such/handler", "ended with status 127", 0)


def test_handler_that_crashes(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, shop.handler("if number == 4: os.abort()"), "by signal 6", 3)


def test_handler_that_ends_early(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, shop.handler("if number == 4: sys.exit(3)"), "ended with status 3", 3)


def test_handler_that_ends_at_once_without_reading(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, "exit 0", "ended with status 0", 0)


def test_handler_that_hangs(shop: Shop, hub: Sandbox) -> None:
    began = time.monotonic()
    bad(shop, hub, shop.handler("if number == 4: time.sleep(600)"), "said nothing for 1 s", 3, "--handler-timeout", "1")

    assert time.monotonic() - began < 60


def test_handler_that_ignores_its_end(shop: Shop, hub: Sandbox) -> None:
    stubborn = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nif number == 2: time.sleep(600)"
    bad(shop, hub, shop.handler(stubborn), "said nothing for 1 s", 1, "--handler-timeout", "1")


def test_handler_that_prints_garbage(shop: Shop, hub: Sandbox) -> None:
    said = bad(shop, hub, shop.handler("if number == 4: print('Notice: Secret Buyer', flush=True)"), "line 4", 3)

    assert "Secret" not in said


def test_handler_that_prints_another_json(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, shop.handler("if number == 4: print('[true]', flush=True)"), "it is no object", 3)


def test_handler_that_replies_twice(shop: Shop, hub: Sandbox) -> None:
    twice = "if number == 4: print(json.dumps(dict(event=3, reply=False)), flush=True)"
    bad(shop, hub, shop.handler(twice), "replied twice to event 3", 3)


def test_handler_that_replies_to_an_event_that_is_none(shop: Shop, hub: Sandbox) -> None:
    wrong = "if number == 4: print(json.dumps(dict(event=4711, reply=True)), flush=True)"
    bad(shop, hub, shop.handler(wrong), "event 4711, which was not given", 3)


def test_handler_that_closes_its_output(shop: Shop, hub: Sandbox) -> None:
    bad(shop, hub, shop.handler("if number == 4:\n    os.close(1)\n    time.sleep(2)\n    os._exit(0)"), "closed its pipe", 3)


def test_handler_that_closes_its_input(shop: Shop, hub: Sandbox) -> None:
    # All nine events of a page are in the pipe by then; the next page's cannot be given.
    bad(shop, hub, shop.handler("if number == 4:\n    os.close(0)\n    time.sleep(1)\n    os._exit(0)"), "the handler", 4)


def test_handler_that_ends_within_a_line(shop: Shop, hub: Sandbox) -> None:
    half = "if number == 4:\n    os.write(1, b'{\"event\":4,\"reply\":true')\n    os._exit(0)"
    bad(shop, hub, shop.handler(half), "in the middle of a line", 3)


def test_handler_that_floods(shop: Shop, hub: Sandbox) -> None:
    flood = "if number == 4:\n    while True: os.write(1, b'x' * 65536)"
    bad(shop, hub, shop.handler(flood), "8 MiB", 3)


def test_handler_that_writes_more_than_a_pipe_holds_before_it_reads(shop: Shop, hub: Sandbox) -> None:
    long = "reply = {'error': 'x' * 2000}\nsys.stdout.write(' ' * 100000)"
    shop.run("sync", "--exec", shop.handler(long), "--parts", "sync")

    assert len(answered(hub)) == 9


def test_handler_does_not_get_the_token(shop: Shop, hub: Sandbox) -> None:
    shop.set(token_file=None)
    handler = shop.handler("assert 'FLXCHANNEL_TOKEN' not in os.environ and 'PATH' in os.environ")
    shop.run("sync", "--exec", handler, "--parts", "sync",
             env={**os.environ, "FLXCHANNEL_TOKEN": hub.token})

    assert len(answered(hub)) == 9


def test_handler_that_fails_after_its_last_reply(shop: Shop, hub: Sandbox) -> None:
    done = shop.run("sync", "--exec", shop.program(open_text(shop) + "\nsys.exit(5)"), "--parts", "sync", status=1)

    assert "with status 5 after its last reply" in done.stderr
    assert json.loads(done.stdout)["parts"]["sync"]["done"] == 9


def open_text(shop: Shop) -> str:
    shop.handler(name="text")
    return (shop.folder / "text.py").read_text()


def test_handler_is_ended_with_all_that_it_started(shop: Shop, hub: Sandbox) -> None:
    pid = shop.folder / "pid"
    body = "if number == 2:\n    import subprocess\n    child = subprocess.Popen(['sleep', '600'])\n" \
           f"    open({str(pid)!r}, 'w').write(str(child.pid))\n    time.sleep(600)"
    bad(shop, hub, shop.handler(body), "said nothing", 1, "--handler-timeout", "1")

    stat = f"/proc/{pid.read_text()}/stat"
    assert not os.path.exists(stat) or open(stat).read().split()[2] == "Z"


# signals, loops, others


def started(shop: Shop, claim: Any) -> None:
    end = time.monotonic() + 20
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_part_that_was_read_is_due_when_its_time_is_over(shop: Shop, hub: Sandbox) -> None:
    for due in ("done", "not_due"):
        end = shop.json("sync", "--exec", shop.handler(), "--parts", "orders", "--every", "orders=3600")
        assert end["parts"]["orders"]["end"] == due
    assert "returns=600" in shop.run("sync", "--exec", "x", "--every", "orders", status=2).stderr
    assert "/every_s/ordres" in shop.run("sync", "--exec", "true", "--every", "ordres=1", status=2).stderr


def test_signal_ends_the_round_in_good_order(shop: Shop, hub: Sandbox) -> None:
    running = shop.start("sync", "--exec", shop.handler("time.sleep(0.3)"), "--parts", "sync")
    started(shop, lambda: len(shop.noted()) >= 3)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=20)

    assert running.returncode == 1
    assert "stopped by a signal" in said
    assert shop.json("stats")["answers"]["waiting"] >= 2
    finish(shop)
    all_and_once(hub, shop)


def test_loop_runs_rounds_until_the_signal(shop: Shop, hub: Sandbox) -> None:
    said = shop.folder / "said"
    with open(said, "w") as out:
        running = subprocess.Popen(shop.command("sync", "--exec", shop.handler(), "--loop", "--pause", "1"), stdout=out)
    started(shop, lambda: said.read_text().count("\n") >= 1)
    shop.submit("A-1", hub.some_sku())
    started(shop, lambda: shop.noted("result") and said.read_text().count("\n") >= 2)
    running.send_signal(signal.SIGTERM)

    assert running.wait(timeout=20) == 0
    assert hub.order_numbers() == ["A-1"]
    assert all(json.loads(line) for line in said.read_text().splitlines())


def test_second_round_says_who_has_the_feed(shop: Shop, hub: Sandbox) -> None:
    first = shop.start("sync", "--exec", shop.handler("time.sleep(0.5)"), "--parts", "sync")
    started(shop, lambda: shop.noted("sync"))
    second = shop.run("sync", "--exec", shop.handler(name="second"), "--parts", "sync", status=1)
    first.communicate(timeout=60)

    part = json.loads(second.stdout)["parts"]["sync"]
    assert part["end"] == "busy"
    assert str(first.pid) in part["why"][0]
    assert first.returncode == 0
    finish(shop)
    all_and_once(hub, shop)
    assert len(answered(hub)) == len(set(answered(hub))) == 9


def test_budget_ends_a_round_that_goes_on_later(shop: Shop, hub: Sandbox) -> None:
    summary = json.loads(shop.run("sync", "--exec", shop.handler("time.sleep(0.4)"), "--budget", "1").stdout)

    assert not summary["complete"]
    finish(shop)
    all_and_once(hub, shop)


def test_refused_token_stops_the_round(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "no-such-token\n")
    done = shop.run("sync", "--exec", shop.handler(), status=1)

    assert "token" in json.loads(done.stdout)["stopped"]
    assert shop.noted() == []


@pytest.mark.parametrize("order_waits", [False, True])
def test_hub_that_is_gone_is_told_and_shows_in_the_status(shop: Shop, order_waits: bool) -> None:
    shop.set(origin="http://127.0.0.1:9")
    if order_waits:
        shop.submit("A-1", "SKU")
    words = ("sync", "--budget", "2", "--exec", shop.handler())
    for _ in range(2):  # the first meets it, the second is held back
        done = shop.run(*words, status=4)
        assert "not all was done" in done.stderr
        assert json.loads(done.stdout.splitlines()[-1])["complete"] is False


def test_handler_of_the_paper_runs_as_printed(shop: Shop, hub: Sandbox) -> None:
    paper = (ROOT / "Sources/flx/README.md").read_text()
    handler = shop.private("handler.php", paper.split("```php\n")[1].split("```")[0])
    stubs = shop.private("stubs.php", "<?php function shop_save($record) { return true; }"
                         "function shop_note($event) { return true; } function shop_set_status($sku, $to) { return true; }")
    shop.submit("A-1", hub.some_sku())
    for _ in range(5):
        shop.run("sync", "--exec", f"exec php -d auto_prepend_file={stubs} {handler}")
        time.sleep(0.5)

    totals = hub.get("totals")
    assert (totals["waiting_for_sync"], totals["waiting_for_publish"]) == (0, 0)
    assert shop.json("outbox")[0]["state"] == "settled"


def test_full_output_is_told(shop: Shop) -> None:
    with open("/dev/full", "w") as full:
        command = shop.command("sync", "--exec", shop.handler(), "--parts", "results,orders")
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)

    assert done.returncode == 3
    assert "could not be written" in done.stderr
