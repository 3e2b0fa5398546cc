// What both Node programs do around their work: arguments, clocks, the line they print.

import { readFileSync } from 'node:fs';

export const headers = { 'X-API-TOKEN': 'bench-token', Accept: 'application/json' };

/** `read` gives the decoded answer of a URL. */
export async function run(read) {
  const [mode, url] = process.argv.slice(2);
  const count = () => read(`${url}/listing/variants/count`);
  if (mode !== 'start') await count();
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const found = { listings: 0, ids: 0, cents: 0, quantity: 0 };
  for (let number = 1; mode === 'pages'; number++) {
    const page = await read(`${url}/listing/variants?page=${number}&pageSize=100&sync=true`);
    if (page.length === 0) break;
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
