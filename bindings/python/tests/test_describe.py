"""What the library says about itself."""

from __future__ import annotations

import pytest

import flxchannel
from flxchannel import codes
from flxchannel._status import status_name


def test_version_fits_the_header():
    major, minor, _ = flxchannel.version().split(".")

    assert int(major) * 1000000 + int(minor) * 1000 == codes.HEADER_VERSION


@pytest.mark.parametrize("topic", [
    "build", "config", "errors", "feeds", "operations", "schema/order", "schema/answer", "metrics", "features", "topics"])
def test_topic_is_described(topic):
    assert flxchannel.describe(topic)


def test_unknown_topic_is_refused_and_the_topics_are_named():
    with pytest.raises(flxchannel.ArgumentError, match="config"):
        flxchannel.describe("confi")


@pytest.mark.parametrize("name", [name for name in vars(codes) if name.startswith("E_")])
def test_status_has_the_name_of_the_header(name):
    assert status_name(getattr(codes, name)) == f"FLX_{name}"


def test_unknown_status_has_a_name_too():
    assert status_name(-4711) == "FLX_?"
