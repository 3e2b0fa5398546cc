// Orders and answers out: durable at once, sent by a flush, each with a verdict.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as flxchannel from '../lib/index.js';
import { idle, open, order, sandbox, settings } from './rig.mjs';

const { NotFoundError, OperationError, UseError } = flxchannel;
const { Turns } = createRequire(import.meta.url)('../lib/turns.js');

async function channel(t, ...options) {
    const hub = await sandbox(t, ...options);
    return { hub, client: await open(t, settings(t, hub)) };
}

test('an order takes effect once and is told until it is settled', async (t) => {
    const { hub, client } = await channel(t);
    await client.submit(order());
    assert.equal((await client.submit(order())).new, false);

    const report = await client.flush(20_000);

    assert.deepEqual([report.outcome, report.applied, report.nextInMs], ['done', 1, null]);
    assert.deepEqual(await hub.orderNumbers(), ['A-1']);
    const [result] = await client.results(10);
    assert.deepEqual([result.number, result.verdict], ['A-1', 'applied']);
    assert.equal((await client.history('A-1')).events.at(-1).verdict, 'applied');
    assert.equal((await client.orderStatus('A-1')).orders()[0].orderNumber, 'A-1');
    await client.settle(['A-1']);
    assert.deepEqual(await client.results(10), []);
    assert.deepEqual(await client.purge({ numbers: ['A-1'] }), { purged: 1 });
});

test('an order whose answer was cut is looked up and not doubled', async (t) => {
    const { hub, client } = await channel(t);
    await hub.post('cut', { order_number: 'A-2', when: 'after', times: 1 });
    await client.submit(order('A-2'));

    const report = await client.flush(30_000);

    assert.equal(report.applied, 1);
    assert.deepEqual(await hub.orderNumbers(), ['A-2']);
});

test('refused orders can be sent again, queued ones given up, unknown ones are errors', async (t) => {
    const { hub, client } = await channel(t);
    await hub.post('refuse', { order_number: 'A-3', times: 1 });
    await client.submit(order('A-3'));
    await client.flush(20_000);
    assert.equal((await client.outbox({ verdict: 'refused' }))[0].number, 'A-3');

    await client.retry(['A-3']);
    await client.submit(order('A-4'));
    await client.discard(new Set(['A-4']));
    await client.flush(20_000);

    assert.deepEqual(await hub.orderNumbers(), ['A-3']);
    assert.equal((await client.cancelOrder('A-3')).outcome, 'canceled');
    await assert.rejects(client.settle(['A-9']), NotFoundError);
    await assert.rejects(client.history('A-9'), NotFoundError);
    await assert.rejects(client.discard(['A-3']), UseError);
});

test('numbers that are one text are refused before they become letters', async (t) => {
    const client = await idle(t);
    for (const given of ['A-1', null, undefined, 7]) await assert.rejects(client.settle(given), TypeError);
});

test('answers leave the queue, and each has its verdict', async (t) => {
    const { hub, client } = await channel(t);
    for await (const page of client.pull('listings_to_sync')) {
        await client.ack(page.receipt, page.variants().map(({ id, changeTo }) => (
            changeTo === null ? { id } : { id, confirm: changeTo.handle })));
    }

    const report = await client.flush(20_000);

    assert.ok(report.answersSent > 0);
    assert.deepEqual(await hub.get('listings?waiting=sync'), []);
    const results = await client.ackResults(0, 1000);
    assert.ok(results.length > 0 && results.every((one) => ['applied', 'held'].includes(one.verdict)));
    assert.deepEqual(await client.ackResults(results.at(-1).seq, 10), []);
});

test('an answer with faults is refused with all of them, and nothing is stored', async (t) => {
    const { client } = await channel(t);
    const page = await client.pull('listings_to_sync').nextPage();
    const answers = page.records.map(({ id }) => ({ id, confrm: 'hidden' }));

    await assert.rejects(client.ack(page.receipt, answers), (error) =>
        error instanceof flxchannel.AnswerError && error.faults.length === page.length);
    await assert.rejects(client.ack('no receipt', []), flxchannel.ReceiptError);
    await assert.rejects(client.ack(page.receipt, 'all'), TypeError);
});

test('every other operation is called by its id', async (t) => {
    const { client } = await channel(t);
    const { status, body } = await client.call('getListingVariants', { pageSize: 2 }, { waitMs: 20_000 });
    assert.deepEqual([status, body.length], [200, 2]);
    assert.match(String(body[0].price), /^\d+(\.\d+)?$/);
    assert.notEqual(typeof body.find((one) => /\./.test(String(one.price)))?.price, 'number');
    await assert.rejects(client.call('getListings'), OperationError);
    await assert.rejects(client.call('getListingVariants', { pagesize: 2 }), OperationError);
});

test('a preview shows what would be sent, and the token in none of it', async (t) => {
    const client = await idle(t, { token: 'very-secret-token' });
    await client.submit(order('P-1'));
    const [shown] = await client.preview();
    assert.deepEqual([shown.operation, shown.order], ['createOrder', 'P-1']);
    assert.doesNotMatch(JSON.stringify(shown), /very-secret/);
    assert.equal((await client.preview('updateOrderStatus', { id: '5', status: 'Open' }))[0].method, 'PATCH');
});

test('a listing is shown as it was seen last', async (t) => {
    const hub = await sandbox(t);
    const client = await open(t, settings(t, hub, { snapshots: { keep_days: 3 } }));
    const [first] = (await client.pull('listings').nextPage()).variants();
    const seen = await client.snapshot({ id: BigInt(first.id) });
    assert.deepEqual([seen.sku, (await client.snapshot({ sku: first.sku })).id], [first.sku, first.id]);
    await assert.rejects(client.snapshot({ sku: 'NO-SUCH' }), NotFoundError);
});

test('a flush goes on with what has its time within its budget, and asks on for a slot beyond it', () => {
    for (const [waitsFor, due, rest] of [['', -1, null], ['time', 0, 1], ['time', 300, 300], ['time', 60_000, null],
        ['throttled', 60_000, null], ['hub', 25, 25], ['rate_limit', 300, 1], ['rate_limit', 60_000, 1]]) {
        const flushed = { waits_for: waitsFor, next_in_ms: due };
        assert.equal(new Turns(5000, []).restAfter(flushed), rest, `${waitsFor}, ${due} ms`);
        assert.equal(new Turns(0, []).restAfter(flushed), null);
    }
});
