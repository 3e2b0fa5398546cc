"""What programs that are in use were compiled with: the place of every member, the value of every number."""

from __future__ import annotations

import re

_MEMBER = re.compile(r"^AT\((\w+), (\w+), (\d+)\);$", re.M)
_NUMBER = re.compile(r"^#define (FLX_)(\w+) (\(1u << \d+\)|\(-?\d+\)|-?\d+)", re.M)
_MAY_CHANGE = {"VERSION"}


def broken(old_layout: str, layout: str, old_header: str, header: str) -> "list[str]":
    """Members and numbers that such a program knows otherwise, or that are gone."""
    return [f"{owner}{'.' if owner != 'FLX_' else ''}{name} was at {at}, is at {now.get((owner, name), 'no place')}"
            for old, new in ((old_layout, layout), (old_header, header))
            for now in [_known(new)] for (owner, name), at in _known(old).items() if now.get((owner, name)) != at]


def _known(text: str) -> "dict[tuple[str, str], str]":
    rows = _MEMBER.findall(text) + _NUMBER.findall(text)
    return {(owner, name): at for owner, name, at in rows if name not in _MAY_CHANGE}
