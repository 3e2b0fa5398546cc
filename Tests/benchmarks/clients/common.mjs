// What every Node program does around its work: arguments, clocks, the line they print.

import { readFileSync } from 'node:fs';

export const headers = { 'X-API-TOKEN': 'bench-token', Accept: 'application/json' };

/** Pages 1, 2, 3 ... up to the empty one; `read` gives the decoded answer of a URL. */
export async function* numbered(url, read) {
  for (let number = 1; ; number++) {
    const page = await read(`${url}/listing/variants?page=${number}&pageSize=100&sync=true`);
    if (page.length === 0) return;
    yield page;
  }
}

/** `pages` gives lists of records one after another, `count` the answer to the smallest question there is. */
export async function run(pages, count) {
  const mode = process.argv[2];
  if (mode !== 'start') await count();
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const found = { listings: 0, ids: 0, cents: 0, quantity: 0 };
  for await (const page of mode === 'pages' ? pages() : []) {
    for (const record of page) {
      found.listings++;
      found.ids += record.id;
      found.cents += Math.round(record.price * 100);
      found.quantity += record.quantity;
    }
  }
  for (let times = mode === 'small' ? Number(process.argv.at(-1)) : 0; times > 0; times--) found.listings += await count();
  const used = process.cpuUsage(cpu);
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); // the most that was resident
  console.log(JSON.stringify({ rss_kb: peakKb, cpu_s: (used.user + used.system) / 1e6, wall_s: (performance.now() - wall) / 1e3, ...found }));
}

/** The same of programs that read a URL at a time. */
export function runByUrl(read) {
  const url = process.argv[3];
  return run(() => numbered(url, read), () => read(`${url}/listing/variants/count`));
}
