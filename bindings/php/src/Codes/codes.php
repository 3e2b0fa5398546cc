<?php

declare(strict_types=1);

namespace Flxchannel;

// ---- made from include/flxchannel.h by `make generate`: edit there, not here ----

/** What a call returns, why it did not do what it was asked for, and what an error tells. */
final class Codes
{
    /** The version of the header: major * 1000000 + minor * 1000 + patch. */
    public const HEADER_VERSION = 1001000;

    public const OK = 0; // done
    public const AGAIN = 1; // the time given is over and there is more to do: call again
    public const DONE = 2; // the pull came to a proven end: no page
    public const BUSY = 3; // another process does this work at the moment
    public const E_ARGUMENT = -101; // a pointer, length, number or name that is not allowed
    public const E_HANDLE = -102; // a handle that was freed, never made, or of another type or client
    public const E_UTF8 = -103; // text that is not UTF-8
    public const E_JSON = -104; // text that is not the JSON asked for
    public const E_CONFIG = -105; // a config key or value; the message names the nearest key
    public const E_ORDER = -106; // an order with faults; the details list all of them with their paths
    public const E_ANSWER = -107; // an answer that the receipt does not allow; nothing was stored
    public const E_RECEIPT = -108; // text that is not a receipt of this channel
    public const E_CONFLICT = -109; // the order number is taken by an order of other content; nothing was sent
    public const E_USE = -110; // not possible for this object, such as committing a page of a queue feed
    public const E_VERSION = -111; // header and library do not fit
    public const E_OPERATION = -112; // an unknown operation, or arguments that do not fit its schema
    public const E_NOT_FOUND = -113; // no such order, cursor or path here
    public const E_TOO_LARGE = -114; // over a size limit
    public const E_STATE = -201; // the state file could not be read, written or made; the message says why
    public const E_STATE_BUSY = -202; // another process or thread held the state for the whole wait; call again
    public const E_STATE_CORRUPT = -203; // the state file is damaged; it was left as it is
    public const E_STATE_NEWER = -204; // a newer release wrote the state file; upgrade
    public const E_IDENTITY = -205; // the state belongs to another channel, origin or user; nothing was sent
    public const E_PATH = -206; // the state directory or a file in it cannot be used: the message names each and what to do
    public const E_CLIENT_BUSY = -207; // another thread drives this client, or somebody else has the feed: who, says the message
    public const E_FORKED = -208; // the object was opened before a fork; open a new one in the child
    public const E_CANCELED = -209; // the client's cancel was fired
    public const E_RATE_LIMIT = -210; // the rate limit file could not be used
    public const E_CONNECT = -301; // no connection to the hub: name, route, refused, connect timeout
    public const E_TLS = -302; // no trusted connection to the hub
    public const E_NETWORK = -303; // the connection broke or stalled after it was made
    public const E_PROTOCOL = -304; // bytes that are not HTTP, or over a limit
    public const E_TIMEOUT = -305; // the deadline of the call came first
    public const E_REDIRECT = -306; // the hub answered with a redirect, which is never followed
    public const E_HUB = -401; // the hub answered with an error status
    public const E_TOKEN = -402; // 401 or 403: the token is wrong or of another kind; the channel is paused
    public const E_THROTTLED = -403; // the hub or the budget asks to wait; see FLX_ERROR_RETRY_AFTER_MS
    public const E_CONTRACT = -404; // an answer that is not what the contract says, such as HTML for JSON
    public const E_PAGING = -405; // the hub repeats a page or has no end; the pull was stopped
    public const E_REFUSED = -406; // the hub refused this request: 400, 404, 409, 413, 422 and the like
    public const E_UNAVAILABLE = -407; // the hub is failing; requests are held back until FLX_ERROR_RETRY_AFTER_MS
    public const E_INTERNAL = -501; // a fault of this library; please report the message
    public const E_MEMORY = -502; // memory ran out
    public const ERROR_HTTP_STATUS = 1; // status of the hub's answer, 0 if there was none
    public const ERROR_VERDICT = 2; // one of FLX_VERDICT_
    public const ERROR_RETRY_AFTER_MS = 3; // milliseconds until it makes sense to try again, -1 if unknown
    public const ERROR_RETRYABLE = 4; // 1 if the same call may succeed later, else 0
    public const ERROR_FATAL = 5; // 1 if the object is of no further use and should be closed, else 0
    public const ERROR_MESSAGE = 1; // what happened and what to do, for people; no secret, no buyer data
    public const ERROR_PATH = 2; // where: a JSON pointer, a config key or a parameter; may be empty
    public const ERROR_OPERATION = 3; // the operation of the contract, such as "createOrder"; may be empty
    public const ERROR_REQUEST_ID = 4; // our number of the request, as in the log; may be empty
    public const ERROR_NAME = 5; // name of the code, such as "FLX_E_CONFLICT"
    public const ERROR_JSON = 6; // all of it but the next as one JSON object; `faults` lists every fault of bad input
    // what the hub said, in its own words, on one line and cut; they may name a buyer: for the shop's people, not for logs; may
    // be empty
    public const ERROR_HUB_SAID = 7;
}

/** What is known of the effect of a write. */
enum Verdict: int
{
    use Named;

    case None = 0; // no write was involved, or it is still on its way
    case NotApplied = 1; // the hub did not take it
    case PossiblyApplied = 2; // the hub may have taken it
    case Applied = 3; // the hub has it
    case Refused = 4; // the hub said no and will again
}

/** A kind of incoming data. Methods that take a feed also take its name in lower case. */
enum Feed: int
{
    use Named;

    case ListingsToPublish = 1; // queue of parents whose content is to appear (contract 3.6)
    case ListingsToSync = 2; // queue of variants whose price, quantity, status changed (contract 3.3)
    case Listings = 3; // cursor feed of all variants (contract 3.3)
    case Orders = 4; // cursor feed of orders, for their status (contract 4.5)
    case Shipments = 5; // cursor feed of shipments (contract 5.1)
    case Returns = 6; // cursor feed of returns (contract 6)
}

/** What a parcel is for. */
enum ShipmentKind: int
{
    use Named;

    case Delivery = 0; // goes to the buyer: tell the shop
    case Suppressed = 1; // its tracking must not reach the buyer; the flag may change later
    case Return = 2; // comes back from the buyer
    case CrossDock = 3; // an inbound leg between warehouses
}
// ---- end of what is made ----
