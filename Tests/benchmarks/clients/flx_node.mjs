// This library from Node: native objects, each number exact.
import { Client } from '../../../bindings/node/lib/index.js';
import { run } from './common.mjs';

const [, , , origin, state] = process.argv;
const client = await Client.open({ channel: 'bench', token: 'bench-token', origin, state_dir: state });

async function* pages() {
  for await (const page of client.pull('listings_to_sync')) yield page.records;
}

await run(pages, async () => (await client.call('getListingVariantsCount')).body);
await client.close();
