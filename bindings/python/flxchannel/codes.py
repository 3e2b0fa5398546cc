"""The numbers of the C header, under their Python names."""

from __future__ import annotations

from enum import Enum, IntEnum

# ---- made from include/flxchannel.h by `make generate`: edit there, not here ----
#: The version of the header this package was written against: major * 1000000 + minor * 1000 + patch.
HEADER_VERSION = 1001000

OK = 0  #: done
AGAIN = 1  #: the time given is over and there is more to do: call again
DONE = 2  #: the pull came to a proven end: no page
BUSY = 3  #: another process does this work at the moment
E_ARGUMENT = -101  #: a pointer, length, number or name that is not allowed
E_HANDLE = -102  #: a handle that was freed, never made, or of another type or client
E_UTF8 = -103  #: text that is not UTF-8
E_JSON = -104  #: text that is not the JSON asked for
E_CONFIG = -105  #: a config key or value; the message names the nearest key
E_ORDER = -106  #: an order with faults; the details list all of them with their paths
E_ANSWER = -107  #: an answer that the receipt does not allow; nothing was stored
E_RECEIPT = -108  #: text that is not a receipt of this channel
E_CONFLICT = -109  #: the order number is taken by an order of other content; nothing was sent
E_USE = -110  #: not possible for this object, such as committing a page of a queue feed
E_VERSION = -111  #: header and library do not fit
E_OPERATION = -112  #: an unknown operation, or arguments that do not fit its schema
E_NOT_FOUND = -113  #: no such order, cursor or path here
E_TOO_LARGE = -114  #: over a size limit
E_STATE = -201  #: the state file could not be read, written or made; the message says why
E_STATE_BUSY = -202  #: another process or thread held the state for the whole wait; call again
E_STATE_CORRUPT = -203  #: the state file is damaged; it was left as it is
E_STATE_NEWER = -204  #: a newer release wrote the state file; upgrade
E_IDENTITY = -205  #: the state belongs to another channel, origin or user; nothing was sent
E_PATH = -206  #: the state directory or a file in it cannot be used: the message names each and what to do
E_CLIENT_BUSY = -207  #: another thread drives this client, or somebody else has the feed: who, says the message
E_FORKED = -208  #: the object was opened before a fork; open a new one in the child
E_CANCELED = -209  #: the client's cancel was fired
E_RATE_LIMIT = -210  #: the rate limit file could not be used
E_CONNECT = -301  #: no connection to the hub: name, route, refused, connect timeout
E_TLS = -302  #: no trusted connection to the hub
E_NETWORK = -303  #: the connection broke or stalled after it was made
E_PROTOCOL = -304  #: bytes that are not HTTP, or over a limit
E_TIMEOUT = -305  #: the deadline of the call came first
E_REDIRECT = -306  #: the hub answered with a redirect, which is never followed
E_HUB = -401  #: the hub answered with an error status
E_TOKEN = -402  #: 401 or 403: the token is wrong or of another kind; the channel is paused
E_THROTTLED = -403  #: the hub or the budget asks to wait; see FLX_ERROR_RETRY_AFTER_MS
E_CONTRACT = -404  #: an answer that is not what the contract says, such as HTML for JSON
E_PAGING = -405  #: the hub repeats a page or has no end; the pull was stopped
E_REFUSED = -406  #: the hub refused this request: 400, 404, 409, 413, 422 and the like
E_UNAVAILABLE = -407  #: the hub is failing; requests are held back until FLX_ERROR_RETRY_AFTER_MS
E_INTERNAL = -501  #: a fault of this library; please report the message
E_MEMORY = -502  #: memory ran out
ERROR_HTTP_STATUS = 1  #: status of the hub's answer, 0 if there was none
ERROR_VERDICT = 2  #: one of FLX_VERDICT_
ERROR_RETRY_AFTER_MS = 3  #: milliseconds until it makes sense to try again, -1 if unknown
ERROR_RETRYABLE = 4  #: 1 if the same call may succeed later, else 0
ERROR_FATAL = 5  #: 1 if the object is of no further use and should be closed, else 0
ERROR_MESSAGE = 1  #: what happened and what to do, for people; no secret, no buyer data
ERROR_PATH = 2  #: where: a JSON pointer, a config key or a parameter; may be empty
ERROR_OPERATION = 3  #: the operation of the contract, such as "createOrder"; may be empty
ERROR_REQUEST_ID = 4  #: our number of the request, as in the log; may be empty
ERROR_NAME = 5  #: name of the code, such as "FLX_E_CONFLICT"
ERROR_JSON = 6  #: all of it but the next as one JSON object; `faults` lists every fault of bad input
#: what the hub said, in its own words, on one line and cut; they may name a buyer: for the shop's people, not for logs; may be
#: empty
ERROR_HUB_SAID = 7
LOG_ERROR = 1  #: something was lost to the caller or needs a person
LOG_WARN = 2  #: unexpected, and dealt with
LOG_INFO = 3  #: one line for each thing done
LOG_DEBUG = 4  #: one line for each request


class Verdict(IntEnum):
    """What is known of the effect of a write."""

    NONE = 0  #: no write was involved, or it is still on its way
    NOT_APPLIED = 1  #: the hub did not take it
    POSSIBLY_APPLIED = 2  #: the hub may have taken it
    APPLIED = 3  #: the hub has it
    REFUSED = 4  #: the hub said no and will again


class Feed(IntEnum):
    """A kind of incoming data. Methods that take a feed also take its name in lower case."""

    LISTINGS_TO_PUBLISH = 1  #: queue of parents whose content is to appear (contract 3.6)
    LISTINGS_TO_SYNC = 2  #: queue of variants whose price, quantity, status changed (contract 3.3)
    LISTINGS = 3  #: cursor feed of all variants (contract 3.3)
    ORDERS = 4  #: cursor feed of orders, for their status (contract 4.5)
    SHIPMENTS = 5  #: cursor feed of shipments (contract 5.1)
    RETURNS = 6  #: cursor feed of returns (contract 6)


class ShipmentKind(IntEnum):
    """What a parcel is for."""

    DELIVERY = 0  #: goes to the buyer: tell the shop
    SUPPRESSED = 1  #: its tracking must not reach the buyer; the flag may change later
    RETURN = 2  #: comes back from the buyer
    CROSS_DOCK = 3  #: an inbound leg between warehouses
# ---- end of what is made ----


class Outcome(Enum):
    """How a flush ended."""

    DONE = OK  #: nothing is left that could be sent now or soon
    AGAIN = AGAIN  #: more to do
    BUSY = BUSY  #: what is left is being sent by other processes
