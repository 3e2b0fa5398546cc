/**
 * flxchannel: turns a storefront into a channel of the commerce hub Flxpoint.
 *
 * A thin binding over the C library: the header flxchannel.h is the specification of everything here. Methods, options and typed
 * records have names as JavaScript writes them; JSON that the library takes or gives (config keys, plans, events, results) keeps
 * its own.
 */
import type { Config } from './config';
import type { Id, Instant, Json, JsonText, Signal, WaitOptions } from './json';
import type { FeedName, ShipmentKind } from './codes';
import type { ListingParent, ListingVariant } from './listings';
import type { Order, Return, Shipment } from './orders';
import type { OrderInput } from './order';
import type {
    Answer, AnswerResult, CancelReport, FlushReport, Holder, LogRecord, OrderReport, OrderResult, OutboxOrder, SubmitReceipt,
} from './results';
import type { Event, Handlers, Plan, Reply, Summary } from './sync';

export * from './codes';
export * from './config';
export * from './errors';
export * from './json';
export * from './listings';
export * from './order';
export * from './orders';
export * from './results';
export * from './sync';

/** The version of the loaded library, such as "1.0.0". */
export function version(): string;

/** A table of the library, such as "config", "errors" or "schema/order"; "topics" lists all. */
export function describe(topic: string): Json;

/** Every fault of an order, and warnings, without a client. */
export function orderCheck(order: OrderInput | JsonText): OrderReport;

/** One open connection of this process to one channel. */
export class Client {
    private constructor();

    /** Opens a channel; makes no request. `onLog` receives log records in place of `logs()`. */
    static open(config: Config | JsonText, options?: { onLog?: (record: LogRecord) => void | Promise<void> }): Promise<Client>;

    readonly closed: boolean;

    /** Asks the hub, with cheap requests, whether this channel can work. */
    probe(options?: WaitOptions): Promise<Json>;
    /** The state of the channel (`describe("metrics")`). Makes no request. */
    stats(): Promise<Json>;
    /** Who holds which feed, in all processes. Makes no request. */
    holders(): Promise<Holder[]>;
    /** Takes the log records kept since the last call, oldest first. */
    logs(): Promise<LogRecord[]>;
    /** Replaces the token. Queue, answers and cursors stay; a paused channel goes on. */
    setToken(token: string): Promise<void>;
    /** Forgets what the hub said, so that it is learnt anew: all but "channel" if none is named. */
    relearn(...facts: ('clock' | 'pool' | 'hold' | 'filters' | 'channel')[]): Promise<void>;
    /** What only touches the state and was begun is done before; what waits for the hub throws ClosedError. */
    close(): Promise<void>;

    /** A walk over a feed; `spec` has the feed's filters (`describe("feeds")`) beside these members. */
    pull(feed: FeedName, spec?: { cursor?: string; since?: Instant; page_size?: number; [filter: string]: Json } | JsonText,
        options?: { signal?: Signal }): Pull;
    /** A listing as it was seen last. Makes no request; the config must have "snapshots.keep_days". */
    snapshot(query: { id: Id } | { sku: string }): Promise<{ id: string; sku: string; at: string; age_ms: number; record: Json }>;
    cursors(): Promise<Json[]>;
    /** Sets a cursor to an instant; "" is the beginning. All since then comes again. */
    setCursor(feed: FeedName, at: Instant, name?: string): Promise<void>;

    /** Answers records of a queue feed. Durable when it is done; `flush` sends it. All or nothing: AnswerError lists all faults. */
    ack(receipt: string, answers: Iterable<Answer> | Uint8Array): Promise<void>;
    /** What became of answers: at most `max`, from `after` on, which is 0 or the last `seq` seen. */
    ackResults(after: number, max: number): Promise<AnswerResult[]>;

    /** Accepts an order for sending. Durable when it is done; `flush` sends it. */
    submit(order: OrderInput | JsonText): Promise<SubmitReceipt>;
    /** Reads one order of the outbox at the hub, now: a page with one record. */
    orderStatus(number: string, options?: WaitOptions): Promise<Page>;
    /** Cancels an order wherever it stands; RefusedError if the hub does not let it. */
    cancelOrder(number: string, options?: WaitOptions): Promise<CancelReport>;
    /** Spends a slice of time on sending: orders first, then answers of feeds that nobody is pulling. */
    flush(budgetMs: number, options?: { signal?: Signal }): Promise<FlushReport>;
    /** Orders whose verdict is known and not yet settled, oldest first. */
    results(max: number): Promise<OrderResult[]>;
    /** Says that the shop has stored the results of these orders. */
    settle(numbers: Iterable<string>): Promise<void>;

    outbox(filter?: { state?: OutboxOrder['state']; verdict?: string; number?: string; limit?: number; after?: number }):
        Promise<OutboxOrder[]>;
    /** Queues orders again that were refused or given up. */
    retry(numbers: Iterable<string>): Promise<void>;
    /** Gives orders up that are still queued. */
    discard(numbers: Iterable<string>): Promise<void>;
    /** The whole history of one order. */
    history(number: string): Promise<OutboxOrder & { events: Json[] }>;
    /** Removes buyer data of settled orders. */
    purge(filter: { numbers: string[] } | { settled_before: Instant }): Promise<{ purged: number }>;

    /** Does all that the channel has to do, once. A handler that throws is told to `onError`, and its event comes again. */
    sync(handlers: Handlers, plan?: Plan, options?: { signal?: Signal; onError?: (error: unknown, event: Event) => void | Promise<void> }):
        Promise<Summary>;
    /** A round whose events are taken one by one. */
    openSync(plan?: Plan, options?: { signal?: Signal }): Sync;

    /** Calls one operation by its id; PossiblyAppliedError if the effect of a write is unknown. */
    call(operation: string, args?: { [name: string]: Json }, options?: WaitOptions): Promise<{ status: number; body: Json }>;
    /** What would be written to the hub, shown instead of sent: what waits, or one call. Bodies hold buyer data. */
    preview(operation?: string, args?: { [name: string]: Json }): Promise<Json[]>;
}

/** One walk over a feed: an async iterable of pages. It is opened with the first page, and closed when the loop is left. */
export class Pull implements AsyncIterable<Page> {
    private constructor();
    /** Whether the end of the feed was proven. */
    readonly isDone: boolean;
    readonly closed: boolean;
    /** The next page, or null: not within `waitMs`, or never because the pull `isDone`. */
    nextPage(waitMs?: number): Promise<Page | null>;
    /** Pages for at most `waitMs`; then it is closed. */
    pages(waitMs: number): AsyncGenerator<Page, void, void>;
    [Symbol.asyncIterator](): AsyncGenerator<Page, void, void>;
    /** Says that the shop has stored `page` (cursor feeds). */
    commit(page: Page): Promise<void>;
    close(): Promise<void>;
}

/** Of one record of a page, by its feed. */
export interface Facts {
    /** "" if it has none that is exact. */
    readonly id: string;
    /** Of listings: the queued status change that an answer must name, also where it stands on the parent alone. */
    readonly change_to?: string | null;
    /** Of parents to publish. */
    readonly variants?: readonly { readonly id: string; readonly change_to: string | null }[];
    /** Of shipments: only a delivery is for the buyer's eyes. */
    readonly kind?: ShipmentKind;
    /** Of orders, shipments and returns: the shop's number. */
    readonly order_number?: string | null;
}

/** One answer of the hub to a pull: a sequence of records with the hub's own names. */
export class Page implements Iterable<Json> {
    private constructor();
    readonly length: number;
    readonly feed: FeedName;
    readonly leftOut: number;
    /** Text to store and to hand to `Client.ack`, also later and from another process. */
    readonly receipt: string;
    readonly closed: boolean;
    /** The records as one JSON array, in the hub's own bytes. */
    readonly json: string;
    readonly records: Json[];
    /** The records of the hub's page that could not be read, with their reasons. */
    readonly quarantine: Json[];
    /** What is known of each record beyond what it says by itself. */
    readonly facts: Facts[];
    [Symbol.iterator](): Iterator<Json>;
    recordJson(index: number): string;
    /** One value of a record by its JSON pointer, as text; NotFoundError if it is absent or null. */
    get(index: number, pointer: string): string;
    /** Says that the shop has stored this page (cursor feeds). */
    commit(): Promise<void>;
    variants(): ListingVariant[];
    parents(): ListingParent[];
    orders(): Order[];
    shipments(): Shipment[];
    returns(): Return[];
    /** Frees its memory now; else the garbage collector does. */
    close(): void;
}

/** One round, event by event. */
export class Sync implements AsyncIterable<Event> {
    private constructor();
    /** What the round came to, once it is over. */
    readonly summary: Summary | null;
    readonly closed: boolean;
    /** The next event; null if none came in time, if events wait for their replies, or at the end. */
    nextEvent(waitMs?: number): Promise<Event | null>;
    [Symbol.asyncIterator](): AsyncGenerator<Event, void, void>;
    /** Says what came of an event. A wrong reply is an error with its path, and may be given again. */
    reply(event: Event, reply: Reply): Promise<void>;
    close(): Promise<void>;
}
