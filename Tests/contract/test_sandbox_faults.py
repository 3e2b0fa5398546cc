"""What the sandbox does when nobody waits for it any more, on the wire; and what the client makes of it."""

from __future__ import annotations

import json
import socket
import struct
import time
from urllib.parse import urlsplit

import pytest

from shop import order, orders_at, units


def request(hub, body):
    text = json.dumps(body, default=float).encode()
    head = (f"POST /orders HTTP/1.1\r\nHost: hub\r\nX-API-TOKEN: {hub.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n")
    return head.encode() + text


def whole(number, unit):
    body = order(number, unit, orderTotal=24.98)
    body["orderItems"][0]["price"] = 19.99
    return body


@pytest.mark.parametrize("leaves", ["closes", "resets", "stays"])
def test_hub_works_on_when_its_client_is_gone(hub, leaves):
    hub.admin("POST", "faults", {"do": "commit_late", "ms": 700, "operation": "createOrder"})
    place = urlsplit(hub.url)
    with socket.create_connection((place.hostname, place.port)) as client:
        client.settimeout(10)
        client.sendall(request(hub, whole("A-1", *units(hub))))
        time.sleep(0.2)
        if leaves == "resets":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if leaves == "stays":
            assert orders_at(hub, "A-1") == []
            assert client.recv(100).startswith(b"HTTP/1.1 201 ")
    until_there(hub, "A-1", at_first=leaves == "stays")


@pytest.mark.parametrize("how", ["close", "reset", "half"])
def test_hub_works_on_when_the_connection_is_cut(hub, how):
    hub.admin("POST", "faults", {"do": "commit_late", "ms": 700, "how": how})
    place = urlsplit(hub.url)
    with socket.create_connection((place.hostname, place.port)) as client:
        client.settimeout(10)
        client.sendall(request(hub, whole("A-1", *units(hub))))
        try:
            assert client.recv(100) == b""
        except ConnectionResetError:
            assert how == "reset"
    until_there(hub, "A-1")


def until_there(hub, number, at_first=False):
    """The order comes into being later, once, and the journal tells of it as usual."""
    if not at_first:
        assert orders_at(hub, number) == []
    end = time.monotonic() + 10
    while not (found := orders_at(hub, number)) and time.monotonic() < end:
        time.sleep(0.05)
    [entry] = hub.journal("createOrder")

    assert len(found) == 1
    assert (entry["accepted"], entry["effect"], entry["faults"]) == (True, "order_created", ["commit_late"])


@pytest.mark.parametrize("how", [None, "close", "reset"])
def test_order_that_comes_into_being_late_has_one_effect(hub, open_shop, how):
    hub.admin("POST", "faults", {"do": "commit_late", "ms": 500, **({"how": how} if how else {})})
    result = open_shop().push("A-1", *units(hub))
    [found] = orders_at(hub, "A-1")

    assert (result["verdict"], result["order_id"]) == ("applied", str(found["id"]))
