// The package as npm makes it: installed in an empty folder, offline and without a compiler, it runs the README's first sample.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sandbox, scratch } from './rig.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const STAGE = fileURLToPath(new URL('../../../Tests/readme/stage.mjs', import.meta.url));

/** A PATH with node, npm and what npm calls, and no compiler. */
function poorPath(folder) {
    mkdirSync(folder);
    for (const program of ['node', 'npm', 'sh', 'env']) {
        const found = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
        symlinkSync(found, path.join(folder, program));
    }
    return folder;
}

test('an installed package runs the first sample of its README', async (t) => {
    const folder = scratch(t);
    const shop = path.join(folder, 'shop');
    const library = path.resolve(process.env.FLXCHANNEL_LIBRARY);
    execFileSync('make', ['-s', '-C', PACKAGE, 'packed', `LIBRARY=${library}`, `INTO=${shop}`]);
    const hub = await sandbox(t);
    const { FLXCHANNEL_LIBRARY, ...own } = process.env;
    const env = { ...own, PATH: poorPath(path.join(folder, 'bin')), HOME: folder, npm_config_update_notifier: 'false' };
    const run = (...command) => execFileSync(command[0], command.slice(1), { cwd: shop, encoding: 'utf8', stdio: 'pipe', env: {
        ...env, FLX_URL: hub.url, FLX_TOKEN: hub.token, FLX_STATE_DIR: path.join(folder, 'state'), FLX_SKU: 'TEE' } });

    const [tarball] = readdirSync(shop);
    assert.match(tarball, /^flxchannel-\d+\.\d+\.\d+\.tgz$/);
    run('npm', 'install', '--offline', '--silent', `./${tarball}`);
    const installed = path.join(shop, 'node_modules', 'flxchannel');
    assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'lib', 'package.json', 'prebuilds', 'types']);

    const [, sample] = /```js\n([^]*?)```/.exec(readFileSync(path.join(installed, 'README.md'), 'utf8'));
    writeFileSync(path.join(shop, 'sample.mjs'), sample);
    run('node', '--import', STAGE, 'sample.mjs');

    assert.equal((await hub.get('totals')).order_numbers_pushed, 1);
    assert.deepEqual(await hub.get('listings?waiting=sync'), []);
});

test('the version of the package is that of the header', () => {
    const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
    const [, number] = /^#define FLX_VERSION (\d+)$/m.exec(readFileSync(path.join(PACKAGE, '../../include/flxchannel.h'), 'utf8'));
    assert.equal(version, [1e6, 1e3, 1].map((part) => Math.floor(number / part) % 1000).join('.'));
});
