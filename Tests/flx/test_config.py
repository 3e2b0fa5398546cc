"""Where the configuration and the token come from, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from rig import FLX, NOBODY, Sandbox, Shop


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    plain = {key: value for key, value in os.environ.items() if not key.startswith("FLXCHANNEL_")}
    return subprocess.run([FLX, *words], capture_output=True, text=True, env={**plain, **environment}, timeout=60)


def refused(shop: Shop) -> str:
    """What flx says of a configuration that it does not take."""
    return str(shop.run("stats", status=2).stderr)


def test_file_with_token_file_opens(shop: Shop) -> None:
    assert shop.json("stats")["channel"] == "shop"


def test_channel_names_a_file_in_the_folder(shop: Shop) -> None:
    done = run("stats", "--channel", "shop", "--json", FLXCHANNEL_CONFIG_DIR=str(shop.folder))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["channel"] == "shop"


def test_channel_without_a_file_says_which(shop: Shop) -> None:
    done = run("stats", "--channel", "other", FLXCHANNEL_CONFIG_DIR=str(shop.folder))

    assert done.returncode == 2
    assert f"{shop.folder}/other.json" in done.stderr


def test_channel_leads_to_no_other_folder(shop: Shop) -> None:
    assert run("stats", "--channel", "../shop").returncode == 2


def test_file_of_another_channel_is_refused(shop: Shop) -> None:
    done = run("stats", "--config", str(shop.config), "--channel", "other")

    assert done.returncode == 2
    assert '"shop"' in done.stderr


def of_environment(shop: Shop, hub: Sandbox, **more: str) -> "dict[str, str]":
    return {"FLXCHANNEL_CHANNEL": "shop", "FLXCHANNEL_ORIGIN": hub.url, "FLXCHANNEL_STATE_DIR": str(shop.state), **more}


def test_environment_has_it_all(shop: Shop, hub: Sandbox) -> None:
    done = run("stats", "--json", **of_environment(shop, hub, FLXCHANNEL_TOKEN=hub.token, FLXCHANNEL_STATE_WAIT_MS="1000"))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["origin"] == hub.url


def test_environment_names_a_token_file(shop: Shop, hub: Sandbox) -> None:
    assert run("stats", **of_environment(shop, hub, FLXCHANNEL_TOKEN_FILE=str(shop.token))).returncode == 0


def test_variables_of_the_bindings_are_left_to_them(shop: Shop, hub: Sandbox) -> None:
    theirs = {"FLXCHANNEL_LIBRARY": "/nowhere/lib.so", "FLXCHANNEL_HEADER": "/nowhere/h"}

    assert run("stats", **of_environment(shop, hub, FLXCHANNEL_TOKEN=hub.token, **theirs)).returncode == 0


def test_unknown_variable_names_the_nearest(shop: Shop, hub: Sandbox) -> None:
    done = run("stats", **of_environment(shop, hub, FLXCHANNEL_TOKEN=hub.token, FLXCHANNEL_STATE_DIRR="/x"))

    assert done.returncode == 2
    assert "FLXCHANNEL_STATE_DIR?" in done.stderr


def test_nothing_at_all_says_what_to_give() -> None:
    done = run("stats")

    assert done.returncode == 2
    assert "--config" in done.stderr


def test_token_on_the_command_line_is_refused_and_not_repeated(shop: Shop) -> None:
    for words in ("stats --token T0KEN", "--token T0KEN stats", "stats --token=T0KEN", "pull orders --token T0KEN"):
        done = run(*words.split())

        assert done.returncode == 2
        assert "every user of this machine can read it" in done.stderr
        assert "T0KEN" not in done.stderr + done.stdout


def test_configuration_that_others_can_read_is_refused(shop: Shop) -> None:
    shop.config.chmod(0o644)

    assert f"chmod 600 {shop.config}" in refused(shop)


def test_token_file_that_others_can_read_is_refused(shop: Shop) -> None:
    shop.token.chmod(0o640)

    assert f"chmod 600 {shop.token}" in refused(shop)


def test_token_file_that_others_can_change_is_refused(shop: Shop) -> None:
    shop.token.chmod(0o622)

    assert "others can change it" in refused(shop)


def test_configuration_of_another_user_is_refused(shop: Shop) -> None:
    os.chown(shop.config, NOBODY, NOBODY)

    assert f"belongs to user {NOBODY}" in refused(shop)


def test_wrong_key_names_the_nearest(shop: Shop) -> None:
    shop.set(state_dirr="/x")

    assert "state_dir" in refused(shop)


def test_wrong_value_is_told_with_its_key(shop: Shop) -> None:
    shop.set(page__size="many")

    assert "page.size" in refused(shop)


def test_what_is_no_json_is_told_with_its_place(shop: Shop) -> None:
    shop.config.write_text('{"channel": "shop", }')

    assert "not JSON" in refused(shop)


def test_two_tokens_are_refused(shop: Shop) -> None:
    shop.set(token="another")

    assert "both" in refused(shop)


def test_token_with_a_blank_is_refused_and_not_shown(shop: Shop) -> None:
    shop.token.write_text("T0KEN WITH BLANK\n")

    said = refused(shop)
    assert str(shop.token) in said
    assert "T0KEN" not in said


def test_empty_token_file_is_refused(shop: Shop) -> None:
    shop.token.write_text("\n")

    assert "is empty" in refused(shop)


def test_token_appears_in_no_output(shop: Shop, hub: Sandbox) -> None:
    commands = ("stats", "doctor", "logs", "call getListingVariantsCount", "watch --once")
    said = [shop.run(*words.split(), status=None) for words in commands]

    assert all(hub.token not in done.stdout + done.stderr for done in said)


def test_errors_are_json_where_that_is_asked_for(shop: Shop) -> None:
    shop.set(state_dirr="/x")
    told: "dict[str, Any]" = json.loads(shop.run("stats", "--json", status=2).stderr)

    assert told["exit"] == 2
    assert told["name"] == "FLX_E_CONFIG"
    assert told["faults"]


def test_exit_statuses_tell_the_class(shop: Shop, hub: Sandbox) -> None:
    wrong = Shop(hub)
    wrong.private("token", "no-such-token\n")
    closed = Shop()

    assert shop.run("nonsense", status=None).returncode == 2
    assert shop.run("order", "history", "NONE", status=None).returncode == 2
    assert closed.run("call", "getListingVariantsCount", "--wait", "2", status=None).returncode == 4
    assert wrong.run("call", "getListingVariantsCount", status=None).returncode == 5
    for one in (wrong, closed):
        one.close()
