// Things that go wrong in a shop's life, each at one press. Those that last are switched off by the same button.

import { budgetNow } from './budget.mjs';
import { button, make, setText } from '../dom.mjs';
import { MATCH } from './faults.mjs';
import { act, ask, on, post, Refused } from '../hub.mjs';
import { allOrders, canShip, openPieces } from './orders.mjs';

const READ_ONLY = ['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => (
  { do: 'status', method, status: 503, times: 0, error: 'the hub is read-only for now', retry_after: 'seconds', retry_after_s: 2 }));

// `run` does it once. `faults` and `switches` are what a lasting one sets; it is on while the hub has all of them.
const recipes = [
  { name: 'Lose an answer', about: 'The next order is taken, and its answer never arrives.', run: loseAnswer },
  { name: 'Refuse an order', about: 'The next order gets a 422.', run: refuseOrder },
  { name: 'Ship half', about: 'Half the pieces of the newest open order leave.', run: shipHalf },
  { name: '429 storm', about: 'Somebody else uses up the budget for twenty seconds.', run: storm },
  { name: 'Stir the catalogue', about: 'Twenty listings get another price or stock, come or go.', run: stir },
  { name: 'Cut a page short', about: 'The next answer with listings breaks off in its middle.', run: cutPage },
  { name: 'Read-only hub', about: 'Reads go on, every write gets a 503.', faults: READ_ONLY },
  { name: 'Slow hub', about: 'Every answer takes a second longer.', switches: { 'latency.ms': '1000' } },
  { name: 'Nobody home', about: 'Every connection is cut before the hub acts.', faults: [{ do: 'cut_before', times: 0 }] },
  { name: 'Doubling hub', about: 'An order that is sent twice is there twice.', switches: { 'order.duplicate': 'second' } },
  { name: 'Hostile texts', about: 'Descriptions come with scripts in them.', switches: { descriptions: 'hostile' } },
];

let settings = { faults: [], switches: {} };

export function showRecipes() {
  const list = document.getElementById('recipe-list');
  for (const recipe of recipes) list.append(makeRecipe(recipe));
  on('settings', (now) => {
    settings = now;
    for (const recipe of recipes) {
      if (recipe.run) continue;
      recipe.control.setAttribute('aria-pressed', String(isOn(recipe)));
      setText(recipe.sign, isOn(recipe) ? 'on' : 'off');
    }
  });
}

function makeRecipe(recipe) {
  const control = button('', () => act(control, () => (recipe.run ? recipe.run() : turn(recipe))), {
    class: 'recipe', ...(recipe.run ? {} : { 'aria-pressed': 'false' }),
  });
  recipe.control = control;
  recipe.sign = make('span', { class: 'sign', 'aria-hidden': 'true' });
  control.append(make('strong', {}, recipe.name), recipe.sign, make('span', { class: 'about' }, recipe.about));
  return make('li', {}, control);
}

// --- those that last ------------------------------------------------------------------------------------------------

// A fault that fits less, such as one order alone, is somebody's own.
const isPlanned = (wanted) => settings.faults.find((fault) => Object.entries(wanted).every(([name, value]) => fault[name] === value)
  && MATCH.every((name) => fault[name] === wanted[name]));

function isOn({ faults = [], switches = {} }) {
  return faults.every(isPlanned) && Object.entries(switches).every(([name, value]) => settings.switches[name] === value);
}

async function turn(recipe) {
  const wasOn = isOn(recipe);
  for (const fault of recipe.faults ?? []) {
    const planned = isPlanned(fault);
    if (wasOn && planned) await ask('DELETE', `faults/${planned.id}`);
  }
  if (!wasOn && recipe.faults) await post('faults', recipe.faults.filter((fault) => !isPlanned(fault)));
  if (recipe.switches) {
    const table = wasOn ? await ask('GET', 'switches') : [];
    const initial = (name) => table.find((one) => one.name === name)?.default ?? '';
    await post('switches', wasOn ? Object.fromEntries(Object.keys(recipe.switches).map((name) => [name, initial(name)])) : recipe.switches);
  }
  return `${recipe.name} is ${wasOn ? 'off' : 'on'}`;
}

// --- those that happen once -----------------------------------------------------------------------------------------

async function loseAnswer() {
  await post('faults', { do: 'cut_after', operation: 'createOrder', times: 1 });
  return 'The answer to the next order is lost';
}

async function refuseOrder() {
  await post('faults', { do: 'refuse', operation: 'createOrder', times: 1, status: 422 });
  return 'The next order is refused';
}

async function shipHalf() {
  const order = allOrders().reverse().find((one) => canShip(one) && halfOf(one).length);
  if (!order) throw new Refused('no open order has two pieces or more; half of one piece cannot leave');
  await post('ship', { id: order.id, lines: halfOf(order) });
  return `Half of order ${order.order_number} is shipped`;
}

// Half the pieces of an order, rounded down, as lines.
function halfOf(order) {
  let rest = Math.floor(order.items.reduce((sum, item) => sum + openPieces(item), 0) / 2);
  const lines = [];
  for (const item of order.items) {
    const quantity = Math.min(rest, openPieces(item));
    if (quantity > 0) lines.push({ order_item_id: item.id, quantity });
    rest -= quantity;
  }
  return lines;
}

async function storm() {
  const pool = budgetNow();
  if (!pool?.size) throw new Refused('the hub has no limit; set the switch limiter first');
  await post('pool', { take: Math.ceil(Math.max(0, pool.size - pool.used) + pool.refill * 20) });
  return 'The budget is used up';
}

async function stir() {
  await post('churn', { rows: 20, what: 'mix' });
  return 'Twenty listings changed';
}

async function cutPage() {
  await post('faults', { do: 'truncate', path: '/listing', percent: 50, times: 1 });
  return 'The next page of listings breaks off';
}
