// The faults that are planned, and two ways to plan one: for an order to come, or any, as on the command line.

import { byId, button, make, reconcile, setHidden, setText } from '../dom.mjs';
import { act, ask, on, post, Refused } from '../hub.mjs';

export const MATCH = ['method', 'path', 'operation', 'query', 'order_number', 'request', 'connection', 'nth', 'every'];
const KINDS = { refuse: { status: 422 }, cut_after: {}, cut_before: {}, delay: { ms: 3000 }, status: { status: 500 } };

export function showFaults() {
  on('settings', ({ faults, more_faults: more }) => {
    reconcile(byId('fault-list'), faults, (fault) => fault.id, makeFault, fillFault);
    setHidden(byId('no-faults'), faults.length > 0);
    setHidden(byId('drop-faults'), faults.length === 0);
    setText(byId('drop-faults'), more ? `Remove all ${faults.length + more}` : 'Remove all');
  });
  byId('drop-faults').addEventListener('click', (event) => act(event.currentTarget, async () => {
    await ask('DELETE', 'faults');
    return 'No fault is planned any more';
  }));
  onSubmit('plan', planForOrder);
  onSubmit('words', planWords);
}

function onSubmit(id, work) {
  const form = byId(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(form.querySelector('[type=submit]'), work);
  });
}

async function planForOrder() {
  const kind = byId('plan-what').value;
  const number = byId('plan-number').value.trim();
  const fault = { do: kind, operation: 'createOrder', times: Number(byId('plan-times').value), ...KINDS[kind] };
  if (number) fault.order_number = number;
  await post('faults', fault);
  byId('plan-number').value = '';
  return `Planned for ${number ? `order ${number}` : 'the next order'}`;
}

async function planWords() {
  const words = byId('words-text').value.trim().split(/\s+/).filter(Boolean);
  if (!words.length) throw new Refused('a fault wants at least do=NAME');
  const fault = Object.fromEntries(words.map((word) => {
    const cut = word.indexOf('=');
    return cut < 0 ? [word, 'true'] : [word.slice(0, cut), word.slice(cut + 1)];
  }));
  const { ids } = await post('faults', fault);
  byId('words-text').value = '';
  return `Fault ${ids.join(', ')} is planned`;
}

function makeFault(fault) {
  const remove = button('Remove', () => act(remove, async () => {
    await ask('DELETE', `faults/${fault.id}`);
    return `Fault ${fault.id} is removed`;
  }), { class: 'small' });
  remove.append(make('span', { class: 'hidden' }, ` fault ${fault.id}, ${fault.do}`));
  const parameters = Object.entries(fault).filter(([name]) => !['id', 'do', 'times', 'seen', 'done', ...MATCH].includes(name));
  const fits = MATCH.filter((name) => fault[name] !== undefined).map((name) => `${name.replace('_', ' ')} ${fault[name]}`);
  return make(
    'li', {}, make('span', { class: 'what' }, make('strong', { class: 'code' }, fault.do),
      make('span', { class: 'quiet' }, ` ${[...fits, ...parameters.map(([name, value]) => `${name} ${value}`)].join(', ')}`),
      make('span', { class: 'count' })), remove);
}

function fillFault(item, fault) {
  setText(item.querySelector('.count'), fault.times ? ` done ${fault.done} of ${fault.times}` : ` done ${fault.done} times`);
  item.classList.toggle('spent', fault.times > 0 && fault.done >= fault.times);
}
