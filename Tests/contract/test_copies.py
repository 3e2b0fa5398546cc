"""The repository stands alone: it has its own copy of the contract, equal to the shared one where that is present."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

import contract

SHARED = contract.HERE.parents[2] / "shared" / "contract"


def differs(name: str, one: bytes, other: bytes) -> "list[str]":
    """Return a finding for a copy that is not its original, byte for byte."""
    return [] if one == other else [f"{name} is not the shared one"]


if SHARED.is_dir():

    @pytest.mark.parametrize("name", ["contract.md", "openapi.yaml"])
    def test_copy_is_the_shared_file(name):
        assert differs(name, (contract.HERE / name).read_bytes(), (SHARED / name).read_bytes()) == []


def test_changed_copy_is_found():
    own = (contract.HERE / "openapi.yaml").read_bytes()

    assert differs("openapi.yaml", own, own + b"\n") != []


def test_contract_is_valid_openapi():
    validate(contract.load())
