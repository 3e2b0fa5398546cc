'use strict';
/* JSON both ways without a float: the addon has made text of every number that a double would change, and none goes out. */

/* Deeper than this an object refers to itself; the library's own bound is 64. */
const DEEPEST = 500;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads what the library wrote. */
function decode(text) {
    return JSON.parse(text);
}

/** Writes JSON as bytes. Text and bytes that are JSON already pass as they are; the library is the one who judges them. */
function encode(value) {
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return toUtf8(typeof value === 'string' ? value : written(value, '', 0));
}

/** Encodes text; half a surrogate pair passes, so that the library can name it as what it is. */
function toUtf8(text) {
    if (typeof text !== 'string') throw new TypeError(`text is wanted, not ${nameOf(text)}`);
    if (!LONE_SURROGATE.test(text)) return Buffer.from(text);
    return Buffer.concat(Array.from(text, (sign) => (LONE_SURROGATE.test(sign) ? surrogate(sign) : Buffer.from(sign))));
}

function surrogate(sign) {
    const unit = sign.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}

function written(value, path, depth) {
    if (depth > DEEPEST) throw new TypeError(`${path.slice(0, 100)}...: is nested more than ${DEEPEST} deep`);
    const plain = typeof value?.toJSON === 'function' ? value.toJSON() : value;
    if (plain === null || plain === undefined) return 'null'; // the library decides what a missing value means
    switch (typeof plain) {
        case 'string': return quoted(plain);
        case 'boolean': return String(plain);
        case 'bigint': return String(plain);
        case 'number': return whole(plain, path);
        case 'object': return Array.isArray(plain) ? list(plain, path, depth) : object(plain, path, depth);
        default: throw new TypeError(`${path || '/'}: ${nameOf(plain)} has no form in JSON`);
    }
}

/* JSON.stringify would escape half a surrogate pair, and the library could not say where it is. */
function quoted(text) {
    return LONE_SURROGATE.test(text) ? `"${Array.from(text, (sign) => LONE_SURROGATE.test(sign) ? sign
        : JSON.stringify(sign).slice(1, -1)).join('')}"` : JSON.stringify(text);
}

function whole(number, path) {
    if (Number.isSafeInteger(number)) return String(number);
    throw new TypeError(`${path || '/'}: ${number} has no exact form as a number; give money as text, such as "19.99"`
        + ', and large ids as text or BigInt');
}

function list(values, path, depth) {
    return `[${values.map((value, index) => written(value, `${path}/${index}`, depth + 1)).join(',')}]`;
}

/* Error, Map, Set, whatever has its content elsewhere, would be an empty object, and that has a meaning. */
function object(members, path, depth) {
    if (!isPlain(members)) throw new TypeError(`${path || '/'}: ${nameOf(members)} has no form in JSON; give a plain object`);
    const rows = Object.entries(members).map(([name, value]) => `${quoted(name)}:${written(value, `${path}/${name}`, depth + 1)}`);
    return `{${rows.join(',')}}`;
}

/** Whether it is an object made by {}, of whatever realm, and nothing that is a kind of its own. */
function isPlain(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const above = Object.getPrototypeOf(value);
    return above === null || Object.getPrototypeOf(above) === null;
}

function nameOf(value) {
    return value === null ? 'null' : typeof value === 'object' ? value.constructor?.name ?? 'object' : typeof value;
}

module.exports = { decode, encode, isPlain, toUtf8, nameOf };
