'use strict';
/* Long waits in short stays: a client waits for one thing at a time, and after a slice the next in line has its turn. */

const { nameOf } = require('./json');
const { abortedOf, onAbort } = require('./signals');

/** The longest single stay in the library. */
const SLICE_MS = 200;

/** The turns of one call of the host, which has `waitMs` in all; undefined is without end. */
class Turns {
    #end;
    #signals;

    constructor(waitMs, signals) {
        this.#end = waitMs === undefined ? Infinity : performance.now() + waitMs;
        this.#signals = signals.filter(Boolean);
    }

    get leftMs() {
        return Math.max(0, Math.floor(this.#end - performance.now()));
    }

    /** How long the next stay may be. */
    get sliceMs() {
        return Math.min(this.leftMs, SLICE_MS);
    }

    /** How long the next stay may wait for its turn. */
    get patienceMs() {
        return patience(this.leftMs);
    }

    get isOver() {
        return this.leftMs === 0;
    }

    /** How long a flush rests before its next slice, in ms; null if the one with this report was the last. */
    restAfter(flushed) {
        const left = this.leftMs;
        if (left === 0) return null;
        // Who waits for a slot keeps its turn only by asking, be the slot beyond this call or not.
        if (flushed.waits_for === 'rate_limit') return 1;
        // The library would wait for what is due within the time; we wait for it where others get on.
        const due = flushed.next_in_ms;
        return due >= 0 && due <= left ? Math.max(1, due) : null;
    }

    /** Lets others run, for as long as a slice at most; throws the reason of a signal. */
    rest(ms = 1) {
        return new Promise((resolve, reject) => {
            const ended = abortedOf(this.#signals);
            if (ended) return reject(ended.reason);
            const leave = () => {
                clearTimeout(timer);
                stop();
                const aborted = abortedOf(this.#signals);
                return aborted ? reject(aborted.reason) : resolve();
            };
            const timer = setTimeout(leave, Math.min(ms, SLICE_MS));
            const stop = onAbort(this.#signals, leave);
        });
    }
}

/** How long a call of so much time waits for its turn: at least until those that take turns have had theirs; -1 is no bound. */
function patience(waitMs) {
    return waitMs < 0 ? Infinity : Math.max(waitMs, 5 * SLICE_MS);
}

/** Refuses a number that is not one of 32 bits. */
function int32(value, name) {
    if (!Number.isInteger(value)) throw new TypeError(`${name} is ${shown(value)}, not a whole number`);
    if (value < -(2 ** 31) || value >= 2 ** 31) throw new RangeError(`${name} is ${value}, more than 32 bits`);
    return value;
}

/** Refuses a number that is not a size. */
function size(value, name) {
    if (!Number.isInteger(value)) throw new TypeError(`${name} is ${shown(value)}, not a whole number`);
    if (value < 0 || !Number.isSafeInteger(value)) throw new RangeError(`${name} is ${value}, not a size`);
    return value;
}

function shown(value) {
    return typeof value === 'number' ? value : `of type ${nameOf(value)}`;
}

module.exports = { Turns, int32, patience, size };
