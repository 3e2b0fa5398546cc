"""The numbers of the C header, under their Python names."""

from __future__ import annotations

from enum import Enum, IntEnum

#: The version of the header this package was written against: major * 1000000 + minor * 1000 + patch.
HEADER_VERSION = 1000

OK, AGAIN, DONE, BUSY = 0, 1, 2, 3

E_ARGUMENT, E_HANDLE, E_UTF8, E_JSON, E_CONFIG, E_ORDER, E_ANSWER = -101, -102, -103, -104, -105, -106, -107
E_RECEIPT, E_CONFLICT, E_USE, E_VERSION = -108, -109, -110, -111
E_OPERATION, E_NOT_FOUND, E_TOO_LARGE = -112, -113, -114
E_STATE, E_STATE_BUSY, E_STATE_CORRUPT, E_STATE_NEWER, E_IDENTITY = -201, -202, -203, -204, -205
E_PATH, E_CLIENT_BUSY, E_FORKED, E_CANCELLED, E_RATE_LIMIT = -206, -207, -208, -209, -210
E_CONNECT, E_TLS, E_NETWORK, E_PROTOCOL, E_TIMEOUT, E_REDIRECT = -301, -302, -303, -304, -305, -306
E_HUB, E_TOKEN, E_THROTTLED, E_CONTRACT, E_PAGING, E_REFUSED, E_UNAVAILABLE = -401, -402, -403, -404, -405, -406, -407
E_INTERNAL, E_MEMORY = -501, -502

ERROR_HTTP_STATUS, ERROR_VERDICT, ERROR_RETRY_AFTER_MS, ERROR_RETRYABLE, ERROR_FATAL = 1, 2, 3, 4, 5
ERROR_MESSAGE, ERROR_PATH, ERROR_OPERATION, ERROR_REQUEST_ID, ERROR_NAME, ERROR_JSON = 1, 2, 3, 4, 5, 6
ERROR_HUB_SAID = 7

LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG = 1, 2, 3, 4


class Verdict(IntEnum):
    """What is known of the effect of a write."""

    NONE = 0
    NOT_APPLIED = 1
    POSSIBLY_APPLIED = 2
    APPLIED = 3
    REFUSED = 4


class Feed(IntEnum):
    """A kind of incoming data. Methods that take a feed also take its name in lower case."""

    LISTINGS_TO_PUBLISH = 1
    LISTINGS_TO_SYNC = 2
    LISTINGS = 3
    ORDERS = 4
    SHIPMENTS = 5
    RETURNS = 6


class ShipmentKind(IntEnum):
    """What a parcel is for."""

    DELIVERY = 0
    SUPPRESSED = 1
    RETURN = 2
    CROSS_DOCK = 3


class Outcome(Enum):
    """How a flush ended."""

    DONE = OK  #: nothing is left that could be sent now or soon
    AGAIN = AGAIN  #: more to do
    BUSY = BUSY  #: what is left is being sent by other processes
