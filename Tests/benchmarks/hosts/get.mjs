// What a call costs: a value of a record by its path.   get.mjs URL TOKEN STATE_DIR TIMES; prints nanoseconds of a call.
import { Client } from '../../../bindings/node/lib/index.js';

const [, , origin, token, state, times] = process.argv;
const client = await Client.open({ channel: 'bench', token, state_dir: state, origin });
const pull = client.pull('listings');
const page = await pull.nextPage(10_000);
const start = process.cpuUsage();
for (let turn = 0; turn < Number(times); turn++) page.get(0, '/sku');
const used = process.cpuUsage(start);
console.log(((used.user + used.system) * 1e3) / Number(times));
page.close();
pull.close();
await client.close();
