// A worker of a shop, as a thread or as a process: opens the channel, submits its orders, pulls, flushes, and says what it did.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Client } from '../lib/index.js';
import { order } from './rig.mjs';

const task = isMainThread ? JSON.parse(process.env.TASK) : workerData;
const say = (what) => (isMainThread ? process.send(what) : parentPort.postMessage(what));

const client = await Client.open(task.config);
if (task.does === 'orders') {
    for (let i = 0; i < task.count; i++) await client.submit(order(`${task.name}-${i}`));
    while ((await client.flush(5000)).outcome !== 'done');
    await client.close();
    say({ name: task.name, did: task.count });
} else {
    // Dies inside a pull, whatever the hub does.
    const walk = client.pull('listings')[Symbol.asyncIterator]();
    if (task.does === 'dies between pages') await walk.next();
    const waiting = client.pull('orders').nextPage();
    say({ name: task.name, did: 'begin' });
    if (task.does === 'throws') setTimeout(() => { throw new Error('the worker is broken'); }, 100);
    if (task.does === 'leaves') setTimeout(() => process.exit(7), 100);
    await waiting;
}
