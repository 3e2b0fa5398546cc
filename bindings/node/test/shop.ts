// A shop in TypeScript, for the test of the types: everything that a plugin touches, once.
import { Client, ConflictError, FlxError, ListingVariant, PossiblyAppliedError, Shipment, orderCheck, version } from 'flxchannel';

declare const token: string;
declare function save(id: string, price: string | null, quantity: number | null): void;
declare function tell(buyer: string | null, tracking: string | null): void;

async function listings(client: Client): Promise<void> {
    for await (const page of client.pull('listings_to_sync')) {
        const answers = [];
        for (const variant of page.variants()) {
            save(variant.id, variant.price, variant.quantity);
            const changed: number | undefined = variant.updatedAt?.getTime();
            answers.push(variant.changeTo === null || changed === undefined ? { id: variant.id }
                : { id: variant.id, confirm: variant.changeTo.handle });
        }
        await client.ack(page.receipt, answers);
    }
}

async function parcels(client: Client): Promise<void> {
    const ending = new AbortController();
    for await (const page of client.pull('shipments', { since: new Date() }, { signal: ending.signal })) {
        for (const shipment of page.shipments()) {
            if (shipment.kind === 'delivery') tell(shipment.orderNumber, shipment.trackingNumber);
        }
        await page.commit();
    }
}

async function orders(client: Client): Promise<number> {
    try {
        await client.submit({
            orderNumber: 'A-1001', shippingAddress: { name: 'Ada Example', city: 'Springfield' },
            orderItems: [{ sku: 'TEE-RED-M', quantity: 2n, price: '19.99' }],
        });
    } catch (error) {
        if (error instanceof PossiblyAppliedError) throw error;
        if (error instanceof ConflictError) console.error(error.faults[0].path);
        if (error instanceof FlxError && error.code === 'FLX_E_CONFLICT') return -1;
    }
    const report = await client.flush(5000);
    for (const result of await client.results(100)) {
        if (result.verdict === 'applied') await client.settle([result.number]);
    }
    return report.nextInMs ?? 0;
}

async function round(client: Client): Promise<boolean> {
    const summary = await client.sync({
        sync: (event) => save(event.id, ListingVariant.of(event.record).price, null),
        change: async (event) => event.to === 'hidden',
        publish: (event) => ({ externalId: `page-${event.id}` }),
        result: (event) => event.order.number !== '',
        shipment: ({ record, order_number }) => tell(order_number, Shipment.of(record).trackingNumber),
    }, { budget_ms: 50_000 }, { onError: (error, event) => console.error(event.type, error) });
    return summary.complete && summary.to_do.length === 0;
}

export async function main(): Promise<void> {
    const client = await Client.open({ channel: 'shop', token, state_dir: '/var/lib/shop/flx', rate_limit: { dir: '/run/flx' } },
        { onLog: (record) => console.log(record.level, record.event) });
    await listings(client);
    await parcels(client);
    console.log(version(), await orders(client), await round(client), orderCheck('{}').ok);
    for await (const event of client.openSync({ parts: ['gone'] })) console.log(event.type);
    await client.close();
}
