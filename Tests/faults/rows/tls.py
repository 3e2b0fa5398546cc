"""Section T: connections that must not be trusted, and those that must be all the same."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

from rig import host
from rig.authority import NAMES, Authority
from rig.ground import Ground
from rig.register import control, row
from rig.trial import Lateness, flush_until, shop, state_of, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub
from rows.network.cut_answers import body_of


def wrong_contexts(ground: Ground) -> "dict[str, tuple[Authority, ssl.SSLContext, str]]":
    """Row id: the authority that the client trusts, what the hub shows, and what the error must say."""
    good, other = Authority(ground), Authority(ground, "other")
    alone = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key, certificate = ground.folder / "alone.key", ground.folder / "alone.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key), "-out", str(certificate),
         "-days", "9", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    alone.load_cert_chain(certificate, key)
    return {
        "T-01": (good, good.context(days=(-30, -1)), "expired"),
        "T-02": (good, good.context(days=(1, 30)), "not yet valid"),
        "T-03": (good, good.context("elsewhere.test"), "127.0.0.1"),
        "T-04": (good, other.context(), "issuer"),
        "T-05": (good, alone, "self"),
    }


@row("T-01", "T-02", "T-03", "T-04", "T-05", set="core", waits=True)
def a_certificate_that_is_wrong(ground: Ground) -> str:
    """Not applied, the reason in the error, and once it is right the same order goes."""
    wrong = wrong_contexts(ground)

    def one(name: str) -> str:
        authority, context, says = wrong[name]
        hub = ground.enter_context(WireHub(context))
        client = shop(ground, hub, **{"http.ca_file": authority.file})
        from orders import order

        lateness = Lateness()
        client.submit(order(name))
        end = time.monotonic() + 15
        while not [e for e in client.history(name)["events"] if e["what"] == "posted"] and not state_of(client, name)["attempts"] and time.monotonic() < end:
            with lateness.kept(200):
                client.flush(200)
            if hub.connections:
                break
        for _ in range(15):  # three seconds more: nothing may be tried again so soon
            client.flush(200)
        row = state_of(client, name)
        assert row["verdict"] in ("not_applied", ""), row
        assert hub.seen == [] and hub.bytes_in == 0, "bytes came through a connection that is not trusted"
        assert hub.connections <= 1, f"{hub.connections} connections within seconds: hammered"
        said = json.dumps([row, client.history(name), client.logs()])
        assert says in said, f"{says!r} is not said: {said[-700:]}"
        stats = client.stats()["rate_limit"]
        assert stats["breaker_open"], f"the channel is not paused: {stats}"
        from flxchannel import FlxError

        try:
            with lateness.kept(500):
                client.call("getListingVariantsCount", wait_ms=500)
        except FlxError as error:
            assert error.retry_after_ms and error.retry_after_ms > 240_000, f"{error.name}: next try in {error.retry_after_ms} ms"
        assert hub.connections <= 1
        return f"{name} {row['message'].split(': ')[-1][:60]}"

    said = together([(name, lambda name=name: one(name)) for name in wrong])
    return "; ".join(said) + "; order kept and not applied, 1 handshake, next try in over 4 min"


@row("T-01", "T-02", "T-03", "T-04", "T-05", waits=True)
def a_wrong_certificate_is_not_hammered(ground: Ground) -> str:
    """Half an hour of a busy host, by a clock of 60 times the speed; then the certificate is right and the order goes."""
    speed, minutes = 60, 30
    wrong = wrong_contexts(ground)
    code = """
c = client()
c.submit(order("PAUSED"))
began = time.monotonic()
while time.monotonic() - began < 60 * float(sys.argv[1]):
    c.flush(5000); time.sleep(5)
say(verdict=c.outbox()[0]["verdict"], message=c.outbox()[0]["message"]); sys.stdin.readline()
began = time.monotonic()
while c.outbox()[0]["state"] != "resolved":
    assert time.monotonic() - began < 3600, c.outbox()
    c.flush(5000); time.sleep(1)
say(back=time.monotonic() - began, verdict=c.outbox()[0]["verdict"])
"""

    def one(name: str) -> str:
        authority, context, _ = wrong[name]
        hub = ground.enter_context(WireHub(context))
        folder = ground.folder / name
        folder.mkdir(mode=0o700)
        settings = {
            **host.config(ground, hub), "state_dir": str(folder), "http.ca_file": authority.file, "http.connect_ms": 600_000, "http.attempt_ms": 600_000,
            "http.idle_ms": 600_000, "state.wait_ms": 600_000}
        process = host.start(ground, code, settings, str(minutes), **host.fast_clock(speed))
        assert process.stdout and process.stdin
        said = json.loads(process.stdout.readline())
        tried = hub.connections
        assert said["verdict"] == "not_applied", said
        assert 2 <= tried <= minutes / 5 + 1, f"{name}: {tried} handshakes in {minutes} minutes"
        hub.context = authority.context()
        process.stdin.write("\n")
        process.stdin.flush()
        back = host.finish(process)[-1]
        assert back["verdict"] == "applied" and len(hub.taken) == 1, back
        return f"{name} {tried}"

    tried = together([(name, lambda name=name: one(name)) for name in wrong])
    return f"handshakes in {minutes} min (clock x{speed}): {', '.join(tried)}; then the order went, once"


@row("T-06", set="core", waits=True)
def only_an_old_protocol(ground: Ground) -> str:
    authority = Authority(ground)
    context = authority.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    hub = ground.enter_context(WireHub(context))

    def heal(_: WireHub) -> None:
        assert hub.seen == []
        hub.context = authority.context()

    end = try_order(ground, hub=hub, verdict="not_applied", says="trusted connection", after_first=heal, **{"http.ca_file": authority.file})
    assert end["posts"] == 1
    return f"TLS 1.1 alone: not applied, {end['message'][:100]!r}; applied once TLS 1.2 is there"


@row("T-07", "T-08", set="core", waits=True)
def a_handshake_that_does_not_end(ground: Ground) -> str:
    authority = Authority(ground)
    lateness = Lateness()

    def plain(peer: Peer) -> None:
        peer.socket.recv(4096)
        peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        peer.close()

    def hang_up(peer: Peer) -> None:
        peer.socket.recv(4096)
        peer.close()

    def reset(peer: Peer) -> None:
        peer.socket.recv(4096)
        peer.reset()

    def alert(peer: Peer) -> None:
        peer.socket.recv(4096)
        peer.send(bytes.fromhex("15030300020228"))
        peer.close()

    def silent(peer: Peer) -> None:
        peer.hang(6)

    def trickle(peer: Peer) -> None:
        try:
            for byte in bytes.fromhex("160303007a") + bytes(8):
                peer.send(bytes([byte]))
                time.sleep(0.4)
        finally:
            peer.close()

    def one(name: str, do: Any) -> Any:
        hub = ground.enter_context(WireHub(authority.context()))

        def plan(hub: WireHub) -> None:
            hub.on_accept = do

        def heal(hub: WireHub) -> None:
            assert hub.seen == []
            hub.heal()

        end = try_order(
            ground, hub=hub, plan=plan, verdict="not_applied", after_first=heal, lateness=lateness, **{"http.ca_file": authority.file, "http.connect_ms": 1500})
        if name.startswith("T-08"):
            assert 1300 <= end["lasted_ms"] <= 3000, f"{name}: the connect timeout of 1,500 ms took {end['took_ms']} ms"
        return end["lasted_ms"]

    trials = {"T-07 plain HTTP": plain, "T-07 hang-up": hang_up, "T-07 reset": reset, "T-07 alert": alert, "T-08 silent": silent, "T-08 trickle": trickle}
    took = together([(name, lambda name=name, do=do: one(name, do)) for name, do in trials.items()])
    return "not applied, then applied with 1 POST: " + ", ".join(f"{name} {ms} ms" for name, ms in zip(trials, took)) + f"; {lateness}"


@row("T-09", set="core", waits=True)
def an_end_without_goodbye(ground: Ground) -> str:
    """The stream ends with FIN and without close_notify: complete or not, the JSON alone decides."""
    authority = Authority(ground)

    def cut(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", None, "Connection: close"), body_of(peer, request)[:-9])
        peer.is_over = True
        os.close(peer.socket.detach())  # no close_notify

    def hub() -> WireHub:
        return ground.enter_context(WireHub(authority.context()))

    config = {"http.ca_file": authority.file}
    order, _ = together([
        ("order", lambda: try_order(ground, cut, hub=hub(), verdict="possibly_applied", **config)),
        ("list", lambda: try_list(ground, cut, hub=hub(), **config))])
    assert order["posts"] == 1
    return "FIN without close_notify in a close-delimited body: order possibly applied and found, list retried, nothing partial"


@row("T-10", set="core", waits=True)
def a_certificate_is_renewed(ground: Ground) -> str:
    authority = Authority(ground)
    context = authority.context()
    hub = ground.enter_context(WireHub(context))
    from orders import order

    client = shop(ground, hub, **{"http.ca_file": authority.file})
    renewals = 0
    for n in range(4):
        client.submit(order(f"ROTATE-{n}"))
        flush_until(client, lambda n=n: state_of(client, f"ROTATE-{n}")["verdict"] == "applied", "an order")
        client.call("getListingVariantsCount", wait_ms=5000)
        authority.renew(context)
        renewals += 1
    assert all(row["attempts"] == 1 for row in client.outbox()), client.outbox()
    return f"{renewals} renewals between requests, kept and fresh connections: every request went, 1 attempt an order"


@row("T-11", set="core")
def an_authority_file_that_is_none(ground: Ground) -> str:
    from flxchannel import Client, ConfigError

    folder = ground.folder / "state"
    folder.mkdir(mode=0o700)
    files = {
        "missing": ground.folder / "missing.pem", "empty": ground.folder / "empty.pem", "no PEM": ground.folder / "junk.pem", "a folder": ground.folder,
        "unreadable": ground.folder / "secret.pem"}
    files["empty"].write_bytes(b"")
    files["no PEM"].write_bytes(b"hello\n" * 10)
    files["unreadable"].write_text(Path(Authority(ground).file).read_text())
    files["unreadable"].chmod(0)
    hub = ground.enter_context(WireHub())
    said = {}
    for name, file in files.items():
        uid = os.geteuid()
        if name == "unreadable" and uid == 0:
            folder = ground.folder / "nobody"
            folder.mkdir(mode=0o700)
            os.chown(folder, 65534, 65534)
            ground.folder.chmod(0o755)
            os.seteuid(65534)
        try:
            Client(channel="faults", token="t", origin=hub.url, state_dir=str(folder), **{"http.ca_file": str(file)})
        except ConfigError as error:
            assert "ca" in f"{error} {error.path}", error
            said[name] = str(error)
        finally:
            if os.geteuid() != uid:
                os.seteuid(uid)
        assert name in said, f"a CA file that is {name} was accepted"
    assert hub.connections == 0
    return "refused at open: " + "; ".join(f"{name}: {text[:50]}" for name, text in said.items())


@row("T-12", set="core", waits=True)
def a_clock_two_years_off(ground: Ground) -> str:
    authority = Authority(ground)
    code = """
c = client()
c.submit(order("CLOCK"))
c.flush(3000)
say(row=c.outbox()[0], logs=c.logs())
"""
    said = {}
    for offset in ("+2y", "-2y"):
        hub = ground.enter_context(WireHub(authority.context()))
        folder = ground.folder / f"clock{offset}"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder), "http.ca_file": authority.file}
        facts = host.finish(host.start(ground, code, settings, **host.fast_clock(1, offset), FAKETIME_DONT_FAKE_MONOTONIC="1"))[-1]
        message = facts["row"]["message"]
        assert facts["row"]["verdict"] == "not_applied" and "clock of this machine" in message, facts["row"]
        said[offset] = message
    return "; ".join(f"{offset}: {message[-110:]}" for offset, message in said.items())


@row("T-12", waits=True)
def a_clock_that_jumped_after_the_hub_told_its_own(ground: Ground) -> str:
    """The hub's Date was seen before this machine's clock went wrong: the error says by how much."""
    authority = Authority(ground)
    hub = ground.enter_context(WireHub(authority.context()))
    control_file = ground.folder / "clock"
    control_file.write_text("+0")
    code = """
c = client()
c.call("getListingVariantsCount", wait_ms=5000)
open(sys.argv[1], "w").write("+730d")
time.sleep(0.2)
c.submit(order("CLOCK"))
c.flush(3000)
say(row=c.outbox()[0])
"""
    environment = {k: v for k, v in host.fast_clock(1).items() if k != "FAKETIME"}
    facts = host.finish(host.start(
        ground, code, host.config(ground, hub, **{"http.ca_file": authority.file}), str(control_file), **environment,
        FAKETIME_TIMESTAMP_FILE=str(control_file), FAKETIME_DONT_FAKE_MONOTONIC="1"))[-1]
    message = facts["row"]["message"]
    assert facts["row"]["verdict"] == "not_applied" and "clock of this machine" in message, facts
    assert "hub" in message.split("clock of this machine", 1)[1], f"the hub's own time was seen and is not used: {message}"
    return f"clock 2 years ahead after the hub told its time: {message[-120:]}"


@row("T-13", set="core")
def verification_cannot_be_turned_off(ground: Ground) -> str:
    from flxchannel import Client, ConfigError, FlxError, describe

    folder = ground.folder / "state"
    folder.mkdir(mode=0o700)
    keys = [one["key"] for one in describe("config")]
    assert not [key for key in keys if any(word in key for word in ("verif", "insecure", "peer", "trust_all"))], keys
    tried = ["http.verify", "http.verify_peer", "http.insecure", "tls.verify", "http.ssl_verify", "verify", "insecure", "http.verify_host", "http.ciphers"]
    for key in tried:
        try:
            Client(channel="faults", token="t", state_dir=str(folder), **{key: False})
        except ConfigError:
            continue
        raise AssertionError(f"config key {key} is taken")
    alone = Authority(ground)
    hub = ground.enter_context(WireHub(alone.context()))
    code = """
c = client()
try: c.call("getListingVariantsCount", wait_ms=4000); say(trusted=True)
except FlxError as error: say(trusted=False, name=error.name)
"""
    (ground.folder / ".curlrc").write_text("insecure\n")
    said = host.finish(host.start(
        ground, code, host.config(ground, hub), HOME=str(ground.folder), CURL_HOME=str(ground.folder), SSL_CERT_FILE=alone.file, SSL_CERT_DIR=str(ground.folder),
        CURL_CA_BUNDLE=alone.file, PYTHONHTTPSVERIFY="0", NODE_TLS_REJECT_UNAUTHORIZED="0", GIT_SSL_NO_VERIFY="1"))[-1]
    assert said == {"trusted": False, "name": "FLX_E_TLS"}, said
    assert hub.seen == [] and FlxError
    return f"{len(keys)} config keys, none of them about verification; {len(tried)} guesses refused; environment and .curlrc change nothing: {said['name']}"


@control("a certificate that is right")
def a_good_certificate_is_told_from_a_wrong_one(ground: Ground) -> str:
    """The rows above must fail where the certificate is in order, or they would pass on any broken TLS."""
    authority = Authority(ground)
    hub = ground.enter_context(WireHub(authority.context(*NAMES)))
    try:
        try_order(ground, hub=hub, verdict="not_applied", **{"http.ca_file": authority.file})
    except AssertionError as error:
        assert "was applied" in str(error), error
        return f"the checker saw: {str(error)[:70]}"
    raise AssertionError("an order over a trusted connection passed for one that was not applied")
