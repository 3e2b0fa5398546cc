// AbortSignal: ends the wait that it is given to, at once, and nothing else.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { ClientBusyError, PossiblyAppliedError } from '../lib/index.js';
import { idle, open, order, sandbox, settings, until } from './rig.mjs';

/** A client whose hub answers far later than any test waits. */
async function slow(t) {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub));
    await client.probe();
    await hub.delay(60_000, 0, { path: '/listing' });
    return { hub, client };
}

/** What `use` gives of a pull, which is closed then. */
async function alone(pull, use) {
    try {
        return await use(pull);
    } finally {
        await pull.close();
    }
}

async function journal(hub, part) {
    return (await hub.get('journal')).filter((entry) => entry.path.includes(part)).length;
}

test('a signal ends each kind of wait with its reason, while the hub says nothing', async (t) => {
    const { hub, client } = await slow(t);
    const waits = {
        probe: (signal) => client.probe({ waitMs: 50_000, signal }),
        call: (signal) => client.call('getListingVariants', {}, { waitMs: 50_000, signal }),
        nextPage: (signal) => alone(client.pull('listings', {}, { signal }), (pull) => pull.nextPage()),
        nextPageInOneStay: (signal) => alone(client.pull('listings', {}, { signal }), (pull) => pull.nextPage(-1)),
        pages: async (signal) => { for await (const page of client.pull('listings', {}, { signal })) assert.fail(page.length); },
        sync: (signal) => client.sync({ sync: () => true, change: () => true }, {}, { signal }),
    };
    for (const [name, wait] of Object.entries(waits)) {
        const before = await journal(hub, '/listing');
        const aborting = new AbortController();
        const waiting = wait(aborting.signal);
        await Promise.race([waiting, until(async () => await journal(hub, '/listing') > before, `${name} asks the hub`)]);

        aborting.abort(new Error(`enough of ${name}`));
        await assert.rejects(waiting, { message: `enough of ${name}` });
        assert.equal(getEventListeners(aborting.signal, 'abort').length, 0, name);
    }
    assert.deepEqual(await client.holders(), []);
});

test('a signal that fired before, and one that is a timeout, are obeyed', async (t) => {
    const client = await idle(t);
    await assert.rejects(client.flush(0, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    await client.submit(order());
    await assert.rejects(client.flush(600_000, { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });
    await assert.rejects(client.pull('orders', {}, { signal: AbortSignal.timeout(300) }).nextPage(), { name: 'TimeoutError' });
});

test('a signal ends its own call alone', async (t) => {
    const { hub, client } = await slow(t);
    const aborting = new AbortController();
    const first = client.call('getListingVariants', {}, { waitMs: 2000 }).catch((error) => error.code);
    const second = client.probe({ waitMs: 50_000, signal: aborting.signal }); // waits for its turn
    await until(async () => await journal(hub, '/listing/variants') > 0, 'the first asks');

    aborting.abort();
    await assert.rejects(second, { name: 'AbortError' });
    assert.equal(await first, 'FLX_E_TIMEOUT');
    await hub.post('reset', { seed: 'tiny' });
    assert.equal((await client.probe()).token, 'accepted');
});

test('a call whose turn does not come in its time says so, and the other goes on', async (t) => {
    const { hub, client } = await slow(t);
    const aborting = new AbortController();
    let isOver = false;
    const first = client.probe({ waitMs: 50_000, signal: aborting.signal }).finally(() => { isOver = true; });
    const ended = assert.rejects(first, { name: 'AbortError' });
    await until(async () => await journal(hub, '/listing') > 1, 'the first asks');

    const busy = (error) => error instanceof ClientBusyError && error.retryable && /turn/.test(error.message);
    await assert.rejects(client.flush(300), busy);
    await assert.rejects(client.call('getListingVariants', {}, { waitMs: 300 }), busy);
    await assert.rejects(client.pull('orders').nextPage(0), busy);
    assert.equal(isOver, false);
    aborting.abort();
    await ended;
    assert.equal((await client.flush(300)).outcome, 'done');
});

test('an order that is on the wire keeps its place', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub));
    await hub.delay(3000, 1, { operation: 'createOrder' });
    await client.submit(order('A-1'));
    const aborting = new AbortController();
    const flushing = client.flush(60_000, { signal: aborting.signal });
    await until(async () => (await hub.orderNumbers()).length === 1, 'the hub has it');

    aborting.abort();
    await assert.rejects(flushing, { name: 'AbortError' });
    await client.flush(60_000);
    assert.deepEqual(await hub.orderNumbers(), ['A-1']);
    assert.equal((await client.results(9))[0].verdict, 'applied');
});

test('a write that may have reached the hub says so, signal or not', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub));
    await client.submit(order('A-1'));
    await client.flush(20_000);
    const [{ order_id: id }] = await client.results(1);
    await hub.delay(60_000, 0, { operation: 'updateOrderStatus' });
    const aborting = new AbortController();
    const writing = client.call('updateOrderStatus', { id, status: 'On Hold' }, { waitMs: 50_000, signal: aborting.signal });
    await until(async () => await journal(hub, '/status') > 0, 'the hub is asked');

    aborting.abort();
    await assert.rejects(writing, (error) => error instanceof PossiblyAppliedError && error.code === 'FLX_E_CANCELED');
});
