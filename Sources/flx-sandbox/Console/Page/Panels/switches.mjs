// The open questions of the contract, and the manners of the hub: those that are not at their defaults, and all of them.

import { byId, button, make, reconcile, setHidden, setText } from '../dom.mjs';
import { act, ask, on, post } from '../hub.mjs';

let table = [];
let changed = {};

export function showSwitches() {
  on('open', async () => {
    table = await ask('GET', 'switches').catch(() => table);
    draw();
  });
  on('settings', (settings) => {
    changed = settings.switches;
    draw();
  });
  byId('switch-text').addEventListener('input', draw);
  byId('all-switches').addEventListener('toggle', draw);
  byId('reset-switches').addEventListener('click', (event) => act(event.currentTarget, async () => {
    await ask('DELETE', 'switches');
    return 'All switches are at their defaults';
  }));
}

const valueOf = (one) => changed[one.name] ?? one.default;

async function set(one, value) {
  await post('switches', { [one.name]: value });
  return `${one.name} is ${value || 'empty'}`;
}

function draw() {
  const others = table.filter((one) => changed[one.name] !== undefined);
  reconcile(byId('changed-switches'), others, (one) => one.name, makeChanged, (item, one) => {
    setText(item.querySelector('.now'), `= ${valueOf(one) || 'empty'}`);
  });
  setHidden(byId('no-switches'), others.length > 0);
  setHidden(byId('reset-switches'), others.length === 0);
  if (!byId('all-switches').open) return;
  const text = byId('switch-text').value.trim().toLowerCase();
  const shown = table.filter((one) => !text || `${one.name} ${one.about}`.toLowerCase().includes(text));
  reconcile(byId('switch-list'), shown, (one) => one.name, makeSwitch, (item, one) => {
    const field = item.querySelector('select, input');
    if (document.activeElement !== field || field.tagName === 'SELECT') field.value = valueOf(one);
  });
}

function makeChanged(one) {
  const back = button('Default', () => act(back, () => set(one, one.default)), { class: 'small' });
  back.append(make('span', { class: 'hidden' }, ` of ${one.name}`));
  return make(
    'li', {}, make('span', { class: 'what' }, make('strong', { class: 'code' }, one.name), make('span', { class: 'code now' })), back);
}

function makeSwitch(one) {
  const id = `switch-${one.name}`;
  const field = makeField(one);
  field.id = id;
  field.setAttribute('aria-describedby', `${id}-about`);
  field.addEventListener('change', () => act(field, async () => {
    try {
      return await set(one, field.value);
    } catch (error) {
      field.value = valueOf(one);
      throw error;
    }
  }));
  return make(
    'li', { class: 'field' }, make('label', { for: id, class: 'code' }, one.name), field,
    make('p', { id: `${id}-about`, class: 'quiet' }, one.about, one.row === '-' ? '' : ` (row ${one.row})`));
}

function makeField(one) {
  const range = /^(-?\d+)\.\.(-?\d*)$/.exec(one.settings);
  if (range) return make('input', { type: 'number', min: range[1], max: range[2] || null });
  if (!one.settings.includes('|')) return make('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: one.settings });
  return make('select', {}, ...one.settings.split('|').map((word) => make('option', { value: word }, word)));
}
