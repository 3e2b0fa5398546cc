"""The sandbox answers as the contract file says: every operation, good and bad calls, and a fuzzer's."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import contract
import wire
from calls import Call, every_call
from recorder import Exchange, Recorder
from sandbox import Sandbox


@pytest.fixture(scope="module")
def hub():
    with Sandbox("--seed", "demo") as hub, Recorder(hub.url) as hub.recorder:
        yield hub


def start_over(hub: Sandbox, **switches: str) -> None:
    """Plant the seed again and set switches."""
    hub.admin("POST", "reset")
    hub.set(limiter="none", **switches)


def send(hub: Sandbox, call: Call, token: "str | None" = None) -> Exchange:
    """Send one call through the recorder."""
    tokens = {"channel": hub.token, "account": hub.account_token, "source": hub.source_token}
    method, target, body = wire.request(call)
    headers = {"Accept": "application/json", "X-API-TOKEN": tokens[call.token] if token is None else token}
    if body is not None:
        headers["Content-Type"] = "application/json"
    asked = urllib.request.Request(hub.recorder.url + target, body, headers, method=method)
    try:
        urllib.request.urlopen(asked, timeout=60).close()
    except urllib.error.HTTPError as error:
        error.close()
    return hub.recorder.exchanges.pop()


def test_every_operation_answers_a_right_call_by_the_contract(hub, checker):
    start_over(hub)
    calls = every_call(hub)
    found, answered = [], set()
    for call in calls:
        exchange = send(hub, call)
        found += checker.request(exchange) + checker.answer(exchange)
        if exchange.status < 300:
            answered.add(call.operation)
    all_of_them = {operation["operationId"] for _, _, operation in contract.operations(contract.load())}

    assert found == []
    assert all_of_them - answered == set()


# The settings that are another reading of the contract, not a fault, must agree with it too.
READINGS = [
    ("variant.fields", "no_quantity"), ("variant.fields", "no_price"), ("variant.fields", "minimal"),
    ("listing_status", "omit"), ("status_change.on", "variant"), ("status_change.on", "parent"),
    ("status_change.flow", "both"), ("numbers", "four_places"), ("numbers", "trailing_zeros"), ("numbers", "exponent"),
    ("order.numbers", "two_places"), ("order.lines", "product_sku"), ("order.lines", "gift"), ("order.instants", "absent"),
    ("descriptions", "hostile"), ("descriptions", "mixed"), ("descriptions", "null"), ("updated_at", "omit"),
    ("channel.id_in", "listings"), ("order.number.form", "upper"), ("late.visible_s", "3"), ("queue.stamps", "omit"),
    ("address.redacted", "always"), ("foreign.rows", "listings,orders,shipments,returns"),
    ("bounds", "inclusive"), ("order.extra", "drop"), ("page.size", "ignored"), ("arrays", "repeated"),
    ("shipments.synced_flag", "absent"), ("shipments.synced_flag", "true"), ("price.protection", "off"),
]


@pytest.mark.parametrize(("name", "value"), READINGS, ids=lambda text: text)
def test_other_readings_answer_by_the_contract(hub, checker, name, value):
    start_over(hub, **{name.replace(".", "__"): value})
    found = []
    for call in every_call(hub):
        if wire.request(call)[0] == "GET":
            found += checker.answer(send(hub, call))

    assert found == []


REFUSED = [
    (Call("listOrders", {"page": 1, "orderedAfter": "2026-01-31T12:00:00"}), 400),
    (Call("listShipments", {"filterUpdatedAfter": "yesterday"}), 400),
    (Call("getOrderById", {"id": 999_999_999}), 404),
    (Call("getShipmentById", {"id": 999_999_999}), 404),
    (Call("getReturnById", {"id": 999_999_999}), 404),
    (Call("getListingParentById", {"parentId": 999_999_999}), 404),
    (Call("deleteListingVariant", {"variantId": 999_999_999}), 404),
    (Call("updateOrderStatus", {"id": 999_999_999, "status": "Open"}), 404),
    (Call("updateOrderTags", {"id": 999_999_999, "body": {"add": ["x"]}}), 404),
    (Call("createOrder", {"body": {"orderNumber": "X"}}), 400),
    (Call("createReturn", {"body": {"items": []}}), 400),
    (Call("linkUnmanagedOrders", {}), 400),
    (Call("acknowledgeListingVariants", {"body": [{"error": "no id"}]}), 400),
    (Call("getAccount", {}), 403),
    (Call("getChannels", {}), 403),
    (Call("createShipment", {"body": {"shipment": {"trackingNumber": "T"}}}), 403),
]


@pytest.mark.parametrize(("call", "status"), REFUSED, ids=lambda value: getattr(value, "operation", value))
def test_refusals_are_those_of_the_contract(hub, checker, call, status):
    start_over(hub)
    exchange = send(hub, call)

    assert exchange.status == status
    assert checker.answer(exchange) == []


@pytest.mark.parametrize("token", ["", "unknown"])
def test_every_operation_needs_a_token(hub, checker, token):
    start_over(hub)
    for call in every_call(hub):
        exchange = send(hub, call, token)

        assert exchange.status == 401, call.operation
        assert checker.answer(exchange) == []


def test_throttled_answer_is_that_of_the_contract(hub, checker):
    hub.admin("POST", "reset")
    hub.admin("POST", "pool", {"take": 40})
    exchange = send(hub, Call("listOrders", {"page": 1}))

    assert exchange.status == 429
    assert exchange.headers["x-auth-pool-size"] == "40"
    assert checker.answer(exchange) == []


# Controls: an answer that is wrong must be found.
WRONG = [
    ("numbers", "text"), ("listing_status", "text"), ("dates", "zoneless"),
    ("order.created.body", "array"), ("order.created.body", "html"), ("order.created.body", "text_id"),
    ("order.created.body", "no_id"), ("order.created.status", "202"), ("order.status.code", "204"),
    ("auth.body", "html_200"), ("content_type", "text"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda text: text)
def test_wrong_answer_is_found(hub, checker, name, value):
    start_over(hub)
    calls = every_call(hub)
    hub.set(**{name.replace(".", "__"): value})
    token = "unknown" if name == "auth.body" else None

    assert any(checker.answer(send(hub, call, token)) for call in calls)


def fuzz(hub: Sandbox, spec: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Let schemathesis call every GET with what it makes up, and check the answers."""
    program = Path(sys.executable).with_name("st")
    return subprocess.run(
        [
            program, "run", spec, "--url", hub.url, "--header", f"X-API-TOKEN: {hub.token}", "--include-method", "GET",
            "--exclude-operation-id", "getAccount", "--exclude-operation-id", "getChannels", "--max-examples", "15",
            "--mode", "positive", "--phases", "examples,fuzzing", "--seed", "20260131", "--no-color",
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            *options,
        ],
        capture_output=True, text=True, timeout=600,
    )


def test_fuzzer_finds_nothing(hub, tmp_path):
    start_over(hub, errors__body="json", auth__body="json")  # a fuzzer takes an empty error body for a fault
    spec = tmp_path / "contract.json"
    spec.write_text(json.dumps(contract.strict(contract.load())))
    report = fuzz(hub, spec)

    assert report.returncode == 0, report.stdout[-4000:] + report.stderr[-2000:]


def test_fuzzer_finds_a_wrong_answer(hub, tmp_path):
    start_over(hub)
    wrong = contract.strict(contract.load())
    wrong["components"]["schemas"]["Shipment"]["properties"]["trackingNumber"]["type"] = "integer"
    spec = tmp_path / "contract.json"
    spec.write_text(json.dumps(wrong))
    report = fuzz(hub, spec, "--include-operation-id", "listShipments")

    assert report.returncode == 1
    assert "trackingNumber" in report.stdout


@pytest.mark.parametrize("ending", ["Connection: close", "a client that says no more"])
def test_large_answer_comes_whole_although_the_connection_ends_behind_it(ending: str) -> None:
    with Sandbox("--seed", "variants=8000") as large, socket.socket() as slow:
        address = urlsplit(large.url)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((address.hostname, address.port))
        head = "Connection: close\r\n" if ending.startswith("Connection") else ""
        slow.sendall(f"GET /_admin/listings?limit=8000 HTTP/1.1\r\nHost: {address.netloc}\r\n{head}\r\n".encode())
        if not head:
            slow.shutdown(socket.SHUT_WR)
        time.sleep(0.5)
        answer = b""
        while part := slow.recv(1 << 20):
            answer += part

    head_of_it, _, body = answer.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head_of_it.splitlines() if line.lower().startswith(b"content-length"))
    assert length > 1 << 20, "it does not fit into what the kernel keeps"
    assert len(body) == length
