"""flx doctor names the cause of each fault that is injected, and finds none where there is none."""

from __future__ import annotations

import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rig import NOBODY, Sandbox, Shop, order

FAULTS: "list[tuple[str, str, str, str, Any]]" = []
AS_ROOT = os.geteuid() == 0


def fault(check: str, state: str, *words: str) -> "Callable[[Any], Any]":
    """A fault, and what doctor must find: the check, its state, and words of the finding."""
    def add(inject: Any) -> Any:
        FAULTS.append((inject.__name__, check, state, "|".join(words), inject))
        return inject
    return add


def findings(shop: Shop, *words: str, **more: Any) -> "list[dict[str, str]]":
    return list(shop.json("doctor", *words, status=None, **more))


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
    began = time.monotonic()
    found = findings(shop, env={**os.environ, **environment})
    took = time.monotonic() - began

    own = [finding for finding in found if finding["check"] == check and finding["state"] == state]
    assert own, found
    said = own[0]["text"] + " " + own[0]["advice"]
    if check == "hub":
        assert any(word in said for word in words.split("|")), said
    else:
        assert all(word in said for word in words.split("|")), said
    assert took < 12, took


def test_twenty_five_faults_at_least() -> None:
    assert len(FAULTS) >= 25


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


def test_why_requests_are_held_back_is_asked_aside(shop: Shop, hub: Sandbox) -> None:
    token_that_was_refused_again_and_again(shop, hub)
    before = shop.json("stats")["rate_limit"]["paused"]
    found = findings(shop)

    assert any(one["check"] == "token" and "401" in one["text"] for one in found), found
    assert before == shop.json("stats")["rate_limit"]["paused"] == "token"


def test_who_holds_a_feed_is_told(shop: Shop) -> None:
    running = shop.start("sync", "--exec", shop.handler("time.sleep(20)"), "--parts", "sync")
    end = time.monotonic() + 20
    while not shop.json("stats")["holders"] and time.monotonic() < end:
        time.sleep(0.05)
    text = next(one["text"] for one in findings(shop, "--offline") if one["check"] == "feeds")
    running.terminate()
    running.communicate(timeout=20)

    assert f"process {running.pid}" in text


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


# TLS


class Secure:
    """A server on loopback with a certificate of its own, which answers as a hub that counts."""

    def __init__(self, folder: Any, name: str = "localhost", before: "tuple[str, ...]" = (), days: int = 60) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(
            [*before, *"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(), "-keyout", key,
             "-out", self.certificate, "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)

        class Answers(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = b'{"count":9}' if self.path.endswith("count") else b"[]"
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"https://localhost:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def secure(shop: Shop) -> "Iterator[Callable[..., Secure]]":
    made: "list[Secure]" = []

    def make(**more: Any) -> Secure:
        made.append(Secure(shop.folder, **more))
        shop.set(origin=made[-1].origin)
        return made[-1]

    yield make
    for one in made:
        one.close()


def state_of(found: "list[dict[str, str]]", check: str) -> str:
    return next((f"{one['state']} {one['text']}" for one in found if one["check"] == check), "")


def test_certificate_that_nobody_here_trusts(shop: Shop, secure: Any) -> None:
    secure()
    found = findings(shop)

    assert state_of(found, "TLS").startswith("fail")
    assert state_of(found, "certificate").startswith("ok good for")


def test_certificate_that_is_trusted(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure().certificate))
    found = findings(shop)

    assert state_of(found, "TLS").startswith("ok")
    assert state_of(found, "hub").startswith("ok")


def test_certificate_that_ends_soon(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(days=3).certificate))

    assert state_of(findings(shop), "certificate").startswith("warn good for 2")


def test_certificate_that_ended(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(before=("faketime", "-f", "-90d"), days=30).certificate))
    found = findings(shop)

    assert state_of(found, "TLS").startswith("fail")
    assert state_of(found, "certificate").startswith("fail it ended")


def test_certificate_of_another_name(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(name="hub.example").certificate))

    assert state_of(findings(shop), "TLS").startswith("fail")


def test_port_that_speaks_no_tls(shop: Shop, hub: Sandbox) -> None:
    shop.set(origin=hub.url.replace("http://127.0.0.1", "https://localhost"))

    assert state_of(findings(shop), "TLS").startswith("fail")


def test_host_that_takes_connections_and_is_silent(shop: Shop) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        shop.set(origin=f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        found = findings(shop)

    assert state_of(found, "hub").startswith("fail")
    assert time.monotonic() - began < 8
