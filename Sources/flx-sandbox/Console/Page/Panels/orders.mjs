// The orders as they come in, newest first, each with what can be done to it.

import { byId, button, clockTime, make, pill, reconcile, say, setExpanded, setHidden, setText } from '../dom.mjs';
import { act, ask, on, post } from '../hub.mjs';
import { openOrder } from './order.mjs';

const SHOWN = 12;
const kinds = {
  Open: 'live', Closed: 'done', Canceled: 'bad', Failed: 'bad', 'On Hold': 'warn', 'No Shipping Method': 'warn', 'Not Managed': 'warn',
};

const orders = new Map();
const opened = new Map();
// Orders that a person looked up because they are not among the newest.
const found = new Map();
let ids = [];
let isFirst = true;
let showsAll = false;

export const allOrders = () => ids.map((id) => orders.get(id)).filter(Boolean);

export const openPieces = (item) => (item.canceled ? 0 : item.quantity - item.shipped);

export const canShip = (order) => order.status === 'Open' && order.items.some((item) => openPieces(item) > 0);

export function showOrders() {
  on('orders', take);
  byId('find-text').addEventListener('input', draw);
  byId('find').addEventListener('submit', (event) => {
    event.preventDefault();
    act(byId('find-text'), lookUp);
  });
  byId('more-orders').addEventListener('click', () => {
    showsAll = !showsAll;
    draw();
  });
}

function take(event) {
  const before = new Set(ids);
  ids = event.ids;
  for (const order of event.orders) {
    const old = orders.get(order.id);
    orders.set(order.id, order);
    found.delete(order.id);
    // After a break all of them are told anew: those that are as they were are no news.
    if (isFirst || (old && JSON.stringify({ ...old, isFresh: undefined }) === JSON.stringify(order))) continue;
    if (!old && !before.has(order.id)) say(`Order ${order.order_number} has come in`);
    else if (old && old.status !== order.status) say(`Order ${order.order_number} is ${order.status}`);
    order.isFresh = true;
  }
  const shown = new Set(ids);
  for (const id of orders.keys()) if (!shown.has(id)) orders.delete(id);
  for (const id of found.keys()) if (shown.has(id)) found.delete(id);
  // The rows of a first look come in several events; they are no news.
  if (ids.every((id) => orders.has(id))) isFirst = false;
  draw();
}

// The order of that number, if the hub has it and it is not among those shown. Where others are, the text is a part of something.
async function lookUp() {
  const number = byId('find-text').value.trim();
  const shown = chosen();
  if (!number || shown.some((order) => order.order_number === number)) return null;
  const order = await ask('GET', `orders/${encodeURIComponent(number)}`).catch((error) => {
    if (!shown.length) throw error;
  });
  if (!order) return null;
  found.set(order.id, order);
  draw();
  return `Order ${order.order_number} was found`;
}

async function refreshFound(id) {
  if (!found.has(id)) return;
  const order = await ask('GET', `orders/${encodeURIComponent(found.get(id).order_number)}`);
  found.set(id, order);
  draw();
}

function chosen() {
  const text = byId('find-text').value.trim().toLowerCase();
  const newest = allOrders().reverse();
  if (!text) return [...newest, ...found.values()];
  return [...found.values(), ...newest].filter((order) => [order.order_number, order.buyer, ...order.items.map((item) => item.sku)]
    .some((one) => String(one ?? '').toLowerCase().includes(text)));
}

function draw() {
  const all = chosen();
  const shown = showsAll ? all : all.slice(0, SHOWN);
  const rows = shown.flatMap((order) => (opened.has(order.id) ? [{ order }, { order, isMore: true }] : [{ order }]));
  reconcile(
    byId('order-rows'), rows, (row) => `${row.isMore ? 'more' : 'order'}-${row.order.id}`,
    (row) => (row.isMore ? opened.get(row.order.id).element : makeRow(row.order.id)),
    (element, row) => (row.isMore ? opened.get(row.order.id).update(row.order) : fill(element, row.order)));
  setHidden(byId('no-orders'), all.length > 0);
  setText(byId('no-orders'), ids.length
    ? 'None of the newest orders has that. Press Enter to ask the hub for an order of this number.'
    : 'No order has come in yet. One that a shop sends is here within a moment.');
  setHidden(byId('more-orders'), all.length <= SHOWN);
  setText(byId('more-orders'), showsAll ? `Show the newest ${SHOWN}` : `Show all ${all.length}`);
}

const current = (id) => orders.get(id) ?? found.get(id);

function makeRow(id) {
  const toggle = button('', () => turn(id), {
    class: 'link', 'data-toggle': true, 'aria-expanded': 'false',
  });
  const ship = button('Ship', () => act(ship, () => shipAll(id)), { class: 'ship small' });
  ship.append(make('span', { class: 'hidden' }, ''));
  const row = make(
    'tr', { 'data-home': true }, make('th', { scope: 'row' }, toggle), make('td'), make('td', { class: 'number' }),
    make('td', { class: 'number' }), make('td'), make('td', { class: 'code' }), make('td'), make('td', { class: 'end' }, ship));
  row.addEventListener('animationend', () => row.classList.remove('fresh'));
  return row;
}

function fill(row, order) {
  const [head, buyer, shipped, total, status, tracking, came, action] = row.children;
  const toggle = head.firstElementChild;
  setText(toggle, order.order_number);
  setExpanded(toggle, opened.has(order.id), `order-${order.id}`);
  setText(buyer, [order.buyer, [order.city, order.country].filter(Boolean).join(' ')].filter(Boolean).join(', '));
  const kept = order.items.filter((item) => !item.canceled);
  const pieces = (name) => kept.reduce((sum, item) => sum + item[name], 0);
  setText(shipped, `${pieces('shipped')} of ${pieces('quantity')}${order.more_items ? ' …' : ''}`);
  setText(total, order.total);
  const word = order.hold ? `${order.status}: ${order.hold}` : order.status;
  if (status.textContent !== word) status.replaceChildren(pill(word, kinds[order.status] ?? 'done'));
  setText(tracking, order.shipments.map((one) => one.tracking_number).filter(Boolean).join(', '));
  setText(came, clockTime(order.inserted_at));
  const ship = action.firstElementChild;
  setText(ship.lastElementChild, ` order ${order.order_number}`);
  setHidden(ship, !canShip(order));
  if (order.isFresh) {
    order.isFresh = false;
    row.classList.add('fresh');
  }
}

function turn(id) {
  if (opened.delete(id)) return draw();
  opened.set(id, openOrder(current(id), () => refreshFound(id)));
  return draw();
}

async function shipAll(id) {
  const parcels = await post('ship', { id });
  await refreshFound(id);
  return `Order ${current(id)?.order_number ?? ''} is shipped, tracking ${parcels.map((one) => one.trackingNumber).join(', ')}`;
}
