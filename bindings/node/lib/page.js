'use strict';

const addon = require('./native');
const { valueOf } = require('./connection');
const { ClosedError } = require('./errors/errors');
const { decode, toUtf8 } = require('./json');
const { FEEDS, UseError } = require('./errors/codes');
const { ListingParent, ListingVariant } = require('./records/listings');
const { Order, Return, Shipment } = require('./records/orders');
const { size } = require('./turns');

let externalOf;

/**
 * One answer of the hub to a pull: a sequence of records, each an object with the hub's own names. Numbers that a double would
 * change are text in it. A page stays when its pull is closed; the garbage collector frees it, or `close`.
 */
class Page {
    #external;
    #pull;
    #records = null;

    constructor(external, pull = null) {
        this.#external = external;
        this.#pull = pull;
        const [length, feed, leftOut, receipt] = addon.pageHead(external);
        /** How many records there are. */
        this.length = length;
        /** The feed, such as "orders". */
        this.feed = Object.keys(FEEDS).find((name) => FEEDS[name] === feed);
        /** How many rows the pull left out since its page before because they bear another channel's id. */
        this.leftOut = leftOut;
        /** Text to store and to hand to `Client.ack`, also later and from another process. */
        this.receipt = receipt;
    }

    static {
        externalOf = (page) => {
            if (typeof page !== 'object' || page === null || !(#external in page)) throw new TypeError('a page is wanted');
            return page.#open();
        };
    }

    get closed() {
        return this.#external === null;
    }

    /** The records as one JSON array, in the hub's own bytes. */
    get json() {
        return addon.pageJson(this.#open());
    }

    /** All records. */
    get records() {
        this.#records ??= decode(addon.pageRecords(this.#open()));
        return this.#records;
    }

    /** The records of the hub's page that could not be read, with their reasons. */
    get quarantine() {
        return decode(valueOf(addon.pageQuarantine(this.#open())));
    }

    /** What is known of each record beyond what it says by itself: a queued change, the kind of a parcel, an order's number. */
    get facts() {
        return decode(valueOf(addon.pageFacts(this.#open())));
    }

    [Symbol.iterator]() {
        return this.records[Symbol.iterator]();
    }

    /** Gives one record in the hub's own bytes. */
    recordJson(index) {
        return valueOf(addon.recordJson(this.#open(), size(index, 'index')));
    }

    /** Gives one value of a record by its JSON pointer, as text; throws NotFoundError if it is absent or null. */
    get(index, pointer) {
        return valueOf(addon.recordGet(this.#open(), size(index, 'index'), toUtf8(pointer)));
    }

    /** Says that the shop has stored this page: its versions are not delivered again (cursor feeds). */
    async commit() {
        if (this.#pull === null) throw misuse('this page is of no pull: there is nothing to commit');
        await this.#pull.commit(this);
    }

    /** The records, typed. */
    variants() {
        return this.records.map((record) => ListingVariant.of(record));
    }

    parents() {
        return this.records.map((record) => ListingParent.of(record));
    }

    orders() {
        return this.records.map((record) => Order.of(record));
    }

    returns() {
        return this.records.map((record) => Return.of(record));
    }

    /** The records of a page of shipments, with the kind and the order number that the library found. */
    shipments() {
        if (this.feed !== 'shipments') throw misuse('this page is not of the feed of shipments');
        const facts = this.facts;
        return this.records.map((record, index) => Shipment.of(record, { kind: facts[index].kind, orderNumber: facts[index].order_number }));
    }

    /** Frees its memory now. */
    close() {
        if (this.#external !== null) addon.pageFree(this.#external);
        this.#external = null;
        this.#records = null;
    }

    #open() {
        if (this.#external === null) throw new ClosedError('page');
        return this.#external;
    }
}

function misuse(message) {
    return new UseError(message, { code: 'FLX_E_USE', status: -110 });
}

/* What the addon has of a page: for Pull alone. */
module.exports = { Page, externalOf: (page) => externalOf(page) };
