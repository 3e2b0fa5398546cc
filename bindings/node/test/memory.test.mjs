// Memory: flat over many pages, and given back in whatever order objects are forgotten.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Client, describe } from '../lib/index.js';
import { gc, open, order, sandbox, settings, until } from './rig.mjs';

const FAST = ['--set', 'pool.size=10000', '--set', 'pool.refill=1000'];

const threads = () => readdirSync('/proc/self/task').length;

/** How much the process grew over so many walks of one large page each, in MB. */
async function growth(client, walks, use) {
    const walk = async (count) => {
        for (let i = 0; i < count; i++) {
            for await (const page of client.pull('listings_to_sync', { page_size: 1000 })) use(page);
            if (i % 10 === 0) gc();
        }
        gc();
        return process.memoryUsage().rss;
    };
    const before = await walk(60);
    return (await walk(walks) - before) / 2 ** 20;
}

test('the process does not grow with the pages it reads, and would if they stayed', async (t) => {
    const hub = await sandbox(t, '--seed', 'variants=500', ...FAST);
    const client = await open(t, settings(t, hub, { 'log.level': 'error' }));
    const kept = [];

    const flat = await growth(client, 120, (page) => page.get(0, '/id'));
    const grown = await growth(client, 120, (page) => kept.push(page));

    assert.ok(kept.length >= 120);
    assert.ok(flat < 30, `it grew by ${flat.toFixed(1)} MB`);
    assert.ok(grown > 45, `120 pages that stay are seen as ${grown.toFixed(1)} MB only`);
});

test('calls and errors leave nothing behind', async (t) => {
    const hub = await sandbox(t, ...FAST);
    const client = await open(t, settings(t, hub, { 'log.level': 'error' }), { onLog: () => {} });
    await client.submit(order('A-1'));
    const bad = order('A-2', { orderItems: Array(100).fill({ sku: 'x', quantity: 'none' }) });
    const wrong = 'no topic '.repeat(200);
    const work = async (count) => {
        for (let i = 0; i < count; i++) {
            await client.stats();
            await client.preview();
            await client.submit(order('A-1'));
            await client.history('A-9').catch(() => {});
            await client.submit(bad).catch(({ faults }) => assert.equal(faults.length, 100));
            assert.throws(() => describe(wrong));
        }
        gc();
        return process.memoryUsage().rss;
    };

    const before = await work(300);
    const grown = (await work(1500) - before) / 2 ** 20;
    assert.ok(grown < 12, `it grew by ${grown.toFixed(1)} MB`);
});

test('what is forgotten in any order ends by itself: threads, feeds, memory', async (t) => {
    const hub = await sandbox(t, ...FAST);
    const before = threads();
    const sequences = [['client', 'pull', 'page', 'round'], ['page', 'pull', 'client', 'round'], ['round', 'page', 'client'], []];
    for (const sequence of sequences) {
        const config = settings(t, hub);
        const held = { client: await Client.open(config, { onLog: () => held } ) };
        held.pull = held.client.pull('listings', { page_size: 2 });
        held.page = await held.pull.nextPage();
        held.round = held.client.openSync({ parts: ['sync'] });
        await held.round.nextEvent();
        for (const name of sequence) {
            held[name] = null;
            gc();
            await new Promise((resolve) => { setImmediate(resolve); });
        }
        Object.assign(held, { client: null, pull: null, page: null, round: null });
        await until(() => (gc(), threads() === before), `the threads of ${sequence} end`);
        const watching = await open(t, config);
        assert.deepEqual(await watching.holders(), []);
        await watching.close();
    }
});

test('a client that is opened in vain leaves no thread', async (t) => {
    const hub = await sandbox(t);
    const before = threads();
    for (let i = 0; i < 20; i++) {
        await assert.rejects(Client.open(settings(t, hub, { token: '\n' })));
        await assert.rejects(Client.open('no json'));
    }
    assert.equal(threads(), before);
});
