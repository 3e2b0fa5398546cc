'use strict';
/* What the loaded library says about itself and about orders, without a client. */

const addon = require('./native');
const { valueOf } = require('./connection');
const { decode, encode, toUtf8 } = require('./json');

/** The version of the loaded library, such as "1.0.0". */
function version() {
    return addon.version();
}

/** A table of the library, such as "config", "errors" or "schema/order"; "topics" lists all. */
function describe(topic) {
    return decode(valueOf(addon.describe(toUtf8(topic))));
}

/** Every fault of an order, and warnings: {ok, faults, warnings}. */
function orderCheck(order) {
    return decode(valueOf(addon.orderCheck(encode(order))));
}

module.exports = { version, describe, orderCheck };
