'use strict';

const { Page, externalOf } = require('./page');
const { ClosedError } = require('./errors/errors');
const { Turns, int32 } = require('./turns');

const DONE = 2;

/**
 * One walk over a feed: an async iterable of pages, which lets go of the feed when the loop is left, however it is left.
 *
 *     for await (const page of client.pull('orders')) {
 *         await store(page.orders());
 *         await page.commit();
 *     }
 *
 * It is opened with the first page. A loop goes on until the end of the feed is proven, and throws what cannot be mended by
 * waiting. A program that has only so much time takes `pages(waitMs)` and looks at `isDone`.
 */
class Pull {
    #connection;
    #asked;
    #signals;
    #ending = new AbortController();
    #closing = null; // a promise
    #opening = null; // a promise of the handle
    #waiting = new Set();
    #isDone = false;

    constructor(connection, feed, spec, signal) {
        this.#connection = connection;
        this.#asked = { number: feed, text: spec };
        this.#signals = [this.#ending.signal, signal];
    }

    /** Whether the end of the feed was proven: there was nothing left to give. */
    get isDone() {
        return this.#isDone;
    }

    get closed() {
        return this.#ending.signal.aborted;
    }

    /**
     * Gives the next page, or null: not within `waitMs`, or never because the pull `isDone`. Without `waitMs` it waits for as
     * long as it takes.
     */
    async nextPage(waitMs) {
        if (waitMs !== undefined && int32(waitMs, 'waitMs') < 0) return this.#stay(waitMs, Infinity);
        return this.#nextWithin(new Turns(waitMs, this.#signals));
    }

    /** Gives pages for at most `waitMs`, then closes the pull; `isDone` says whether that was the end of the feed. */
    pages(waitMs) {
        return this.#walk(new Turns(int32(waitMs, 'waitMs'), this.#signals));
    }

    [Symbol.asyncIterator]() {
        return this.#walk(new Turns(undefined, this.#signals));
    }

    /** Says that the shop has stored `page` (cursor feeds). */
    async commit(page) {
        const external = externalOf(page);
        const handle = await this.#handle();
        await this.#connection.call('flx_pull_commit', { handle, page: external });
    }

    /** Lets go of the feed. What waits for a page throws ClosedError; closing twice does nothing. */
    close() {
        return this.#closing ??= this.#close();
    }

    async *#walk(turns) {
        try {
            while (!this.#isDone) {
                const page = await this.#nextWithin(turns);
                if (page !== null) yield page;
                else if (turns.isOver) return;
            }
        } finally {
            await this.close();
        }
    }

    async #nextWithin(turns) {
        for (;;) {
            const page = await this.#stay(turns.sliceMs, turns.patienceMs);
            if (page !== null || this.#isDone || turns.isOver) return page;
            await turns.rest();
        }
    }

    async #close() {
        this.#ending.abort(new ClosedError('pull'));
        await Promise.allSettled(this.#waiting);
        const handle = await this.#opening?.catch(() => null);
        if (handle && !this.#connection.isClosed) await this.#connection.call('flx_pull_close', { handle });
    }

    async #stay(waitMs, patienceMs) {
        const handle = await this.#handle();
        const asked = { handle, number: waitMs, signals: this.#signals, patienceMs };
        const staying = this.#connection.call('flx_pull_next', asked);
        this.#waiting.add(staying);
        try {
            const [status, external] = await staying;
            this.#isDone = status === DONE;
            return external === null ? null : new Page(external, this);
        } finally {
            this.#waiting.delete(staying);
        }
    }

    async #handle() {
        if (this.closed) throw this.#ending.signal.reason;
        this.#opening ??= this.#connection.ask('flx_pull_open', this.#asked);
        try {
            return await this.#opening;
        } catch (error) {
            this.#opening = null; // a feed that is busy may be free later
            throw error;
        }
    }
}

module.exports = { Pull };
