import type { ErrorCode } from './codes';
import { HandleError } from './codes';

export type Verdict = 'not_applied' | 'possibly_applied' | 'applied' | 'refused';

export interface Fault {
    path: string;
    message: string;
}

/** Why the library did not do what it was asked for. */
export class FlxError extends Error {
    /** Name of the code, such as "FLX_E_CONFLICT". */
    code: ErrorCode;
    /** Its number, such as -109. */
    status: number;
    /** What the hub said, in its own words: they may name a buyer, so not for logs. */
    hubSaid: string;
    /** Where: a JSON pointer, a config key or a parameter. */
    path: string;
    /** The operation of the contract, such as "createOrder". */
    operation: string;
    /** The library's number of the request, as in the log. */
    requestId: string;
    /** Status of the hub's answer, null if there was none. */
    httpStatus: number | null;
    /** What is known of the effect of a write. */
    verdict: Verdict | null;
    /** When it makes sense to try again, null if unknown. */
    retryAfterMs: number | null;
    /** The same call may succeed later. */
    retryable: boolean;
    /** The object is of no further use and should be closed. */
    fatal: boolean;
    /** Every fault of bad input. */
    faults: Fault[];
    constructor(message?: string, facts?: Partial<FlxError>);
}

/** This JavaScript object was closed before. */
export class ClosedError extends HandleError {}

/** The hub may have taken this write. Find out before you repeat it; `code` says what went wrong. */
export class PossiblyAppliedError extends FlxError {}
