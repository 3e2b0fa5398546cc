// The request budget as a gauge that moves: what is left of it now, and the last minute as a line.

import { byId, count, make, reconcile, setText } from '../dom.mjs';
import { on } from '../hub.mjs';

const SPAN_MS = 60_000;
const WIDTH = 240;
const HEIGHT = 44;

const KINDS = {
  bucket: 'leaky bucket', sliding: 'sliding window', fixed: 'fixed window', strict: 'two in any second, refused ones too', none: 'no limit',
};
const quiet = matchMedia('(prefers-reduced-motion: reduce)');
const past = [];

export const budgetNow = () => past.at(-1)?.pool;

export function showBudget() {
  on('budget', (budget) => {
    setText(byId('requests'), count(budget.requests));
    setText(byId('refused'), count(budget.refused));
    const [pool, ...others] = budget.pools;
    if (!pool) return;
    const left = Math.max(0, pool.size - pool.used);
    past.push({ at: Date.now(), share: pool.size > 0 ? left / pool.size : 1, pool });
    draw(budget.limiter, pool, left);
    // Two of them may be called the same.
    const placed = others.map((one, place) => ({ ...one, place }));
    reconcile(byId('pools'), placed, (one) => one.place, () => make('li', { class: 'quiet' }), (item, one) => setText(
      item, `${one.name}: ${Math.floor(Math.max(0, one.size - one.used))} of ${count(one.size)} left`));
  });
  // Between events the line goes on to the left; without motion it stands until the next event.
  setInterval(() => {
    if (!document.hidden && !quiet.matches) trace();
  }, 500);
}

function draw(limiter, pool, left) {
  const hasLimit = limiter !== 'none';
  const whole = Math.floor(left + 0.005);
  setText(byId('left'), hasLimit ? count(whole) : 'no limit');
  setText(byId('left-of'), hasLimit ? `of ${count(pool.size)} requests left` : '');
  const gauge = byId('gauge');
  const share = hasLimit && pool.size > 0 ? left / pool.size : 1;
  gauge.setAttribute('aria-valuemax', String(hasLimit ? pool.size : 1));
  gauge.setAttribute('aria-valuenow', String(hasLimit ? whole : 1));
  gauge.setAttribute('aria-valuetext', hasLimit ? `${whole} of ${pool.size} requests left` : 'no limit');
  gauge.dataset.state = !hasLimit || share > 0.25 ? 'good' : whole >= 1 ? 'low' : 'empty';
  byId('gauge-bar').style.transform = `scaleX(${share.toFixed(4)})`;
  const over = pool.used + 1 - pool.size;
  const refill = pool.refill > 0 ? `regains ${Number(pool.refill.toFixed(2))} a second` : 'regains nothing';
  const wait = over > 0 && pool.refill > 0 ? `: nothing is granted for ${Math.ceil(over / pool.refill)} s` : '';
  setText(byId('budget-note'), hasLimit ? `${pool.name}, ${KINDS[limiter]}, ${refill}${wait}` : pool.name);
  trace();
}

function trace() {
  const now = Date.now();
  while (past.length > 1 && past[1].at < now - SPAN_MS) past.shift();
  if (!past.length) return;
  const x = (at) => Math.max(0, WIDTH * (1 - (now - at) / SPAN_MS)).toFixed(1);
  const y = (share) => (HEIGHT - 2 - share * (HEIGHT - 4)).toFixed(1);
  const points = past.map(({ at, share }) => `${x(at)},${y(share)}`);
  points.push(`${WIDTH},${y(past.at(-1).share)}`);
  byId('trace-line').setAttribute('points', points.join(' '));
  byId('trace-area').setAttribute('points', `${x(past[0].at)},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`);
}
