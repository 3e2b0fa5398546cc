'use strict';

const { tell, warn } = require('./connection');
const { decode, encode, isPlain, nameOf } = require('./json');
const { FlxError } = require('./errors/base');
const { ArgumentError } = require('./errors/codes');
const { ClosedError } = require('./errors/errors');
const { Opened } = require('./opened');
const { Turns, int32 } = require('./turns');

const [OK, AGAIN, DONE] = [0, 1, 2];

/** Types of event, and the part of a round that they are of. */
const PARTS = {
    result: 'results', publish: 'publish', sync: 'sync', order: 'orders', shipment: 'shipments', return: 'returns', gone: 'gone',
};
/** Further types that a handler may be given for. */
const OTHERS = ['change', 'other_parcel', 'progress'];

/**
 * One round, event by event; `Client.sync` runs a whole one with handlers.
 *
 *     const round = client.openSync({ budget_ms: 20_000 });
 *     for await (const event of round) {
 *         if (event.event !== undefined) await round.reply(event, await store(event));
 *     }
 *     console.log(round.summary);
 *
 * The types of events and what a reply may be stand in the header, in the section Sync. An event that has no reply by the end
 * comes again in a later round. A loop closes the round when it is left, however it is left.
 */
class Sync {
    /** What the round came to, once it is over. */
    summary = null;
    #connection;
    #opened;
    #signals;
    #ending = new AbortController();
    #closing = null; // a promise
    #waiting = new Set();

    constructor(connection, plan, signal) {
        this.#connection = connection;
        this.#signals = [this.#ending.signal, signal];
        this.#opened = new Opened(connection, 'sync', { text: plan }, this.#signals);
    }

    get closed() {
        return this.#ending.signal.aborted;
    }

    /**
     * Gives the next event; null if none came in time, if events wait for their replies, or at the end, where `summary` is set.
     * Without `waitMs` it waits for as long as it takes.
     */
    async nextEvent(waitMs) {
        const turns = new Turns(waitMs === undefined ? undefined : int32(waitMs, 'waitMs'), this.#signals);
        while (this.summary === null) {
            const handle = await this.#handle(turns.patienceMs);
            const [status, json] = await this.#stay(handle, turns.sliceMs, turns.patienceMs);
            if (status === OK) return decode(json);
            if (status === DONE) this.summary = decode(json);
            else if (status !== AGAIN || turns.isOver) return null;
            else await turns.rest();
        }
        return null;
    }

    async *[Symbol.asyncIterator]() {
        try {
            for (let event = await this.nextEvent(); event !== null; event = await this.nextEvent()) yield event;
        } finally {
            const closing = this.close();
            if (!this.#opened.isLate) await closing; // who gave the opening up does not wait for its end
        }
    }

    /** Says what came of an event: true, false or an object. A wrong reply is an error with its path, and may be given again. */
    async reply(event, reply) {
        const asked = { number: Number(event.event), text: encode(reply) };
        await this.#connection.call('flx_sync_reply', { ...asked, handle: await this.#handle() });
    }

    /** Ends the round: records that have all their replies are answered, the rest comes again. */
    close() {
        return this.#closing ??= this.#close();
    }

    /** Takes every event to the handler of its type, to the end; gives the summary. */
    async run(handlers, onError = (error, event) => warn(`the handler of a ${event.type} event`, error)) {
        const told = (error, event) => tell('the function for errors', onError, error, event);
        for await (const event of this) {
            const reply = await replyOf(handlers, event, told);
            if (event.event !== undefined) await this.#say(event, reply, told);
        }
        return this.summary;
    }

    async #say(event, reply, told) {
        try {
            await this.reply(event, reply);
        } catch (error) {
            if (!isOfReply(error)) throw error;
            await told(error, event);
            await this.reply(event, { later: `the reply was refused: ${whyOf(error)}` });
        }
    }

    async #close() {
        this.#ending.abort(new ClosedError('round'));
        await Promise.allSettled(this.#waiting);
        await this.#opened.close();
    }

    async #stay(handle, waitMs, patienceMs) {
        const asked = { handle, number: waitMs, signals: this.#signals, patienceMs };
        const staying = this.#connection.call('flx_sync_next', asked);
        this.#waiting.add(staying);
        try {
            return await staying;
        } finally {
            this.#waiting.delete(staying);
        }
    }

    async #handle(patienceMs = Infinity) {
        if (this.closed) throw this.#ending.signal.reason;
        return this.#opened.handle(patienceMs);
    }
}

/** Gives the plan with the parts that there are handlers for, unless it names its own. */
function planFor(handlers, plan) {
    const strange = Object.keys(handlers).find((name) => !(name in PARTS) && !OTHERS.includes(name));
    if (strange !== undefined) {
        throw wrong(`"${strange}" is not a type of event; there are ${[...Object.keys(PARTS), ...OTHERS].join(', ')}`);
    }
    const missing = Object.keys(PARTS).find((name) => plan.parts?.includes(PARTS[name]) && !handlers[name]);
    if (missing !== undefined) {
        throw wrong(`the plan has the part "${PARTS[missing]}", and there is no handler for "${missing}"`);
    }
    if (!handlers.change && (handlers.publish || handlers.sync)) {
        throw wrong('a handler for "change" is missing: a listing that is published or synced may have to be hidden');
    }
    return { parts: Object.keys(PARTS).filter((name) => handlers[name]).map((name) => PARTS[name]), ...plan };
}

function wrong(message) {
    return new ArgumentError(message, { code: 'FLX_E_ARGUMENT', status: -101, path: 'handlers' });
}

/* What a handler says. One that fails says nothing of the event, which comes again; the others go on. */
async function replyOf(handlers, event, told) {
    const handler = handlers[event.type];
    // A parcel that no buyer may be told of is of no interest to a shop without a handler for it.
    if (!handler) return event.type === 'other_parcel' ? true : { later: 'there is no handler for it' };
    try {
        const said = await handler(event);
        if (typeof said === 'boolean' || isPlain(said)) return said;
        if (said !== undefined && said !== null) {
            throw new TypeError(`a handler gives true, false, a plain object or nothing, not ${nameOf(said)}`);
        }
    } catch (error) {
        await told(error, event);
        return { later: `the handler failed with ${error instanceof Error ? nameOf(error) : 'something that is not an error'}` };
    }
    return event.type === 'change' ? { later: 'the handler returned nothing; return true once the change was carried out' } : true;
}

/* A wrong answer, no JSON, a float, or whatever the host's own toJSON() or getter throws: its handler gave it. */
function isOfReply(error) {
    return !(error instanceof FlxError) || (error.status > -200 && error.status <= -103);
}

/* Why a reply is refused, as text of at most 2,000 bytes. What the host threw is for the host alone. */
function whyOf(error) {
    return error instanceof FlxError ? Buffer.from(error.message).subarray(0, 1800).toString() : 'it has no form in JSON';
}

module.exports = { Sync, planFor };
