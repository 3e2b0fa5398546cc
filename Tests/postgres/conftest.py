"""Fixtures: one server for the run, a schema of its own and a hub of its own for each test."""

from __future__ import annotations

import itertools
import subprocess

import pytest

import flxchannel
from server import Server, reachable

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("postgres")
    reachable(place)
    with Server(place / "server").make() as one:
        yield one


@pytest.fixture
def schema():
    return f"shop{next(_numbers)}"


@pytest.fixture
def url(server, schema):
    return server.schema(schema)


@pytest.fixture
def hub():
    from sandbox import Sandbox

    with Sandbox("--seed", "tiny,exceptions=off", "--set", "pool.size=4000", "--set", "pool.refill=1000") as one:
        yield one


@pytest.fixture
def opened(hub, url):
    """Opens clients of the channel; those still open are closed after the test."""
    clients = []

    def open_one(**config):
        settings = {"channel": "shop", "token": hub.token, "origin": hub.url, "state.url": url}
        client = flxchannel.Client(**{**settings, **config})
        clients.append(client)
        return client

    yield open_one
    for client in clients:
        client.close()


@pytest.fixture
def in_psql(server, schema):
    """What stands in the channel's schema, as text."""

    def ask(statement: str) -> str:
        return subprocess.run(
            ["psql", server.url(schema), "-XAtq", "-c", statement], capture_output=True, text=True, check=True).stdout.strip()

    return ask
