// Made from tables/codes.toml, include/flxchannel.h by `make generate`: edit there, not here.
import { FlxError } from './errors';

/** the call is at fault: the same call will never succeed */
export class UseError extends FlxError {}
/** a pointer, length, number or name that is not allowed */
export class ArgumentError extends UseError {}
/** a handle that was freed, never made, or of another type or client */
export class HandleError extends UseError {}
/** text that is not UTF-8 */
export class Utf8Error extends UseError {}
/** text that is not the JSON asked for */
export class JsonError extends UseError {}
/** a config key or value; the message names the nearest key */
export class ConfigError extends UseError {}
/** an order with faults; the details list all of them with their paths */
export class OrderError extends UseError {}
/** an answer that the receipt does not allow; nothing was stored */
export class AnswerError extends UseError {}
/** text that is not a receipt of this channel */
export class ReceiptError extends UseError {}
/** the order number is taken by an order of other content; nothing was sent */
export class ConflictError extends UseError {}
/** an unknown operation, or arguments that do not fit its schema */
export class OperationError extends UseError {}
/** no such order, cursor or path here */
export class NotFoundError extends UseError {}
/** over a size limit */
export class TooLargeError extends UseError {}
/** this machine: state file, directory, another thread or process */
export class LocalError extends FlxError {}
/** the state file could not be read, written or made; the message says why */
export class StateError extends LocalError {}
/** another process or thread held the state for the whole wait; call again */
export class StateBusyError extends StateError {}
/** the state belongs to another channel, origin or user; nothing was sent */
export class IdentityError extends LocalError {}
/** the state directory or a file in it cannot be used: the message names each and what to do */
export class PathError extends LocalError {}
/** another thread drives this client, or somebody else has the feed: who, says the message */
export class ClientBusyError extends LocalError {}
/** the object was opened before a fork; open a new one in the child */
export class ForkedError extends LocalError {}
/** the client's cancel was fired */
export class CanceledError extends LocalError {}
/** the rate limit file could not be used */
export class RateLimitError extends LocalError {}
/** between this machine and the hub */
export class TransportError extends FlxError {}
/** the deadline of the call came first */
export class DeadlineError extends TransportError {}
/** the hub answered with an error, or with something that is not the contract */
export class HubError extends FlxError {}
/** 401 or 403: the token is wrong or of another kind; the channel is paused */
export class TokenError extends HubError {}
/** the hub or the budget asks to wait; see `retryAfterMs` */
export class ThrottledError extends HubError {}
/** an answer that is not what the contract says, such as HTML for JSON */
export class ContractError extends HubError {}
/** the hub repeats a page or has no end; the pull was stopped */
export class PagingError extends HubError {}
/** the hub refused this request: 400, 404, 409, 413, 422 and the like */
export class RefusedError extends HubError {}
/** the hub is failing; requests are held back until `retryAfterMs` */
export class UnavailableError extends HubError {}
/** a fault of this library; please report the message */
export class InternalError extends FlxError {}

export type FeedName =
    | 'listings_to_publish'
    | 'listings_to_sync'
    | 'listings'
    | 'orders'
    | 'shipments'
    | 'returns';

export type ShipmentKind =
    | 'delivery'
    | 'suppressed'
    | 'return'
    | 'cross_dock';

export type ErrorCode =
    | 'FLX_E_ARGUMENT'
    | 'FLX_E_HANDLE'
    | 'FLX_E_UTF8'
    | 'FLX_E_JSON'
    | 'FLX_E_CONFIG'
    | 'FLX_E_ORDER'
    | 'FLX_E_ANSWER'
    | 'FLX_E_RECEIPT'
    | 'FLX_E_CONFLICT'
    | 'FLX_E_USE'
    | 'FLX_E_VERSION'
    | 'FLX_E_OPERATION'
    | 'FLX_E_NOT_FOUND'
    | 'FLX_E_TOO_LARGE'
    | 'FLX_E_STATE'
    | 'FLX_E_STATE_BUSY'
    | 'FLX_E_STATE_CORRUPT'
    | 'FLX_E_STATE_NEWER'
    | 'FLX_E_IDENTITY'
    | 'FLX_E_PATH'
    | 'FLX_E_CLIENT_BUSY'
    | 'FLX_E_FORKED'
    | 'FLX_E_CANCELED'
    | 'FLX_E_RATE_LIMIT'
    | 'FLX_E_CONNECT'
    | 'FLX_E_TLS'
    | 'FLX_E_NETWORK'
    | 'FLX_E_PROTOCOL'
    | 'FLX_E_TIMEOUT'
    | 'FLX_E_REDIRECT'
    | 'FLX_E_HUB'
    | 'FLX_E_TOKEN'
    | 'FLX_E_THROTTLED'
    | 'FLX_E_CONTRACT'
    | 'FLX_E_PAGING'
    | 'FLX_E_REFUSED'
    | 'FLX_E_UNAVAILABLE'
    | 'FLX_E_INTERNAL'
    | 'FLX_E_MEMORY';
