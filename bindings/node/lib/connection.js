'use strict';
/* One client of the library as the other files use it: calls that give a promise, and throw what the library says. */

const addon = require('./native');
const { ClosedError, PossiblyAppliedError, errorOf } = require('./errors/errors');
const { abortedOf, onAbort } = require('./signals');

const CANCELED = -209;
const HANDLE = -102;
const BUSY = -207; // also of an opening whose wait for another process was ended
const MOST_MS = 2 ** 31 - 1; // of a timer
let lastId = 0;

class Connection {
    #external;
    #holder; // the addon has it as a weak reference: who has the connection keeps the log function alive
    #closing = null; // a promise, from the moment on that it is closed

    /** Opens a client; `text` is its config as JSON, which is overwritten. */
    static async open(text, onLog) {
        const made = new Connection(onLog);
        try {
            await made.call('flx_client_open', { text });
        } catch (error) {
            await made.close();
            throw error;
        } finally {
            text.fill(0);
        }
        return made;
    }

    constructor(onLog) {
        const deliver = (level, line) => { tell('the log function', onLog, JSON.parse(line)); };
        this.#holder = onLog === undefined ? null : { deliver };
        this.#external = addon.connect(this.#holder);
        if (this.#external === null) throw errorOf(-502, 'FLX_E_MEMORY', null, null);
    }

    get isClosed() {
        return this.#closing !== null;
    }

    /**
     * Runs a function of the library, and gives [status, value].
     *
     * @param asked  handle, page, text, more, number, most as the function takes them; `signals`, any of which ends the wait:
     *               then it throws the signal's reason, unless a write may have reached the hub; and `patienceMs`, how long it
     *               may wait for its turn on the network
     */
    async call(name, asked = {}) {
        if (this.isClosed) throw new ClosedError('client');
        const signals = (asked.signals ?? []).filter(Boolean);
        const ended = abortedOf(signals);
        if (ended) throw ended.reason;
        const id = (lastId = (lastId % 0x7fffffff) + 1);
        const cancel = () => addon.cancel(this.#external, id, false);
        const giveUp = () => addon.cancel(this.#external, id, true);
        const timer = asked.patienceMs <= MOST_MS ? setTimeout(giveUp, asked.patienceMs) : undefined;
        const stop = onAbort(signals, cancel);
        try {
            return this.#judged(await this.#start(name, asked, id), signals);
        } finally {
            clearTimeout(timer);
            stop();
        }
    }

    /** Like call(), for a function that gives JSON: the text of it. */
    async ask(name, asked) {
        return (await this.call(name, asked))[1];
    }

    /** Ends it. What only touches the state and was begun is done before; what waits for the hub is canceled. */
    close() {
        return this.#closing ??= this.#start('flx_client_close', {}, 0);
    }

    #start(name, asked, id) {
        return addon.start(this.#external, name, asked.handle ?? null, asked.page ?? null, asked.text ?? null,
            asked.more ?? null, asked.number ?? 0, asked.most ?? 0, id);
    }

    #judged([status, value, hubSaid], signals) {
        if (status >= 0) return [status, value];
        const error = judged(status, value, hubSaid);
        if (error instanceof PossiblyAppliedError) throw error;
        const wasEnded = status === CANCELED || status === BUSY;
        const aborted = wasEnded && abortedOf(signals);
        if (aborted) throw aborted.reason;
        if (this.isClosed && (wasEnded || status === HANDLE)) throw new ClosedError('client');
        throw error;
    }
}

function judged(status, json, hubSaid) {
    return errorOf(status, addon.statusName(status), json, hubSaid);
}

/** Gives the value of an outcome, or throws. */
function valueOf([status, value, hubSaid]) {
    if (status < 0) throw judged(status, value, hubSaid);
    return value;
}

/** Tells a function of the host something. Neither what it throws nor the rejection of its promise does any harm: nobody would
 * catch it. */
async function tell(whose, listener, ...facts) {
    try {
        await listener(...facts);
    } catch (error) {
        warn(whose, error);
    }
}

/** Says that a function of the host failed where nobody can catch it. */
function warn(whose, error) {
    process.emitWarning(`${whose} failed: ${shown(error)}`, 'FlxWarning');
}

function shown(error) {
    try {
        return String(error?.stack ?? error);
    } catch {
        return 'with what has no text';
    }
}

module.exports = { Connection, tell, valueOf, warn };
