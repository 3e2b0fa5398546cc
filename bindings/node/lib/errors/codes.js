// Made from tables/codes.toml, include/flxchannel.h by `make generate`: edit there, not here.
'use strict';

const { FlxError } = require('./base');

class UseError extends FlxError {}
class ArgumentError extends UseError {}
class HandleError extends UseError {}
class Utf8Error extends UseError {}
class JsonError extends UseError {}
class ConfigError extends UseError {}
class OrderError extends UseError {}
class AnswerError extends UseError {}
class ReceiptError extends UseError {}
class ConflictError extends UseError {}
class OperationError extends UseError {}
class NotFoundError extends UseError {}
class TooLargeError extends UseError {}
class LocalError extends FlxError {}
class StateError extends LocalError {}
class StateBusyError extends StateError {}
class IdentityError extends LocalError {}
class PathError extends LocalError {}
class ClientBusyError extends LocalError {}
class ForkedError extends LocalError {}
class CanceledError extends LocalError {}
class RateLimitError extends LocalError {}
class TransportError extends FlxError {}
class DeadlineError extends TransportError {}
class HubError extends FlxError {}
class TokenError extends HubError {}
class ThrottledError extends HubError {}
class ContractError extends HubError {}
class PagingError extends HubError {}
class RefusedError extends HubError {}
class UnavailableError extends HubError {}
class InternalError extends FlxError {}

const BANDS = {
    1: UseError,
    2: LocalError,
    3: TransportError,
    4: HubError,
    5: InternalError,
};

const BY_STATUS = {
    [-101]: ArgumentError,
    [-102]: HandleError,
    [-103]: Utf8Error,
    [-104]: JsonError,
    [-105]: ConfigError,
    [-106]: OrderError,
    [-107]: AnswerError,
    [-108]: ReceiptError,
    [-109]: ConflictError,
    [-112]: OperationError,
    [-113]: NotFoundError,
    [-114]: TooLargeError,
    [-201]: StateError,
    [-202]: StateBusyError,
    [-203]: StateError,
    [-204]: StateError,
    [-205]: IdentityError,
    [-206]: PathError,
    [-207]: ClientBusyError,
    [-208]: ForkedError,
    [-209]: CanceledError,
    [-210]: RateLimitError,
    [-305]: DeadlineError,
    [-402]: TokenError,
    [-403]: ThrottledError,
    [-404]: ContractError,
    [-405]: PagingError,
    [-406]: RefusedError,
    [-407]: UnavailableError,
};

const FEEDS = {
    listings_to_publish: 1,
    listings_to_sync: 2,
    listings: 3,
    orders: 4,
    shipments: 5,
    returns: 6,
};

module.exports = {
    BANDS, BY_STATUS, FEEDS, UseError, ArgumentError, HandleError, Utf8Error, JsonError, ConfigError, OrderError, AnswerError,
    ReceiptError, ConflictError, OperationError, NotFoundError, TooLargeError, LocalError, StateError, StateBusyError,
    IdentityError, PathError, ClientBusyError, ForkedError, CanceledError, RateLimitError, TransportError, DeadlineError,
    HubError, TokenError, ThrottledError, ContractError, PagingError, RefusedError, UnavailableError, InternalError,
};
