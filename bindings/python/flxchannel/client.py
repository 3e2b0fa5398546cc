"""One open channel."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, Union

from . import codes
from ._config import make_config, receiver
from ._handle import Handle, call, call_blob, call_json
from ._handle import int32 as _int32
from ._handle import size as _size
from ._json import decode, encode, to_utf8
from ._library import lib
from ._secret import SecretBytes, hide, hide_token
from ._turns import Slices
from .cancel import Cancel
from .flush import FlushReport
from .pull import Page, Pull, feed_of
from .sync import Sync, plan_for

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .events import Handlers, Plan, Summary
    from .inputs import Answer, FeedName, NewOrder, PullSpec, Settings
    from .shapes import (
        AnswerResult,
        Called,
        Canceled,
        Cursor,
        Fact,
        Flushed,
        History,
        Holder,
        OrderReceipt,
        OutboxFilter,
        OutboxOrder,
        ProbeReport,
        Purged,
        PurgeFilter,
        Snapshot,
        SnapshotQuery,
        Stats,
    )


class Client(Handle):
    """One open connection of this process to one channel.

        with Client(channel="shop", token=token, state_dir="/var/lib/shop/flx") as client:
            client.submit({"orderNumber": "A-1001", "orderItems": [{"sku": "TEE", "quantity": 1}], ...})
            client.flush(5000)

    The keywords are the config of the library (`describe("config")`, typed in `flxchannel.inputs`): `rate_limit={"dir": ...}` and
    `**{"rate_limit.dir": ...}` are the same key. `logger` receives its log records; `on_log(level, line)` receives them as lines
    of JSON; else they are kept for `logs()`.

    Opening makes no request. Any number of processes may open the same channel. Any thread may call any method; one at
    a time drives the network, and a second one waits within its own deadline. `flush`, rounds and what a pull waits for stay at
    most a fifth of a second in the library at a time, so that Ctrl-C works and other threads and greenlets get on;
    `probe`, `order_status`, `cancel_order`, `call` and whatever is given -1 are one stay, which Ctrl-C waits for: until their
    `wait_ms`, or `http.wait_ms`. Cut into slices they would ask the hub again for each, which no write may.
    """

    _noun = "client"
    _free_name = "flx_client_close"
    _cancel: Optional[Cancel] = None
    _channel: Optional[str] = None

    def __init__(
        self,
        *,
        cancel: Optional[Cancel] = None,
        on_log: Optional[Callable[[int, str], None]] = None,
        logger: Optional[logging.Logger] = None,
        **config: "Unpack[Settings]",
    ) -> None:
        config = hide_token(config)  # in place of what was given, which a traceback with locals would show
        self._channel = config["channel"] if isinstance(config.get("channel"), str) else None
        super().__init__()
        try:
            with make_config(config, receiver(on_log, logger)) as prepared:
                self._made_by(lib.flx_client_open, prepared._ptr())
            if cancel is not None:
                self.set_cancel(cancel)
        except BaseException:
            Handle.close(self)
            raise

    def _facts(self) -> str:
        return f' "{self._channel}"' if self._channel else ""

    # The channel

    def probe(self, wait_ms: int = -1) -> "ProbeReport":
        """Ask the hub, with one cheap request, whether this channel can work."""
        report: "ProbeReport" = call_json(lib.flx_client_probe, self._ptr(), _int32(wait_ms, "wait_ms"))
        return report

    def stats(self) -> "Stats":
        """Return rate_limit, breaker, outbox, answers, cursors, requests (`describe("metrics")`). Makes no request."""
        stats: "Stats" = call_json(lib.flx_client_stats, self._ptr())
        return stats

    def holders(self) -> "list[Holder]":
        """Tell who holds which feed, in all processes: feed, cursor, by, pid, process, since, in_call, idle_ms, idle_limit_ms.

        A pull that nobody calls for `pull.idle_s` gives its feed to whoever asks next. Makes no request.
        """
        holders: "list[Holder]" = call_json(lib.flx_client_holders, self._ptr())
        return holders

    def logs(self) -> "list[dict[str, Any]]":
        """Take the log records kept since the last call, oldest first."""
        return [decode(line) for line in call_blob(lib.flx_client_logs, self._ptr())[1].splitlines() if line]

    def set_token(self, token: str) -> None:
        """Replace the token. Queue, answers and cursors stay; a paused channel goes on."""
        token = hide(token)
        text = SecretBytes(to_utf8(token))
        call(lib.flx_client_set_token, self._ptr(), text, len(text))

    def relearn(self, *facts: "Fact") -> None:
        """Forget what the hub said, so that it is learnt anew: "clock", "pool", "hold", "filters", "channel".

        Without arguments all but "channel". `stats()["learnt"]` shows what is known. `relearn("hold")` lifts a wait that
        the hub asked for.
        """
        what = encode(list(facts)) if facts else b""
        call(lib.flx_client_relearn, self._ptr(), what, len(what))

    def set_cancel(self, cancel: Optional[Cancel]) -> None:
        """Let `cancel` interrupt this client; None takes it away."""
        own, switch = self._ptr(), None if cancel is None else cancel._ptr()
        if cancel is not None:
            cancel._given_to(self)
        call(lib.flx_client_set_cancel, own, switch)
        before, self._cancel = self._cancel, cancel
        if before is not None and before is not cancel:
            before._let_go(self)

    def _given_back(self) -> None:
        if self._cancel is not None:
            self._cancel._let_go(self)

    # Listings, status and shipments in

    def pull(self, feed: "Union[codes.Feed, FeedName]", **spec: "Unpack[PullSpec]") -> Pull:
        """Open a walk over a feed, such as "listings_to_sync" or "orders".

        `spec`: `cursor`, `since`, `page_size`, and the filters of the feed by the contract's names, such as
        `includeParent=True` (`describe("feeds")`).

        A feed that another pull uses is `ClientBusyError` at once; its message names the process. A pull that is not
        used for `pull.idle_s` can lose its feed to another: then its next call is `ClientBusyError`, `fatal`, and
        nothing that was answered or committed is lost.
        """
        text, number = encode(spec), feed_of(feed)
        return Pull(self, number)._made_by(lib.flx_pull_open, self._ptr(), number, text, len(text))

    def snapshot(self, **query: "Unpack[SnapshotQuery]") -> "Snapshot":
        """Give a listing as it was seen last, by `id` or `sku`, with its `age_ms`; `NotFoundError` if it was not seen yet.

        Makes no request. The client must have `**{"snapshots.keep_days": ...}`.
        """
        text = encode(query)
        listing: "Snapshot" = call_json(lib.flx_snapshot_get, self._ptr(), text, len(text))
        return listing

    def cursors(self) -> "list[Cursor]":
        """List the cursors of this channel."""
        cursors: "list[Cursor]" = call_json(lib.flx_cursor_list, self._ptr())
        return cursors

    def set_cursor(self, feed: "Union[codes.Feed, FeedName]", cursor: Any, name: Optional[str] = None) -> None:
        """Set a cursor to an instant (text or aware datetime; "" is the beginning): all since then comes again."""
        at = to_utf8(cursor if isinstance(cursor, str) else cursor.isoformat())
        named = None if name is None else to_utf8(name)
        length = 0 if named is None else len(named)
        call(lib.flx_cursor_set, self._ptr(), feed_of(feed), named, length, at, len(at))

    # Answers out

    def ack(self, receipt: str, answers: "Union[Iterable[Answer], bytes]") -> None:
        """Answer records of a queue feed (`describe("schema/answer")`). Durable when it returns; `flush` sends it.

        Wherever `change_to` says hidden, listed or delisted, also on a variant inside a parent, the answer names it:
        `{"id": "7", "variants": [{"id": "70"}, {"id": "71", "confirm": "hidden"}]}`, or has an `error`.

        All or nothing: with one fault `AnswerError` lists all of them and nothing is stored.
        """
        given = to_utf8(receipt)
        text = answers if isinstance(answers, bytes) else encode(list(answers))
        call(lib.flx_ack, self._ptr(), given, len(given), text, len(text))

    def ack_results(self, after: int, max: int) -> "list[AnswerResult]":
        """List what became of answers: at most `max`, from `after` on, which is 0 or the last `seq` seen."""
        results: "list[AnswerResult]" = call_json(
            lib.flx_ack_results, self._ptr(), _size(after, "after"), _size(max, "max")
        )
        return results

    # Orders out

    def submit(self, order: "Union[NewOrder, str, bytes]") -> "OrderReceipt":
        """Accept an order for sending (`describe("schema/order")`). Durable when it returns; `flush` sends it.

        The same order again is no error and sends nothing; the same number with other content is `ConflictError`;
        `OrderError` lists every fault.
        """
        text = encode(order)
        receipt: "OrderReceipt" = call_json(lib.flx_order_submit, self._ptr(), text, len(text))
        return receipt

    def order_status(self, number: str, wait_ms: int = -1) -> Page:
        """Read one order of the outbox at the hub, now: a page with one record."""
        text = to_utf8(number)
        return Page()._made_by(lib.flx_order_status, self._ptr(), text, len(text), _int32(wait_ms, "wait_ms"))

    def cancel_order(self, number: str, wait_ms: int = -1) -> "Canceled":
        """Cancel an order wherever it stands: its `outcome` is not_sent, canceled, asked, given_up, not_at_hub or in_doubt.

        `RefusedError` if the hub does not let it be canceled, as when it is shipped.
        """
        text = to_utf8(number)
        canceled: "Canceled" = call_json(lib.flx_order_cancel, self._ptr(), text, len(text), _int32(wait_ms, "wait_ms"))
        return canceled

    def flush(self, budget_ms: int) -> FlushReport:
        """Spend a slice of time on sending: orders first, then answers of feeds that nobody is pulling.

        Counts in the report are of this call.
        """
        if _int32(budget_ms, "budget_ms") < 0:
            status, report = self._flush(budget_ms)
            return FlushReport.of(status, [report])
        slices = Slices(budget_ms)
        reports: "list[Flushed]" = []
        while True:
            done = slices.stay(self._flush)
            if done is None:
                slices.rest()
                continue
            reports.append(done[1])
            pause = slices.rest_after(done[1])
            if pause is None:
                return FlushReport.of(done[0], reports)
            slices.rest(pause)

    def _flush(self, budget_ms: int) -> "tuple[codes.Outcome, Flushed]":
        status, report = call_blob(lib.flx_flush, self._ptr(), budget_ms)
        return codes.Outcome(status), decode(report)

    def results(self, max: int) -> "list[OutboxOrder]":
        """List orders whose verdict is known and not yet settled, at most `max`, oldest first."""
        results: "list[OutboxOrder]" = call_json(lib.flx_outbox_results, self._ptr(), _size(max, "max"))
        return results

    def settle(self, numbers: Iterable[str]) -> None:
        """Say that the shop has stored the results of these orders."""
        call(lib.flx_outbox_settle, self._ptr(), *_numbers(numbers))

    # The outbox, for people

    def outbox(self, **filter: "Unpack[OutboxFilter]") -> "list[OutboxOrder]":
        """List orders of the outbox: `state`, `verdict`, `number`, `limit`, `after`."""
        text = encode(filter)
        orders: "list[OutboxOrder]" = call_json(lib.flx_outbox_list, self._ptr(), text, len(text))
        return orders

    def retry(self, numbers: Iterable[str]) -> None:
        """Queue orders again that were refused or given up: the same bytes, once more."""
        call(lib.flx_outbox_retry, self._ptr(), *_numbers(numbers))

    def discard(self, numbers: Iterable[str]) -> None:
        """Give orders up that are still queued."""
        call(lib.flx_outbox_discard, self._ptr(), *_numbers(numbers))

    def history(self, number: str) -> "History":
        """Tell the whole history of one order."""
        text = to_utf8(number)
        history: "History" = call_json(lib.flx_outbox_history, self._ptr(), text, len(text))
        return history

    def purge(self, **filter: "Unpack[PurgeFilter]") -> "Purged":
        """Remove buyer data of settled orders: `numbers`, or `settled_before` (an instant)."""
        text = encode(filter)
        report: "Purged" = call_json(lib.flx_outbox_purge, self._ptr(), text, len(text))
        return report

    # All of it in one loop

    def sync(self, handlers: "Handlers", **plan: "Unpack[Plan]") -> "Summary":
        """Do all that the channel has to do, once; return the summary.

            client.sync({"sync": shop.set_stock, "change": shop.set_status, "shipment": shop.tell_buyer}, budget_ms=20_000)

        A handler gets one event and returns True (or nothing) when the shop has done or stored it, False when it is to come
        again, a dict to say more (`{"externalId": ...}`, `{"error": ...}`). One that raises is logged, and its event comes
        again. Only what has a handler is run; `change` must return True by itself once the shop hid or listed a listing.
        An event may come twice, after a crash for instance. `plan`: `budget_ms`, `parts`, `every_s`, `cursor`.
        """
        with self.open_sync(**plan_for(handlers, plan)) as sync:
            return sync.run(handlers)

    def open_sync(self, **plan: "Unpack[Plan]") -> Sync:
        """Open a round whose events are taken one by one: `parts`, `budget_ms`, `every_s`, `cursor`, `progress`."""
        text = encode(plan)
        return Sync(self)._made_by(lib.flx_sync_open, self._ptr(), text, len(text))

    # Everything else of the contract

    def call(self, operation: str, /, *, wait_ms: int = -1, **arguments: Any) -> "Called":
        """Call one operation by its id, with its arguments by name and `body`: {"status": 200, "body": ...}.

        `PossiblyAppliedError` if the effect of a write is unknown.
        """
        name, text = to_utf8(operation), encode(arguments)
        answer: "Called" = call_json(
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


def _numbers(numbers: Iterable[str]) -> "tuple[bytes, int]":
    if isinstance(numbers, str):
        raise TypeError("numbers is one text; give a list of order numbers")
    text = encode(list(numbers))
    return text, len(text)
