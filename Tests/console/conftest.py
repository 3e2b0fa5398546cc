from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))

from browser import Console, start  # noqa: E402
from shop import Hub, Shop  # noqa: E402


@pytest.fixture(scope="session")
def driver() -> "Iterator[object]":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # A name of another site that leads to this machine, as a hostile name server would have it.
        browser = start(Path(profile), "--host-resolver-rules=MAP rebound.example 127.0.0.1")
        yield browser
        browser.quit()


@pytest.fixture
def hub() -> "Iterator[Hub]":
    with Hub("--seed", "demo,history=off") as hub:
        yield hub


@pytest.fixture
def console(driver, hub: Hub) -> "Iterator[Console]":
    driver.get("about:blank")
    driver.get_log("browser")
    console = Console(driver, hub.url)
    console.look()
    yield console.open()
    complaints = console.complaints()
    driver.get("about:blank")
    assert complaints == [], "the browser has something to say against the page"


@pytest.fixture
def shop(hub: Hub, tmp_path: Path) -> "Iterator[Shop]":
    shop = Shop(hub, tmp_path / "state")
    yield shop
    shop.client.close()
