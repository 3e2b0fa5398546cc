// Walks over feeds: pages, records, receipts, commits, and that a feed is let go however a loop is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as flxchannel from '../lib/index.js';
import { gc, idle, open, order, sandbox, settings, until } from './rig.mjs';

const { ClientBusyError, ClosedError, NotFoundError, UseError } = flxchannel;

async function channel(t, ...options) {
    const hub = await sandbox(t, ...options);
    return { hub, client: await open(t, settings(t, hub)) };
}

/** Whether nobody holds a feed. */
async function isFree(client) {
    return (await client.holders()).length === 0;
}

test('every feed is an async iterable that ends at its proven end', async (t) => {
    const { client } = await channel(t, '--seed', 'variants=60');
    const kinds = {
        listings_to_publish: 'parents', listings_to_sync: 'variants', listings: 'variants', orders: 'orders',
        shipments: 'shipments', returns: 'returns',
    };
    for (const [feed, kind] of Object.entries(kinds)) {
        const pull = client.pull(feed);
        const ids = [];
        for await (const page of pull) {
            assert.equal(page.feed, feed);
            assert.equal(page.length, page.records.length);
            ids.push(...page[kind]().map((record) => record.id));
        }
        assert.equal(pull.isDone, true, feed);
        assert.equal(pull.closed, true, feed);
        assert.ok(ids.length > 0, feed);
        assert.equal(new Set(ids).size, ids.length, feed);
        assert.ok(ids.every((id) => typeof id === 'string'), feed);
    }
    assert.ok(await isFree(client));
});

test('the library\'s own findings stand in typed shipments', async (t) => {
    const { client } = await channel(t, '--seed', 'variants=60');
    const seen = [];
    for await (const page of client.pull('shipments')) seen.push(...page.shipments());

    assert.deepEqual([...new Set(seen.map((one) => one.kind))].sort(), ['cross_dock', 'delivery', 'return', 'suppressed']);
    assert.ok(seen.some((one) => one.orderNumber === 'OLD-1001'));
});

test('numbers that a double would change come as text, in records and in typed views', async (t) => {
    const { hub, client } = await channel(t);
    await hub.post('faults', { do: 'mutate', path: '/listing/variants', times: 0,
        set: { '[0].id': '9007199254740993', '[0].price': '19.900', '[0].quantity': '9007199254740992' } });

    const page = await client.pull('listings').nextPage();

    const index = page.records.findIndex((one) => one.id === '9007199254740993');
    assert.deepEqual([page.records[index].price, page.records[index].quantity], ['19.900', '9007199254740992']);
    const variant = page.variants()[index];
    assert.deepEqual([variant.id, variant.price, variant.quantity], ['9007199254740993', '19.900', null]);
    assert.equal(page.get(index, '/price'), '19.900');
    assert.ok(page.json.includes('"id":9007199254740993'), 'the json is in the bytes of the hub');
    assert.ok(page.json.includes(page.recordJson(index)));
});

test('a record that cannot be read is in quarantine', async (t) => {
    const { hub, client } = await channel(t);
    await hub.post('faults', { do: 'mutate', path: '/listing/variants', set: { '[0].price': '"19,99"' }, times: 0 });

    const page = await client.pull('listings').nextPage();

    assert.equal(page.quarantine[0].path, '/price');
});

test('a loop that is left half way lets go of its feed', async (t) => {
    const { client } = await channel(t);
    for await (const page of client.pull('listings', { page_size: 2 })) {
        assert.equal((await client.holders())[0].feed, 'listings', String(page.length));
        break;
    }
    assert.ok(await isFree(client));
});

test('an exception of the host inside a loop passes, and lets go of the feed', async (t) => {
    const { client } = await channel(t);
    const walk = async () => {
        for await (const page of client.pull('listings')) throw new Error(`no room for ${page.length}`);
    };
    await assert.rejects(walk(), /no room for/);
    assert.ok(await isFree(client));
});

test('an iterator that is driven by hand lets go when it returns or throws', async (t) => {
    const { client } = await channel(t);
    for (const end of ['return', 'throw']) {
        const walk = client.pull('listings', { page_size: 2 })[Symbol.asyncIterator]();
        await walk.next();
        await walk[end](new Error('enough')).catch(() => {});
        assert.ok(await isFree(client), end);
        assert.equal((await walk.next()).done, true);
    }
});

test('a pull that is forgotten lets go of its feed', async (t) => {
    const { client } = await channel(t);
    await (async () => {
        const walk = client.pull('listings', { page_size: 2 })[Symbol.asyncIterator]();
        await walk.next();
        await client.pull('orders').nextPage();
    })();
    assert.equal((await client.holders()).length, 2);

    await until(async () => (gc(), isFree(client)), 'the garbage collector closes it');
});

test('a feed that is in use names who has it, and is free when that one ends', async (t) => {
    const { client } = await channel(t);
    const first = client.pull('listings_to_sync');
    await first.nextPage();

    const second = client.pull('listings_to_sync');
    await assert.rejects(second.nextPage(), (error) =>
        error instanceof ClientBusyError && error.message.includes(String(process.pid)));
    await first.close();
    assert.ok((await second.nextPage()).length > 0);
});

test('pages() ends with its time and the feed is free; nextPage(0) does not wait', async (t) => {
    const { hub, client } = await channel(t);
    await hub.delay(8000, 1, { path: '/listing/variants' });

    const pull = client.pull('listings');
    assert.equal(await pull.nextPage(0), null);
    for await (const page of pull.pages(300)) assert.fail(`a page of ${page.length}`);

    assert.deepEqual([pull.isDone, pull.closed], [false, true]);
    assert.ok(await isFree(client));
});

test('closing a pull ends what waits for its page', async (t) => {
    const client = await idle(t);
    const pull = client.pull('orders');
    const waiting = assert.rejects(pull.nextPage(), ClosedError);
    await until(async () => !(await isFree(client)), 'the pull is opened');

    await pull.close();
    await waiting;
    await pull.close();
    await assert.rejects(pull.nextPage(), ClosedError);
    assert.ok(await isFree(client));
});

test('other calls have their turn while a pull waits', async (t) => {
    const client = await idle(t);
    const ending = new AbortController();
    const waiting = client.pull('orders', {}, { signal: ending.signal }).nextPage();
    const turns = [];
    for (let i = 0; i < 3; i++) {
        await client.submit(order(`A-${i}`));
        turns.push((await client.flush(0)).outcome);
    }

    assert.equal(turns.length, 3);
    ending.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
});

test('an order is stored while a pull is inside one long wait', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub, { 'http.wait_ms': 5000 }));
    await hub.delay(60_000, 0, { path: '/listing' });
    let isOver = false;
    const waiting = client.pull('listings').nextPage(-1).finally(() => { isOver = true; });
    await until(async () => (await client.holders()).some((one) => one.in_call), 'the pull waits');

    await client.submit(order());
    assert.equal((await client.outbox()).length, 1);
    assert.equal(isOver, false);
    const ended = assert.rejects(waiting, ClosedError);
    await client.close();
    await ended;
});

test('committed pages of a cursor feed do not come again', async (t) => {
    const { client } = await channel(t, '--seed', 'variants=60');
    for await (const page of client.pull('orders')) {
        await page.commit();
        await page.commit();
    }
    for await (const page of client.pull('orders')) assert.fail(`${page.length} orders again`);
    assert.equal((await client.cursors())[0].feed, 'orders');

    await client.setCursor('orders', '');
    const again = await client.pull('orders').nextPage();
    assert.ok(again.length > 0);
});

test('what cannot be committed is an error', async (t) => {
    const { client } = await channel(t);
    const queue = client.pull('listings_to_sync');
    const page = await queue.nextPage();
    await assert.rejects(page.commit(), UseError);
    await assert.rejects(queue.commit({}), TypeError);
    await assert.rejects(queue.commit(undefined), TypeError);
    const listings = client.pull('listings');
    await listings.nextPage();
    await assert.rejects(listings.commit(page), flxchannel.HandleError);
    await queue.close();
    await assert.rejects(page.commit(), ClosedError);
});

test('a page outlives its pull and its client; a closed one is an error', async (t) => {
    const { client } = await channel(t);
    const page = await client.pull('listings_to_sync').nextPage();
    await client.close();

    assert.ok(page.variants().length > 0);
    assert.throws(() => page.get(0, '/nothing'), NotFoundError);
    assert.throws(() => page.get(page.length, '/id'), flxchannel.ArgumentError);
    assert.throws(() => page.get(-1, '/id'), RangeError);
    assert.throws(() => page.shipments(), flxchannel.UseError);
    page.close();
    page.close();
    assert.throws(() => page.json, ClosedError);
    assert.throws(() => page.records, ClosedError);
});

test('a feed, a filter and a wait that are none are refused', async (t) => {
    const client = await idle(t);
    for (const feed of ['listing_to_sync', 3, undefined, 'toString']) {
        assert.throws(() => client.pull(feed), flxchannel.ArgumentError);
    }
    await assert.rejects(client.pull('orders', { include: true }).nextPage(0), flxchannel.OperationError);
    const pull = client.pull('orders');
    for (const wait of [1.5, '1', null, NaN]) await assert.rejects(pull.nextPage(wait), TypeError);
    await assert.rejects(pull.nextPage(2 ** 40), RangeError);
    assert.ok(await isFree(client));
});
