// The two ways to the hub: the stream of events that it tells, and the admin paths that change it.

import { alarm, byId, say, setText } from './dom.mjs';

const listeners = new Map();

// `tell(content)` for each event of that name; `open` comes first whenever the hub is there, or there again, and tells all anew.
export function on(name, tell) {
  listeners.set(name, [...(listeners.get(name) ?? []), tell]);
}

// --- events ---------------------------------------------------------------------------------------------------------

let source = null;
let again = null;

function show(state, text) {
  const link = byId('link');
  link.dataset.state = state;
  setText(link, text);
}

function open() {
  if (source || document.hidden) return;
  clearTimeout(again);
  source = new EventSource('/_console/events');
  source.onopen = () => {
    show('on', 'live');
    for (const tell of listeners.get('open') ?? []) tell();
  };
  source.onerror = () => {
    show('off', 'the hub does not answer, trying again');
    // A browser comes back by itself from a lost connection, not from a refusal.
    if (source?.readyState === EventSource.CLOSED) {
      close();
      again = setTimeout(open, 5000);
    }
  };
  for (const [name, tells] of listeners) {
    if (name === 'open') continue;
    source.addEventListener(name, (event) => {
      const content = JSON.parse(event.data);
      for (const tell of tells) tell(content);
    });
  }
  source.addEventListener('end', () => show('off', 'the sandbox has stopped'));
}

function close() {
  source?.close();
  source = null;
}

// A tab that nobody sees lets its connection go: a browser has six for one server, and all tabs share them.
export function connect() {
  open();
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return open();
    close();
    show('off', 'paused');
    return undefined;
  });
  // A page that the browser keeps for its way back comes back from there.
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', open);
}

// --- admin paths ----------------------------------------------------------------------------------------------------

export class Refused extends Error {}

export async function ask(method, path, body) {
  const request = { method, headers: { Accept: 'application/json' } };
  if (body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/_admin/${path}`, request);
  } catch {
    throw new Refused('the hub does not answer');
  }
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(content?.error ?? `the hub answered ${answer.status}`);
  return content;
}

export const post = (path, body) => ask('POST', path, body);

// Does something that a person asked for, and says how it went: in words for a screen reader, or as an alarm.
export async function act(control, work) {
  if (control?.getAttribute('aria-busy') === 'true') return;
  control?.setAttribute('aria-busy', 'true');
  try {
    const done = await work();
    alarm('');
    if (done) say(done);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    alarm(error.message);
  } finally {
    control?.removeAttribute('aria-busy');
  }
}
