"""Decides from the driver's history, the hub's journal and the state itself whether anything was lost, doubled or untrue."""

from __future__ import annotations

import collections
import re
import time
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from .shop import Event, Shop


@dataclass
class Findings:
    wrong: "list[str]" = field(default_factory=list)
    orders: int = 0
    unknown: int = 0
    """Submits that were killed and left nothing."""
    stored_though_failed: int = 0
    posts: int = 0
    repeats: int = 0
    """POSTs of an order that the hub had."""
    recorded: int = 0
    answers: int = 0
    versions: int = 0
    revised: int = 0
    """Orders of which two contents were on the wire."""
    discarded: int = 0
    refused: int = 0
    purged: int = 0

    def __str__(self) -> str:
        return (
            f"{self.orders} orders: 0 lost, 0 doubled; {self.posts} posts on the wire ({self.repeats} repeats), {self.recorded} "
            f"recorded; {self.answers} answers and {self.versions} versions: 0 lost")

    def demand(self) -> "Findings":
        kinds = {re.sub(r"^\S+|\d+", "", one): one for one in reversed(self.wrong)}
        assert not self.wrong, f"{len(self.wrong)} wrong, such as {list(kinds.values())[:40]}"
        return self


def judge(
    shop: Shop, kills_of_row: "collections.Counter[int] | None" = None, *,
    wanted: "Set[str]" = frozenset(), failed: "Set[str]" = frozenset()
) -> Findings:
    """Check a shop that was drained. `kills_of_row` counts the ends of senders by the row they held, and `failed` are orders
    whose commit was told to have failed: one attempt each may be recorded and never have left. `wanted` are orders that must
    be there beside those of the history."""
    found = Findings()
    events = shop.history()
    with shop.client() as client:
        rows = _outbox(client)
        stories = {number: client.history(number)["events"] if row["number"] else [] for number, row in rows.items()}
        results = _answer_results(client)
    _orders(found, events, shop, rows, stories, kills_of_row or collections.Counter(), wanted, failed)
    _answers(found, events, shop, results)
    _versions(found, events)
    return found


def _outbox(client: Any) -> "dict[str, dict[str, Any]]":
    rows: "dict[str, dict[str, Any]]" = {}
    after = 0
    while page := client.outbox(limit=10_000, after=after):
        rows |= {row["number"] or f"(row {row['row']})": row for row in page}
        after = page[-1]["row"]
    return rows


def _answer_results(client: Any) -> "list[dict[str, Any]]":
    results: "list[dict[str, Any]]" = []
    while page := client.ack_results(results[-1]["seq"] if results else 0, 10_000):
        results += page
    return results


@dataclass
class Told:
    """What the driver's history says was asked of each order."""

    invoked: "set[str]" = field(default_factory=set)
    acked: "set[str]" = field(default_factory=set)
    failed: "set[str]" = field(default_factory=set)
    revised: "set[str]" = field(default_factory=set)
    """Of which other content was offered at least once."""
    discarded: "set[str]" = field(default_factory=set)
    contents: "dict[str, set[int]]" = field(default_factory=lambda: collections.defaultdict(set))
    """Marks of the contents that an order may have in the end: the last that was taken, and one whose submit was killed."""


def _told(events: "list[Event]") -> Told:
    told = Told()
    for event in events:
        if event.what == "discard":
            told.discarded.add(event.words[0])
        if event.what not in ("submit", "revise"):
            continue
        number = event.words[0]
        mark = int(event.words[1]) if event.what == "revise" else 0
        if mark:
            told.revised.add(number)
        if event.kind == "i":
            told.invoked.add(number)
            told.contents[number].add(mark)
        elif event.kind == "o":
            told.acked.add(number)
            told.contents[number] = {mark}
        else:
            told.failed.add(number)
            if not event.words[-1].startswith("FLX_E_STATE") and len(told.contents[number]) > 1:
                told.contents[number].discard(mark)
    return told


def _orders(found, events, shop, rows, stories, kills_of_row, wanted, unsure) -> None:  # type: ignore[no-untyped-def]
    told = _told(events)
    acked = told.acked | wanted
    failed = told.failed - acked
    posts = collections.defaultdict(list)
    for entry in shop.hub.journal():
        if entry["operation"] == "createOrder":
            posts[entry["order_number"]].append(entry)
    accepted = {number: [entry for entry in sent if entry["accepted"]] for number, sent in posts.items()}
    orders = shop.hub.get("orders?pushed=true")
    at_hub = collections.Counter(order["order_number"] for order in orders)

    found.orders, found.posts = len(rows), sum(map(len, posts.values()))
    found.repeats = sum(max(0, len(sent) - 1) for sent in accepted.values())
    found.recorded = sum(_recorded(row, stories[number]) for number, row in rows.items())
    found.unknown = len(told.invoked - acked - failed - set(rows))
    found.stored_though_failed = len(failed & set(rows))
    for number in acked:
        if number not in rows:
            found.wrong.append(f"{number} was accepted and is not in the outbox")
        if not at_hub[number] and number not in told.discarded and not _is_refused(posts.get(number, [])):
            found.wrong.append(f"{number} was accepted and is not at the hub")
    for number, times in at_hub.items():
        if times > 1:
            found.wrong.append(f"{number} is {times} orders at the hub")
        if number not in rows:
            found.wrong.append(f"{number} is at the hub and not in the outbox")
    for order in orders:
        if (mark := int(float(order["total"])) - 19) not in told.contents.get(order["order_number"], {mark}):
            found.wrong.append(f"{order['order_number']} has content {mark} at the hub, {told.contents[order['order_number']]} were submitted last")
    for number, sent in accepted.items():
        created = [entry for entry in sent if entry["effect"] == "order_created"]
        if len(created) > 1:
            found.wrong.append(f"{number} took effect {len(created)} times")
        if _is_changed(posts[number], number in told.revised):
            found.wrong.append(f"{number} was sent with different bytes")
    for number, row in rows.items():
        sent = posts.get(number, [])
        recorded = _recorded(row, stories[number])
        found.discarded += number in told.discarded and row["verdict"] != "applied"
        found.refused += row["verdict"] == "refused"
        found.revised += len({entry["request_sha256"] for entry in sent}) > 1
        found.purged += bool(row["purged"])
        if not row["number"]:
            found.wrong.append(f"{number}: an order has lost its number")
        if why := _is_untrue(row, sent, number in told.discarded):
            found.wrong.append(f"{number} has the verdict {row['verdict']} ({row['message']}): {why}")
        if (row["verdict"] == "applied") != bool(accepted.get(number)) and row["verdict"] != "possibly_applied":
            found.wrong.append(f"{number} is {row['verdict']}, and the hub accepted it {len(accepted.get(number, []))} times")
        if len(sent) > recorded:
            found.wrong.append(f"{number}: {len(sent)} attempts on the wire, {recorded} recorded")
        if recorded - len(sent) > kills_of_row[row["row"]] + (number in unsure) + _unanswered(stories[number]):
            found.wrong.append(
                f"{number}: {recorded} attempts recorded, {len(sent)} on the wire, {kills_of_row[row['row']]} senders killed")
        _story(found, number, row, stories[number], accepted.get(number, []), number in told.revised)


def _unanswered(story: "list[dict[str, Any]]") -> int:
    """Attempts without an answer: their sender was killed or taken for dead, or a machine under load did not bring their
    request to the hub before its time was over."""
    whats = [event["what"] for event in story if event["what"] != "posted" or event["http_status"]]
    return max(0, whats.count("sending") - whats.count("posted"))


def _recorded(row: "dict[str, Any]", story: "list[dict[str, Any]]") -> int:
    """Attempts of all revisions: the history keeps them."""
    return max(row["attempts"], [event["what"] for event in story].count("sending"))


def _is_refused(sent: "list[dict[str, Any]]") -> bool:
    """Whether the hub's last word was no, and never yes."""
    return bool(sent) and not any(entry["accepted"] for entry in sent) and 400 <= sent[-1]["status"] < 500


def _is_changed(sent: "list[dict[str, Any]]", may_be: bool) -> bool:
    """Whether other bytes left while the hub might have had those before, or old ones came again."""
    seen: "list[str]" = []
    for index, entry in enumerate(sent):
        digest = entry["request_sha256"]
        if seen and digest != seen[-1]:
            if not may_be or digest in seen or any(not 400 <= before["status"] < 500 for before in sent[:index]):
                return True
        seen.append(digest)
    return False


def _is_untrue(row: "dict[str, Any]", sent: "list[dict[str, Any]]", was_discarded: bool) -> str:
    """Why a verdict is not what the hub's journal says; empty if it is."""
    verdict = row["verdict"]
    if verdict == "applied":
        return ""  # compared with what the hub accepted
    if verdict == "refused":
        return "" if _is_refused(sent) else "the hub's last word was not no"
    if verdict in ("not_applied", "possibly_applied"):
        return "" if was_discarded else "nobody gave it up"
    return "it has no end"


def _story(found, number, row, story, accepted, was_revised) -> None:  # type: ignore[no-untyped-def]
    """The history of one order must agree with its row, and no verdict may have been better than the truth."""
    if [event["what"] for event in story].count("sending") != row["attempts"] and not was_revised:
        found.wrong.append(f"{number}: {row['attempts']} attempts, and another number in its history")
    if not story or story[0]["what"] != "submitted":
        found.wrong.append(f"{number}: its history does not begin with its submit")
    first = min((entry["wall_ms"] // 1000 for entry in accepted), default=None)
    for event in story:
        at = _seconds(event["at"])
        if event["verdict"] == "applied" and (first is None or at < first):
            found.wrong.append(f"{number} was called applied before the hub had it")
        if event["verdict"] in ("not_applied", "refused") and first is not None and at > first:
            found.wrong.append(f"{number} was called {event['verdict']} after the hub had it")


def _seconds(text: str) -> int:
    import calendar

    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def _answers(found: Findings, events: "list[Event]", shop: Shop, results: "list[dict[str, Any]]") -> None:
    """The last answer that was taken for each record must be at the hub, unless one that was killed took its place."""
    at_hub = collections.defaultdict(set)
    for answer in shop.hub.get("answers"):
        at_hub[str(answer["id"])].add(answer["error"])
    by_id = collections.defaultdict(list)
    begun: "dict[tuple[str, str], Event]" = {}
    for event in events:
        if event.what == "ack":
            record, mark = event.words[:2]
            if event.kind == "i":
                begun[record, mark] = event
            elif event.kind == "o":
                by_id[record].append((begun[record, mark].at_us, event.at_us, mark))
    told = {result["id"]: result for result in results}
    for record, done in by_id.items():
        found.answers += len(done)
        last = max(start for start, _, _ in done)
        # Any answer that was being taken when or after the last one began may stand in its place.
        candidates = {mark for _, end, mark in done if end >= last}
        candidates |= {mark for (one, mark), event in begun.items() if one == record and event.at_us >= last}
        ends = {(one, mark) for one, times in by_id.items() for _, _, mark in times}
        candidates |= {mark for (one, mark) in begun if one == record and (one, mark) not in ends}
        if not candidates & at_hub[record]:
            found.wrong.append(f"the answer {max(done)[2]} for {record} is not at the hub")
        if told.get(record, {}).get("verdict") != "applied":
            found.wrong.append(f"the answer for {record} has the verdict {told.get(record, {}).get('verdict')}")


def _versions(found: Findings, events: "list[Event]") -> None:
    """What was committed under a cursor is not given again."""
    committed: "dict[tuple[str, str], int]" = {}
    for event in events:
        if event.what != "commit":
            continue
        for version in event.words[1:]:
            key = event.words[0], version
            if event.kind == "o":
                committed.setdefault(key, event.at_us)
            elif event.kind == "i" and committed.get(key, event.at_us) < event.at_us:
                found.wrong.append(f"{version} was committed under {event.words[0]} and given again")
    found.versions = len(committed)
