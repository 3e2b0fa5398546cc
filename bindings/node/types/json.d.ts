/** JSON as it comes: numbers that a double would change (fractions, whole ones above 2^53 - 1) are text in it. */
export type Json = any;

/** An id as it is given: text, a BigInt, or a number of at most 2^53 - 1. In what the library gives, typed ids are text. */
export type Id = string | number | bigint;

/** Money and other exact numbers: text such as "19.99", or a whole number. A number with a fraction is refused with its path. */
export type Decimal = string | number | bigint;

/** ISO 8601 with its zone, or a Date. */
export type Instant = string | Date;

/** JSON text or bytes, which pass as they are. */
export type JsonText = string | Uint8Array;

/** How a record is read. */
export interface View<T> {
    /** Reads a record; `facts` are the fields that do not stand in it. What is absent, null or of another type is null. */
    of(record: Json, facts?: Partial<T>): T;
}

/** Any AbortSignal. */
export interface Signal {
    readonly aborted: boolean;
    readonly reason?: any;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
}

/** Of calls that wait for the hub. */
export interface WaitOptions {
    /** Deadline; -1, the default, is `http.wait_ms` of the config. */
    waitMs?: number;
    /** Ends the wait; the call throws its reason. */
    signal?: Signal;
}
