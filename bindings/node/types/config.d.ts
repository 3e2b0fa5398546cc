import type { Json } from './json';

/** The settings of a client: what each means, its range and its default say `describe("config")` and include/config.md. */
export interface Config {
    channel: string;
    token: string;
    state_dir: string;
    origin?: string;
    'state.wait_ms'?: number;
    'state.keep_days'?: number;
    'rate_limit.dir'?: string;
    'http.wait_ms'?: number;
    'http.connect_ms'?: number;
    'http.attempt_ms'?: number;
    'http.idle_ms'?: number;
    'http.ca_file'?: string;
    'http.proxy'?: string;
    'http.user_agent'?: string;
    'http.body_bytes'?: number;
    'page.size'?: number;
    'page.first'?: number;
    'page.most'?: number;
    'pull.give_up_ms'?: number;
    'pull.idle_s'?: number;
    'feeds.overlap_s'?: number;
    'feeds.late_s'?: number;
    'feeds.reconcile_h'?: number;
    'answers.batch'?: number;
    'answers.keep_hours'?: number;
    'orders.give_up_hours'?: number;
    'orders.keep_hours'?: number;
    'snapshots.keep_days'?: number;
    'orders.reference_number'?: 'order_number' | 'as_given';
    'log.level'?: 'error' | 'warn' | 'info' | 'debug';
    'hub.channel_id'?: number | string;
    'hub.arrays'?: 'repeated' | 'joined';
    'hub.overrides'?: Json;
    /** A group of keys, such as `rate_limit: { dir: "/run/flx" }` for "rate_limit.dir". */
    state?: object;
    rate_limit?: object;
    http?: object;
    page?: object;
    pull?: object;
    feeds?: object;
    answers?: object;
    orders?: object;
    snapshots?: object;
    log?: object;
    hub?: object;
}

/** A line of the log: what happened, with facts of its own beside these. Neither token nor buyer data is in it. */
export interface LogRecord {
    at: number;
    level: 'error' | 'warn' | 'info' | 'debug';
    event: string;
    [fact: string]: Json;
}
