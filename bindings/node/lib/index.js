'use strict';
/* flxchannel: turns a storefront into a channel of the commerce hub Flxpoint. The header flxchannel.h is the specification. */

const { Client } = require('./client');
const { describe, orderCheck, version } = require('./describe');
const { FlxError } = require('./errors/base');
const { ClosedError, PossiblyAppliedError } = require('./errors/errors');
const codes = require('./errors/codes');
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
    UseError: codes.UseError,
    ArgumentError: codes.ArgumentError,
    HandleError: codes.HandleError,
    Utf8Error: codes.Utf8Error,
    JsonError: codes.JsonError,
    ConfigError: codes.ConfigError,
    OrderError: codes.OrderError,
    AnswerError: codes.AnswerError,
    ReceiptError: codes.ReceiptError,
    ConflictError: codes.ConflictError,
    OperationError: codes.OperationError,
    NotFoundError: codes.NotFoundError,
    TooLargeError: codes.TooLargeError,
    LocalError: codes.LocalError,
    StateError: codes.StateError,
    StateBusyError: codes.StateBusyError,
    IdentityError: codes.IdentityError,
    PathError: codes.PathError,
    ClientBusyError: codes.ClientBusyError,
    ForkedError: codes.ForkedError,
    CancelledError: codes.CancelledError,
    RateLimitError: codes.RateLimitError,
    TransportError: codes.TransportError,
    DeadlineError: codes.DeadlineError,
    HubError: codes.HubError,
    TokenError: codes.TokenError,
    ThrottledError: codes.ThrottledError,
    ContractError: codes.ContractError,
    PagingError: codes.PagingError,
    RefusedError: codes.RefusedError,
    UnavailableError: codes.UnavailableError,
    InternalError: codes.InternalError,
};
