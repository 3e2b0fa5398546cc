"""Section H: how long the hub asks to wait."""

from __future__ import annotations

import email.utils
import time
from typing import Any

from rig.ground import Ground
from rig.register import row
from rig.trial import together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub


def at(seconds: float, style: str = "imf", skew: float = 0) -> str:
    """A date of HTTP in one of its three spellings."""
    moment = time.gmtime(int(time.time() + skew) + seconds)
    return {
        "imf": email.utils.formatdate(int(time.time() + skew) + seconds, usegmt=True),
        "rfc850": time.strftime("%A, %d-%b-%y %H:%M:%S GMT", moment),
        "asctime": time.strftime("%a %b %e %H:%M:%S %Y", moment),
    }[style]


def hinted(ground: Ground, lines: Any, least_s: float, most_s: float, status: str = "503 Unavailable", skew: float = 0, is_read: bool = False) -> float:
    """Seconds from the hinted answer to the next request of any kind."""
    hub = ground.enter_context(WireHub())
    hub.date_skew_s = skew
    told: "list[float]" = []

    def do(peer: Peer, request: Seen) -> None:
        told.append(time.monotonic())
        peer.answer("", status, *lines())

    if is_read:
        try_list(ground, do, times=1, hub=hub)
    else:
        try_order(ground, do, verdict="not_applied" if status.startswith("429") else "possibly_applied", hub=hub)
    waited = min(one.at for one in hub.seen if one.at > told[0]) - told[0]
    assert waited >= least_s, f"asked again after {waited:.2f} s, not before {least_s} s were wanted"
    assert waited <= most_s, f"asked again only after {waited:.2f} s of {least_s}"
    return waited


@row("H-04", set="core", waits=True)
def a_hint_in_every_spelling(ground: Ground) -> str:
    def hint(*values: "str | tuple[str, float]") -> Any:
        def lines() -> "list[str]":
            now = email.utils.formatdate(time.time(), usegmt=True)
            return [f"Date: {now}", *(f"Retry-After: {value if isinstance(value, str) else at(value[1], value[0])}" for value in values)]
        return lines

    own = (0.0, 9.0)
    plans = {
        "3": (hint("3"), 3.0, 12.0), "date": (hint(("imf", 4)), 3.9, 12.0), "rfc850": (hint(("rfc850", 4)), 3.9, 12.0), "asctime": (hint(("asctime", 4)), 3.9, 12.0),
        "negative": (hint("-5"), *own), "soon": (hint("soon"), *own), "10^12": (hint("1000000000000"), *own), "a date long ago": (hint(("imf", -4000)), *own),
        "two": (hint("1", "4"), 4.0, 12.0), "two, largest first": (hint("4", "1"), 4.0, 12.0), "garbage and 3": (hint("soon", "3"), 3.0, 12.0),
        "0": (hint("0"), *own), "1.5": (hint("1.5"), *own),
    }
    trials = []
    for name, (lines, least, most) in plans.items():
        trials.append((f"{name}, order", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most)))
        trials.append((f"{name}, list", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most, is_read=True)))
    for name in ("3", "date", "two"):
        lines, least, most = plans[name]
        trials.append((f"{name}, 429", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most, "429 Too Many Requests")))
    waited = dict(zip((name for name, _ in trials), together(trials)))
    return "waited (s): " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in waited.items() if name.endswith("order")) + f"; {len(trials)} trials, none early"


@row("H-05", set="core", waits=True)
def a_hint_by_a_clock_that_is_wrong(ground: Ground) -> str:
    def one(skew: float, is_read: bool) -> float:
        lines = lambda: [f"Date: {at(0, skew=skew)}", f"Retry-After: {at(4, skew=skew)}"]  # noqa: E731
        return hinted(ground, lines, 3.9, 12.0, skew=skew, is_read=is_read)

    trials = [(f"{skew:+} s, {'list' if is_read else 'order'}", lambda skew=skew, is_read=is_read: one(skew, is_read)) for skew in (3600, -3600) for is_read in (False, True)]
    return "Retry-After 4 s after the reply's own Date, hub clock 1 h off: waited " + ", ".join(f"{name} {s:.1f} s" for (name, _), s in zip(trials, together(trials)))
