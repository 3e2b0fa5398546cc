// Node's fetch.
import { headers, runByUrl } from './common.mjs';

await runByUrl(async (url) => {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
});
