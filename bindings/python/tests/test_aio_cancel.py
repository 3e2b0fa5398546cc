"""A task that is canceled is out of its wait at once, leaves nothing behind, and loses nothing."""

from __future__ import annotations

import asyncio
import logging

import pytest

from flxchannel.aio import AsyncClient
from orders import order
from waits import arrives, canceled

pytestmark = pytest.mark.usefixtures("no_thread_stays")


@pytest.mark.parametrize("wait", [
    lambda client: client.call("getListingVariantsCount", wait_ms=60_000),
    lambda client: client.probe(60_000),
], ids=["call", "probe"])
def test_canceled_wait_ends_at_once_and_the_client_goes_on(settings, sandbox, wait):
    async def work():
        sandbox.delay(path="/listing/variants/count", ms=30_000)
        async with AsyncClient(**settings) as client:
            task = asyncio.ensure_future(wait(client))
            await arrives(sandbox, "/listing/variants/count")
            took = await canceled(task)
            assert (await client.call("getListingVariantsCount", wait_ms=15_000))["status"] == 200
            return took

    assert asyncio.run(work()) < 5


def test_canceled_pull_lets_its_feed_go_and_loses_nothing(settings, sandbox):
    async def pull_all(client):
        async with client.pull("listings_to_sync") as pull:
            return [page async for page in pull]

    async def work():
        sandbox.delay(path="/listing/variants", ms=30_000)
        async with AsyncClient(**settings) as client:
            task = asyncio.ensure_future(pull_all(client))
            await arrives(sandbox, "/listing/variants")
            took = await canceled(task)
            assert await client.holders() == []
            return took, await pull_all(client)

    took, pages = asyncio.run(work())

    assert took < 5
    assert sum(map(len, pages)) == len(sandbox.get("listings?waiting=sync"))


def test_page_that_comes_when_its_task_is_canceled_is_the_next_one(settings):
    """At whatever moment of a pull a task is canceled, the pull gives each record once."""
    async def work():
        ids = []
        async with AsyncClient(**settings) as client, client.pull("listings", page_size=1) as pull:
            while not pull.is_done:
                try:
                    page = await asyncio.wait_for(pull.next(), 0.02)
                except asyncio.TimeoutError:
                    continue
                ids += [record["id"] for record in page or ()]
        return ids

    ids = asyncio.run(work())

    assert len(ids) == len(set(ids)) == 9


def test_canceled_flush_leaves_the_order_where_it_is(settings, sandbox):
    async def work():
        sandbox.delay(path="/orders", ms=3000)
        async with AsyncClient(**settings) as client:
            await client.submit(order())
            task = asyncio.ensure_future(client.flush(60_000))
            await arrives(sandbox, "/orders")
            took = await canceled(task)
            await client.flush(60_000)
            return took, await client.results(10)

    took, [result] = asyncio.run(work())

    assert took < 2
    assert result["verdict"] == "applied"
    assert sandbox.order_numbers() == ["A-1"]


def test_canceled_round_is_closed_and_its_events_come_again(settings, sandbox):
    started = asyncio.Event

    async def work():
        begun = started()

        async def never(event):
            begun.set()
            await asyncio.sleep(3600)

        async with AsyncClient(**settings) as client:
            task = asyncio.ensure_future(client.sync({"sync": never, "change": never}))
            await begun.wait()
            took = await canceled(task)
            assert await client.holders() == []
            return took, await client.sync({"sync": lambda event: True, "change": lambda event: True})

    took, summary = asyncio.run(work())

    assert took < 5
    assert summary["complete"] and sandbox.get("listings?waiting=sync") == []


def test_write_that_is_canceled_on_its_way_is_told_to_the_log(settings, sandbox, caplog):
    async def work():
        async with AsyncClient(**settings) as client:
            await client.submit(order())
            await client.flush(20_000)
            [result] = await client.results(1)
            sandbox.delay(operation="updateOrderStatus", ms=30_000)
            path = f"/orders/{result['order_id']}"
            task = asyncio.ensure_future(
                client.call("updateOrderStatus", id=int(result["order_id"]), status="Canceled", wait_ms=60_000))
            await arrives(sandbox, path)
            await canceled(task)
            return await client.order_status("A-1", 20_000)

    with caplog.at_level(logging.WARNING, "flxchannel"):
        assert asyncio.run(work()).orders()[0].order_status == "Canceled"
    assert "the hub may have acted on it" in caplog.text


def test_job_that_has_not_begun_never_does(settings, sandbox):
    async def work():
        sandbox.delay(path="/listing/variants/count", ms=1500)
        async with AsyncClient(**settings) as client:
            first = asyncio.ensure_future(client.call("getListingVariantsCount", wait_ms=20_000))
            await arrives(sandbox, "/listing/variants/count")
            second = asyncio.ensure_future(client.call("getListingVariantsCount", sync=True))
            await asyncio.sleep(0)
            await canceled(second)
            assert (await first)["status"] == 200

    asyncio.run(work())

    assert not [request for request in sandbox.journal() if "sync=true" in str(request)]
