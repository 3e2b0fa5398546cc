"""Programs of asyncio: the same channel, and a task that is canceled is out of its wait at once and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import os
import time

import pytest

import flxchannel
from flxchannel.aio import AsyncClient
from orders import order
from waits import arrives

pytestmark = pytest.mark.usefixtures("no_thread_stays")


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
