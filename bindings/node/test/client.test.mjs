// Opening, asking, closing a client; what the library says of itself; errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as flxchannel from '../lib/index.js';
import { idle, open, order, sandbox, settings, until } from './rig.mjs';

const { Client, ClosedError, ConfigError, ConflictError, FlxError, LocalError, UseError } = flxchannel;

test('the library tells its version and its tables', () => {
    assert.match(flxchannel.version(), /^\d+\.\d+\.\d+$/);
    for (const topic of flxchannel.describe('topics')) assert.ok(flxchannel.describe(topic), topic);
    assert.throws(() => flxchannel.describe('cofig'), flxchannel.ArgumentError);
});

test('every code of the library has a class, with the band above it', () => {
    for (const { code, name, class: band } of flxchannel.describe('errors').filter((row) => row.code < 0)) {
        const number = Math.trunc(-code / 100);
        const bands = [null, UseError, LocalError, flxchannel.TransportError, flxchannel.HubError, flxchannel.InternalError];
        const above = bands[number];
        assert.ok(above, `${name} of ${band}`);
    }
    const classes = Object.values(flxchannel).filter((one) => one.prototype instanceof FlxError);
    assert.equal(classes.length, 34);
});

test('a client probes the hub and tells its statistics', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub));

    assert.equal((await client.probe()).token, 'accepted');
    assert.equal((await client.stats()).origin, hub.url);
    assert.deepEqual(await client.holders(), []);
    assert.deepEqual(await client.cursors(), []);
    await client.relearn('clock', 'hold');
    await client.relearn();
});

test('settings with a fault are refused with every path, and the token is in no word of it', async (t) => {
    const wrong = settings(t, { token: 'secret\nsecret', url: 'http://127.0.0.1:1' }, { chanel: 'x' });

    const error = await Client.open(wrong).catch((thrown) => thrown);

    assert.ok(error instanceof ConfigError && error instanceof UseError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.status], ['ConfigError', 'FLX_E_CONFIG', -105]);
    assert.deepEqual(error.faults.map((fault) => fault.path), ['chanel', 'token']);
    assert.match(error.message, /did you mean "channel"/);
    assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /secret/);
});

test('a setting that is undefined is refused, never its default', async (t) => {
    const forgotten = settings(t, { token: 't', url: undefined });
    await assert.rejects(Client.open(forgotten), (error) => error instanceof ConfigError && error.path === 'origin');
});

test('a client shows nothing of its token', async (t) => {
    const client = await idle(t, { token: 'very-secret-token' });
    assert.doesNotMatch(inspect(client, { showHidden: true, depth: 9 }), /very-secret/);
    assert.equal(JSON.stringify(client), '{}');
});

test('a new token takes effect', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub, { token: 'wrong' }));

    assert.equal((await client.probe()).token, 'refused');
    await client.setToken(hub.token);
    assert.equal((await client.probe()).token, 'accepted');
    await assert.rejects(client.setToken('two\nlines'), flxchannel.ArgumentError);
});

test('a closed client throws, whatever is asked, and closing it again does nothing', async (t) => {
    const client = await idle(t);
    const pull = client.pull('orders');
    const round = client.openSync();
    await client.close();
    await client.close();

    assert.equal(client.closed, true);
    const calls = [client.stats(), client.submit(order()), client.flush(0), client.probe(), pull.nextPage(0), round.nextEvent(0)];
    for (const late of calls) {
        await assert.rejects(late, (error) => error instanceof ClosedError && error.code === 'FLX_E_HANDLE');
    }
    await pull.close();
    await round.close();
});

test('what only touches the state and was begun is done before the client closes', async (t) => {
    const config = settings(t, { token: 't', url: 'http://127.0.0.1:1' });
    const client = await Client.open(config);

    const submitted = client.submit(order('A-7'));
    await client.close();

    assert.equal((await submitted).state, 'queued');
    assert.equal((await (await open(t, config)).outbox())[0].number, 'A-7');
});

test('what waits for the hub ends when the client closes', async (t) => {
    const client = await idle(t);
    const waiting = client.pull('orders').nextPage();
    const flushing = (await client.submit(order()), client.flush(60_000));

    const ends = Promise.all([assert.rejects(waiting, ClosedError), assert.rejects(flushing, ClosedError)]);
    await client.close();
    await ends;
});

test('a client that is made by hand is refused', () => {
    assert.throws(() => new Client(), TypeError);
});

test('log records come as objects, or are kept', async (t) => {
    const seen = [];
    const client = await idle(t, {}, { onLog: (record) => seen.push(record) });
    await client.submit(order());
    assert.deepEqual(seen.map((record) => record.event), ['client.opened', 'order.queued']);
    assert.deepEqual(await client.logs(), []);

    const keeping = await idle(t);
    assert.deepEqual((await keeping.logs()).map((record) => record.event), ['client.opened']);
});

test('a log function that throws, and one that calls the client, do no harm', async (t) => {
    const warnings = [];
    const listen = (warning) => warnings.push(warning);
    process.on('warning', listen);
    t.after(() => process.off('warning', listen));
    const recursive = [];
    let client;
    const opened = await idle(t, { 'log.level': 'debug' }, {
        onLog: (record) => {
            if (client !== undefined && recursive.length < 20) recursive.push(client.submit(order(`R-${recursive.length}`)));
            throw new Error(`the shop's log is full at ${record.event}`);
        },
    });
    client = opened;

    await client.submit(order());
    await until(() => recursive.length === 20, 'the log function calls the client');
    await Promise.all(recursive);

    assert.equal((await client.outbox()).length, 21);
    assert.ok(warnings.some((warning) => warning.name === 'FlxWarning' && warning.message.includes('log is full at order.queued')));
});

test('a log function whose promise is rejected does no harm', async (t) => {
    const warned = new Promise((resolve) => { process.once('warning', resolve); });
    const client = await idle(t, {}, { onLog: async () => { throw new Error('the log is away'); } });
    await client.submit(order());
    assert.match((await warned).message, /^the log function failed: Error: the log is away/);
});

test('an order of other content under a number that is taken tells what differs', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub));
    await client.submit(order());
    await client.flush(20_000);

    await assert.rejects(client.submit(order('A-1', { note: 'another' })),
        (error) => error instanceof ConflictError && error.faults.some((fault) => fault.path === '/note'));
});
