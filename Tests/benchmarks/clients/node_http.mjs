// Node's http, with an agent that keeps its connection.
import http from 'node:http';
import { headers, runByUrl } from './common.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const read = (url) => new Promise((resolve, reject) => {
  http.get(url, { agent, headers }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('error', reject);
    answer.on('end', () => {
      if (answer.statusCode !== 200) return reject(new Error(`status ${answer.statusCode}`));
      resolve(JSON.parse(Buffer.concat(parts).toString()));
    });
  }).on('error', reject);
});

await runByUrl(read);
agent.destroy();
