// The types: a shop of the README's kind compiles, and what is planted in it is found. With Debian's tsc, which is 4.8.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as flxchannel from '../lib/index.js';
import { idle, order, scratch } from './rig.mjs';

const TYPES = fileURLToPath(new URL('../types/index', import.meta.url));
const SHOP = readFileSync(new URL('shop.ts', import.meta.url), 'utf8');

/** What tsc says of programs, by their names; all in one run, for it takes seconds. */
function compiled(t, programs) {
    const folder = scratch(t);
    for (const [name, text] of Object.entries(programs)) {
        writeFileSync(path.join(folder, `${name}.ts`), text.replace("'flxchannel'", `'${TYPES}'`));
    }
    const files = Object.keys(programs).map((name) => `${name}.ts`);
    const { stdout, status } = spawnSync('tsc', ['--noEmit', '--strict', '--target', 'es2020', '--module', 'commonjs', ...files],
        { cwd: folder, encoding: 'utf8' });
    assert.notEqual(status, null, 'tsc is not installed');
    const said = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
    for (const line of stdout.split('\n').filter((one) => / error TS/.test(one))) {
        const name = path.basename(line.split('(')[0], '.ts');
        (said[name] ?? assert.fail(line)).push(line);
    }
    return said;
}

const typeFile = (name) => readFileSync(path.join(path.dirname(TYPES), name), 'utf8');

/** The members of an interface. */
function members(text, name) {
    const body = text.split(`interface ${name} {`)[1].split('\n}')[0];
    return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, one]) => one);
}

/* What is written wrong, in place of what. */
const PLANTED = [
    ['state_dir:', 'stateDir:'],
    ["pull('listings_to_sync')", "pull('listing_to_sync')"],
    ['variant.price', 'variant.prize'],
    ['await client.ack(page.receipt, answers)', 'await client.ack(page, answers)'],
    ["price: '19.99'", 'price: true'],
    ['orderNumber:', 'orderNumbr:'],
    ['result.verdict', 'result.verdikt'],
    ["'applied'", "'aplied'"],
    ['report.nextInMs', 'report.next_in_ms'],
    ['event.order.number', 'event.record.number.of'],
    ['budget_ms: 50_000', 'budgetMs: 50_000'],
    ['change: ', 'chnge: '],
    ["error.code === 'FLX_E_CONFLICT'", "error.code === 'FLX_E_CONFLIKT'"],
    ['error.faults[0].path', 'error.faults[0].place'],
    ['shipment.kind', 'shipment.sort'],
    ["'delivery'", "'deliver'"],
    ['await page.commit()', 'await page.comit()'],
    ['page.shipments()', 'page.shipment()'],
    ['signal: ending.signal', 'signl: ending.signal'],
    ['variant.updatedAt?.getTime()', 'variant.updatedAt.getTime()'],
    ['new Date()', 'new Map()'],
    ['await Client.open(', 'new Client('],
];

test('a shop compiles, and each of what is planted in it does not', (t) => {
    const programs = { shop: SHOP };
    PLANTED.forEach(([right, wrong], index) => {
        assert.ok(SHOP.includes(right), right);
        programs[`planted${index}`] = SHOP.replace(right, wrong);
    });

    const said = compiled(t, programs);

    assert.deepEqual(said.shop, []);
    PLANTED.forEach(([, wrong], index) => assert.ok(said[`planted${index}`].length > 0, `${wrong} was not found`));
});

test('whatever is exported has a type, and whatever has a type is exported', () => {
    const text = readdirSync(path.dirname(TYPES)).map(typeFile).join('\n');
    const typed = [...text.matchAll(/^export (?:class|function|const) (\w+)/gm)].map((match) => match[1]);
    assert.deepEqual(Object.keys(flxchannel).filter((name) => name !== 'default' && !typed.includes(name)), []);
    assert.deepEqual(typed.filter((name) => !(name in flxchannel)), []);
});

test('what an order may hold is what the library takes', () => {
    const schema = flxchannel.describe('schema/order').fields;
    const names = (rows) => rows.map((row) => row.name).sort();
    const without = (name, ...extra) => members(typeFile('order.d.ts'), name).filter((one) => !extra.includes(one)).sort();
    const items = schema.find((row) => row.name === 'orderItems').fields;
    assert.deepEqual(without('OrderInput', 'extra'), names(schema));
    assert.deepEqual(without('OrderItemInput', 'extra'), names(items));
    assert.deepEqual(without('AddressInput'), names(schema.find((row) => row.name === 'shippingAddress').fields));
});

test('results have the members that the library gives', async (t) => {
    const fields = (name) => members(typeFile('results.d.ts'), name).sort();
    const client = await idle(t);
    assert.deepEqual(Object.keys(await client.submit(order())).sort(), fields('SubmitReceipt'));
    assert.deepEqual(Object.keys((await client.outbox())[0]).sort(), fields('OutboxOrder'));
    assert.deepEqual(Object.keys(await client.flush(0)).sort(), fields('FlushReport'));
    assert.deepEqual(Object.keys(flxchannel.orderCheck(order())).sort(), fields('OrderReport'));
    await client.discard(['A-1']);
    assert.deepEqual(Object.keys((await client.results(1))[0]).sort(), fields('OutboxOrder'));
    await client.pull('orders').nextPage(0);
    assert.deepEqual(Object.keys((await client.holders())[0]).sort(), fields('Holder'));
});
