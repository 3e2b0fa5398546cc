'use strict';
/* Fields of typed records: each knows its name at the hub and how it is read. Absent, null or of another type is null. */

/** A record: `of(record, facts)` reads one; `facts` are the fields that do not stand in it. */
function view(fields) {
    let rows = null; // made when first asked for: records name each other
    return Object.freeze({
        of(record, facts = {}) {
            rows ??= Object.entries(fields());
            const made = {};
            for (const [name, read] of rows) made[name] = read === null ? facts[name] ?? null : read(record);
            return Object.freeze(made);
        },
    });
}

/* A field that the library finds, and that no record has. */
const found = null;

const whole = () => (record) => record;
const text = (path) => at(path, asText);
const decimal = (path) => at(path, asDecimal);
const integer = (path) => at(path, (value) => (Number.isSafeInteger(value) ? value : null));
const flag = (path) => at(path, (value) => (typeof value === 'boolean' ? value : null));
const instant = (path) => at(path, asInstant);
const one = (path, kind) => at(path, (value) => (isObject(value) ? kind().of(value) : null));
const many = (path, kind) => at(path, (value) => Object.freeze(asList(value).filter(isObject).map((member) => kind().of(member))));
const texts = (path) => at(path, (value) => Object.freeze(asList(value).filter((member) => typeof member === 'string')));

/* A status or unit: an object with a handle, or the handle as plain text (contract 1.9). Else what is at `otherwise`. */
function handle(path, kind, otherwise) {
    const read = (value) => {
        const node = isObject(value) ? value : { handle: value };
        return asText(node.handle) === null ? null : kind().of(node);
    };
    const first = at(path, read);
    const second = otherwise ? at(otherwise, read) : () => null;
    return (record) => first(record) ?? second(record);
}

/* Steps are parted by `/`; a `|` parts two names of a list, of which the first that is there counts. */
function at(path, read) {
    if (path.includes('|')) {
        const names = path.split('|');
        return (record) => read(names.map((name) => record[name]).find(Array.isArray));
    }
    const steps = path.split('/');
    return (record) => read(steps.reduce((value, step) => (isObject(value) ? value[step] : undefined), record));
}

function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asList(value) {
    return Array.isArray(value) ? value : [];
}

function asText(value) {
    return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;
}

/* What the library takes for a number in a text. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function asDecimal(value) {
    const digits = typeof value === 'number' ? String(value) : value;
    return typeof digits === 'string' && NUMBER.test(digits) ? digits : null;
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/* ISO 8601 with its zone, as the library reads it: Date.parse() takes what is no instant, and rolls the 31st of June over. */
function asInstant(value) {
    const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
    if (parts === null) return null;
    const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
    const local = new Date(0);
    local.setUTCFullYear(year, month - 1, day);
    local.setUTCHours(hour, minute, second, Number((parts[7] ?? '0').slice(0, 3).padEnd(3, '0')));
    const isThere = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && local.getUTCHours() === hour
        && local.getUTCMinutes() === minute;
    const east = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * 60_000 * (parts[8] === '-' ? -1 : 1);
    return isThere ? new Date(local.getTime() - east) : null;
}

module.exports = { view, found, whole, text, decimal, integer, flag, instant, one, many, texts, handle };
