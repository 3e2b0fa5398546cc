// Node's fetch.
import { headers, run } from './common.mjs';

await run(async (url) => {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
});
