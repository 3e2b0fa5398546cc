// One order opened: ship a part of it, correct a parcel, edit it, and say what happens when its number is sent again.

import { button, clockTime, labelled, make, reconcile, setHidden, setText } from '../dom.mjs';
import { act, ask, post } from '../hub.mjs';
import { canShip, openPieces } from './orders.mjs';

const STATUSES = ['Open', 'On Hold', 'Canceled', 'Closed', 'Failed', 'No Shipping Method', 'Not Managed', 'Draft'];
const COLUMNS = 8;

// The row below an order's row, and what puts an order into it. `changed` is called after each thing that was done.
export function openOrder(order, changed) {
  const { id } = order;
  let now = order;
  const doing = (control, work) => act(control, async () => {
    const said = await work();
    await changed();
    return said;
  });

  const head = make('h3', { 'data-toggle': true, tabindex: '-1' });
  const lines = make('tbody');
  const shipping = makeShipping(id, lines, doing);
  const parcels = make('ul', { class: 'plain parcels' });
  const parcelHead = make('h4', {}, 'Parcels');
  const history = make('ol', { class: 'plain history' });
  const editing = makeEditing(id, order, doing);
  const again = makeAgain(order, doing);
  again.append(make('h4', {}, 'History'), history);
  const panel = make(
    'div', { class: 'opened', 'data-home': true }, head,
    make('div', { class: 'wide' }, make(
      'table', {}, make('caption', { class: 'hidden' }, `Lines of order ${order.order_number}`),
      make('thead', {}, make(
        'tr', {}, ...['SKU', 'Title', 'Price', 'Ordered', 'Shipped', 'To ship'].map((name, index) => make(
          'th', { scope: 'col', class: index > 1 ? 'number' : null }, name)),
        make('th', { scope: 'col' }, make('span', { class: 'hidden' }, 'Actions')))), lines)),
    shipping, parcelHead, parcels, make('div', { class: 'columns' }, editing, again));
  const element = make('tr', { class: 'more', id: `order-${id}` }, make('td', { colspan: COLUMNS }, panel));

  let seen = '';
  function update(next) {
    now = next;
    setText(head, `Order ${now.order_number}, number ${now.id} at the hub, sent ${now.attempts === 1 ? 'once' : `${now.attempts} times`}`);
    reconcile(lines, now.items, (item) => item.id, (item) => makeLine(id, item, doing), fillLine);
    setHidden(shipping, !canShip(now));
    setHidden(parcelHead, now.shipments.length === 0);
    reconcile(parcels, now.shipments, (one) => one.id, (one) => makeParcel(one, doing), fillParcel);
    const sign = `${now.attempts} ${now.updated_at} ${now.status}`;
    if (sign !== seen) tell(history, now);
    seen = sign;
  }
  return { element, update };
}

// --- lines and shipping ---------------------------------------------------------------------------------------------

function makeLine(id, item, doing) {
  const pieces = make('input', {
    type: 'number', min: 0, max: openPieces(item), value: openPieces(item), 'aria-label': `Pieces of ${item.sku} to ship`, 'data-item': item.id,
  });
  const cancel = button('Take out', () => doing(cancel, async () => {
    await post('order', { id, lines: [{ cancel: String(item.id) }] });
    return `${item.sku} is taken out of the order`;
  }), { class: 'small' });
  cancel.append(make('span', { class: 'hidden' }, ` ${item.sku}`));
  return make(
    'tr', {}, make('th', { scope: 'row', class: 'code' }), make('td'), make('td', { class: 'number' }), make('td', { class: 'number' }),
    make('td', { class: 'number' }), make('td', { class: 'number' }, pieces), make('td', { class: 'end' }, cancel));
}

function fillLine(row, item) {
  const [sku, title, price, ordered, shipped, toShip, action] = row.children;
  setText(sku, item.sku);
  setText(title, item.title);
  setText(price, item.price);
  setText(ordered, item.canceled ? `${item.quantity}, taken out` : item.quantity);
  setText(shipped, item.shipped);
  const pieces = toShip.firstElementChild;
  const most = String(openPieces(item));
  if (pieces.max !== most) [pieces.max, pieces.value] = [most, most];
  setHidden(pieces, most === '0');
  setHidden(action.firstElementChild, item.canceled || item.shipped > 0);
}

function makeShipping(id, lines, doing) {
  const tracking = make('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: 'the hub makes one' });
  const carrier = make('input', { type: 'text', autocomplete: 'off', value: 'Sandbox Parcel' });
  const submit = make('button', { type: 'submit', class: 'main' }, 'Ship these pieces');
  const ship = async () => {
    const chosen = [...lines.querySelectorAll('input')].filter((input) => !input.hidden && Number(input.value) > 0)
      .map((input) => ({ order_item_id: Number(input.dataset.item), quantity: Number(input.value) }));
    const body = { id, lines: chosen, carrier: carrier.value };
    if (tracking.value.trim()) body.tracking_number = tracking.value.trim();
    const parcels = await post('ship', body);
    tracking.value = '';
    return `Shipped, tracking ${parcels.map((one) => one.trackingNumber).join(', ')}`;
  };
  return make(
    'form', {
      class: 'row fields',
      onsubmit: (event) => {
        event.preventDefault();
        doing(submit, ship);
      },
    }, labelled('Tracking number', tracking), labelled('Carrier', carrier), submit);
}

// --- parcels --------------------------------------------------------------------------------------------------------

function makeParcel(parcel, doing) {
  const tracking = make('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', 'aria-label': `Tracking number of parcel ${parcel.id}` });
  const correct = button('Correct', () => doing(correct, async () => {
    await post('shipments', { id: parcel.id, trackingNumber: tracking.value });
    return `Parcel ${parcel.id} has tracking ${tracking.value}`;
  }), { class: 'small', 'aria-label': `Correct parcel ${parcel.id}` });
  const hold = button('Keep from the channel', () => doing(hold, async () => {
    const isHeld = hold.getAttribute('aria-pressed') === 'true';
    await post('shipments', { id: parcel.id, suppressed: !isHeld });
    return `Parcel ${parcel.id} is ${isHeld ? 'told to' : 'kept from'} the channel`;
  }), { class: 'small', 'aria-pressed': 'false' });
  hold.append(make('span', { class: 'hidden' }, ` (parcel ${parcel.id})`));
  return make('li', { class: 'row' }, make('span'), tracking, correct, hold);
}

function fillParcel(item, parcel) {
  const [name, tracking, , hold] = item.children;
  const kind = parcel.rma ? ', coming back' : parcel.cross_dock ? ', to a warehouse' : '';
  setText(name, `${parcel.id}${parcel.carrier ? `, ${parcel.carrier}` : ''}${kind}`);
  // What was typed stays until it is sent, or until the hub has another number.
  const number = parcel.tracking_number ?? '';
  if (tracking.dataset.hub !== number) [tracking.dataset.hub, tracking.value] = [number, number];
  hold.setAttribute('aria-pressed', String(Boolean(parcel.suppressed)));
}

// --- editing --------------------------------------------------------------------------------------------------------

function makeEditing(id, order, doing) {
  const status = make('select', {}, make('option', { value: '' }, 'as it is'), ...STATUSES.map((one) => make('option', { value: one }, one)));
  const city = make('input', { type: 'text', autocomplete: 'off', placeholder: order.city ?? '' });
  const total = make('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', placeholder: order.total ?? '' });
  const sku = make('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: 'none' });
  const submit = make('button', { type: 'submit' }, 'Change the order');
  const change = async () => {
    const body = { id };
    if (status.value) body.status = status.value;
    if (city.value.trim()) body.address = { city: city.value.trim() };
    if (total.value.trim()) body.total = total.value.trim();
    if (sku.value.trim()) body.lines = [{ add: { sku: sku.value.trim(), quantity: 1 } }];
    if (Object.keys(body).length === 1) return 'Nothing is changed';
    await post('order', body);
    for (const field of [status, city, total, sku]) field.value = '';
    return `Order ${order.order_number} is changed`;
  };
  return make(
    'form', {
      class: 'stack',
      onsubmit: (event) => {
        event.preventDefault();
        doing(submit, change);
      },
    }, make('h4', {}, 'Edit, as somebody at the hub'), make(
      'div', { class: 'pairs' }, labelled('Status', status), labelled('City', city), labelled('Total', total),
      labelled('One more line, by SKU', sku)), make('p', {}, submit));
}

// What happens when a shop sends this number again, as it does after a lost answer.
function makeAgain(order, doing) {
  const number = order.order_number;
  const plan = (text, path, body, said) => {
    const one = button(text, () => doing(one, async () => {
      await post(path, { order_number: number, times: 1, ...body });
      return said;
    }));
    one.append(make('span', { class: 'hidden' }, ` for order ${number}`));
    return one;
  };
  return make(
    'div', { class: 'stack' }, make('h4', {}, 'When its number is sent again'), make(
      'div', { class: 'row' },
      plan('Refuse it', 'refuse', { status: 422 }, `Order ${number} is refused the next time`),
      plan('Cut its answer', 'cut', { when: 'after' }, `The next answer to order ${number} is lost`),
      plan('Cut before it acts', 'cut', { when: 'before' }, `The connection of order ${number} is cut the next time`)));
}

async function tell(history, order) {
  const entries = await ask('GET', `journal?order_number=${encodeURIComponent(order.order_number)}`).catch(() => []);
  reconcile(history, entries.slice(-20), (entry) => entry.n, (entry) => make('li', {}, [
    clockTime(entry.wall_ms), `${entry.method} ${entry.path}`, entry.status || 'no answer', entry.effect.replaceAll('_', ' '),
    entry.attempt ? `attempt ${entry.attempt}` : '', entry.faults.join(', '), entry.answered ? '' : 'its answer was lost',
  ].filter(Boolean).join(' · ')));
}
