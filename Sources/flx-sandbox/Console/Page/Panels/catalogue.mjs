// The listings and who of them waits for the channel. The hub says when something changed, and the page in view is asked for anew.

import { byId, button, count, labelled, make, pill, reconcile, setExpanded, setHidden, setText } from '../dom.mjs';
import { act, ask, on, post } from '../hub.mjs';

const ROWS = 10;
const PAUSE_MS = 600;
const CHANGES = [['listed', 'list'], ['hidden', 'hide'], ['delisted', 'delist'], ['published', 'publish'], ['overwrite_data', 'overwrite']];

let skip = 0;
let listings = [];
let hasMore = false;
let changes = -1;
let totals = {};
let asked = 0;
let planned = null;
let askedAt = 0;
const opened = new Map();

export function showCatalogue() {
  // It may be another hub that is there again, with other listings and as many changes.
  on('open', plan);
  on('state', (state) => {
    totals = state.totals;
    if (state.changes !== changes) plan();
    changes = state.changes;
  });
  byId('queue').addEventListener('change', () => turn(0));
  byId('look-text').addEventListener('input', () => turn(0));
  byId('look').addEventListener('submit', (event) => event.preventDefault());
  byId('listings-back').addEventListener('click', () => turn(Math.max(0, skip - ROWS)));
  byId('listings-on').addEventListener('click', () => hasMore && turn(skip + ROWS));
}

function turn(to) {
  skip = to;
  plan();
}

// A busy hub changes many times a second; it is asked about it once.
function plan() {
  if (planned) return;
  planned = setTimeout(async () => {
    planned = null;
    askedAt = Date.now();
    await load();
  }, Math.max(0, askedAt + PAUSE_MS - Date.now()));
}

async function load() {
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams({ skip, limit: ROWS + 1 });
  if (byId('queue').value) query.set('waiting', byId('queue').value);
  if (byId('look-text').value.trim()) query.set('text', byId('look-text').value.trim());
  // A hub that does not answer is told of at the top of the page, and asked again once it is back.
  const rows = await ask('GET', `listings?${query}`).catch(() => null);
  if (!rows) return undefined;
  // An answer that was overtaken by the next question says nothing.
  if (mine !== asked) return undefined;
  hasMore = rows.length > ROWS;
  listings = rows.slice(0, ROWS);
  if (!listings.length && skip) return turn(Math.max(0, skip - ROWS));
  draw();
  return undefined;
}

const isPage = (listing) => Array.isArray(listing.variants);
const keyOf = (listing) => `${isPage(listing) ? 'page' : 'variant'}-${listing.id}`;

function draw() {
  const rows = listings.flatMap((listing) => (opened.has(keyOf(listing)) ? [{ listing }, { listing, isMore: true }] : [{ listing }]));
  reconcile(
    byId('listing-rows'), rows, (row) => `${row.isMore ? 'more-' : ''}${keyOf(row.listing)}`,
    (row) => (row.isMore ? opened.get(keyOf(row.listing)) : makeRow(row.listing)),
    (element, row) => (row.isMore ? undefined : fill(element, row.listing)));
  setHidden(byId('no-listings'), listings.length > 0);
  const all = { sync: totals.waiting_for_sync, publish: totals.waiting_for_publish, '': totals.variants }[byId('queue').value];
  const of = byId('look-text').value.trim() || all === undefined ? '' : ` of ${count(all)}`;
  setText(byId('listings-place'), listings.length ? `${count(skip + 1)} to ${count(skip + listings.length)}${of}` : '');
  byId('listings-back').setAttribute('aria-disabled', String(skip === 0));
  byId('listings-on').setAttribute('aria-disabled', String(!hasMore));
}

function makeRow(listing) {
  const key = keyOf(listing);
  const toggle = button('', () => {
    // As it is now, which may be another than when the row came.
    if (!opened.delete(key)) opened.set(key, makeEditing(listings.find((one) => keyOf(one) === key) ?? listing));
    draw();
  }, { class: 'link code', 'data-toggle': true, 'aria-expanded': 'false' });
  return make(
    'tr', { 'data-home': true }, make('th', { scope: 'row' }, toggle), make('td'), make('td', { class: 'number' }),
    make('td', { class: 'number' }), make('td'), make('td'));
}

function fill(row, listing) {
  const [head, title, price, stock, status, waits] = row.children;
  setText(head.firstElementChild, listing.sku);
  setExpanded(head.firstElementChild, opened.has(keyOf(listing)), keyOf(listing));
  setText(title, listing.title);
  setText(price, isPage(listing) ? `${listing.variants.length} variants` : listing.price);
  setText(stock, isPage(listing) ? '' : listing.quantity);
  const words = [listing.listing_status, listing.status && `to be ${listing.status}`].filter(Boolean).map((word) => word.replaceAll('_', ' '));
  setText(status, words.join(', '));
  const waiting = [
    listing.waits_for_sync && ['sync', 'live'], listing.waits_for_publish && ['publish', 'live'],
    listing.held_back && ['held back', 'warn'], (listing.sync_error || listing.publish_error) && ['error', 'bad'],
  ].filter(Boolean);
  const sign = waiting.map(([word]) => word).join(' ');
  if (waits.dataset.sign !== sign) {
    waits.dataset.sign = sign;
    waits.replaceChildren(...waiting.map(([word, kind]) => pill(word, kind)));
  }
}

function makeEditing(listing) {
  const title = make('input', { type: 'text', autocomplete: 'off' });
  title.value = listing.title;
  const change = make(
    'select', {}, make('option', { value: '' }, 'nothing'), ...CHANGES.map(([value, word]) => make('option', { value }, word)));
  const price = make('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off' });
  const quantity = make('input', { type: 'number', min: 0, max: 1000000 });
  const fields = [labelled('Title', title)];
  if (!isPage(listing)) {
    [price.value, quantity.value] = [listing.price ?? '', listing.quantity ?? ''];
    fields.push(labelled('Price', price), labelled('Stock', quantity));
  }
  const submit = make('button', { type: 'submit', class: 'main' }, 'Change it');
  const name = isPage(listing) ? { parent_id: listing.id } : { id: listing.id };
  const apply = async () => {
    const body = { ...name };
    if (title.value !== (listing.title ?? '')) body.title = title.value;
    if (!isPage(listing) && price.value !== (listing.price ?? '')) body.price = price.value || null;
    if (!isPage(listing) && quantity.value !== String(listing.quantity ?? '')) body.quantity = quantity.value === '' ? null : Number(quantity.value);
    if (change.value) body.status = change.value;
    if (Object.keys(body).length === 1) return 'Nothing is changed';
    Object.assign(listing, await post('listings', body));
    change.value = '';
    return `${listing.sku} is changed`;
  };
  const pause = button(listing.paused ? 'Let it go on' : 'Hold it back', () => act(pause, async () => {
    Object.assign(listing, await post('listings', { ...name, paused: !listing.paused }));
    setText(pause, listing.paused ? 'Let it go on' : 'Hold it back');
    return `${listing.sku} is ${listing.paused ? 'held back' : 'let go on'}`;
  }));
  const form = make(
    'form', {
      class: 'row fields',
      onsubmit: (event) => {
        event.preventDefault();
        act(submit, apply);
      },
    }, ...fields, labelled('Have the channel', change), submit, isPage(listing) ? null : pause);
  const facts = [listing.sync_error, listing.publish_error].filter(Boolean).map((error) => make('p', {}, `The channel said: ${error}`));
  return make(
    'tr', { class: 'more', id: keyOf(listing) },
    make('td', { colspan: 6 }, make('div', { class: 'opened' }, make('h3', {}, listing.sku), form, ...facts)));
}
