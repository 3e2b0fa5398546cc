"""Exceptions: a class for each class of error codes, and one for each code that a shop handles by name.

    FlxError
    ├── UseError          the call is at fault
    ├── LocalError        this machine
    ├── TransportError    between this machine and the hub
    ├── HubError          the hub
    ├── InternalError     the library
    └── PossiblyAppliedError   a write whose effect is unknown, whatever the code

A code that this package does not know raises the class of its band.
"""

from __future__ import annotations

from typing import Any, Optional

from .codes import Verdict


class FlxError(Exception):
    """Why the library did not do what it was asked for."""

    code: int = 0  #: the status, such as -109
    name: str = ""  #: its name, such as "FLX_E_CONFLICT"
    message: str = ""  #: what happened and what to do, for people; no secret, no buyer data
    hub_said: str = ""  #: what the hub said, in its own words: they may name a buyer, so not for logs
    path: str = ""  #: where: a JSON pointer, a config key or a parameter
    operation: str = ""  #: the operation of the contract, such as "createOrder"
    request_id: str = ""  #: the library's number of the request, as in the log
    http_status: Optional[int] = None  #: status of the hub's answer, None if there was none
    verdict: Verdict = Verdict.NONE  #: what is known of the effect of a write
    retry_after_ms: Optional[int] = None  #: when it makes sense to try again, None if unknown
    retryable: bool = False  #: the same call may succeed later
    fatal: bool = False  #: the object is of no further use and should be closed
    faults: "list[dict[str, Any]]"  #: every fault of bad input, each with `path` and `message`
    details: "dict[str, Any]"  #: the error as the library gives it in JSON

    def __init__(self, message: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.faults = []
        self.details = {}
        self.__dict__.update(facts)

    def __str__(self) -> str:
        place = f" [{self.path}]" if self.path else ""
        return f"{self.name}: {self.message}{place}" if self.name else self.message


# ---- made from tables/codes.toml by `make generate`: edit there, not here ----
class UseError(FlxError):
    """The call is at fault: the same call will never succeed."""


class ArgumentError(UseError, ValueError):
    """A pointer, length, number or name that is not allowed."""


class HandleError(UseError):
    """A handle that was freed, never made, or of another type or client."""


class Utf8Error(UseError, ValueError):
    """Text that is not UTF-8."""


class JsonError(UseError, ValueError):
    """Text that is not the JSON asked for."""


class ConfigError(UseError, ValueError):
    """A config key or value; the message names the nearest key."""


class OrderError(UseError, ValueError):
    """An order with faults; the details list all of them with their paths."""


class AnswerError(UseError, ValueError):
    """An answer that the receipt does not allow; nothing was stored."""


class ReceiptError(UseError, ValueError):
    """Text that is not a receipt of this channel."""


class ConflictError(UseError):
    """The order number is taken by an order of other content; nothing was sent."""


class OperationError(UseError, ValueError):
    """An unknown operation, or arguments that do not fit its schema."""


class NotFoundError(UseError, LookupError):
    """No such order, cursor or path here."""


class TooLargeError(UseError, ValueError):
    """Over a size limit."""


class LocalError(FlxError):
    """This machine: state file, directory, another thread or process."""


class StateError(LocalError):
    """The state file could not be read, written or made; the message says why."""


class StateBusyError(StateError):
    """Another process or thread held the state for the whole wait; call again."""


class IdentityError(LocalError):
    """The state belongs to another channel, origin or user; nothing was sent."""


class PathError(LocalError):
    """The state directory or a file in it cannot be used: the message names each and what to do."""


class ClientBusyError(LocalError):
    """Another thread drives this client, or somebody else has the feed: who, says the message."""


class ForkedError(LocalError):
    """The object was opened before a fork; open a new one in the child."""


class CanceledError(LocalError):
    """The client's cancel was fired."""


class RateLimitError(LocalError):
    """The rate limit file could not be used."""


class TransportError(FlxError):
    """Between this machine and the hub."""


class DeadlineError(TransportError, TimeoutError):
    """The deadline of the call came first."""


class HubError(FlxError):
    """The hub answered with an error, or with something that is not the contract."""


class TokenError(HubError):
    """401 or 403: the token is wrong or of another kind; the channel is paused."""


class ThrottledError(HubError):
    """The hub or the budget asks to wait; see `retry_after_ms`."""


class ContractError(HubError):
    """An answer that is not what the contract says, such as HTML for JSON."""


class PagingError(HubError):
    """The hub repeats a page or has no end; the pull was stopped."""


class RefusedError(HubError):
    """The hub refused this request: 400, 404, 409, 413, 422 and the like."""


class UnavailableError(HubError):
    """The hub is failing; requests are held back until `retry_after_ms`."""


class InternalError(FlxError):
    """A fault of this library; please report the message."""
# ---- end of what is made ----


class ClosedError(HandleError):
    """This Python object was closed before."""


class PossiblyAppliedError(FlxError):
    """The hub may have taken this write. Find out before you repeat it; `code` says what went wrong."""
