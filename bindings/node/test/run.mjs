// Runs all test files of this folder, several at a time, since most of them wait for a clock; says what failed, and how many
// passed.
//
//     FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... node bindings/node/test/run.mjs [PART OF A FILE'S NAME]
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv[2] ?? '';
const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs') && name.includes(wanted)).sort();

let [passed, failed] = [0, 0];
const said = run({ files: files.map((name) => folder + name), concurrency: 6 });
said.on('test:pass', ({ details }) => { passed += details?.type === 'suite' ? 0 : 1; });
said.on('test:fail', ({ name, details }) => {
    failed++;
    console.log(`FAILED ${name}\n${inspect(details.error.cause ?? details.error)}`);
});
said.on('test:diagnostic', () => {});
said.on('end', () => {
    console.log(`node ${process.version}: ${passed} passed, ${failed} failed, in ${files.length} files`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
});
said.resume();
