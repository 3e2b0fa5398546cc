// What goes out as JSON and what comes in: no number loses a digit on the way.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { ListingVariant, Order, OrderError, Utf8Error, orderCheck } from '../lib/index.js';
import { idle, order } from './rig.mjs';

const { encode } = createRequire(import.meta.url)('../lib/json.js');
const text = (value) => encode(value).toString();

test('what has an exact form is written as it is', () => {
    assert.equal(text({ a: [1, '2', 3n, true, null, undefined], b: new Date(0) }),
        '{"a":[1,"2",3,true,null,null],"b":"1970-01-01T00:00:00.000Z"}');
    assert.equal(text({ id: 12345678901234567890n }), '{"id":12345678901234567890}');
    assert.equal(text({ price: { toJSON: () => '19.99' } }), '{"price":"19.99"}');
    assert.equal(text(Object.assign(Object.create(null), runInNewContext('({ a: {} })'))), '{"a":{}}');
    assert.equal(text('{"as":"it is"}'), '{"as":"it is"}');
    assert.equal(text(new TextEncoder().encode('[1]')), '[1]');
});

test('a float, and whatever has no form in JSON, is refused with its path', () => {
    for (const [value, place] of [[{ orderItems: [{ price: 19.99 }] }, '/orderItems/0/price'], [{ a: NaN }, '/a'],
        [{ a: 2 ** 53 }, '/a'], [{ a: [Infinity] }, '/a/0'], [{ a: () => 1 }, '/a'], [{ a: Symbol('s') }, '/a'],
        [{ a: [new Map([[1, 2]])] }, '/a/0'], [{ a: new Set() }, '/a'], [{ a: new Error('e') }, '/a'],
        [{ a: new (class Row {})() }, '/a'], [{ a: new Uint8Array(1) }, '/a']]) {
        assert.throws(() => text(value), (error) => error instanceof TypeError && error.message.startsWith(`${place}: `), place);
    }
});

test('an object that refers to itself is an error and no end of the stack', () => {
    const ring = { name: 'ring' };
    ring.self = ring;
    assert.throws(() => text(ring), TypeError);
});

test('half a surrogate pair is named by the library', async (t) => {
    const client = await idle(t);
    await assert.rejects(client.submit(order('A-\ud800')), Utf8Error);
    await assert.rejects(client.history('\udc00'), Utf8Error);
    assert.throws(() => orderCheck(order('A-\ud800 b')), Utf8Error);
    await client.submit(order('A-\u{1f600}'));
    assert.equal((await client.outbox())[0].number, 'A-\u{1f600}');
});

test('an order with money as a float is refused, with faults it is refused with all of them', async (t) => {
    const client = await idle(t);
    await assert.rejects(client.submit(order('A-1', { orderTotal: 19.99 })), /\/orderTotal: 19.99 has no exact form/);
    await assert.rejects(client.submit(order('A-1', { orderTotal: '19,99', orderItems: [] })), (error) =>
        error instanceof OrderError && error.faults.length === 2);
    assert.deepEqual(await client.outbox(), []);
});

test('faults of an order are told without a client', () => {
    const report = orderCheck(order('A-1', { orderItems: [{ sku: 'x', quantity: '1.5' }] }));
    assert.deepEqual([report.ok, report.faults[0].path], [false, '/orderItems/0/quantity']);
    assert.equal(orderCheck(order()).ok, true);
});

test('typed records have text for ids and money, dates for instants, null for what is missing', () => {
    const variant = ListingVariant.of({
        id: '9007199254740993', sku: 'TEE', price: '19.90', cost: 5, msrp: ' 1', map: true, quantity: 3, archived: 'no',
        updatedAt: '2026-01-31T12:00:00.5+01:30', insertedAt: '2026-02-31T12:00:00Z', changeToListingStatus: 'hidden',
        images: [{ id: 1, url: 'https://shop.example/a.png' }, 'no image'], tags: ['a', 1],
        weightUnit: { id: 3, handle: 'pound' }, parent: { id: 8, variants: [{ id: 9 }] },
    });

    assert.equal(variant.id, '9007199254740993');
    assert.deepEqual([variant.price, variant.cost, variant.msrp, variant.map], ['19.90', '5', null, null]);
    assert.deepEqual([variant.quantity, variant.archived], [3, null]);
    assert.equal(variant.updatedAt.toISOString(), '2026-01-31T10:30:00.500Z');
    assert.equal(variant.insertedAt, null);
    assert.equal(variant.changeTo.handle, 'hidden');
    assert.deepEqual(variant.images.map((image) => image.id), ['1']);
    assert.deepEqual(variant.tags, ['a']);
    assert.equal(variant.weightUnit.handle, 'pound');
    assert.equal(variant.parent.variants[0].id, '9');
    assert.equal(variant.record.sku, 'TEE');
    assert.throws(() => { 'use strict'; variant.price = '0'; }, TypeError);
});

test('what is not an object gives a record of nulls', () => {
    assert.equal(Order.of({ id: 1, shippingAddress: [], orderItems: {} }).shippingAddress, null);
    assert.deepEqual(Order.of({ id: 1 }).items, []);
});
