"""Numbers cross the border exactly."""

from __future__ import annotations

import gc
import json
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal

import pytest

from flxchannel._json import decode, decode_plain, encode


@pytest.mark.parametrize("text", ["19.99", "0.1", "1998.9999999999998", "12345678901234567.891", "0.30000000000000004"])
def test_decimal_survives_both_ways(text):
    value = decode(f'{{"price":{text}}}'.encode())

    assert value["price"] == Decimal(text)
    assert encode(value) == f'{{"price":{text}}}'.encode()


def test_whole_number_is_int_however_large():
    assert decode(b"[9007199254740993]") == [9007199254740993]
    assert encode([9007199254740993]) == b"[9007199254740993]"


def test_decimal_is_written_without_exponent():
    assert encode([Decimal("1E+2"), Decimal("5E-3")]) == b"[100,0.005]"


def test_float_is_refused_with_its_path():
    with pytest.raises(TypeError, match="/orderItems/0/price: float .* Decimal"):
        encode({"orderItems": [{"price": 19.99}]})


def test_name_that_is_no_text_is_refused():
    with pytest.raises(TypeError, match="/a"):
        encode({"a": {1: 2}})


def test_datetime_goes_out_with_its_zone():
    assert encode([datetime(2026, 1, 31, 12, tzinfo=timezone.utc)]) == b'["2026-01-31T12:00:00+00:00"]'


class Autumn(tzinfo):
    """A zone in the hour that comes twice."""

    def utcoffset(self, at):
        return timedelta(hours=2 - at.fold)


def test_hour_that_comes_twice_is_told_apart():
    hours = [datetime(2026, 10, 25, 2, 30, tzinfo=Autumn(), fold=fold) for fold in (0, 1)]

    assert encode(hours) == b'["2026-10-25T02:30:00+02:00","2026-10-25T02:30:00+01:00"]'


def test_json_text_passes_as_it_is():
    assert encode('{"a": 1}') == b'{"a": 1}'
    assert encode(b"\xff") == b"\xff"


MANY = b"[" + b",".join([b'{"a":[{"b":1}]}'] * 5000) + b"]"


def test_plain_reading_is_not_interrupted_by_the_garbage_collector():
    collections = []
    decode_plain(b"[]")  # looks for orjson, once
    gc.collect()  # else the one that is due comes before the reading begins
    gc.callbacks.append(lambda phase, info: collections.append(phase))
    try:
        value = decode_plain(MANY)
        during = len(collections)
        json.loads(MANY)
    finally:
        gc.callbacks.pop()
    assert len(value) == 5000
    assert during == 0 and collections, "the collector must run as soon as it may"


def test_plain_reading_takes_numbers_that_no_double_holds():
    assert decode_plain(b'[{"a":1e400,"b":%s}]' % (b"9" * 400)) == [{"a": float("inf"), "b": int("9" * 400)}]


@pytest.mark.parametrize("is_on", [True, False])
def test_the_garbage_collector_is_left_as_it_was(is_on):
    was = gc.isenabled()
    (gc.enable if is_on else gc.disable)()
    try:
        decode(b"[1]")
        with pytest.raises(ValueError):
            decode_plain(b"[1")
        assert gc.isenabled() == is_on
    finally:
        (gc.enable if was else gc.disable)()
