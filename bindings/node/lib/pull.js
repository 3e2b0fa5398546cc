'use strict';

const { Page, externalOf } = require('./page');
const { Opened } = require('./opened');
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
    #opened;
    #signals;
    #ending = new AbortController();
    #closing = null; // a promise
    #waiting = new Set();
    #isDone = false;

    constructor(connection, feed, spec, signal) {
        this.#connection = connection;
        this.#signals = [this.#ending.signal, signal];
        this.#opened = new Opened(connection, 'pull', { number: feed, text: spec }, this.#signals);
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
        if (waitMs !== undefined && int32(waitMs, 'waitMs') < 0) return this.#stay(await this.#handle(), waitMs, Infinity);
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
            const closing = this.close();
            if (!this.#opened.isLate) await closing; // who gave the opening up does not wait for its end
        }
    }

    async #nextWithin(turns) {
        for (;;) {
            const handle = await this.#handle(turns.patienceMs);
            const page = await this.#stay(handle, turns.sliceMs, turns.patienceMs);
            if (page !== null || this.#isDone || turns.isOver) return page;
            await turns.rest();
        }
    }

    async #close() {
        this.#ending.abort(new ClosedError('pull'));
        await Promise.allSettled(this.#waiting);
        await this.#opened.close();
    }

    async #stay(handle, waitMs, patienceMs) {
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

    async #handle(patienceMs = Infinity) {
        if (this.closed) throw this.#ending.signal.reason;
        return this.#opened.handle(patienceMs);
    }
}

module.exports = { Pull };
