'use strict';
/* What a host's AbortSignal ends. One signal is often given to many calls, and Node warns of more than ten listeners: so a signal has
 * one of ours while any call is under way with it, and none after that. */

const audiences = new WeakMap(); // of each signal that calls are under way with

class Audience {
    #signal;
    #leaving = new Set();
    #tell = () => {
        const leaving = [...this.#leaving];
        this.#disband(); // a signal ends things once
        for (const leave of leaving) leave();
    };

    static of(signal) {
        if (!audiences.has(signal)) audiences.set(signal, new Audience(signal));
        return audiences.get(signal);
    }

    constructor(signal) {
        this.#signal = signal;
        signal.addEventListener('abort', this.#tell);
    }

    join(leave) {
        this.#leaving.add(leave);
    }

    part(leave) {
        if (this.#leaving.delete(leave) && this.#leaving.size === 0) this.#disband();
    }

    #disband() {
        this.#leaving.clear();
        this.#signal.removeEventListener('abort', this.#tell);
        audiences.delete(this.#signal);
    }
}

/** Calls `leave` when one of the signals ends; gives the function that takes this back. */
function onAbort(signals, leave) {
    const joined = signals.map((signal) => Audience.of(signal));
    for (const audience of joined) audience.join(leave);
    return () => {
        for (const audience of joined) audience.part(leave);
    };
}

/** The signal that ended, or undefined. */
function abortedOf(signals) {
    return signals.find((signal) => signal.aborted);
}

/** What comes of `promise`, or the reason of a signal that ends before. */
function unlessAborted(signals, promise) {
    return new Promise((resolve, reject) => {
        const stop = onAbort(signals, () => reject(abortedOf(signals).reason));
        promise.then(resolve, reject).finally(stop);
    });
}

module.exports = { abortedOf, onAbort, unlessAborted };
