// Rounds: all of a channel's work in one loop, with handlers or event by event.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as flxchannel from '../lib/index.js';
import { gc, open, order, sandbox, settings, until } from './rig.mjs';

const { AnswerError, ClosedError, JsonError, NotFoundError, OperationError } = flxchannel;
const TYPES = ['result', 'publish', 'sync', 'change', 'order', 'shipment', 'return', 'gone'];

async function channel(t, ...options) {
    const hub = await sandbox(t, ...options);
    return { hub, client: await open(t, settings(t, hub)) };
}

/** Handlers of all types that keep what they are given, and say what `replies` has for the type, else true. */
function kept(seen, replies = {}) {
    return Object.fromEntries(TYPES.map((type) => [type, async (event) => {
        seen.push(event);
        return type in replies ? replies[type](event) : true;
    }]));
}

test('a round answers everything, and a second one finds nothing', async (t) => {
    const { hub, client } = await channel(t);
    await client.submit(order('A-1'));
    const seen = [];

    const summary = await client.sync(kept(seen));

    assert.equal(summary.complete, true, JSON.stringify(summary));
    const types = new Set(seen.map((event) => event.type));
    for (const type of ['result', 'publish', 'sync']) assert.ok(types.has(type), type);
    assert.equal(seen.find((event) => event.type === 'result').order.verdict, 'applied');
    assert.deepEqual(await hub.get('listings?waiting=sync'), []);
    assert.deepEqual(await client.holders(), []);
});

test('a handler that fails, or says what is no reply, stops nothing, and its event comes again', async (t) => {
    const { client } = await channel(t);
    const [failed, told] = [[], []];
    const wrong = [() => { throw new Error('the shop is away'); }, () => ({ stattus: 'x' }), () => ({ ['é'.repeat(1500)]: 1 }),
        () => ({ toJSON() { throw 'no error'; } }), () => ({ get error() { throw new Error('the shop is away'); } }),
        () => ({ error: new Error('given back') }), async () => { throw null; }];

    const first = await client.sync(kept([], {
        sync: (event) => (failed.length < wrong.length ? wrong[failed.push(event.id) - 1]() : true),
    }), {}, { onError: (error, event) => told.push([event.id, error]) });

    assert.equal(first.parts.sync.later, wrong.length);
    assert.deepEqual(told.map(([id]) => id), failed);
    assert.ok(told[1][1] instanceof AnswerError && told[2][1] instanceof AnswerError);
    const again = [];
    await client.sync(kept(again));
    assert.deepEqual(again.filter((event) => event.type === 'sync').map((event) => event.id).sort(), failed.sort());
});

test('what a handler gives is true, false, a plain object or nothing; whatever else it is, it was not done', async (t) => {
    const { client } = await channel(t);
    class Row {}
    const kinds = [new Error('given back'), new Map([['a', 1]]), new Set(), new Row(), new Date(), [], Buffer.from('{}'), '',
        'true', 0, 1, 19.99, 1n, Symbol('x'), () => 1];
    const told = [];
    for (const kind of kinds) {
        const summary = await client.sync({ publish: () => kind, sync: () => kind, change: () => kind },
            {}, { onError: (error) => told.push(error) });
        assert.equal(summary.parts.sync.done + summary.parts.publish.done, 0, String(kind));
        assert.ok(summary.parts.sync.later > 0 && told.splice(0).every((error) => error instanceof TypeError), String(kind));
    }
});

test('a function for errors that throws, or whose promise is rejected, ends nothing', async (t) => {
    const { client } = await channel(t);
    const handlers = { sync: () => { throw new Error('away'); }, change: () => true };
    for (const onError of [() => { throw new Error('the log is full'); }, async () => { throw Symbol('full'); }]) {
        const warned = new Promise((resolve) => { process.once('warning', resolve); });
        assert.ok((await client.sync(handlers, {}, { onError })).parts.sync.later > 1);
        assert.match((await warned).message, /^the function for errors failed: /);
    }
});

test('without a function for errors they are warnings', async (t) => {
    const { client } = await channel(t);
    const warned = new Promise((resolve) => { process.once('warning', resolve); });
    await client.sync({ sync: () => { throw new Error('away'); }, change: () => true });
    assert.match((await warned).message, /the handler of a sync event failed: Error: away/);
});

test('a change must be said, and what is not a type of event is refused', async (t) => {
    const { client } = await channel(t);
    await assert.rejects(client.sync({ sync: () => true }), /"change" is missing/);
    await assert.rejects(client.sync({ synch: () => true }), /"synch" is not a type of event/);
    await assert.rejects(client.sync({ order: () => true }, { parts: ['orders', 'gone'] }), /no handler for "gone"/);
    await assert.rejects(client.openSync({ budgetMs: 5 }).nextEvent(0), OperationError);
});

test('a round is an async iterable of events', async (t) => {
    const { client } = await channel(t);
    const round = client.openSync({ parts: ['sync'] });
    let count = 0;
    for await (const event of round) {
        if (event.event === undefined) continue;
        await assert.rejects(round.reply(event, 'yes'), JsonError);
        await round.reply(event, event.type === 'sync' ? {} : true);
        await assert.rejects(round.reply(event, true), NotFoundError);
        count++;
    }
    assert.ok(count > 0);
    assert.equal(round.summary.parts.sync.done, count);
    assert.equal(round.closed, true);
});

test('events that wait for their replies end the loop of nextEvent', async (t) => {
    const { client } = await channel(t);
    const round = client.openSync({ parts: ['sync'] });
    const events = [];
    for (let event = await round.nextEvent(); event !== null; event = await round.nextEvent()) events.push(event);

    assert.ok(events.length > 1 && round.summary === null);
    for (const event of events) await round.reply(event, { later: 'not now' });
    assert.equal(await round.nextEvent(), null);
    assert.equal(round.summary.parts.sync.later, events.length);
    await round.close();
    await assert.rejects(round.reply(events[0], true), ClosedError);
});

test('a round that is left half way, or forgotten, lets go of its feeds', async (t) => {
    const { client } = await channel(t);
    for await (const event of client.openSync({ parts: ['sync'] })) {
        assert.ok(event.id);
        break;
    }
    assert.deepEqual(await client.holders(), []);
    const walk = async () => {
        for await (const event of client.openSync({ parts: ['publish'] })) throw new Error(`no ${event.type}`);
    };
    await assert.rejects(walk(), /no publish/);
    assert.deepEqual(await client.holders(), []);

    await (async () => client.openSync({ parts: ['sync'] }).nextEvent())();
    await until(async () => (gc(), (await client.holders()).length === 0), 'the garbage collector closes it');
});

test('a budget ends a round', async (t) => {
    const { client } = await channel(t);
    const summary = await client.sync(kept([]), { budget_ms: 1 });
    assert.equal(summary.complete, false);
});
