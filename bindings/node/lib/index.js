'use strict';
/* flxchannel: turns a storefront into a channel of the commerce hub Flxpoint. The header flxchannel.h is the specification. */

const { Client } = require('./client');
const { describe, orderCheck, version } = require('./describe');
const { FlxError } = require('./errors/base');
const { ClosedError, PossiblyAppliedError } = require('./errors/errors');
const {
    UseError, ArgumentError, HandleError, Utf8Error, JsonError, ConfigError, OrderError, AnswerError, ReceiptError,
    ConflictError, OperationError, NotFoundError, TooLargeError, LocalError, StateError, StateBusyError, IdentityError,
    PathError, ClientBusyError, ForkedError, CanceledError, RateLimitError, TransportError, DeadlineError, HubError,
    TokenError, ThrottledError, ContractError, PagingError, RefusedError, UnavailableError, InternalError,
} = require('./errors/codes');
const { Page } = require('./page');
const { Pull } = require('./pull');
const { ListingParent, ListingVariant } = require('./records/listings');
const { Order, Return, Shipment } = require('./records/orders');
const { Sync } = require('./sync');

/* Named one by one: what an ES module imports by name is read from this text. */
module.exports = {
    Client, Page, Pull, Sync,
    version, describe, orderCheck,
    ListingParent, ListingVariant, Order, Return, Shipment,
    FlxError, ClosedError, PossiblyAppliedError,
    UseError, ArgumentError, HandleError, Utf8Error, JsonError, ConfigError, OrderError, AnswerError, ReceiptError,
    ConflictError, OperationError, NotFoundError, TooLargeError, LocalError, StateError, StateBusyError, IdentityError,
    PathError, ClientBusyError, ForkedError, CanceledError, RateLimitError, TransportError, DeadlineError, HubError,
    TokenError, ThrottledError, ContractError, PagingError, RefusedError, UnavailableError, InternalError,
};
