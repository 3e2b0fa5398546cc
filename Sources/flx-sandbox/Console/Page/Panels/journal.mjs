// Every request as the hub wrote it down, newest first.

import { byId, clockTime, make, pill, reconcile, setHidden, setText } from '../dom.mjs';
import { act, ask, on } from '../hub.mjs';

const KEPT = 300;
const SHOWN = 20;

let entries = [];
let held = null;
let showsAll = false;
let serial = 0;
let isPlanned = false;

export function showJournal() {
  on('journal', (event) => {
    if (event.clear) entries = [];
    if (event.skipped && !event.clear) entries.push({ key: `gap-${serial += 1}`, gap: event.skipped });
    for (const entry of event.entries) entries.push({ ...entry, key: `entry-${serial += 1}` });
    entries.splice(0, entries.length - KEPT);
    plan();
  });
  byId('sift-text').addEventListener('input', draw);
  byId('sift').addEventListener('submit', (event) => event.preventDefault());
  byId('hold-journal').addEventListener('click', () => {
    held = held ? null : [...entries];
    byId('hold-journal').setAttribute('aria-pressed', String(Boolean(held)));
    draw();
  });
  byId('forget-journal').addEventListener('click', (event) => act(event.currentTarget, async () => {
    await ask('DELETE', 'journal');
    if (held) held = [];
    draw();
    return 'The journal is empty';
  }));
  byId('more-entries').addEventListener('click', () => {
    showsAll = !showsAll;
    draw();
  });
}

// Many events of one moment are drawn once.
function plan() {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => {
    isPlanned = false;
    draw();
  });
}

const textOf = (entry) => [
  entry.method, entry.path, entry.query, entry.operation, entry.status, entry.effect, entry.order_number, ...(entry.faults ?? []),
].join(' ').toLowerCase();

function draw() {
  const text = byId('sift-text').value.trim().toLowerCase();
  const all = [...(held ?? entries)].reverse().filter((entry) => !text || (!entry.gap && textOf(entry).includes(text)));
  reconcile(byId('journal-rows'), showsAll ? all : all.slice(0, SHOWN), (entry) => entry.key, makeRow);
  setHidden(byId('no-entries'), all.length > 0);
  setText(byId('no-entries'), text ? 'No request has that.' : 'Nobody has asked anything yet.');
  setHidden(byId('more-entries'), all.length <= SHOWN);
  setText(byId('more-entries'), showsAll ? `Show the newest ${SHOWN}` : `Show all ${all.length}`);
}

const kindOf = (status) => {
  if (status === 0 || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return 'done';
};

function makeRow(entry) {
  if (entry.gap) return make('tr', {}, make('td', { colspan: 7, class: 'quiet' }, `${entry.gap} requests were too many to show`));
  const effect = entry.effect === 'none' ? '' : entry.effect.replaceAll('_', ' ');
  return make(
    'tr', {}, make('td', { class: 'number quiet' }, entry.n), make('td', {}, clockTime(entry.wall_ms)),
    make('td', { class: 'code' }, make('span', { class: 'method' }, entry.method), ` ${entry.path}`, make('span', { class: 'quiet' }, entry.query ? `?${entry.query}` : '')),
    make('td', {}, pill(entry.status || 'none', kindOf(entry.status)), entry.answered ? null : ' lost'),
    make('td', {}, effect && entry.rows > 1 ? `${effect}, ${entry.rows} rows` : effect),
    make('td', {}, entry.order_number ? `${entry.order_number}${entry.attempt > 1 ? `, attempt ${entry.attempt}` : ''}` : ''),
    make('td', {}, entry.faults.join(', ')));
}
