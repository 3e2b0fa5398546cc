'use strict';

const { ArgumentError, FEEDS } = require('./errors/codes');
const { Connection } = require('./connection');
const { decode, encode, nameOf, toUtf8 } = require('./json');
const { Page } = require('./page');
const { Pull } = require('./pull');
const { Sync, planFor } = require('./sync');
const { Turns, int32, patience, size } = require('./turns');

const OUTCOMES = ['done', 'again', null, 'busy'];
const MAKING = Symbol('a client is made by Client.open');

/**
 * One open connection of this process to one channel.
 *
 *     const client = await Client.open({ channel: 'shop', token, state_dir: '/var/lib/shop/flx' });
 *     await client.submit({ orderNumber: 'A-1001', orderItems: [{ sku: 'TEE', quantity: 1 }], ... });
 *     await client.flush(5000);
 *     await client.close();
 *
 * Opening makes no request. Calls that wait for the hub wait in line, a fifth of a second each in turn; calls that only touch the
 * state run beside them. An open client keeps no process alive, a call that is under way does.
 */
class Client {
    #connection;

    /** Opens a channel. `config` has the keys of the library (`describe("config")`); `onLog` receives each log record. */
    static async open(config, { onLog } = {}) {
        if (onLog !== undefined && typeof onLog !== 'function') throw new TypeError(`onLog is of type ${nameOf(onLog)}`);
        return new Client(MAKING, await Connection.open(Buffer.from(encode(config)), onLog));
    }

    constructor(key, connection) {
        if (key !== MAKING) throw new TypeError('a client is made by Client.open');
        this.#connection = connection;
    }

    // The channel

    get closed() {
        return this.#connection.isClosed;
    }

    /** Asks the hub, with cheap requests, whether this channel can work. */
    async probe({ waitMs = -1, signal } = {}) {
        return decode(await this.#connection.ask('flx_client_probe', waiting(waitMs, signal)));
    }

    /** Gives rate_limit, breaker, outbox, answers, cursors, requests (`describe("metrics")`). Makes no request. */
    async stats() {
        return decode(await this.#connection.ask('flx_client_stats'));
    }

    /** Tells who holds which feed, in all processes. Makes no request. */
    async holders() {
        return decode(await this.#connection.ask('flx_client_holders'));
    }

    /** Takes the log records kept since the last call, oldest first. */
    async logs() {
        const lines = await this.#connection.ask('flx_client_logs');
        return lines.split('\n').filter(Boolean).map(decode);
    }

    /** Replaces the token. Queue, answers and cursors stay; a paused channel goes on. */
    async setToken(token) {
        await this.#connection.call('flx_client_set_token', { text: toUtf8(token) });
    }

    /** Forgets what the hub said, so that it is learnt anew: "clock", "pool", "hold", "filters", "channel"; all but the last, if
     * none is named. */
    async relearn(...facts) {
        await this.#connection.call('flx_client_relearn', { text: facts.length ? encode(facts) : null });
    }

    /** Closes it. What only touches the state and was begun is done before; what waits for the hub throws ClosedError. */
    async close() {
        await this.#connection.close();
    }

    // Listings, status and shipments in

    /** A walk over a feed, such as "listings_to_sync"; `spec` has `cursor`, `since`, `page_size` and the feed's filters. */
    pull(feed, spec = {}, { signal } = {}) {
        return new Pull(this.#connection, feedOf(feed), encode(spec), signal);
    }

    /** Gives a listing as it was seen last, by `id` or `sku`, with its `age_ms`. Makes no request. */
    async snapshot(query) {
        return decode(await this.#connection.ask('flx_snapshot_get', { text: encode(query) }));
    }

    /** Lists the cursors of this channel. */
    async cursors() {
        return decode(await this.#connection.ask('flx_cursor_list'));
    }

    /** Sets a cursor to an instant, a Date or text; "" is the beginning. All since then comes again. */
    async setCursor(feed, at, name) {
        const more = toUtf8(at instanceof Date ? at.toISOString() : at);
        const text = name === undefined ? null : toUtf8(name);
        await this.#connection.call('flx_cursor_set', { number: feedOf(feed), text, more });
    }

    // Answers out

    /** Answers records of a queue feed (`describe("schema/answer")`). Durable when it is done; `flush` sends it. */
    async ack(receipt, answers) {
        await this.#connection.call('flx_ack', { text: toUtf8(receipt), more: encode(listOf(answers, 'answers')) });
    }

    /** Lists what became of answers: at most `max`, from `after` on, which is 0 or the last `seq` seen. */
    async ackResults(after, max) {
        const asked = { number: size(after, 'after'), most: size(max, 'max') };
        return decode(await this.#connection.ask('flx_ack_results', asked));
    }

    // Orders out

    /** Accepts an order for sending (`describe("schema/order")`). Durable when it is done; `flush` sends it. */
    async submit(order) {
        return decode(await this.#connection.ask('flx_order_submit', { text: encode(order) }));
    }

    /** Reads one order of the outbox at the hub, now: a page with one record. */
    async orderStatus(number, { waitMs = -1, signal } = {}) {
        const asked = { text: toUtf8(number), ...waiting(waitMs, signal) };
        return new Page(await this.#connection.ask('flx_order_status', asked));
    }

    /** Cancels an order wherever it stands: its `outcome` is not_sent, canceled, asked, given_up, not_at_hub or in_doubt. */
    async cancelOrder(number, { waitMs = -1, signal } = {}) {
        const asked = { text: toUtf8(number), ...waiting(waitMs, signal) };
        return decode(await this.#connection.ask('flx_order_cancel', asked));
    }

    /** Spends a slice of time on sending: orders first, then answers of feeds that nobody is pulling. */
    async flush(budgetMs, { signal } = {}) {
        if (int32(budgetMs, 'budgetMs') < 0) return report([await this.#flushed(waiting(budgetMs, signal))]);
        const turns = new Turns(budgetMs, [signal]);
        const slices = [];
        for (;;) {
            const slice = await this.#flushed({ number: turns.sliceMs, patienceMs: turns.patienceMs, signals: [signal] });
            slices.push(slice);
            const pause = turns.restAfter(slice.json);
            if (pause === null) return report(slices);
            await turns.rest(pause);
        }
    }

    async #flushed(asked) {
        const [status, json] = await this.#connection.call('flx_flush', asked);
        return { status, json: decode(json) };
    }

    /** Lists orders whose verdict is known and not yet settled, at most `max`, oldest first. */
    async results(max) {
        return decode(await this.#connection.ask('flx_outbox_results', { most: size(max, 'max') }));
    }

    /** Says that the shop has stored the results of these orders. */
    async settle(numbers) {
        await this.#connection.call('flx_outbox_settle', { text: encode(listOf(numbers, 'numbers')) });
    }

    // The outbox, for people

    /** Lists orders of the outbox: `state`, `verdict`, `number`, `limit`, `after`. */
    async outbox(filter = {}) {
        return decode(await this.#connection.ask('flx_outbox_list', { text: encode(filter) }));
    }

    /** Queues orders again that were refused or given up: the same bytes, once more. */
    async retry(numbers) {
        await this.#connection.call('flx_outbox_retry', { text: encode(listOf(numbers, 'numbers')) });
    }

    /** Gives orders up that are still queued. */
    async discard(numbers) {
        await this.#connection.call('flx_outbox_discard', { text: encode(listOf(numbers, 'numbers')) });
    }

    /** Tells the whole history of one order. */
    async history(number) {
        return decode(await this.#connection.ask('flx_outbox_history', { text: toUtf8(number) }));
    }

    /** Removes buyer data of settled orders: `numbers`, or `settled_before` (an instant). */
    async purge(filter) {
        return decode(await this.#connection.ask('flx_outbox_purge', { text: encode(filter) }));
    }

    // All of it in one loop

    /** Does all that the channel has to do, once, with a handler for each type of event; gives the summary. */
    async sync(handlers, plan = {}, { signal, onError } = {}) {
        return this.openSync(planFor(handlers, plan), { signal }).run(handlers, onError);
    }

    /** A round whose events are taken one by one: `parts`, `budget_ms`, `every_s`, `cursor`, `progress`. */
    openSync(plan = {}, { signal } = {}) {
        return new Sync(this.#connection, encode(plan), signal);
    }

    // Everything else of the contract

    /** Calls one operation by its id, with its arguments by name and `body`: {status, body}. */
    async call(operation, args = {}, { waitMs = -1, signal } = {}) {
        const asked = { text: toUtf8(operation), more: encode(args), ...waiting(waitMs, signal) };
        return decode(await this.#connection.ask('flx_call', asked));
    }

    /** Shows what would be written to the hub instead of sending it: what waits, or one call. Bodies hold buyer data. */
    async preview(operation, args = {}) {
        const text = operation === undefined ? null : encode({ operation, arguments: args });
        return decode(await this.#connection.ask('flx_preview', { text }));
    }
}

/* What a call asks for that waits for the hub in one stay. */
function waiting(waitMs, signal) {
    return { number: int32(waitMs, 'waitMs'), patienceMs: patience(waitMs), signals: [signal] };
}

/* The number of a feed. */
function feedOf(feed) {
    if (typeof feed === 'string' && Object.hasOwn(FEEDS, feed)) return FEEDS[feed];
    const told = typeof feed === 'string' ? `"${feed.slice(0, 50)}"` : nameOf(feed);
    throw new ArgumentError(`there is no feed ${told}; there are ${Object.keys(FEEDS).join(', ')}`, {
        code: 'FLX_E_ARGUMENT', status: -101, path: 'feed' });
}

/* A list as it is; text alone is a mistake that would pass as a list of letters. JSON in bytes passes. */
function listOf(values, name) {
    if (values instanceof Uint8Array) return values;
    if (typeof values === 'string' || typeof values?.[Symbol.iterator] !== 'function') {
        throw new TypeError(`${name} is of type ${nameOf(values)}; give a list`);
    }
    return Array.from(values);
}

/* What a flush did, over all of its slices. */
function report(slices) {
    const { status, json } = slices.at(-1);
    const total = (name) => slices.reduce((sum, slice) => sum + (slice.json[name] ?? 0), 0);
    return {
        outcome: OUTCOMES[status],
        sent: total('sent'),
        applied: total('applied'),
        refused: total('refused'),
        possiblyApplied: total('possibly_applied'),
        givenUp: total('given_up'),
        answersSent: total('answers_sent'),
        waiting: json.waiting,
        nextInMs: json.next_in_ms < 0 ? null : json.next_in_ms,
        waitsFor: json.waits_for || null,
        paused: json.paused || null,
        json,
    };
}

module.exports = { Client };
