import type { Json } from './json';
import type { OrderResult } from './results';
import type { ShipmentKind } from './codes';

/** The events of a round, by their type: see Sync in the header. `record` is the hub's own object. */
export interface Events {
    publish: { type: 'publish'; event: number; id: string; sku: string; record: Json };
    sync: { type: 'sync'; event: number; id: string; sku: string; record: Json };
    change: { type: 'change'; event: number; to: string; of: 'variant' | 'parent'; id: string; sku: string; record: Json };
    gone: { type: 'gone'; event: number; id: string; sku: string };
    result: { type: 'result'; event: number; order: OrderResult };
    order: { type: 'order'; event: number; id: string; order_number: string | null; record: Json };
    shipment: { type: 'shipment'; event: number; id: string; order_number: string | null; record: Json };
    other_parcel: {
        type: 'other_parcel'; event: number; id: string; order_number: string | null; record: Json;
        kind: Exclude<ShipmentKind, 'delivery'>;
    };
    return: { type: 'return'; event: number; id: string; order_number: string | null; record: Json };
    progress: { type: 'progress'; event?: undefined; part: string; done: number; failed: number; later: number };
}

export type Event = Events[keyof Events];

/** true: done or stored. false or `later`: it comes again. `error`: could not; of a listing the merchant reads it at the hub. */
export type Reply = boolean | { error: string } | { later: string } | { [member: string]: Json };

/** Nothing counts as true, but for a change, where only true does. A promise is waited for. */
type Handled = Reply | void | null | Promise<Reply | void | null>;

export type Handlers = { [Type in keyof Events]?: (event: Events[Type]) => Handled };

export type PartName = 'results' | 'publish' | 'sync' | 'orders' | 'shipments' | 'returns' | 'gone';

export interface Plan {
    parts?: PartName[];
    budget_ms?: number;
    cursor?: string;
    every_s?: { [Part in PartName]?: number };
    progress?: boolean;
}

export interface Summary {
    /** Whether another round now would find nothing more to do. */
    complete: boolean;
    took_ms: number;
    parts: {
        [Part in PartName]?: {
            end: 'done' | 'not_due' | 'not_done' | 'busy' | 'failed';
            code: string;
            done: number;
            failed: number;
            later: number;
            quarantined: number;
            left_out: number;
            why: string[];
        };
    };
    sent: Json;
    answers_refused: number;
    stopped: string | null;
    stopped_code: string;
    /** What only a person can do, in sentences. */
    to_do: string[];
}
