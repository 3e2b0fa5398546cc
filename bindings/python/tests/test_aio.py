"""Programs of asyncio: the same channel, and a task that is canceled is out of its wait at once and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
import time

import pytest

import flxchannel
from flxchannel.aio import AsyncClient
from orders import order


@pytest.fixture
def settings(sandbox, state_dir):
    return {"channel": "shop", "token": sandbox.token, "state_dir": state_dir, "origin": sandbox.url}


def lanes():
    """Threads of clients that are there."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("flxchannel-")]


@pytest.fixture(autouse=True)
def no_thread_stays():
    yield
    deadline = time.monotonic() + 10
    while lanes() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert lanes() == []


async def arrives(sandbox, path):
    """Wait until the hub has a request."""
    while not [request for request in sandbox.journal() if request["path"].startswith(path)]:
        await asyncio.sleep(0.02)


async def canceled(task):
    """Cancel a task that waits; tell how long it took to end."""
    assert not task.done(), task
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - started


def test_whole_job(settings, sandbox):
    async def work():
        async with AsyncClient(**settings) as client:
            assert (await client.probe())["reachable"]
            assert (await client.submit(order()))["new"]
            assert (await client.flush(20_000)).applied == 1
            [result] = await client.results(10)
            await client.settle([result["number"]])
            assert (await client.history("A-1"))["state"] == "settled"
            assert (await client.order_status("A-1")).orders()[0].order_number == "A-1"
            assert (await client.call("getListingVariantsCount"))["body"]["count"] > 0
            assert (await client.cancel_order("A-1"))["outcome"] == "canceled"
            async with client.pull("listings_to_sync") as pull:
                async for page in pull:
                    await client.ack(page.receipt, [{"id": v.id} for v in page.variants() if v.change_to is None])
            await client.flush(20_000)
            assert (await client.ack_results(0, 1))[0]["verdict"] == "applied"
            async with client.pull("orders") as pull:
                async for page in pull:
                    await pull.commit(page)
                assert pull.is_done
            assert (await client.cursors())[0]["feed"] == "orders"
            assert await client.outbox(state="settled")
            return await client.stats()

    assert asyncio.run(work())["outbox"]["settled"] == 1
    assert sandbox.order_numbers() == ["A-1"]


def test_handlers_may_be_plain_or_async(settings, sandbox):
    seen = []

    def plain(event):
        seen.append(event["type"])

    async def later(event):
        await asyncio.sleep(0)
        seen.append(event["type"])
        return True

    async def work():
        async with AsyncClient(**settings) as client:
            return await client.sync({"publish": later, "sync": plain, "change": later})

    assert asyncio.run(work())["complete"]
    assert {"publish", "sync"} <= set(seen)
    assert sandbox.get("listings?waiting=sync") == sandbox.get("listings?waiting=publish") == []


def test_handler_that_raises_stops_nothing(settings, caplog):
    async def fail(event):
        raise RuntimeError("the shop's database is away")

    async def work():
        async with AsyncClient(**settings) as client:
            return await client.sync({"sync": fail, "change": fail, "publish": lambda event: True})

    summary = asyncio.run(work())

    assert summary["parts"]["sync"]["later"] > 0 and summary["parts"]["publish"]["done"] > 0
    assert "the handler of a sync event failed" in caplog.text


def test_events_one_by_one(settings):
    async def work():
        async with AsyncClient(**settings) as client, client.open_sync(parts=["publish"]) as sync:
            async for event in sync:
                with pytest.raises(flxchannel.AnswerError):
                    await sync.reply(event, {"externalId": 1, "oops": True})
                await sync.reply(event, {"externalId": "P" + event["id"]})
            return sync.summary

    assert asyncio.run(work())["parts"]["publish"]["done"] > 0


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


def test_submit_does_not_wait_for_the_network(settings, sandbox):
    async def work():
        sandbox.delay(path="/listing/variants/count", ms=4000)
        async with AsyncClient(**settings) as client:
            probe = asyncio.ensure_future(client.probe(20_000))
            await arrives(sandbox, "/listing/variants/count")
            await client.submit(order())
            assert not probe.done()
            assert (await probe)["reachable"]

    asyncio.run(work())


def test_tasks_take_turns_at_the_network(settings, sandbox):
    async def work():
        sandbox.delay(path="/listing/variants", ms=3000)
        async with AsyncClient(**settings) as client, client.pull("listings") as pull:
            page = asyncio.ensure_future(pull.next())
            turns = 0
            while not page.done() and turns < 1000:
                await client.flush(1000)
                turns += 1
            await page
            return turns

    assert asyncio.run(work()) >= 3


def test_loop_goes_on_while_a_call_waits(settings, sandbox):
    async def work():
        sandbox.delay(path="/listing/variants/count", ms=1500)
        async with AsyncClient(**settings) as client:
            probe = asyncio.ensure_future(client.probe(20_000))
            ticks = 0
            while not probe.done():
                await asyncio.sleep(0.01)
                ticks += 1
            return ticks

    assert asyncio.run(work()) > 20


def test_iterator_that_is_left_half_way_holds_nothing(settings):
    async def work():
        async with AsyncClient(**settings) as client:
            async with client.pull("listings_to_sync", page_size=1) as pull:
                async for _ in pull:
                    break
            assert await client.holders() == []
            with pytest.raises(flxchannel.ClosedError):
                await pull.next()
            async with client.pull("listings_to_sync") as pull:
                async for _ in pull.pages(20_000):
                    raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(work())


def test_close_ends_what_other_tasks_wait_for(settings, sandbox):
    async def work():
        sandbox.delay(path="/listing/variants/count", ms=30_000)
        client = await AsyncClient(**settings).open()
        probe = asyncio.ensure_future(client.probe(60_000))
        await arrives(sandbox, "/listing/variants/count")
        started = time.monotonic()
        await client.close()
        await client.close()
        with pytest.raises(flxchannel.CanceledError):
            await probe
        return client, time.monotonic() - started

    client, took = asyncio.run(work())

    assert took < 10
    assert "closed" in repr(client)


def test_closed_client_says_so(settings):
    async def work():
        async with AsyncClient(**settings) as client:
            pull = await client.pull("orders").open()
        for use in (client.stats, client.probe, client.pull("orders").open, lambda: client.flush(0)):
            with pytest.raises(flxchannel.ClosedError):
                await use()
        await pull.close()

    asyncio.run(work())


def test_client_that_does_not_open_is_the_librarys_error(settings):
    async def work():
        async with AsyncClient(**{**settings, "token": "a\nb"}):
            raise AssertionError("it opened")

    with pytest.raises(flxchannel.ConfigError, match="line break") as caught:
        asyncio.run(work())
    assert "a\nb" not in str(caught.value)


def test_opening_that_is_canceled_leaves_nothing_open(settings):
    async def work():
        client = AsyncClient(**settings)
        task = asyncio.ensure_future(client.open())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(flxchannel.ClosedError):
            await client.stats()

    asyncio.run(work())


def test_feed_whose_opening_is_canceled_is_let_go(settings):
    async def work():
        async with AsyncClient(**settings) as client:
            for _ in range(20):
                task = asyncio.ensure_future(client.pull("orders").open())
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                if not task.cancelled():
                    await task.result().close()
            await client.flush(0)  # behind all that is being closed
            return await client.holders()

    assert asyncio.run(work()) == []


def test_child_of_a_fork_is_told(settings):
    async def work():
        async with AsyncClient(**settings) as client:
            await client.stats()
            pid = os.fork()
            if pid == 0:
                try:
                    await client.probe()
                except flxchannel.ForkedError:
                    os._exit(0)
                finally:
                    os._exit(1)
            assert os.waitpid(pid, 0)[1] == 0
            assert await client.stats()

    asyncio.run(work())


def test_client_that_is_forgotten_lets_its_threads_go(settings):
    async def work():
        client = await AsyncClient(**settings).open()
        assert (await client.stats())["channel"] == "shop"

    asyncio.run(work())
    gc.collect()


def test_every_method_of_a_client_is_there():
    methods = {name for name, value in vars(flxchannel.Client).items() if callable(value) and not name.startswith("_")}

    assert methods - set(vars(AsyncClient)) == {"set_cancel"}


def test_rest_of_the_outbox(settings):
    async def work():
        async with AsyncClient(**settings, snapshots={"keep_days": 1}) as client:
            await client.submit(order("A-1"))
            await client.submit(order("A-2"))
            assert len(await client.preview()) == 2
            await client.discard(["A-1", "A-2"])
            await client.retry(["A-2"])
            await client.settle(["A-1"])
            assert await client.purge(numbers=["A-1"]) == {"purged": 1}
            async with client.pull("listings") as pull:
                sku = [row["sku"] async for page in pull for row in page][0]
                assert [holder["feed"] for holder in await client.holders()] == ["listings"]
            assert (await client.snapshot(sku=sku))["sku"] == sku
            await client.set_cursor("orders", "2026-01-01T00:00:00Z")
            await client.relearn("clock")
            await client.set_token("another")
            assert "order.queued" in {record["event"] for record in await client.logs()}

    asyncio.run(work())


def test_repr_says_channel_and_feed(settings):
    async def work():
        async with AsyncClient(**settings) as client, client.pull("orders") as pull:
            return repr(client), repr(pull)

    assert asyncio.run(work()) == ('<AsyncClient "shop">', '<AsyncPull orders of "shop">')
