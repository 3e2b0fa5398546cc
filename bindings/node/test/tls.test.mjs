// HTTPS in the library beside Node's own: two OpenSSLs in one process, and neither has symbols of the other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { BINDING, open, order, run, sandbox, scratch, settings } from './rig.mjs';

/** A TLS server of Node before the sandbox, with a certificate that was made for it. */
async function tlsBefore(t, hub) {
    const folder = scratch(t);
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
        '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    { stdio: 'pipe' });
    const server = https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (asked, answer) => {
        const same = { method: asked.method, headers: asked.headers, agent: false };
        const passed = http.request(hub.url + asked.url, same, (got) => {
            answer.writeHead(got.statusCode, got.headers);
            got.pipe(answer);
        });
        passed.on('error', () => answer.destroy());
        asked.pipe(passed);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return { origin: `https://localhost:${server.address().port}`, certificate };
}

/** One request by Node's own https. */
async function asked(origin, certificate) {
    const request = https.get(`${origin}/_admin/totals`, { ca: readFileSync(certificate), agent: false });
    const [answer] = await once(request, 'response');
    answer.resume();
    await once(answer, 'end');
    return [answer.statusCode, answer.socket.getProtocol?.() ?? 'TLS'];
}

test('a channel works over TLS while the process is server and client of TLS by Node', async (t) => {
    const hub = await sandbox(t, '--seed', 'variants=60', '--set', 'pool.size=10000', '--set', 'pool.refill=1000');
    const { origin, certificate } = await tlsBefore(t, hub);
    const client = await open(t, settings(t, hub, { origin, http: { ca_file: certificate } }));
    let rows = 0;

    const own = Promise.all(Array.from({ length: 20 }, () => asked(origin, certificate)));
    await client.submit(order('TLS-1'));
    const flushed = client.flush(20_000);
    for await (const page of client.pull('listings', { page_size: 10 })) {
        rows += page.length;
        await asked(origin, certificate);
    }

    assert.equal((await flushed).applied, 1);
    assert.ok(rows >= 50);
    assert.ok((await own).every(([status]) => status === 200));
    assert.equal((await client.probe()).token, 'accepted');
});

test('a certificate that nobody vouches for is refused', async (t) => {
    const hub = await sandbox(t);
    const { origin } = await tlsBefore(t, hub);
    const client = await open(t, settings(t, hub, { origin }));

    await assert.rejects(client.call('getListingVariants', {}, { waitMs: 10_000 }), (error) => error.code === 'FLX_E_TLS');
    assert.deepEqual((await hub.get('journal')).filter((entry) => entry.path.startsWith('/listing')), []);
});

const OF_NODE = /\b(?:SSL|TLS|EVP|X509|BIO|ERR|OPENSSL|CRYPTO)_\w+|\bnghttp2_\w+/;

/** Symbols of TLS and HTTP/2 that libraries of the system have from the program node, by what the loader says. */
async function boundToNode(t, program) {
    const folder = scratch(t);
    const env = { LD_DEBUG: 'bindings', LD_DEBUG_OUTPUT: path.join(folder, 'said') };
    const { code, err } = await run(program, { input: 'commonjs', env });
    assert.equal(code, 0, err);
    const lines = readdirSync(folder).flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'));
    const bindings = lines.map((line) => /binding file (\S+) \[0\] to (\S+) \[0\]: \w+ symbol `(\w+)'/.exec(line)).filter(Boolean);
    const curl = bindings.filter(([, from, , symbol]) => /libcurl\.so/.test(from) && OF_NODE.test(symbol));
    assert.ok(curl.length > 50, `the loader tells of ${curl.length} symbols of libcurl`);
    const toNode = bindings.filter(([, from, to]) => /\.so/.test(from) && path.basename(to) === 'node');
    return toNode.filter(([, , , symbol]) => OF_NODE.test(symbol)).length;
}

test('no library of the system has a symbol of TLS or HTTP/2 from Node, and without care it would', async (t) => {
    assert.equal(await boundToNode(t, `require(${JSON.stringify(new URL(BINDING).pathname)}).version()`), 0);

    // As a library is loaded usually. Where Node itself uses the OpenSSL of the system, it has none of its own to give.
    const careless = `const os = require('os').constants.dlopen;
        try { process.dlopen({ exports: {} }, process.env.FLXCHANNEL_LIBRARY, os.RTLD_NOW); } catch (error) {
            if (!/self-register|did not/.test(error.message)) throw error;
        }`;
    const bound = await boundToNode(t, careless);
    assert.ok(process.config.variables.node_shared_openssl ? bound === 0 : bound > 50, `${bound} without care`);
});
