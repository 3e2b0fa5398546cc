"""Fixtures of the contract tests: the library through its Python binding, a sandbox hub, a recorder between them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "bindings" / "python")]
os.environ.setdefault("FLXCHANNEL_LIBRARY", str(ROOT / ".build-lib" / "standard" / "libflxchannel.so.1"))


@pytest.fixture(scope="session")
def library():
    import flxchannel

    return flxchannel


@pytest.fixture(scope="session")
def checker():
    from checker import Checker

    return Checker()


@pytest.fixture
def state_dir(tmp_path):
    return tmp_path / "state"
