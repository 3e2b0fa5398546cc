// What a block of JavaScript takes for granted: a shop, its order, and where the hub is. Preloaded with --import.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const { Client } = createRequire(path.join(process.cwd(), 'block.mjs'))('flxchannel');

const opened = [];
const open = Client.open;
Client.open = async ({ state_dir: given, ...config }, options) => {
    assert.ok(path.isAbsolute(given), given);
    const here = { ...config, state_dir: process.env.FLX_STATE_DIR, origin: process.env.FLX_URL };
    const client = await open.call(Client, here, options);
    opened.push(client);
    return client;
};

// The block opened a client, and closed it.
process.on('exit', () => {
    if (opened.length !== 1 || !opened[0].closed) {
        console.error(`${opened.length} clients were opened, and all closed: ${opened.every((client) => client.closed)}`);
        process.exitCode = 1;
    }
});

const exact = (price) => assert.ok(!price || Number.isInteger(price) || typeof price === 'string', price);

Object.assign(globalThis, {
    token: process.env.FLX_TOKEN,
    order: {
        orderNumber: 'A-1001',
        orderedAt: '2026-01-31T12:00:00Z',
        shippingText: 'Standard',
        shippingAddress: {
            name: 'Ada Example', addressLine1: '1 Test Street', city: 'Springfield', postal: '62701', stateCode: 'IL',
            countryCode: 'US',
        },
        orderItems: [{ sku: process.env.FLX_SKU, quantity: 1, price: '19.99' }],
    },
    shop: {
        makePage: (event) => ({ externalId: `page-${event.id}` }),
        setPriceAndStock: (event) => exact(event.record.price),
        hideOrList: async (event) => assert.ok(event.to) ?? true,
        takeDown: (event) => assert.ok(event.id),
        noteOrder: (event) => assert.equal(event.order.verdict, 'applied'),
        setStatus: (event) => assert.ok(event.record),
        tellBuyer: (parcel) => assert.ok(parcel.record),
    },
    store: async (variants) => variants.map(({ id, changeTo }) => (changeTo === null ? { id } : { id, confirm: changeTo.handle })),
    remember: async (...result) => assert.deepEqual(result, ['A-1001', 'applied']),
});
