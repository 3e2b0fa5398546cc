"""A round of all the work of a channel: events come out, replies go in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, Optional, cast

from . import codes
from ._coming import Coming
from ._handle import Blob, Handle, call
from ._json import decode, encode
from ._library import lib
from ._turns import Slices
from .errors import ArgumentError, FlxError, UseError

if TYPE_CHECKING:
    from .client import Client
    from .events import Event, Handlers, Plan, Summary

Handler = Callable[[Any], Any]

#: Types of event, and the part of a round that they are of.
PARTS = {
    "result": "results",
    "publish": "publish",
    "sync": "sync",
    "order": "orders",
    "shipment": "shipments",
    "return": "returns",
    "gone": "gone",
}
#: Further types that a handler may be given for.
OTHERS = ("change", "other_parcel", "progress")

_log = logging.getLogger("flxchannel")


class Sync(Handle):
    """One round, event by event: `Client.sync` runs a whole one with handlers.

        with client.open_sync(budget_ms=20_000) as sync:
            for event in sync:
                sync.reply(event, store(event))
            print(sync.summary)

    The types of events and what a reply may be stand in the header, in the section Sync. An event that has no reply by the
    end comes again in a later round.
    """

    _noun = "round"
    _free_name = "flx_sync_close"

    def __init__(self, client: "Client") -> None:
        super().__init__()
        self._client = client  # outlives the round
        self._coming: "Coming[Blob]" = Coming()
        self.summary: "Optional[Summary]" = None

    def _facts(self) -> str:
        return f" of{self._client._facts()}"

    def next(self, wait_ms: Optional[int] = None) -> "Optional[Event]":
        """Return the next event; None if none came in time, if events wait for their replies, or at the end, where
        `summary` is set. Without `wait_ms` it waits for as long as it takes."""
        slices = Slices(wait_ms)
        while self.summary is None:
            status = slices.stay(self._come)
            event = self._take()
            if event is not None:
                return event
            if status == codes.BUSY or slices.left_ms == 0:
                return None
            slices.rest()
        return None

    def _come(self, wait_ms: int) -> int:
        """Let an event or the summary come, unless there is one; return why there is none."""
        if self._coming.is_there:
            return codes.OK
        return self._coming.fill(Blob(), lib.flx_sync_next, self._ptr(), wait_ms)

    def _take(self) -> "Optional[Event]":
        """Give the event that came; a summary is kept."""
        blob = self._coming.look()
        if blob is None:
            return None
        told = decode(blob.content())
        event: "Optional[Event]" = None if told["type"] == "summary" else told
        if event is None:
            self.summary = told
        self._coming.take()
        return event

    def __iter__(self) -> "Iterator[Event]":
        """Give event after event. It ends with the round, or when all events that are left wait for their replies."""
        while (event := self.next()) is not None:
            yield event

    def reply(self, event: "Event", reply: Any) -> None:
        """Say what came of an event: True, False or a dict. A wrong reply is an error with its path, and may be given again."""
        if event["type"] == "progress":
            raise TypeError("a progress event wants no reply")
        self._say(event["event"], encode(reply))

    def _say(self, number: int, text: bytes) -> None:
        call(lib.flx_sync_reply, self._ptr(), number, text, len(text))

    def run(self, handlers: "Handlers") -> "Summary":
        """Take every event to the handler of its type, to the end; return the summary."""
        for event in self:
            handler = handler_for(handlers, event)
            try:
                said = None if handler is None else handler(event)
            except Exception as error:  # noqa: BLE001 - whatever it is, the round goes on without this event
                said = failed(event, error)
            self.answer(event, handler, said)
        return cast("Summary", self.summary or {})

    def answer(self, event: "Event", handler: Optional[Handler], said: Any) -> None:
        """Reply to an event what its handler said; one that the library refuses is logged, and the event comes again."""
        if event["type"] == "progress":
            return
        try:
            text = encode(meant(event, handler, said))
        except Exception as error:  # noqa: BLE001 - of the host's own objects
            self._refused(event, error)
            return
        try:
            self._say(event["event"], text)  # what a signal handler raises here is of no reply
        except UseError as error:
            self._refused(event, error)

    def _refused(self, event: "Event", error: Exception) -> None:
        _log.error("the reply to a %s event was refused", event["type"], exc_info=error)
        self.reply(event, {"later": f"the reply was refused: {_why(error)}"})


def handler_for(handlers: "Handlers", event: "Event") -> Optional[Handler]:
    """Return the handler of an event's type."""
    return cast("Mapping[str, Handler]", handlers).get(event["type"])


def failed(event: "Event", error: Exception) -> Any:
    """Log it. A handler that fails says nothing of the event, which comes again."""
    _log.error("the handler of a %s event failed", event["type"], exc_info=error)
    return {"later": f"the handler failed with {type(error).__name__}"}


def meant(event: "Event", handler: Optional[Handler], said: Any) -> Any:
    """Return the reply that a handler means by what it returned."""
    if handler is None:  # a parcel that no buyer may be told of is of no interest to a shop without a handler for it
        return True if event["type"] == "other_parcel" else {"later": "there is no handler for it"}
    if said is None and event["type"] == "change":
        return {"later": "the handler returned nothing; return True once the change was carried out"}
    if said is not None and not isinstance(said, (bool, dict)):
        raise TypeError(f"a handler returns True, False, a dict or nothing, not {type(said).__name__}")
    return True if said is None else said


def _why(error: Exception) -> str:
    """Why a reply is refused, in at most 2,000 bytes. What the host's own code raised is for the host alone."""
    why = error.message if isinstance(error, FlxError) else "it has no exact form in JSON"
    return why.encode("utf-8", "replace")[:1800].decode("utf-8", "ignore")


def plan_for(handlers: "Handlers", plan: "Plan") -> "Plan":
    """Return the plan with the parts that there are handlers for, unless it names its own."""
    strange = [name for name in handlers if name not in PARTS and name not in OTHERS]
    if strange:
        raise _wrong(f"{strange[0]!r} is not a type of event; there are {', '.join((*PARTS, *OTHERS))}")
    missing = [name for name, part in PARTS.items() if part in plan.get("parts", ()) and name not in handlers]
    if missing:
        raise _wrong(f"the plan has the part {PARTS[missing[0]]!r}, and there is no handler for {missing[0]!r}")
    if "change" not in handlers and ("publish" in handlers or "sync" in handlers):
        raise _wrong("a handler for 'change' is missing: a listing that is published or synced may have to be hidden")
    parts: "list[Any]" = [part for name, part in PARTS.items() if name in handlers]
    return cast("Plan", {"parts": parts, **plan})


def _wrong(message: str) -> ArgumentError:
    return ArgumentError(message, code=codes.E_ARGUMENT, name="FLX_E_ARGUMENT", path="handlers")
