'use strict';
/*
 * Errors: a class for each class of codes, and one for each code that a shop handles by name.
 *
 *     FlxError
 *     ├── UseError          the call is at fault
 *     ├── LocalError        this machine
 *     ├── TransportError    between this machine and the hub
 *     ├── HubError          the hub
 *     ├── InternalError     the library
 *     └── PossiblyAppliedError   a write whose effect is unknown, whatever the code
 *
 * A code that this package does not know throws the class of its band.
 */

const { BANDS, BY_STATUS, HandleError } = require('./codes');
const { FlxError } = require('./base');

/** This JavaScript object was closed before. */
class ClosedError extends HandleError {
    constructor(noun) {
        super(`this ${noun} is closed`, { code: 'FLX_E_HANDLE', status: -102 });
    }
}

/** The hub may have taken this write. Find out before you repeat it; `code` says what went wrong. */
class PossiblyAppliedError extends FlxError {}

/** The error of a status; `json` and `hubSaid` are the library's, null where it did not come that far. */
function errorOf(status, code, json, hubSaid) {
    const told = json === null ? {} : JSON.parse(json);
    const kind = told.verdict === 'possibly_applied' ? PossiblyAppliedError : BY_STATUS[status] ?? BANDS[Math.trunc(-status / 100)]
        ?? FlxError;
    return new kind(told.message ?? UNTOLD[code] ?? `the call ended with ${code}`, {
        code,
        status,
        hubSaid: hubSaid ?? '',
        path: told.path ?? '',
        operation: told.operation ?? '',
        requestId: told.request_id ?? '',
        httpStatus: told.http_status || null,
        verdict: told.verdict || null,
        retryAfterMs: told.retry_after_ms >= 0 ? told.retry_after_ms : null,
        retryable: told.retryable ?? code === 'FLX_E_CLIENT_BUSY',
        fatal: told.fatal ?? false,
        faults: told.faults ?? [],
    });
}

/* What is found out before the library is called. */
const UNTOLD = {
    FLX_E_CANCELED: 'the call was canceled before it began',
    FLX_E_CLIENT_BUSY: 'another call of this client waits for the hub, and the turn of this one did not come in time; call again',
    FLX_E_HANDLE: 'the client is closed',
    FLX_E_MEMORY: 'no thread can be started for the client',
};

module.exports = { ClosedError, PossiblyAppliedError, errorOf };
