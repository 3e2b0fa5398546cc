"""`flx state`: a state moved from one directory to another, and back. Servers are in Tests/postgres/moving/test_moving.py."""

from __future__ import annotations

import sqlite3

import pytest

from rig import Sandbox, Shop


def filled(shop: Shop, hub: Sandbox) -> None:
    shop.submit("S-1", hub.some_sku())
    shop.run("flush")
    shop.submit("S-2", hub.some_sku())


def numbers(shop: Shop) -> "list[tuple[str, str]]":
    return [(one["number"], one["state"]) for one in shop.json("outbox")]


def test_state_is_imported_from_a_directory(shop: Shop, hub: Sandbox) -> None:
    filled(shop, hub)
    before = numbers(shop)
    old = shop.state
    shop.set(state_dir=str(shop.folder / "new"))
    told = shop.run("state", "import", old)
    assert f"moved from {old} to {shop.folder / 'new'}" in told.stderr
    assert numbers(shop) == before == [("S-1", "resolved"), ("S-2", "queued")]
    shop.run("state", "import", old)  # again: it has come to its end
    shop.run("flush")
    assert sorted(hub.order_numbers()) == ["S-1", "S-2"]


def test_state_is_exported_to_a_directory(shop: Shop, hub: Sandbox) -> None:
    filled(shop, hub)
    before, new = numbers(shop), shop.folder / "new"
    shop.run("state", "export", new)
    for words in (("outbox",), ("flush",), ("stats",)):
        assert f"was moved to {new.resolve()}/shop.db" in shop.run(*words, status=3).stderr
    shop.set(state_dir=str(new))
    assert numbers(shop) == before


def test_state_is_not_moved_onto_another(shop: Shop, hub: Sandbox) -> None:
    filled(shop, hub)
    before, old = numbers(shop), shop.state
    shop.set(state_dir=str(shop.folder / "new"))
    assert numbers(shop) == []
    assert "holds a state already" in shop.run("state", "import", old, status=3).stderr
    assert "holds a state already" in shop.run("state", "export", old, status=3).stderr
    shop.set(state_dir=str(old))
    assert numbers(shop) == before


@pytest.mark.parametrize("word", ["import", "export"])
def test_directory_is_named_in_full(shop: Shop, hub: Sandbox, word: str) -> None:
    filled(shop, hub)
    assert "not an absolute path" in shop.run("state", word, "elsewhere", status=2).stderr
    assert [state for _, state in numbers(shop)] == ["resolved", "queued"]


def test_state_that_is_nowhere_is_not_made(shop: Shop) -> None:
    assert "there is no state of this channel" in shop.run("state", "import", shop.folder / "none", status=3).stderr
    assert not (shop.folder / "none").exists()


def test_half_a_state_is_refused_and_says_what_to_do(shop: Shop, hub: Sandbox) -> None:
    filled(shop, hub)
    with sqlite3.connect(shop.state / "shop.db") as file:
        file.execute("UPDATE meta SET value = '1099511627776' WHERE key = 'oldest_reader'")
        file.execute("INSERT INTO meta VALUES ('unfinished_from', '/old/shop.db')")
    file.close()
    told = shop.run("outbox", status=3).stderr
    assert "from /old/shop.db to here has not come to its end" in told and "flx state import" in told
