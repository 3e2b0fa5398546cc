"""The package is typed in full, and a program that uses it wrongly is told by its type checker."""

from __future__ import annotations

from pathlib import Path

from mypy import api

PACKAGE = Path(__file__).parents[1] / "flxchannel"

PROGRAM = """
from decimal import Decimal
from typing import Optional
from flxchannel import Client, ListingVariant

def price_of(variant: ListingVariant) -> Optional[Decimal]:
    return variant.price

def all_prices(client: Client) -> "list[Optional[Decimal]]":
    with client.pull("listings_to_sync") as pull:
        return [price_of(variant) for page in pull for variant in page.variants()]
"""


def test_package_passes_the_strict_checks():
    report, errors, status = api.run(["--strict", "--cache-dir=/dev/null", str(PACKAGE)])

    assert status == 0, report + errors


def test_right_program_passes_and_wrong_one_does_not(tmp_path):
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(PROGRAM)
    wrong.write_text(PROGRAM.replace("Optional[Decimal]:", "float:"))

    assert api.run(["--strict", "--cache-dir=/dev/null", str(right)])[2] == 0
    assert api.run(["--strict", "--cache-dir=/dev/null", str(wrong)])[2] == 1


#: A whole channel, used as it is meant to be.
SHOP = """
from decimal import Decimal
from flxchannel import Answer, Client, NewOrder
from flxchannel.aio import AsyncClient
from flxchannel.events import ChangeEvent, ShipmentEvent, SyncEvent

order: NewOrder = {
    "orderNumber": "A-1001", "shippingAddress": {"name": "Ada Example", "city": "Springfield", "countryCode": "US"},
    "orderItems": [{"sku": "TEE", "quantity": 2, "price": Decimal("19.99")}]}

def update(event: SyncEvent) -> None:
    print(event["sku"])

def change(event: ChangeEvent) -> bool:
    return event["to"] == "hidden"

async def tell(event: ShipmentEvent) -> bool:
    return event["order_number"] is not None

def work(token: str) -> int:
    with Client(channel="shop", token=token, state_dir="/var/lib/shop/flx", log={"level": "debug"}) as client:
        client.submit(order)
        client.submit({"orderNumber": "A-2", "shippingAddress": {"name": "Ada"}, "orderItems": [{"sku": "TEE", "quantity": 1}]})
        with client.pull("listings_to_sync", includeParent=True) as pull:
            for page in pull:
                answers: "list[Answer]" = [{"id": variant.id} for variant in page.variants()]
                client.ack(page.receipt, [*answers, {"id": "7", "variants": [{"id": "70", "confirm": "hidden"}]}])
        for result in client.results(100):
            if result["verdict"] == "applied":
                print(result["order_id"])
        print(client.history("A-1001")["events"][0]["what"])
        summary = client.sync({"sync": update, "change": change}, budget_ms=5000)
        with client.open_sync(parts=["shipments"]) as sync:
            for event in sync:
                if event["type"] == "shipment":
                    sync.reply(event, event["id"] != "")
        print(summary["parts"]["sync"]["done"])
        return client.stats()["outbox"]["queued"]

async def later(token: str) -> bool:
    async with AsyncClient(channel="shop", token=token, state_dir="/var/lib/shop/flx") as client:
        await client.submit(order)
        summary = await client.sync({"sync": update, "change": change, "shipment": tell})
        async with client.pull("orders") as pull:
            async for page in pull:
                await pull.commit(page)
        return summary["complete"]
"""

TYPOS = {
    "a config key": ('log={"level"', 'lgo={"level"'),
    "a config key within": ('log={"level"', 'log={"lvel"'),
    "a config key that is missing": ("token=token, ", ""),
    "a member of an order": ('"shippingAddress": {"name": "Ada Example"', '"shipingAddress": {"name": "Ada Example"'),
    "a member of an order that is given at once": ('{"sku": "TEE", "quantity": 1', '{"sku": "TEE", "qty": 1'),
    "money as a float": ('Decimal("19.99")', "19.99"),
    "a member of an answer": ('"confirm": "hidden"', '"confrm": "hidden"'),
    "a status of an answer": ('"confirm": "hidden"', '"confirm": "hiden"'),
    "a verdict": ('== "applied"', '== "aplied"'),
    "a member of a result": ('result["order_id"]', 'result["ordr_id"]'),
    "a member of the statistics": ('["outbox"]["queued"]', '["outbox"]["queud"]'),
    "a member of a history": ('[0]["what"]', '[0]["wat"]'),
    "a member of the summary": ('["sync"]["done"]', '["sync"]["don"]'),
    "a feed": ('pull("listings_to_sync"', 'pull("listings_to_synk"'),
    "a feed of asyncio": ('pull("orders")', 'pull("order")'),
    "a filter": ("includeParent=True", "includeParnt=True"),
    "a type of event": ('event["type"] == "shipment"', 'event["type"] == "shipmnt"'),
    "a type of event that is handled": ('"change": change}, budget_ms', '"chnge": change}, budget_ms'),
    "a member of an event": ('event["order_number"]', 'event["order_numbr"]'),
    "a member of a plan": ("budget_ms=5000", "budget=5000"),
    "an await that is missing": ("await client.submit", "return client.submit"),
}


def test_whole_channel_passes_the_strict_checks(tmp_path):
    (tmp_path / "shop.py").write_text(SHOP)
    report, errors, status = api.run(["--strict", "--cache-dir=/dev/null", str(tmp_path / "shop.py")])

    assert status == 0, report + errors


def test_every_typo_is_found(tmp_path):
    for number, (old, new) in enumerate(TYPOS.values()):
        assert old in SHOP, old
        (tmp_path / f"typo_{number}.py").write_text(SHOP.replace(old, new, 1))
    report, _, _ = api.run(["--strict", "--cache-dir=/dev/null", *map(str, sorted(tmp_path.glob("*.py")))])

    missed = [what for number, what in enumerate(TYPOS) if f"typo_{number}.py:" not in report]
    assert missed == []
