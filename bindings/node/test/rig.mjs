// A sandbox hub for a test, and clients of it: both end with the test.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client } from '../lib/index.js';

// A rejection that nobody catches, and a warning that no test asked for, is a failure of whatever test is running.
process.on('unhandledRejection', (error) => { throw error; });

setFlagsFromString('--expose-gc');
export const gc = runInNewContext('gc');

/** A hub on a free port of loopback; `options` are its own, such as '--seed', 'demo'. */
export async function sandbox(t, ...options) {
    const arguments_ = ['--port', '0', '--exit-with-parent', ...(options.includes('--seed') ? [] : ['--seed', 'tiny']), ...options];
    const hub = spawn(process.env.FLX_SANDBOX, arguments_, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => hub.on('exit', resolve));
    t.after(async () => {
        hub.kill();
        await ended;
    });
    const said = {};
    for await (const line of readline.createInterface({ input: hub.stdout })) {
        const [name, value] = line.split(' ');
        said[name] = value;
        if (name === 'token') break;
    }
    return new Sandbox(said.url, said.token);
}

class Sandbox {
    constructor(url, token) {
        this.url = url;
        this.token = token;
    }

    async get(place) {
        return (await fetch(`${this.url}/_admin/${place}`)).json();
    }

    async post(place, body) {
        const answer = await fetch(`${this.url}/_admin/${place}`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
        assert.ok(answer.ok, `${place}: ${answer.status}`);
        return answer.json();
    }

    /** Lets the hub act, and holds its answer back. */
    delay(ms, times = 1, match = {}) {
        return this.post('faults', { do: 'delay', ms, times, ...match });
    }

    async orderNumbers() {
        return (await this.get('orders?pushed=true')).map((order) => order.order_number);
    }
}

export function scratch(t) {
    const folder = mkdtempSync(path.join(tmpdir(), 'flx-node-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

/** The settings of a client of this hub, with a state of its own. */
export function settings(t, hub, more = {}) {
    return { channel: 'shop', token: hub.token, state_dir: path.join(scratch(t), 'state'), origin: hub.url, ...more };
}

export async function open(t, config, options) {
    const client = await Client.open(config, options);
    t.after(() => client.close());
    return client;
}

/** A client whose hub is nowhere: for calls that make no request. */
export function idle(t, more = {}, options = undefined) {
    return open(t, settings(t, { token: 't', url: 'http://127.0.0.1:1' }, more), options);
}

/** A good order; the buyer is invented. */
export function order(number = 'A-1', changes = {}) {
    return {
        orderNumber: number,
        orderedAt: new Date('2026-01-31T12:00:00Z'),
        orderTotal: '19.99',
        shippingText: 'Standard',
        shippingAddress: {
            name: 'Ada Example', addressLine1: '1 Test Street', city: 'Springfield', stateCode: 'IL', postal: '62701',
            countryCode: 'US', email: 'ada@example.com',
        },
        orderItems: [{ sku: 'NO-SUCH-SKU', quantity: 1, price: '19.99' }],
        ...changes,
    };
}

export async function until(isSo, what) {
    for (let tries = 0; tries < 600; tries++) {
        if (await isSo()) return;
        await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    assert.fail(`never: ${what}`);
}

/** Runs a program of Node of its own, and gives how it ended and what it said. */
export async function run(program, { args = [], env = {}, input = 'module', execArgv = [] } = {}) {
    const child = spawn(process.execPath, [...execArgv, `--input-type=${input}`, '-e', program, '--', ...args],
        { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { err += data; });
    const [code, signal] = await new Promise((resolve) => { child.on('close', (...how) => resolve(how)); });
    return { code, signal, out: out.trim(), err: err.trim() };
}

/** Where a program of run() imports the binding from. */
export const BINDING = new URL('../lib/index.js', import.meta.url).href;
