// What keeps people who hear a page, or steer it by keys, from using it: the body of a function that gives its findings,
// `rule: what`. It knows what a program can know; whether the words are good is for people.

const findings = [];
const find = (rule, element, what) => findings.push(`${rule}: ${what} (${where(element)})`);
const all = (css, root = document) => [...root.querySelectorAll(css)];

function where(element) {
  if (!element?.tagName) return 'document';
  const id = element.id ? `#${element.id}` : '';
  return `${element.tagName.toLowerCase()}${id} "${(element.textContent || element.value || '').trim().slice(0, 40)}"`;
}

// Drawn, and not only for those who hear.
function isVisible(element) {
  if (!element.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1;
}
const isHeard = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest('[aria-hidden=true]');

const FIELDS = 'input:not([type=hidden]), select, textarea';
const CONTROLS = `a[href], button, summary, ${FIELDS}`;

// --- names ----------------------------------------------------------------------------------------------------------

function nameOf(element) {
  const ids = element.getAttribute('aria-labelledby');
  if (ids) return ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  const own = element.getAttribute('aria-label');
  if (own) return own.trim();
  if (element.matches(FIELDS)) return [...(element.labels ?? [])].map((label) => label.textContent).join(' ').trim();
  if (element.matches('img')) return (element.getAttribute('alt') ?? '').trim();
  if (element.matches('table')) return (element.caption?.textContent ?? '').trim();
  return element.textContent.trim();
}

for (const one of all(`${CONTROLS}, [role=meter], [role=search], table, nav, aside, section`).filter(isHeard)) {
  if (nameOf(one)) continue;
  find(one.matches(FIELDS) ? 'label' : 'name', one, one.matches(FIELDS) ? 'a field has no label' : 'has no name');
}
for (const one of all('img, svg').filter(isHeard)) {
  if (one.matches('img') ? !one.hasAttribute('alt') : !nameOf(one)) find('name', one, 'a picture has no text beside it');
}
const called = Map.groupBy(all('button').filter((one) => isHeard(one) && isVisible(one)), nameOf);
for (const [name, same] of called) {
  const places = new Set(same.map((one) => one.closest('section, form')));
  if (same.length > places.size) find('name', same[0], `${same.length} buttons of one place are called "${name}"`);
}

// --- structure ------------------------------------------------------------------------------------------------------

if (!document.documentElement.lang) find('document', null, 'has no language');
if (!document.title.trim()) find('document', null, 'has no title');
const zoom = document.querySelector('meta[name=viewport]')?.content ?? '';
if (/user-scalable\s*=\s*no|maximum-scale/.test(zoom)) find('document', null, 'cannot be made larger');

const headings = all('h1, h2, h3, h4, h5, h6').filter(isHeard);
if (headings.filter((one) => one.tagName === 'H1').length !== 1) find('headings', null, 'there is not one h1');
let level = 0;
for (const one of headings) {
  const next = Number(one.tagName[1]);
  if (next > level + 1) find('headings', one, `h${next} follows h${level}`);
  if (!one.textContent.trim()) find('headings', one, 'is empty');
  level = next;
}

const marks = {
  main: 'main', banner: 'body > header', navigation: 'nav', complementary: 'aside', region: 'section[aria-label], section[aria-labelledby]',
  search: '[role=search]', contentinfo: 'body > footer',
};
for (const [role, css] of Object.entries(marks)) {
  const there = all(css).filter(isHeard);
  if (['main', 'banner', 'navigation'].includes(role) && there.length !== 1) find('landmarks', null, `${there.length} of ${role}`);
  if (there.length > 1 && new Set(there.map(nameOf)).size !== there.length) find('landmarks', there[0], `two of ${role} have one name`);
}
const inside = `${Object.values(marks).join(', ')}, [role=status], [role=alert], .skip, noscript`;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const texts = [];
while (walker.nextNode()) {
  const parent = walker.currentNode.parentElement;
  if (walker.currentNode.data.trim() && !parent.matches('script, style, noscript, option, title')) texts.push(parent);
}
for (const one of texts.filter((text) => isVisible(text) && !text.closest(inside))) find('landmarks', one, 'is in no landmark');

for (const table of all('table').filter(isHeard)) {
  for (const head of all('th', table)) if (!head.scope) find('tables', head, 'a head says not of what');
  if (!table.querySelector('thead th')) find('tables', table, 'has no heads');
}
for (const list of all('ul, ol')) for (const one of list.children) if (one.tagName !== 'LI') find('lists', one, 'is no li');

const ids = Map.groupBy(all('[id]'), (one) => one.id);
for (const [id, same] of ids) if (same.length > 1) find('ids', same[0], `${same.length} are called ${id}`);
for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
  for (const one of all(`[${name}]`)) {
    for (const id of one.getAttribute(name).split(/\s+/)) if (!ids.has(id)) find('ids', one, `${name} names ${id}, which is not there`);
  }
}
for (const one of all('a[href^="#"]')) if (!ids.has(one.getAttribute('href').slice(1))) find('ids', one, 'leads nowhere');

for (const one of all('[aria-expanded], [aria-pressed], [aria-busy], [aria-disabled], [aria-hidden]')) {
  for (const { name, value } of one.attributes) {
    if (/^aria-(expanded|pressed|busy|disabled|hidden)$/.test(name) && !['true', 'false'].includes(value)) find('states', one, `${name} is "${value}"`);
  }
}
for (const meter of all('[role=meter]')) {
  const [low, now, high] = ['min', 'now', 'max'].map((name) => Number.parseFloat(meter.getAttribute(`aria-value${name}`)));
  if (!(low <= now && now <= high)) find('states', meter, `${now} is not from ${low} to ${high}`);
}

// --- keys -----------------------------------------------------------------------------------------------------------

for (const one of all('[tabindex]')) if (one.tabIndex > 0) find('tabindex', one, `is ${one.tabIndex}`);
for (const one of all('[aria-hidden=true]')) {
  if (one.matches(CONTROLS) || one.querySelector(CONTROLS)) find('keys', one, 'is hidden from those who hear, and has a control');
}
for (const one of all('div, span, p, li, td, tr')) {
  if (one.onclick || one.hasAttribute('onclick') || getComputedStyle(one).cursor === 'pointer') {
    if (!one.closest(CONTROLS) && !one.closest('label')) find('keys', one, 'is to be clicked, and no control');
  }
}
for (const one of all(CONTROLS)) {
  const outer = one.parentElement.closest(CONTROLS);
  if (outer) find('keys', one, 'is a control inside of a control');
}
for (const one of all('[autofocus]')) find('keys', one, 'takes the focus by itself');
for (const one of all('button, input, select, summary').filter((control) => isVisible(control))) {
  const box = one.getBoundingClientRect();
  if (box.width < 24 || box.height < 24) find('size', one, `is ${box.width.toFixed(0)} by ${box.height.toFixed(0)}`);
}

// --- live -----------------------------------------------------------------------------------------------------------

for (const role of ['status', 'alert']) if (!all(`[role=${role}]`).filter(isHeard).length) find('live', null, `nothing has the role ${role}`);
for (const one of all('[aria-live=assertive]')) if (one.querySelector('table, ul, ol')) find('live', one, 'would be read whole at each change');
for (const one of all('[role=meter], tbody')) if (one.closest('[aria-live], [role=status], [role=alert]')) find('live', one, 'changes too often to be read');

// --- contrast -------------------------------------------------------------------------------------------------------

const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
function rgba(color) {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
}
const over = (top, below) => ({
  r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
});
function groundOf(element) {
  const layers = [];
  for (let one = element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
  const paper = matchMedia('(prefers-color-scheme: dark)').matches ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
  return layers.reverse().reduce((below, top) => over(top, below), paper);
}
function light({ r, g, b }) {
  const [x, y, z] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
function contrast(top, below) {
  const [high, low] = [light(over(top, below)), light(below)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}
function checkText(element, style, ground, what) {
  const size = Number.parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const opacity = (() => {
    let share = 1;
    for (let one = element; one; one = one.parentElement) share *= Number(getComputedStyle(one).opacity);
    return share;
  })();
  const color = rgba(style.color);
  color.a *= opacity;
  const ratio = contrast(color, ground);
  if (ratio < (isLarge ? 3 : 4.5)) find('contrast', element, `${what} has ${ratio.toFixed(2)}`);
}

for (const one of new Set(texts)) if (isVisible(one)) checkText(one, getComputedStyle(one), groundOf(one), 'a text');
for (const field of all(FIELDS).filter(isVisible)) {
  checkText(field, getComputedStyle(field), groundOf(field), 'a field');
  if (field.placeholder) checkText(field, getComputedStyle(field, '::placeholder'), groundOf(field), 'a placeholder');
  const edge = contrast(rgba(getComputedStyle(field).borderTopColor), groundOf(field.parentElement));
  if (edge < 3) find('contrast', field, `the edge of a field has ${edge.toFixed(2)}`);
}
for (const bar of all('[role=meter] > *')) {
  const share = contrast(rgba(getComputedStyle(bar).backgroundColor), groundOf(bar.parentElement));
  if (share < 3) find('contrast', bar, `a bar has ${share.toFixed(2)}`);
}

// --- room -----------------------------------------------------------------------------------------------------------

if (document.documentElement.scrollWidth > innerWidth + 1) find('room', null, `is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);

return findings;
