'use strict';

/** Why the library did not do what it was asked for. */
class FlxError extends Error {
    /** The code, such as "FLX_E_CONFLICT". */
    code = '';
    /** Its number, such as -109. */
    status = 0;
    /** What the hub said, in its own words: they may name a buyer, so not for logs. */
    hubSaid = '';
    /** Where: a JSON pointer, a config key or a parameter. */
    path = '';
    operation = '';
    requestId = '';
    httpStatus = null;
    /** What is known of the effect of a write: "not_applied", "possibly_applied", "applied", "refused", or null. */
    verdict = null;
    retryAfterMs = null;
    retryable = false;
    fatal = false;
    /** Every fault of bad input, each with `path` and `message`. */
    faults = [];

    constructor(message, facts) {
        super(message);
        Object.assign(this, facts);
        // What the hub said may name a buyer: whoever prints the error does not print it.
        Object.defineProperty(this, 'hubSaid', { enumerable: false });
    }

    get name() {
        return this.constructor.name;
    }
}

module.exports = { FlxError };
