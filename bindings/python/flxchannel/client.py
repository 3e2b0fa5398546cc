"""One open channel."""

from __future__ import annotations

from ctypes import byref, c_void_p
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Callable, Iterable, Mapping, Optional, Union

from . import codes
from ._config import make_config
from ._handle import Handle, call, call_json, take_blob
from ._handle import int32 as _int32
from ._handle import size as _size
from ._json import JsonInput, decode, encode, to_utf8
from ._library import lib
from ._secret import SecretBytes, hide, hide_token
from ._status import check
from ._turns import Slices
from .cancel import Cancel
from .errors import ArgumentError
from .pull import Page, Pull
from .sync import Handler, Sync, plan_for

FeedName = Union[codes.Feed, str]


@dataclass(frozen=True)
class FlushReport:
    """What a flush did, and why it ended: `next_in_ms` says when it makes sense to call again, `waits_for` in a word and
    `paused` in a sentence what for. `json` is the library's own report of the last slice."""

    outcome: codes.Outcome
    sent: int
    applied: int
    refused: int
    possibly_applied: int
    given_up: int
    answers_sent: int
    next_in_ms: Optional[int]
    waits_for: Optional[str]
    paused: Optional[str]
    json: "dict[str, Any]"

    @property
    def waiting(self) -> Any:
        """Orders and answers that are left; -1 each if another process held the state file, so that it is not known."""
        return self.json.get("waiting")


class Client(Handle):
    """One open connection of this process to one channel.

        with Client(channel="shop", token=token, state_dir="/var/lib/shop/flx") as client:
            client.submit({"orderNumber": "A-1001", "orderItems": [{"sku": "TEE", "quantity": 1}], ...})
            client.flush(5000)

    The keywords are the config of the library (`describe("config")`): `rate_limit={"dir": ...}` and `**{"rate_limit.dir": ...}` are
    the same key. `on_log(level, line)` receives log records as lines of JSON, in place of `logs()`.

    Opening makes no request. Any number of processes may open the same channel. Any thread may call any method; one at
    a time drives the network, and a second one waits within its own deadline. `flush` and what a pull waits for stay at
    most a fifth of a second in the library at a time, so that Ctrl-C works and other threads and greenlets get on;
    `probe`, `order_status`, `call` and whatever is given -1 are one stay, within their own deadline.
    """

    _noun = "client"
    _free_name = "flx_client_close"
    _cancel: Optional[Cancel] = None

    def __init__(
        self,
        *,
        cancel: Optional[Cancel] = None,
        on_log: Optional[Callable[[int, str], None]] = None,
        **config: Any,
    ) -> None:
        config = hide_token(config)
        client, error = c_void_p(), c_void_p()
        with make_config(config, on_log) as prepared:
            check(lib.flx_client_open(prepared._ptr(), byref(client), byref(error)), error)
        super().__init__(client)
        if cancel is not None:
            self.set_cancel(cancel)

    # The channel

    def probe(self, wait_ms: int = -1) -> "dict[str, Any]":
        """Ask the hub, with one cheap request, whether this channel can work."""
        report: "dict[str, Any]" = call_json(lib.flx_client_probe, self._ptr(), _int32(wait_ms, "wait_ms"))
        return report

    def stats(self) -> "dict[str, Any]":
        """Return rate_limit, breaker, outbox, answers, cursors, requests (`describe("metrics")`). Makes no request."""
        stats: "dict[str, Any]" = call_json(lib.flx_client_stats, self._ptr())
        return stats

    def holders(self) -> "list[dict[str, Any]]":
        """Tell who holds which feed, in all processes: feed, cursor, by, pid, process, since, in_call, idle_ms, idle_limit_ms.

        A pull that nobody calls for `pull.idle_s` gives its feed to whoever asks next. Makes no request.
        """
        holders: "list[dict[str, Any]]" = call_json(lib.flx_client_holders, self._ptr())
        return holders

    def logs(self) -> "list[dict[str, Any]]":
        """Take the log records kept since the last call, oldest first."""
        blob, error = c_void_p(), c_void_p()
        check(lib.flx_client_logs(self._ptr(), byref(blob), byref(error)), error)
        return [decode(line) for line in take_blob(blob).splitlines() if line]

    def set_token(self, token: str) -> None:
        """Replace the token. Queue, answers and cursors stay; a paused channel goes on."""
        token = hide(token)
        text = SecretBytes(to_utf8(token))
        call(lib.flx_client_set_token, self._ptr(), text, len(text))

    def relearn(self, *facts: str) -> None:
        """Forget what the hub said, so that it is learnt anew: "clock", "pool", "hold", "filters", "channel".

        Without arguments all but "channel". `stats()["learnt"]` shows what is known. `relearn("hold")` lifts a wait that
        the hub asked for.
        """
        what = encode(list(facts)) if facts else b""
        call(lib.flx_client_relearn, self._ptr(), what, len(what))

    def set_cancel(self, cancel: Optional[Cancel]) -> None:
        """Let `cancel` interrupt this client; None takes it away."""
        call(lib.flx_client_set_cancel, self._ptr(), None if cancel is None else cancel._ptr())
        if self._cancel is not None:
            self._cancel._clients.discard(self)
        if cancel is not None:
            cancel._clients.add(self)
        self._cancel = cancel

    # Listings, status and shipments in

    def pull(self, feed: FeedName, **spec: Any) -> Pull:
        """Open a walk over a feed, such as "listings_to_sync" or "orders".

        `spec`: `cursor`, `since`, `page_size`, and the filters of the feed by the contract's names, such as
        `includeParent=True` (`describe("feeds")`).

        A feed that another pull uses is `ClientBusyError` at once; its message names the process. A pull that is not
        used for `pull.idle_s` can lose its feed to another: then its next call is `ClientBusyError`, `fatal`, and
        nothing that was answered or committed is lost.
        """
        text = encode(spec)
        pull, error = c_void_p(), c_void_p()
        status = lib.flx_pull_open(self._ptr(), feed_of(feed), text, len(text), byref(pull), byref(error))
        check(status, error)
        return Pull(pull, self)

    def snapshot(self, **query: Any) -> "dict[str, Any]":
        """Give a listing as it was seen last, by `id` or `sku`, with its `age_ms`; `NotFoundError` if it was not seen yet.

        Makes no request. The client must have `**{"snapshots.keep_days": ...}`.
        """
        text = encode(query)
        listing: "dict[str, Any]" = call_json(lib.flx_snapshot_get, self._ptr(), text, len(text))
        return listing

    def cursors(self) -> "list[dict[str, Any]]":
        """List the cursors of this channel."""
        cursors: "list[dict[str, Any]]" = call_json(lib.flx_cursor_list, self._ptr())
        return cursors

    def set_cursor(self, feed: FeedName, cursor: Any, name: Optional[str] = None) -> None:
        """Set a cursor to an instant (text or aware datetime; "" is the beginning): all since then comes again."""
        at = to_utf8(cursor if isinstance(cursor, str) else cursor.isoformat())
        named = None if name is None else to_utf8(name)
        length = 0 if named is None else len(named)
        call(lib.flx_cursor_set, self._ptr(), feed_of(feed), named, length, at, len(at))

    # Answers out

    def ack(self, receipt: str, answers: Iterable[Mapping[str, Any]]) -> None:
        """Answer records of a queue feed (`describe("schema/answer")`). Durable when it returns; `flush` sends it.

        Wherever `change_to` says hidden, listed or delisted, also on a variant inside a parent, the answer names it:
        `{"id": "7", "variants": [{"id": "70"}, {"id": "71", "confirm": "hidden"}]}`, or has an `error`.

        All or nothing: with one fault `AnswerError` lists all of them and nothing is stored.
        """
        given = to_utf8(receipt)
        text = answers if isinstance(answers, bytes) else encode(list(answers))
        call(lib.flx_ack, self._ptr(), given, len(given), text, len(text))

    def ack_results(self, after: int, max: int) -> "list[dict[str, Any]]":
        """List what became of answers: at most `max`, from `after` on, which is 0 or the last `seq` seen."""
        results: "list[dict[str, Any]]" = call_json(
            lib.flx_ack_results, self._ptr(), _size(after, "after"), _size(max, "max")
        )
        return results

    # Orders out

    def submit(self, order: JsonInput) -> "dict[str, Any]":
        """Accept an order for sending (`describe("schema/order")`). Durable when it returns; `flush` sends it.

        The same order again is no error and sends nothing; the same number with other content is `ConflictError`;
        `OrderError` lists every fault.
        """
        text = encode(order)
        receipt: "dict[str, Any]" = call_json(lib.flx_order_submit, self._ptr(), text, len(text))
        return receipt

    def order_status(self, number: str, wait_ms: int = -1) -> Page:
        """Read one order of the outbox at the hub, now: a page with one record."""
        text = to_utf8(number)
        page, error = c_void_p(), c_void_p()
        deadline = _int32(wait_ms, "wait_ms")
        check(lib.flx_order_status(self._ptr(), text, len(text), deadline, byref(page), byref(error)), error)
        return Page(page)

    def cancel_order(self, number: str, wait_ms: int = -1) -> "dict[str, Any]":
        """Cancel an order wherever it stands: its `outcome` is not_sent, canceled, asked, given_up, not_at_hub or in_doubt.

        `RefusedError` if the hub does not let it be canceled, as when it is shipped.
        """
        text = to_utf8(number)
        canceled: "dict[str, Any]" = call_json(lib.flx_order_cancel, self._ptr(), text, len(text), _int32(wait_ms, "wait_ms"))
        return canceled

    def flush(self, budget_ms: int) -> FlushReport:
        """Spend a slice of time on sending: orders first, then answers of feeds that nobody is pulling.

        Counts in the report are of this call.
        """
        if _int32(budget_ms, "budget_ms") < 0:
            status, report = self._flush(budget_ms)
            return _report(status, [report])
        slices = Slices(budget_ms)
        reports: "list[dict[str, Any]]" = []
        while True:
            done = slices.stay(self._flush)
            if done is None:
                slices.rest()
                continue
            reports.append(done[1])
            # The library would wait for what is due within the budget; we wait for it where Ctrl-C works.
            left, due = slices.left_ms, done[1]["next_in_ms"]
            if left == 0 or not 0 <= due <= left:
                return _report(done[0], reports)
            slices.rest(max(1, due))

    def _flush(self, budget_ms: int) -> "tuple[codes.Outcome, dict[str, Any]]":
        blob, error = c_void_p(), c_void_p()
        status = check(lib.flx_flush(self._ptr(), budget_ms, byref(blob), byref(error)), error)
        return codes.Outcome(status), decode(take_blob(blob))

    def results(self, max: int) -> "list[dict[str, Any]]":
        """List orders whose verdict is known and not yet settled, at most `max`, oldest first."""
        results: "list[dict[str, Any]]" = call_json(lib.flx_outbox_results, self._ptr(), _size(max, "max"))
        return results

    def settle(self, numbers: Iterable[str]) -> None:
        """Say that the shop has stored the results of these orders."""
        call(lib.flx_outbox_settle, self._ptr(), *_numbers(numbers))

    # The outbox, for people

    def outbox(self, **filter: Any) -> "list[dict[str, Any]]":
        """List orders of the outbox: `state`, `verdict`, `number`, `limit`, `after`."""
        text = encode(filter)
        orders: "list[dict[str, Any]]" = call_json(lib.flx_outbox_list, self._ptr(), text, len(text))
        return orders

    def retry(self, numbers: Iterable[str]) -> None:
        """Queue orders again that were refused or given up: the same bytes, once more."""
        call(lib.flx_outbox_retry, self._ptr(), *_numbers(numbers))

    def discard(self, numbers: Iterable[str]) -> None:
        """Give orders up that are still queued."""
        call(lib.flx_outbox_discard, self._ptr(), *_numbers(numbers))

    def history(self, number: str) -> "dict[str, Any]":
        """Tell the whole history of one order."""
        text = to_utf8(number)
        history: "dict[str, Any]" = call_json(lib.flx_outbox_history, self._ptr(), text, len(text))
        return history

    def purge(self, **filter: Any) -> "dict[str, Any]":
        """Remove buyer data of settled orders: `numbers`, or `settled_before` (an instant)."""
        text = encode(filter)
        report: "dict[str, Any]" = call_json(lib.flx_outbox_purge, self._ptr(), text, len(text))
        return report

    # All of it in one loop

    def sync(self, handlers: Mapping[str, Handler], **plan: Any) -> "dict[str, Any]":
        """Do all that the channel has to do, once; return the summary.

            client.sync({"sync": shop.set_stock, "change": shop.set_status, "shipment": shop.tell_buyer}, budget_ms=20_000)

        A handler gets one event and returns True (or nothing) when the shop has done or stored it, False when it is to come
        again, a dict to say more (`{"externalId": ...}`, `{"error": ...}`). One that raises is logged, and its event comes
        again. Only what has a handler is run; `change` must return True by itself once the shop hid or listed a listing.
        An event may come twice, after a crash for instance. `plan`: `budget_ms`, `parts`, `every_s`, `cursor`.
        """
        with self.open_sync(**plan_for(handlers, plan)) as sync:
            return sync.run(handlers)

    def open_sync(self, **plan: Any) -> Sync:
        """Open a round whose events are taken one by one: `parts`, `budget_ms`, `every_s`, `cursor`, `progress`."""
        text = encode(plan)
        sync, error = c_void_p(), c_void_p()
        check(lib.flx_sync_open(self._ptr(), text, len(text), byref(sync), byref(error)), error)
        return Sync(sync, self)

    # Everything else of the contract

    def call(self, operation: str, /, *, wait_ms: int = -1, **arguments: Any) -> "dict[str, Any]":
        """Call one operation by its id, with its arguments by name and `body`: {"status": 200, "body": ...}.

        `PossiblyAppliedError` if the effect of a write is unknown.
        """
        name, text = to_utf8(operation), encode(arguments)
        answer: "dict[str, Any]" = call_json(
            lib.flx_call, self._ptr(), name, len(name), text, len(text), _int32(wait_ms, "wait_ms")
        )
        return answer

    def preview(self, operation: Optional[str] = None, /, **arguments: Any) -> "list[dict[str, Any]]":
        """Show what would be written to the hub instead of sending it: what waits, or one call with its arguments.

        Each is method, url, headers (the token masked) and body, which holds buyer data. Makes no request.
        """
        text = b"" if operation is None else encode({"operation": operation, "arguments": arguments})
        requests: "list[dict[str, Any]]" = call_json(lib.flx_preview, self._ptr(), text, len(text))
        return requests


def feed_of(feed: FeedName) -> int:
    """Return the number of a feed; a number that is none is for the library to refuse."""
    if not isinstance(feed, str):
        return _int32(feed, "feed")
    named = codes.Feed.__members__.get(feed.upper())
    if named is None:
        names = [name.lower() for name in codes.Feed.__members__]
        near = get_close_matches(feed.lower(), names, n=1)
        hint = f'did you mean "{near[0]}"' if near else f"there are {', '.join(names)}"
        raise ArgumentError(f"there is no feed {feed[:50]!r}; {hint}", code=codes.E_ARGUMENT, name="FLX_E_ARGUMENT", path="feed")
    return int(named)


def _numbers(numbers: Iterable[str]) -> "tuple[bytes, int]":
    if isinstance(numbers, str):
        raise TypeError("numbers is one text; give a list of order numbers")
    text = encode(list(numbers))
    return text, len(text)


def _report(outcome: codes.Outcome, slices: "list[dict[str, Any]]") -> FlushReport:
    last = slices[-1]

    def total(name: str) -> int:
        return sum(part.get(name) or 0 for part in slices)

    return FlushReport(
        outcome=outcome,
        sent=total("sent"),
        applied=total("applied"),
        refused=total("refused"),
        possibly_applied=total("possibly_applied"),
        given_up=total("given_up"),
        answers_sent=total("answers_sent"),
        next_in_ms=None if last["next_in_ms"] < 0 else last["next_in_ms"],
        waits_for=last.get("waits_for") or None,
        paused=last.get("paused") or None,
        json=last,
    )
