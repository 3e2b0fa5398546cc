import type { Id, Json } from './json';
import type { FeedName, ErrorCode } from './codes';
import type { Fault, Verdict } from './errors';

/** An order of the outbox, as in `flx_outbox_list`. */
export interface OutboxOrder {
    row: number;
    number: string;
    revision: number;
    purged: boolean;
    state: 'queued' | 'sending' | 'resolved' | 'settled';
    verdict: '' | Verdict;
    order_id: string;
    order_status: string;
    attempts: number;
    code: '' | ErrorCode;
    message: string;
    /** In the hub's own words, which may name a buyer. */
    hub_said: string;
    submitted_at: string;
    next_at: string | null;
    resolved_at: string | null;
    settled_at: string | null;
}

/** What became of an order, as in `flx_outbox_results`. */
export interface OrderResult extends OutboxOrder {
    verdict: Verdict;
}

/** What a submit gives. */
export interface SubmitReceipt {
    number: string;
    state: OutboxOrder['state'];
    verdict: '' | Verdict;
    new: boolean;
    revision: number;
}

/** What a cancel came to. */
export interface CancelReport {
    number: string;
    outcome: 'not_sent' | 'canceled' | 'asked' | 'given_up' | 'not_at_hub' | 'in_doubt';
    message: string;
    order: OutboxOrder;
}

/** What a flush did, and why it ended. */
export interface FlushReport {
    outcome: 'done' | 'again' | 'busy';
    sent: number;
    applied: number;
    refused: number;
    possiblyApplied: number;
    givenUp: number;
    answersSent: number;
    /** Orders and answers that are left; -1 each if another process held the state file. */
    waiting: { orders: number; answers: number };
    /** When it makes sense to call again, null if nothing is left. */
    nextInMs: number | null;
    /** What for, in a word and in a sentence. */
    waitsFor: string | null;
    paused: string | null;
    /** The library's own report of the last slice. */
    json: Json;
}

/** An answer to one record, as in `flx_ack`. */
export interface Answer {
    id: Id;
    error?: string;
    confirm?: string;
    status?: string;
    isLinkedToRegularProduct?: boolean;
    externalId?: string;
    variants?: Answer[];
    images?: { id: Id; externalId: string }[];
}

/** What became of an answer. */
export interface AnswerResult {
    seq: number;
    feed: FeedName;
    id: string;
    verdict: 'applied' | 'refused' | 'held';
    message: string;
    hub_said: string;
    http_status: number;
}

/** Who holds a feed. */
export interface Holder {
    feed: FeedName;
    cursor: string;
    by: 'pull' | 'flush' | 'cursor_set';
    pid: number;
    process: string;
    since: string;
    in_call: boolean;
    idle_ms: number;
    idle_limit_ms: number;
}

/** Every fault of an order; warnings hold nothing back. */
export interface OrderReport {
    ok: boolean;
    faults: Fault[];
    warnings: Fault[];
}

/** A line of the log: what happened, with facts of its own beside these. Neither token nor buyer data is in it. */
export interface LogRecord {
    at: number;
    level: 'error' | 'warn' | 'info' | 'debug';
    event: string;
    [fact: string]: Json;
}
