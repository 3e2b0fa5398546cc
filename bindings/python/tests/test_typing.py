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
