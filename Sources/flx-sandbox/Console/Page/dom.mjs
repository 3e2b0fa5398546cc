// Building and changing the page. Whatever comes from the hub is set as text; nothing here takes HTML.

export const byId = (id) => document.getElementById(id);

// An element with attributes, handlers (onclick: function) and children: elements, or texts.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Sets a text only where it is another, so that a selection or a screen reader's place is left alone.
export function setText(element, text) {
  const wanted = text === null || text === undefined ? '' : String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

export function setHidden(element, isHidden) {
  if (element.hidden === isHidden) return;
  // Focus must not fall out of the page with what held it.
  if (isHidden && element.contains(document.activeElement)) {
    const home = element.closest('[data-home]')?.querySelector('[data-toggle]') ?? element.closest('section');
    home?.focus();
  }
  element.hidden = isHidden;
}

// What a button that opens something says of it; what is not there cannot be named.
export function setExpanded(toggle, isOpen, id) {
  toggle.setAttribute('aria-expanded', String(isOpen));
  if (isOpen) toggle.setAttribute('aria-controls', id);
  else toggle.removeAttribute('aria-controls');
}

// Makes the children of `parent` those of `items`, in their order. `key` tells items apart, `create` makes an element, `update`
// puts an item into it. Elements that stay are not taken out, so that focus and what was typed stay too.
export function reconcile(parent, items, key, create, update) {
  const old = new Map();
  for (const child of parent.children) old.set(child.dataset.key, child);
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = old.get(name);
    if (element) old.delete(name);
    else {
      element = create(item);
      element.dataset.key = name;
    }
    if (element === next) next = element.nextElementSibling;
    else parent.insertBefore(element, next);
    update?.(element, item);
  }
  for (const gone of old.values()) {
    if (gone.contains(document.activeElement)) gone.closest('section')?.focus();
    gone.remove();
  }
}

// --- telling --------------------------------------------------------------------------------------------------------

const untold = [];
let tellsAt = 0;

// Told to a screen reader without a break, a few at a time.
export function say(text) {
  untold.push(text);
  if (untold.length > 1) return;
  setTimeout(() => {
    const texts = untold.splice(0);
    const shown = texts.length > 3 ? [`${texts.length} things happened`, texts[texts.length - 1]] : texts;
    setText(byId('said'), shown.join('. '));
    tellsAt = Date.now();
  }, Math.max(300, tellsAt + 2000 - Date.now()));
}

// What went wrong stands until the next thing goes right.
export function alarm(text) {
  setText(byId('alarm'), text);
}

// --- words ----------------------------------------------------------------------------------------------------------

export const count = (number) => Number(number).toLocaleString('en');

export function clockTime(value) {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return '';
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString('en-GB') : time.toLocaleDateString('en-CA');
}

// A pill: a word with a colour that says nothing the word does not.
export function pill(word, kind) {
  return make('span', { class: `pill ${kind}` }, word);
}

export function button(text, onclick, attributes = {}) {
  return make('button', { type: 'button', ...attributes, onclick }, text);
}

let fields = 0;

// A label with its field; `hint` is read after the name.
export function labelled(text, field, hint) {
  fields += 1;
  field.id = `field-${fields}`;
  const label = make('label', { for: field.id }, text);
  if (!hint) return make('div', { class: 'field' }, label, field);
  field.setAttribute('aria-describedby', `${field.id}-hint`);
  return make('div', { class: 'field' }, label, field, make('p', { id: `${field.id}-hint`, class: 'quiet' }, hint));
}
