// A host in Node.
//
//     guest.mjs fork HOW MOMENT        child_process or cluster; parent and child each do a whole job
//     guest.mjs attributes WITNESS     what a process can set, from before the library is loaded until the client is closed
//     guest.mjs forget A,B,C,D         client, pull, page and sync are left to the garbage collector in this order
//     guest.mjs pages EARLY ALL        walks until it has seen so many pages, and says what the process weighs
//
// GUEST_CONFIG has the config, FLXCHANNEL_LIBRARY names the library. Run with --expose-gc.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { readdirSync, readlinkSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const config = JSON.parse(process.env.GUEST_CONFIG);

/** One line, in one write, for a child may say something at the same time. */
const say = (facts) => writeSync(1, `${JSON.stringify(facts)}\n`);
const load = () => import('../../../bindings/node/lib/index.js');
const open = async () => (await load()).Client.open(config);

function order(number) {
    const shippingAddress = { name: 'Ada Example', addressLine1: '1 Test Street', city: 'Springfield', stateCode: 'IL',
        postal: '62701', countryCode: 'US' };
    return { orderNumber: number, orderTotal: '19.99', shippingText: 'Standard', shippingAddress,
        orderItems: [{ sku: 'NO-SUCH-SKU', quantity: 1, price: '19.99' }] };
}

const turn = () => new Promise((resolve) => { setTimeout(resolve, 10); });
const isApplied = async (client, number) => (await client.outbox({ number }))[0].verdict === 'applied';

/** Pulls a page, submits an order, flushes until it is at the hub. */
async function wholeJob(client, number) {
    const pull = client.pull('listings', { cursor: number, page_size: 1 });
    const pages = (await pull.nextPage(20_000)).length;
    await pull.close();
    await client.submit(order(number));
    for (let times = 0; times < 1000 && !await isApplied(client, number); times++) {
        await client.flush(2000);
        await turn(); // the other process may be at it: then a flush returns at once
    }
    return { pages, applied: await isApplied(client, number) };
}

/** The descriptors of this process that are the channel's: a child must have none before it opens its own client. */
function descriptorsOfTheChannel() {
    const target = (fd) => { try { return readlinkSync(`/proc/self/fd/${fd}`); } catch { return ''; } };
    return readdirSync('/proc/self/fd').map(target).filter((name) => name.startsWith(config.state_dir));
}

/** It executes a program, and so has nothing that could tell it anything; what it has of the channel stands in that place. */
async function child() {
    const inherited = descriptorsOfTheChannel();
    const client = await open();
    say({ who: 'child', told: inherited, ...await wholeJob(client, 'child') });
    await client.close();
    process.disconnect?.();
}

function started(how) {
    if (how === 'child_process') return fork(SELF, ['child']);
    cluster.setupPrimary({ exec: SELF, args: ['child'] });
    return cluster.fork();
}

async function forkAt(how, moment) {
    let [client, pull, asking] = [null, null, null];
    if (moment !== 'before') await load();
    if (!['before', 'loaded'].includes(moment)) {
        client = await open();
        pull = client.pull('listings', { cursor: 'held', page_size: 1 });
    }
    if (moment === 'asked') {
        await pull.nextPage(20_000);
        await client.submit(order('before'));
    }
    if (moment === 'during') {
        asking = pull.nextPage(20_000);
        say({ stage: 'asking' });
        await once(process.stdin, 'data');
        process.stdin.destroy();
    }
    const made = started(how);
    const ended = once(made, 'exit');
    await asking;
    client ??= await open();
    say({ who: 'parent', told: [], ...await wholeJob(client, 'parent') });
    if (pull && (await pull.nextPage(20_000)).length !== 1) process.exitCode = 7; // it is not where it was
    await client.close();
    const [code] = await ended;
    if (code !== 0) process.exitCode = 6;
}

async function attributes(path) {
    const witness = createRequire(import.meta.url)(path);
    const stage = (name) => writeSync(1, `{"stage":"${name}","seen":${witness()}}\n`);
    await readFile(SELF); // so that Node has its threads
    stage('before it is loaded');
    await load();
    stage('loaded');
    const client = await open();
    stage('opened');
    await wholeJob(client, 'attributes');
    stage('asked');
    await client.close();
    stage('closed');
}

async function forget(sequence) {
    const watching = await open();
    const mine = { client: await open() };
    mine.pull = mine.client.pull('listings', { page_size: 1 });
    mine.page = await mine.pull.nextPage();
    mine.sync = mine.client.openSync({ parts: ['sync'] });
    await mine.sync.nextEvent();
    const held = await watching.holders();
    for (const name of sequence === 'ring' ? [] : sequence.split(',')) {
        mine[name] = null;
        gc();
        await turn();
    }
    for (const name of Object.keys(mine)) mine[name] = null;
    let left = held;
    for (let looks = 0; looks < 500 && left.length > 0; looks++) {
        gc();
        await turn();
        left = await watching.holders();
    }
    say({ held, left });
}

async function pages(early, all) {
    const client = await open();
    for (let seen = 0; seen < all;) {
        for await (const page of client.pull('listings', { page_size: 1 })) {
            if (page.length !== 1) process.exitCode = 7;
            seen++;
            if (seen === early || seen === all) {
                gc();
                await turn();
                gc();
                say({ pages: seen, rss: process.memoryUsage().rss, at: performance.now() / 1000 });
            }
            if (seen === all) break;
        }
    }
    await client.close();
}

const [job, ...given] = process.argv.slice(2);
const jobs = { fork: () => forkAt(...given), child, attributes: () => attributes(given[0]), forget: () => forget(given[0]),
    pages: () => pages(Number(given[0]), Number(given[1])) };
await jobs[job]();
