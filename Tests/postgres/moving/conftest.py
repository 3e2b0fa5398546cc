"""Places of a state that is moved."""

from __future__ import annotations

import pytest
from states import Directory, Schema


@pytest.fixture
def directory(tmp_path):
    return Directory(tmp_path / "state")


@pytest.fixture
def schema_of(url):
    return Schema(url)


@pytest.fixture
def another(server, schema):
    return Schema(server.schema(f"{schema}b"))
