// Plays steps with the Node binding: a step a line on standard input, what came of it a line on standard output.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import readline from 'node:readline';
import { Client, FlxError, describe, orderCheck } from '../../../bindings/node/lib/index.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

let client;
let pull;
let page;

/** What a shop throws in the middle of a walk. */
class Dropped extends Error {
    name = 'Dropped';
}

const told = (one) => ({
    feed: one.feed, count: one.length, left_out: one.leftOut, records: one.records, facts: one.facts, quarantine: one.quarantine,
    receipt: one.receipt,
});

const members = (all, names) => Object.fromEntries(names.map((name) => [name, all[name]]));

/** A walk that ends in its first page: by an exception, by leaving the loop, or by being forgotten. */
async function drop({ feed, how }) {
    if (how === 'forget') {
        await client.pull(feed)[Symbol.asyncIterator]().next();
        // What collects it lets go of the feed a turn later.
        for (let turn = 0; turn < 20; turn++) {
            gc();
            await new Promise((resolve) => { setTimeout(resolve, 5); });
        }
        return 'forgotten';
    }
    try {
        for await (const one of client.pull(feed)) {
            if (how === 'throw') throw new Dropped(one.feed);
            break;
        }
    } catch (error) {
        if (!(error instanceof Dropped)) throw error;
        return 'thrown';
    }
    return 'left';
}

async function sync({ plan, replies }) {
    const events = [];
    const handler = (reply) => (event) => {
        const shown = ['type', 'id', 'sku', 'to', 'of', 'kind', 'order_number'].filter((name) => name in event);
        events.push(members(event, shown));
        if (reply === 'throw') throw new Dropped();
        return reply;
    };
    const handlers = Object.fromEntries(Object.entries(replies).map(([type, reply]) => [type, handler(reply)]));
    const summary = await client.sync(handlers, plan, { onError() {} });
    return { events, summary };
}

async function walk({ feed, spec, commit }) {
    const pages = [];
    for await (const one of client.pull(feed, spec)) {
        pages.push(one.records.map((record) => record.id));
        if (commit) await one.commit();
    }
    return pages;
}

async function flush({ budget_ms: budgetMs }) {
    const done = await client.flush(budgetMs);
    return {
        outcome: done.outcome, sent: done.sent, applied: done.applied, refused: done.refused, possibly_applied: done.possiblyApplied,
        given_up: done.givenUp, answers_sent: done.answersSent, waits_for: done.waitsFor,
    };
}

const steps = {
    drop, sync, walk, flush,
    async open({ config }) { client = await Client.open(config); },
    close: () => client.close(),
    pull({ feed, spec }) { pull = client.pull(feed, spec); },
    async next({ wait_ms: waitMs }) {
        page = await pull.nextPage(waitMs);
        return page === null ? { done: pull.isDone } : told(page);
    },
    check: ({ order }) => orderCheck(order),
    describe: ({ topic }) => describe(topic),
    submit: ({ order }) => client.submit(order),
    results: ({ max }) => client.results(max),
    settle: ({ numbers }) => client.settle(numbers),
    outbox: ({ filter }) => client.outbox(filter),
    retry: ({ numbers }) => client.retry(numbers),
    discard: ({ numbers }) => client.discard(numbers),
    history: ({ number }) => client.history(number),
    purge: ({ filter }) => client.purge(filter),
    order_status: async ({ number }) => told(await client.orderStatus(number)),
    cancel_order: ({ number }) => client.cancelOrder(number),
    get: ({ index, path }) => page.get(index, path),
    commit: () => page.commit(),
    end: () => pull.close(),
    ack: ({ receipt, answers }) => client.ack(receipt, answers),
    ack_results: ({ after, max }) => client.ackResults(after, max),
    snapshot: ({ query }) => client.snapshot(query),
    cursors: () => client.cursors(),
    set_cursor: ({ feed, cursor, name }) => client.setCursor(feed, cursor, name ?? undefined),
    stats: async ({ members: names }) => members(await client.stats(), names),
    holders: async () => (await client.holders()).map((one) => members(one, ['feed', 'cursor'])),
    logs: async () => (await client.logs()).length > 0,
    set_token: ({ token }) => client.setToken(token),
    relearn: ({ facts }) => client.relearn(...facts),
    probe: async ({ members: names }) => members(await client.probe(), names),
    call: ({ operation, arguments: given }) => client.call(operation, given),
    preview: ({ operation, arguments: given }) => client.preview(operation ?? undefined, given),
};

async function done(step) {
    try {
        return { gave: (await steps[step.do](step.with ?? {})) ?? null };
    } catch (error) {
        if (!(error instanceof FlxError)) throw error;
        return { error: error.code, class: error.name, path: error.path, message: error.message };
    }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await done(JSON.parse(line)))}\n`);
}
