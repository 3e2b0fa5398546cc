// AbortSignal: ends the wait that it is given to, at once, and nothing else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once, getEventListeners } from 'node:events';
import path from 'node:path';
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

test('a signal ends the opening of a pull that waits for its turn, and nothing else', async (t) => {
    const { hub, client } = await slow(t);
    const [first, second] = [new AbortController(), new AbortController()];
    let isOver = false;
    const calling = client.call('getListingVariants', {}, { waitMs: 50_000, signal: first.signal }).finally(() => { isOver = true; });
    const called = assert.rejects(calling, { name: 'AbortError' });
    await until(async () => await journal(hub, '/listing/variants') > 0, 'the first asks');

    const pull = client.pull('listings_to_sync', {}, { signal: second.signal });
    const opening = assert.rejects(pull.nextPage(), { message: 'enough' });
    await client.submit(order()); // does not wait for the opening
    second.abort(new Error('enough'));
    await opening;
    await pull.close();
    assert.equal(isOver, false);
    assert.deepEqual(await client.holders(), []);
    first.abort();
    await called;
});

test('a signal ends the opening of a pull that waits for a flush elsewhere', async (t) => {
    const hub = await sandbox(t);
    const config = settings(t, hub, { 'state.wait_ms': 600_000 });
    const [client, other] = [await open(t, config), await open(t, config)];
    const [aborting, ending] = [new AbortController(), new AbortController()];
    for await (const page of client.pull('listings_to_sync')) await client.ack(page.receipt, page.records.map(({ id }) => ({ id })));
    await hub.delay(60_000, 0, { path: '/listing' });
    const flushing = assert.rejects(other.flush(-1, { signal: ending.signal }), { name: 'AbortError' });
    await until(async () => (await client.holders()).some((one) => one.in_call), 'the other sends answers');

    const pull = client.pull('listings_to_sync', {}, { signal: aborting.signal });
    const opening = pull.nextPage();
    await client.stats();
    aborting.abort(new Error('enough'));
    await assert.rejects(opening, { message: 'enough' });
    await pull.close();
    assert.deepEqual((await client.holders()).map(({ by }) => by), ['flush']);
    ending.abort();
    await flushing;
});

test('a signal ends the opening of a pull or a round while somebody has the state locked, and no feed is held', async (t) => {
    const config = settings(t, { token: 't', url: 'http://127.0.0.1:1' }, { 'state.wait_ms': 600_000 });
    const client = await open(t, config);
    await client.stats();
    for (const walk of [(signal) => client.pull('orders', {}, { signal }), (signal) => client.openSync({}, { signal })]) {
        const shell = spawn('sqlite3', [path.join(config.state_dir, 'shop.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
        t.after(() => shell.kill());
        shell.stdin.write("BEGIN EXCLUSIVE; SELECT 'locked';\n");
        await once(shell.stdout, 'data');
        const aborting = new AbortController();
        const walking = walk(aborting.signal);
        const looping = (async () => { for await (const one of walking) assert.fail(typeof one); })();
        await new Promise((resolve) => { setTimeout(resolve, 50); }); // for the library to be at the lock; else it is ended before

        aborting.abort(new Error('enough'));
        await assert.rejects(looping, { message: 'enough' });
        assert.equal(getEventListeners(aborting.signal, 'abort').length, 0);
        shell.stdin.end('ROLLBACK;\n');
        await walking.close();
        assert.deepEqual(await client.holders(), []);
    }
});

test('one signal may be given to as many calls as there are: Node warns of none of them', async (t) => {
    const { client } = await slow(t);
    const [warnings, aborting] = [[], new AbortController()];
    const warned = (warning) => warnings.push(warning);
    process.on('warning', warned);
    t.after(() => process.off('warning', warned));
    const { signal } = aborting;
    const kinds = [() => client.probe({ signal }), () => client.call('getListingVariants', {}, { signal }),
        () => client.pull('listings', {}, { signal }).nextPage(), () => client.openSync({ parts: ['sync'] }, { signal }).nextEvent()];

    const calls = Array.from({ length: 100 }, (_, i) => kinds[i % kinds.length]());
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    aborting.abort();
    const ends = await Promise.allSettled(calls);
    assert.deepEqual([...new Set(ends.map(({ reason }) => String(reason)))], [String(signal.reason)]);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    await new Promise(setImmediate);
    assert.deepEqual(warnings, []);
});

test('a signal outlives the calls that it was given to without a trace of them', async (t) => {
    const client = await idle(t);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 20 }, () => client.flush(0, { signal })));
    await client.pull('orders', {}, { signal }).nextPage(0);
    await client.openSync({}, { signal }).nextEvent(0);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
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
