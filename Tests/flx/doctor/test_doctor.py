"""flx doctor names the cause of each fault that is injected, and finds none where there is none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from rig import NOBODY, Sandbox, Shop, cut_while_sending, findings, order, state_of

FAULTS: "list[tuple[str, str, str, str, Any]]" = []
AS_ROOT = os.geteuid() == 0


def fault(check: str, state: str, *words: str) -> "Callable[[Any], Any]":
    """A fault, and what doctor must find: the check, its state, and words of the finding."""
    def add(inject: Any) -> Any:
        FAULTS.append((inject.__name__, check, state, "|".join(words), inject))
        return inject
    return add


# the configuration


@fault("configuration", "fail", "chmod 600", "shop.json")
def config_that_others_can_read(shop: Shop, hub: Sandbox) -> None:
    shop.config.chmod(0o644)


@fault("configuration", "fail", "state_dir")
def config_with_a_typo(shop: Shop, hub: Sandbox) -> None:
    shop.set(state_dirr="/x")


@fault("configuration", "fail", "not JSON")
def config_that_is_no_json(shop: Shop, hub: Sandbox) -> None:
    shop.config.write_text("{channel: shop}")


@fault("configuration", "fail", "cannot be read")
def config_that_is_not_there(shop: Shop, hub: Sandbox) -> None:
    shop.config.unlink()


@fault("configuration", "fail", "state_dir")
def config_with_a_relative_state_dir(shop: Shop, hub: Sandbox) -> None:
    shop.set(state_dir="state")


@fault("configuration", "fail", "channel")
def config_without_a_channel(shop: Shop, hub: Sandbox) -> None:
    shop.set(channel=None)


@fault("log file", "fail", "cannot be made", "log_file")
def log_in_a_folder_that_is_gone(shop: Shop, hub: Sandbox) -> None:
    shop.set(log_file=str(shop.folder / "gone" / "flx.log"))


@fault("log file", "fail", "is a directory")
def log_that_is_a_folder(shop: Shop, hub: Sandbox) -> None:
    shop.set(log_file=str(shop.folder))


@fault("state directory", "fail", "serves others as well", "nothing else uses")
def state_directory_that_is_everybodys(shop: Shop, hub: Sandbox) -> None:
    place = shop.folder / "everybodys"
    place.mkdir()
    place.chmod(0o1777)
    shop.set(state_dir=str(place))


@fault("token's place", "fail", "chmod 600", "token")
def token_file_that_others_can_read(shop: Shop, hub: Sandbox) -> None:
    shop.token.chmod(0o604)


@fault("token's place", "fail", "cannot be read")
def token_file_that_is_not_there(shop: Shop, hub: Sandbox) -> None:
    shop.token.unlink()


@fault("token's place", "fail", "is empty")
def token_file_that_is_empty(shop: Shop, hub: Sandbox) -> None:
    shop.token.write_text("")


@fault("configuration", "fail", "token")
def token_with_a_blank_in_it(shop: Shop, hub: Sandbox) -> None:
    shop.token.write_text("some token")


@fault("token's place", "fail", "there is no token")
def no_token(shop: Shop, hub: Sandbox) -> None:
    shop.set(token_file=None)


# this machine


@fault("state directory", "fail", "no directory")
def state_dir_that_is_a_file(shop: Shop, hub: Sandbox) -> None:
    shop.private("state", "")


@fault("state directory", "fail", "cannot be made")
def state_dir_without_a_parent(shop: Shop, hub: Sandbox) -> None:
    shop.set(state_dir=str(shop.folder / "no" / "state"))


@fault("state directory", "fail", f"belongs to user {NOBODY}", "chown")
def state_dir_of_another_user(shop: Shop, hub: Sandbox) -> None:
    shop.run("stats")
    os.chown(shop.state, NOBODY, NOBODY)


@fault("files", "fail", f"user {NOBODY}", "chown")
def file_of_another_user(shop: Shop, hub: Sandbox) -> None:
    shop.run("stats")
    (shop.state / "shop.db-journal").write_text("")
    os.chown(shop.state / "shop.db-journal", NOBODY, NOBODY)


@fault("state directory", "warn", "others can look into it")
def state_dir_that_others_can_read(shop: Shop, hub: Sandbox) -> None:
    shop.run("stats")
    shop.state.chmod(0o755)


@fault("file system", "warn", "in memory")
def state_dir_in_memory(shop: Shop, hub: Sandbox) -> None:
    shop.set(state_dir=f"/dev/shm/{shop.folder.name}")
    shop.run("stats")


@fault("state file", "fail", "origin")
def state_of_another_origin(shop: Shop, hub: Sandbox) -> None:
    shop.run("stats")
    shop.set(origin="http://127.0.0.1:9")


@fault("state file", "fail", "")
def state_file_that_is_damaged(shop: Shop, hub: Sandbox) -> None:
    shop.run("stats")
    (shop.state / "shop.db").write_bytes(b"no database" * 1000)


# the hub


@fault("hub", "fail", "not reached")
def wrong_port(shop: Shop, hub: Sandbox) -> None:
    shop.set(origin="http://127.0.0.1:9")


@fault("hub", "fail", "did not answer within")
def host_that_never_answers(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "hang_before", "times": 0})


@fault("hub", "fail", "failing")
def hub_that_fails(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "status", "status": 500, "times": 0})


@fault("hub", "warn", "asks to wait|no request is free")
def hub_that_asks_to_wait(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "status", "status": 429, "retry_after": "seconds", "retry_after_s": 60, "times": 0})


@fault("hub", "fail", "not as the hub does")
def host_that_is_another(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "status", "status": 200, "body": "html", "times": 0})


@fault("hub", "fail", "redirect|not as the hub does")
def host_that_redirects(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "redirect", "location": "http://127.0.0.1:9/", "times": 0})


@fault("token", "fail", "401")
def token_that_nobody_knows(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "no-such-token")


@fault("token", "fail", "Source token")
def token_of_a_source(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "sandbox-source-token")


@fault("token", "warn", "getListingVariantsCount alone", "403")
def token_that_may_not_count(shop: Shop, hub: Sandbox) -> None:
    hub.post("faults", {"do": "status", "status": 403, "operation": "getListingVariantsCount", "times": 0})


@fault("token", "fail", "Account token")
def token_of_the_account(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "sandbox-account-token")


@fault("channel", "fail", "does not show channel 501", "of another")
def token_of_another_channel(shop: Shop, hub: Sandbox) -> None:
    shop.set(hub__channel_id="501")
    shop.private("token", "sandbox-other-channel-token")


@fault("channel", "fail", "502", "this state is of another")
def token_of_another_channel_with_listings(shop: Shop, hub: Sandbox) -> None:
    hub.post("reset", {"seed": "variants=40"})
    token_of_another_channel(shop, hub)


@fault("budget", "fail", "refused the token several times")
def token_that_was_refused_again_and_again(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "no-such-token")
    shop.submit("A-1", hub.some_sku())
    for _ in range(4):
        shop.run("flush", "--budget", "4", status=5)


@fault("orders' way", "warn", "wait until a person")
def channel_whose_orders_are_unpaid(shop: Shop, hub: Sandbox) -> None:
    hub.set(**{"channel.invoice_status": "Awaiting Clearance"})


@fault("orders' way", "warn", "waits for a person")
def channel_that_does_not_generate(shop: Shop, hub: Sandbox) -> None:
    hub.set(**{"channel.generate_on_import": "false"})


@fault("clock", "warn", "ahead")
def clock_that_is_two_minutes_slow(shop: Shop, hub: Sandbox) -> None:
    hub.post("clock", {"skew_s": 120})


@fault("clock", "fail", "behind")
def clock_that_is_a_day_fast(shop: Shop, hub: Sandbox) -> None:
    hub.post("clock", {"skew_s": -86400})


@fault("pool", "warn", "somebody else")
def pool_that_somebody_else_uses(shop: Shop, hub: Sandbox) -> None:
    hub.post("pool", {"take": 39})


# the work


@fault("orders refused", "warn", "A-1", "correct")
def order_that_was_refused(shop: Shop, hub: Sandbox) -> None:
    hub.refuse("A-1")
    shop.submit("A-1", hub.some_sku())
    shop.run("flush", status=None)


@fault("orders", "fail", "A-1", "history")
def order_that_nobody_sends(shop: Shop, hub: Sandbox) -> None:
    path = shop.private("order.json", json.dumps(order("A-1", hub.some_sku())))
    shop.run("order", "submit", path, before=("faketime", "-f", "-3h"))


@fault("orders", "fail", "A-1 being sent for 3 h", "history")
def order_whose_process_ended(shop: Shop, hub: Sandbox) -> None:
    cut_while_sending(shop, hub)


@fault("results", "warn", "did not take")
def result_that_nobody_takes(shop: Shop, hub: Sandbox) -> None:
    shop.submit("A-1", hub.some_sku())
    shop.run("order", "discard", "A-1", before=("faketime", "-f", "-3h"))


@fault("environment", "warn", "FLXCHANNEL_ORIGIN")
def variables_beside_a_file(shop: Shop, hub: Sandbox) -> "dict[str, str]":
    return {"FLXCHANNEL_ORIGIN": "http://127.0.0.1:9"}


@fault("last success", "warn", "ever")
def feeds_that_nobody_reads(shop: Shop, hub: Sandbox) -> None:
    pass


NEED_ROOT = {"state_dir_of_another_user", "file_of_another_user"}


@pytest.mark.parametrize("name,check,state,words,inject", FAULTS, ids=[row[0] for row in FAULTS])
def test_fault_is_named(shop: Shop, hub: Sandbox, name: str, check: str, state: str, words: str, inject: Any) -> None:
    if name in NEED_ROOT and not AS_ROOT:
        pytest.skip("giving files away needs root")
    environment = inject(shop, hub) or {}
    found = findings(shop, env={**os.environ, **environment})

    own = [finding for finding in found if finding["check"] == check and finding["state"] == state]
    assert own, found
    said = own[0]["text"] + " " + own[0]["advice"]
    if check == "hub":
        assert any(word in said for word in words.split("|")), said
    else:
        assert all(word in said for word in words.split("|")), said


def test_twenty_five_faults_at_least() -> None:
    assert len(FAULTS) >= 25


def test_why_requests_are_held_back_is_asked_aside(shop: Shop, hub: Sandbox) -> None:
    token_that_was_refused_again_and_again(shop, hub)
    before = shop.json("stats")["rate_limit"]["paused"]
    found = findings(shop)

    assert any(one["check"] == "token" and "401" in one["text"] for one in found), found
    assert before == shop.json("stats")["rate_limit"]["paused"] == "token"


def test_user_without_rights_is_told(shop: Shop) -> None:
    if not AS_ROOT:
        pytest.skip("another user needs root")
    shop.run("stats")
    for path in (shop.config, shop.token):
        path.chmod(0o640)
        os.chown(path, 0, NOBODY)
    # State in a folder of that user, which is closed to writing.
    own = shop.folder / "own"
    own.mkdir()
    shop.set(state_dir=str(own))
    shop.config.chmod(0o640)
    os.chown(own, NOBODY, NOBODY)
    own.chmod(0o500)
    found = findings(shop, before=("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"))

    assert state_of(found, "state directory").startswith("fail"), found
    assert "cannot be written" in state_of(found, "state directory")
