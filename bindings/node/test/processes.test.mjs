// Worker threads, cluster, forks, and how a process ends: by itself, and never by a signal.
import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { BINDING, open, run, sandbox, scratch, settings, until } from './rig.mjs';

const SHOP = fileURLToPath(new URL('shop.mjs', import.meta.url));
const FAST = ['--set', 'pool.size=10000', '--set', 'pool.refill=1000'];

test('workers share a channel: every order takes effect once', async (t) => {
    const hub = await sandbox(t, ...FAST);
    const config = settings(t, hub);
    const workers = ['W1', 'W2', 'W3'].map((name) => new Worker(SHOP, { workerData: { config, name, count: 5, does: 'orders' } }));

    const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));

    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal((await hub.get('totals')).order_posts, 15);
    assert.equal(new Set(await hub.orderNumbers()).size, 15);
});

test('processes of a cluster do so as well', async (t) => {
    const hub = await sandbox(t, ...FAST);
    const config = settings(t, hub);
    cluster.setupPrimary({ exec: SHOP, execArgv: [] });
    const workers = ['C1', 'C2'].map((name) => cluster.fork({ TASK: JSON.stringify({ config, name, count: 5, does: 'orders' }) }));
    for (const worker of workers) worker.on('message', () => worker.disconnect());

    const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));

    assert.deepEqual(codes, [0, 0]);
    assert.equal((await hub.get('totals')).order_posts, 10);
    assert.equal(new Set(await hub.orderNumbers()).size, 10);
});

for (const [does, code] of [['dies between pages', 1], ['dies', 1], ['throws', 1], ['leaves', 7]]) {
    test(`a worker that ${does} inside a pull takes nothing with it`, async (t) => {
        const hub = await sandbox(t);
        await hub.delay(60_000, 0, { path: '/orders' });
        if (does !== 'dies between pages') await hub.delay(60_000, 0, { path: '/listing' });
        const config = settings(t, hub);
        const client = await open(t, config);
        const worker = new Worker(SHOP, { workerData: { config, name: 'W', does } });
        worker.on('error', () => {});
        const ended = new Promise((resolve) => { worker.on('exit', resolve); });
        await once(worker, 'message');
        await until(async () => (await client.holders()).some((one) => one.feed === 'orders'), 'the worker has its feeds');

        if (does.startsWith('dies')) await worker.terminate();
        assert.equal(await ended, code);
        assert.deepEqual(await client.holders(), []);
        assert.equal(await client.pull('listings').nextPage(0), null);
    });
}

const OPEN = `
    import { Client } from ${JSON.stringify(BINDING)};
    const client = await Client.open(JSON.parse(process.env.CONFIG));
    process.on('unhandledRejection', (error) => { console.error('unhandled', error); process.exit(9); });
`;

test('a process ends by itself, with its clients closed or open', async (t) => {
    const hub = await sandbox(t);
    const left = 'await client.pull("listings").nextPage();';
    const ends = ['await client.close();', '', 'client.pull("orders");', 'client.close();', left];
    for (const end of ends) {
        const env = { CONFIG: JSON.stringify(settings(t, hub)) };
        const { code, signal, err } = await run(`${OPEN}; await client.stats(); ${end}`, { env });
        assert.deepEqual([code, signal, err], [0, null, ''], end);
    }
});

test('no thread is inside the library any more when a process ends', async (t) => {
    const hub = await sandbox(t);
    await hub.delay(60_000, 0, { path: '/listing' });
    const { code, out } = await run(`import { readdirSync } from 'node:fs';
        const threads = () => readdirSync('/proc/self/task').length;
        const before = threads();
        ${OPEN}
        const waiting = client.probe();
        setTimeout(() => {
            console.log(threads() - before);
            process.on('exit', () => console.log(threads() - before));
            process.exit(3);
        }, 500);
        await waiting;`, { env: { CONFIG: JSON.stringify(settings(t, hub)) } });
    assert.deepEqual([code, out.split('\n')], [3, ['2', '0']]);
});

test('a process that leaves while calls are under way ends as it says', async (t) => {
    const hub = await sandbox(t);
    await hub.delay(60_000, 0, { path: '/listing' });
    const programs = {
        'setTimeout(() => process.exit(3), 300); await client.probe();': 3,
        'setTimeout(() => { throw new Error("x"); }, 300); for await (const page of client.pull("listings")) page.close();': 1,
        'client.flush(0); client.stats(); process.exit(4);': 4,
        'process.on("exit", () => { client.stats().catch(() => {}); }); process.exit(5);': 5,
    };
    for (const [program, wanted] of Object.entries(programs)) {
        const { code, signal, err } = await run(`${OPEN}; ${program}`, { env: { CONFIG: JSON.stringify(settings(t, hub)) } });
        assert.deepEqual([code, signal], [wanted, null], `${program}: ${err}`);
    }
});

test('what another addon forks disturbs nobody, and holds no feed that was let go', async (t) => {
    const addon = path.join(scratch(t), 'fork.node');
    const headers = path.resolve(process.execPath, '../../include/node');
    execFileSync('cc', ['-shared', '-fPIC', `-I${headers}`, '-o', addon, fileURLToPath(new URL('fork.c', import.meta.url))]);
    const fork = createRequire(import.meta.url)(addon);
    const hub = await sandbox(t, '--seed', 'variants=60', ...FAST);
    const client = await open(t, settings(t, hub));
    const children = [];
    t.after(() => children.forEach((child) => process.kill(child, 'SIGKILL')));

    const flushing = client.flush(2000);
    for await (const page of client.pull('orders', { page_size: 2 })) {
        children.push(fork());
        await page.commit();
    }

    assert.ok(children.length > 0);
    assert.equal((await flushing).outcome, 'done');
    assert.equal(await client.pull('orders').nextPage(), null);
});
