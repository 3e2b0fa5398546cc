'use strict';

const { abortedOf, unlessAborted } = require('./signals');

/**
 * A pull or a round in the library, from the first call of the host that needs it.
 *
 * Opening may wait for its turn, for another process or for a lock. A signal ends that wait at once, wherever it is; what the
 * library has opened nevertheless is closed when it comes, so that no feed stays held.
 */
class Opened {
    #connection;
    #kind;
    #asked;
    #signals;
    #coming = null; // a promise of the handle
    #late = null; // a promise, where a signal ended the wait for the handle

    /** `kind` is "pull" or "sync"; `asked` is what opening it takes. */
    constructor(connection, kind, asked, signals) {
        this.#connection = connection;
        this.#kind = kind;
        this.#asked = asked;
        this.#signals = signals.filter(Boolean);
    }

    /** Whether a signal ended the opening while the library was about it, and it still is. */
    get isLate() {
        return this.#late !== null;
    }

    /** Gives the handle. `patienceMs` is how long opening may wait for its turn on the network. */
    handle(patienceMs) {
        return this.#coming ??= this.#open(patienceMs);
    }

    /** Closes what was opened, or is about to be. */
    async close() {
        const handle = await this.#coming?.catch(() => null);
        if (handle) await this.#end(handle);
        await this.#late;
    }

    #open(patienceMs) {
        const asked = { ...this.#asked, signals: this.#signals, patienceMs };
        const opening = this.#connection.ask(`flx_${this.#kind}_open`, asked);
        const coming = unlessAborted(this.#signals, opening);
        coming.catch(() => {
            this.#coming = null; // a feed that is busy may be free later
            if (abortedOf(this.#signals)) this.#late = this.#endWhenItComes(opening);
        });
        return coming;
    }

    async #endWhenItComes(opening) {
        try {
            await this.#end(await opening);
        } catch {
            // nothing was opened, or the client took it with it
        } finally {
            this.#late = null;
        }
    }

    async #end(handle) {
        if (!this.#connection.isClosed) await this.#connection.call(`flx_${this.#kind}_close`, { handle });
    }
}

module.exports = { Opened };
