"""The binding and the header say the same: every function, every number."""

from __future__ import annotations

import re
from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_uint32
from pathlib import Path

import pytest

from flxchannel import codes
from flxchannel._library import PROTOTYPES

HEADER = Path(__file__).parents[3] / "include" / "flxchannel.h"
TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.S)
FUNCTIONS = {
    name: (result.strip(), [part.strip() for part in " ".join(arguments.split()).split(",")])
    for result, name, arguments in re.findall(r"^FLX_API\s+(.*?)(flx_\w+)\(([^;]*)\);", TEXT, flags=re.M | re.S)
}
NUMBERS = {"int32_t": c_int32, "int64_t": c_int64, "uint32_t": c_uint32, "size_t": c_size_t}


def test_every_function_of_the_header_has_a_prototype():
    assert list(FUNCTIONS) == list(PROTOTYPES)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_prototype_has_the_arguments_of_the_header(name):
    result, arguments = FUNCTIONS[name]
    given_result, given_arguments = PROTOTYPES[name]

    wanted = [] if arguments == ["void"] else arguments
    assert len(wanted) == len(given_arguments)
    for argument, given in zip(wanted, given_arguments):
        number = None if "*" in argument else NUMBERS.get(argument.rsplit(" ", 1)[0])
        assert given is number if number else given not in NUMBERS.values(), argument
    assert given_result is NUMBERS.get(result, given_result)
    assert (given_result is None) == (result == "void")
    assert (given_result is c_char_p) == (result == "const char *")


@pytest.mark.parametrize("name, value", re.findall(
    r"^#define FLX_(E_\w+|OK|AGAIN|DONE|BUSY|ERROR_\w+|LOG_\w+)\s+\(?(-?\d+)", TEXT, re.M))
def test_code_has_the_number_of_the_header(name, value):
    assert getattr(codes, name) == int(value)


@pytest.mark.parametrize("prefix, kind", [("FEED", codes.Feed), ("SHIPMENT", codes.ShipmentKind), ("VERDICT", codes.Verdict)])
def test_enum_has_the_members_of_the_header(prefix, kind):
    wanted = {name: int(value) for name, value in re.findall(rf"^#define FLX_{prefix}_(\w+)\s+(\d+)", TEXT, re.M)}

    assert {member.name: member.value for member in kind} == wanted


def test_header_version_is_the_one_of_the_header():
    assert codes.HEADER_VERSION == int(re.search(r"^#define FLX_VERSION (\d+)", TEXT, re.M)[1])
