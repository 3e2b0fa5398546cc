"""What `flx doctor` tells of a channel that works, how soon, and in which form."""

from __future__ import annotations

import time

from rig import Sandbox, Shop, findings


def test_wrong_address_is_told_within_five_seconds(shop: Shop) -> None:
    shop.set(origin="http://127.0.0.1:9")
    began = time.monotonic()
    findings(shop)

    assert time.monotonic() - began < 5


def test_healthy_channel_has_no_fault(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    shop.run("sync", "--exec", shop.handler(), status=None)
    found = findings(shop)

    assert [one for one in found if one["state"] == "fail"] == []
    # What a test machine's disk is of is its own affair.
    assert [one for one in found if one["state"] == "warn" and one["check"] not in ("file system", "space")] == []
    names = [one["check"] for one in found]
    assert names == [
        "versions", "token's place", "configuration", "state directory", "file system", "space", "files", "state file", "hub",
        "token", "channel", "orders' way", "clock", "pool", "budget", "feeds", "orders", "answers", "last success",
        "unread records",
    ]


def test_doctor_makes_few_requests_and_none_offline(shop: Shop, hub: Sandbox) -> None:
    findings(shop, "--offline")
    assert hub.journal() == []
    findings(shop)
    assert len(hub.journal()) <= 4


def test_status_is_one_where_something_failed(shop: Shop) -> None:
    shop.run("doctor")
    shop.private("token", "no-such-token")
    shop.run("doctor", status=1)


def test_check_is_one_line_as_nagios_has_it(shop: Shop, hub: Sandbox) -> None:
    shop.run("sync", "--exec", shop.handler(), status=None)
    shop.submit("A-1", hub.some_sku())
    shop.run("sync", "--exec", shop.handler(), status=None)
    good = shop.run("doctor", "--check", status=None)
    assert good.returncode in (0, 1)
    assert good.stdout.startswith("FLX OK" if good.returncode == 0 else "FLX WARNING - file system")
    hub.set(**{"channel.generate_on_import": "false"})
    assert shop.run("doctor", "--check", status=1).stdout.startswith("FLX WARNING")
    shop.private("token", "no-such-token")
    bad = shop.run("doctor", "--check", status=2)
    assert bad.stdout.startswith("FLX CRITICAL - token:")
    assert bad.stdout.count("\n") == 1
    shop.config.chmod(0o644)
    assert shop.run("doctor", "--check", status=3).stdout.startswith("FLX UNKNOWN")


def test_who_holds_a_feed_is_told(shop: Shop) -> None:
    running = shop.start("sync", "--exec", shop.handler("time.sleep(20)"), "--parts", "sync")
    end = time.monotonic() + 20
    while not shop.json("stats")["holders"] and time.monotonic() < end:
        time.sleep(0.05)
    text = next(one["text"] for one in findings(shop, "--offline") if one["check"] == "feeds")
    running.terminate()
    running.communicate(timeout=20)

    assert f"process {running.pid}" in text
