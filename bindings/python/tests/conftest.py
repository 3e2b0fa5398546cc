"""Fixtures: a sandbox hub for the whole run, one of its own for a test that changes it, and clients that get closed."""

from __future__ import annotations

import time

import pytest

import flxchannel
from sandbox import Sandbox
from waits import lanes


@pytest.fixture
def sandbox():
    """A hub with a handful of listings, of this test alone."""
    with Sandbox("--seed", "tiny") as hub:
        yield hub


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def open_client(sandbox, state_dir):
    """Opens clients for the sandbox; those still open are closed after the test."""
    opened = []

    def open_one(**config):
        settings = {"channel": "shop", "token": sandbox.token, "state_dir": state_dir, "origin": sandbox.url}
        client = flxchannel.Client(**{**settings, **config})
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        client.close()


@pytest.fixture
def client(open_client):
    return open_client()


@pytest.fixture
def idle_client(state_dir):
    """A client whose hub is nowhere: for calls that make no request."""
    with flxchannel.Client(channel="shop", token="t", state_dir=state_dir, origin="http://127.0.0.1:1") as client:
        yield client


@pytest.fixture
def settings(sandbox, state_dir):
    return {"channel": "shop", "token": sandbox.token, "state_dir": state_dir, "origin": sandbox.url}


@pytest.fixture
def no_thread_stays():
    yield
    deadline = time.monotonic() + 10
    while lanes() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert lanes() == []
