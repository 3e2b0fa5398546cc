"""What a program shows of its variables does not show the token, and the hub's words have an attribute of their own."""

from __future__ import annotations

import asyncio
import traceback

import pytest

import flxchannel
from flxchannel import Client
from flxchannel.aio import AsyncClient

SECRET = "s3cret-token-of-the-channel"


def locals_of_the_package(error):
    """Every local of every frame of the package, as a tool that shows locals shows them."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    return [str(frame.locals) for frame in told.stack if "/flxchannel/" in frame.filename]


def test_no_frame_of_a_client_that_does_not_open_shows_the_token(state_dir):
    with pytest.raises(flxchannel.ConfigError) as caught:
        Client(channel="shop", token=SECRET, state_dir=state_dir, **{"page.size": "many"})

    frames = locals_of_the_package(caught.value)
    assert len(frames) >= 2
    assert not [frame for frame in frames if SECRET in frame]


def test_no_frame_of_a_refused_token_shows_it(idle_client):
    with pytest.raises(flxchannel.ArgumentError) as caught:
        idle_client.set_token(SECRET + "\n")

    frames = locals_of_the_package(caught.value)
    assert frames
    assert not [frame for frame in frames if SECRET in frame]


def test_no_frame_of_a_refused_token_of_asyncio_shows_it(state_dir):
    async def use():
        async with AsyncClient(channel="shop", token="t", state_dir=state_dir, origin="http://127.0.0.1:1") as client:
            await client.set_token(SECRET + "\n")

    with pytest.raises(flxchannel.ArgumentError) as caught:
        asyncio.run(use())

    frames = locals_of_the_package(caught.value)
    assert len(frames) >= 2
    assert not [frame for frame in frames if SECRET in frame]


def test_a_client_that_never_opened_can_be_shown():
    client = Client.__new__(Client)

    assert "closed" in repr(client)
    assert client.closed
    client.close()


def test_hidden_text_is_the_same_text(idle_client):
    idle_client.set_token(SECRET)

    assert idle_client.stats()


def test_the_hubs_words_stand_apart(sandbox, client):
    sandbox.post(
        "faults", {"do": "status", "operation": "getListingVariantsCount", "status": 400, "error": "no count for Jane Buyer"})

    with pytest.raises(flxchannel.RefusedError) as caught:
        client.call("getListingVariantsCount")

    assert "Jane" in caught.value.hub_said
    assert "Jane" not in str(caught.value) + str(caught.value.details) + str(client.logs())
    assert "getListingVariantsCount" in caught.value.message
