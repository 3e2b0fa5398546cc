from __future__ import annotations

from collections.abc import Iterator

import pytest

from rig import Sandbox, Shop


@pytest.fixture
def hub() -> "Iterator[Sandbox]":
    with Sandbox("--seed", "tiny") as sandbox:
        yield sandbox


@pytest.fixture
def shop(hub: Sandbox) -> "Iterator[Shop]":
    shop = Shop(hub)
    yield shop
    shop.close()
