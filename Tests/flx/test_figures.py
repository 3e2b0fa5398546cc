"""Files of figures: what is in them, and what is never replaced by one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rig import Sandbox, Shop, placed

SAMPLE = re.compile(r'^(flx_[a-z_]+)\{([a-z_]+="[^"]*",?)+\} -?[0-9]+$')


def test_prometheus_text_is_sound(shop: Shop, hub: Sandbox) -> None:
    placed(shop, hub)
    shop.run("pull", "orders", "--commit")
    path = shop.folder / "flx.prom"
    shop.run("stats", "--prometheus", "--output", path)
    described: "set[str]" = set()
    samples = []
    for line in path.read_text().splitlines():
        if line.startswith("# "):
            described.add(line.split()[2])
            continue
        matched = SAMPLE.match(line)
        assert matched, line
        assert matched[1] in described
        samples.append(line)
    assert len(samples) == len(set(samples))
    assert 'flx_orders{channel="shop",state="resolved"} 1' in samples
    assert os.listdir(shop.folder).count("flx.prom") == 1


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    (path.parent / "target").write_text("precious")
    path.symlink_to(path.parent / "target")


def file(text: str, mode: int = 0o644) -> "Callable[[Path], None]":
    def make(path: Path) -> None:
        path.write_text(text)
        path.chmod(mode)
    return make


@pytest.mark.parametrize("make", [
    pipe, link, Path.mkdir, file("precious"), file('{"channel": "shop"}'), file("# HELP flx_orders x\n", 0o400)])
@pytest.mark.parametrize("words", [("stats", "--prometheus", "--output"), ("stats", "--output")])
def test_what_is_not_a_file_of_figures_is_not_replaced(
        shop: Shop, make: "Callable[[Path], None]", words: "tuple[str, ...]") -> None:
    place = shop.folder / "place"
    make(place)
    before = os.lstat(place)
    assert "is not replaced" in shop.run(*words, str(place), status=2).stderr
    after = os.lstat(place)
    assert (after.st_ino, after.st_mode, after.st_size) == (before.st_ino, before.st_mode, before.st_size)


def test_figures_are_replaced_by_figures(shop: Shop) -> None:
    for name, words in (("flx.prom", ("stats", "--prometheus")), ("flx.json", ("stats",))):
        place = shop.folder / name
        shop.run(*words, "--output", str(place))
        first = place.stat().st_ino
        shop.run(*words, "--output", str(place))
        assert place.stat().st_ino != first


def test_configuration_is_neither_replaced_nor_emptied(shop: Shop) -> None:
    text = shop.config.read_text()
    assert "is not a file of figures" in shop.run("stats", "--output", str(shop.config), status=2).stderr
    assert "is not a file of receipts" in shop.run("pull", "listings_to_sync", "--receipt", str(shop.config), status=2).stderr
    assert shop.config.read_text() == text
