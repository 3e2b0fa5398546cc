// Made from flx_describe("config") by `make reference`: edit the table in ConfigKey.swift, not here.
import type { Id, Json } from './json';

/** The settings of a client. A key with a point may also stand in a group: `rate_limit: { dir: '/run/flx' }`. */
export interface Config {
    /** name of the channel, [a-z0-9._-]{1,64} */
    channel: string;
    /** the hub's channel token, 1 to 512 visible ASCII characters */
    token: string;
    /**
     * absolute path of the directory of the state file, on a disk of this machine; made with mode 0700 if its parent exists;
     * wider modes are tightened at each opening, and a directory that serves others as well is refused; this or state.url is
     * required
     */
    state_dir?: string;
    /**
     * instead of state_dir, for several machines: a PostgreSQL database, as a URL (postgresql://user@host/db) or as
     * service=NAME; the first schema of its search_path holds this channel alone, and its budget
     */
    'state.url'?: string;
    /** where the hub is; http only to loopback; default https://api.flxpoint.com */
    origin?: string;
    /** longest wait for another process at the state file; default 5000 ms */
    'state.wait_ms'?: number;
    /** how long it is remembered which orders and records were there, after their buyer data is gone; default 730 days */
    'state.keep_days'?: number;
    /** absolute path of the directory of the rate limit file that all processes of a token share; default: state_dir */
    'rate_limit.dir'?: string;
    /** deadline of calls that are given -1; default 30000 ms */
    'http.wait_ms'?: number;
    /** longest time to make a connection; default 10000 ms */
    'http.connect_ms'?: number;
    /** longest time for one request; default 60000 ms */
    'http.attempt_ms'?: number;
    /** longest silence within a request; default 20000 ms */
    'http.idle_ms'?: number;
    /** absolute path of a file of certificate authorities; default: the system's */
    'http.ca_file'?: string;
    /** proxy such as http://127.0.0.1:3128; the environment is not asked */
    'http.proxy'?: string;
    /** the host's name and version, put before ours */
    'http.user_agent'?: string;
    /** largest answer, inflated; default 33554432 bytes */
    'http.body_bytes'?: number;
    /** records to ask for per page; 0: 50 for parents, else 100; default 0 records */
    'page.size'?: number;
    /** number of a list's first page; 0 for a hub that counts from 0; default 1 */
    'page.first'?: number;
    /** pages after which a walk is stopped as endless; default 100000 pages */
    'page.most'?: number;
    /** time without an answer after which a pull reports the failure; default 120000 ms */
    'pull.give_up_ms'?: number;
    /**
     * time without a call into a pull, or an answer for its feed, after which another pull or flush may take its feed over;
     * default 600 s
     */
    'pull.idle_s'?: number;
    /** how far before its cursor a walk starts; more once the hub has shown rows later than that; default 120 s */
    'feeds.overlap_s'?: number;
    /**
     * how late the hub may show a change, unless it was seen to be later: what was answered is read again so much later, and
     * a second; default 4 s
     */
    'feeds.late_s'?: number;
    /** how often a cursor feed is read in full beside its walks, for what no cursor can see; 0: never; default 24 h */
    'feeds.reconcile_h'?: number;
    /** answers sent in one request; default 50 rows */
    'answers.batch'?: number;
    /** how long results of answers are kept; default 168 h */
    'answers.keep_hours'?: number;
    /** age at which an order without a clear end is given up, with its evidence; default 72 h */
    'orders.give_up_hours'?: number;
    /** how long buyer data of a settled order is kept; default 24 h */
    'orders.keep_hours'?: number;
    /** how long each listing is kept as it was seen last, for flx_snapshot_get; 0: none is kept; default 0 days */
    'snapshots.keep_days'?: number;
    /** what goes to the hub as referenceNumber of an order that has none; as_given: nothing; default order_number */
    'orders.reference_number'?: 'order_number' | 'as_given';
    /** least important records that are kept; default info */
    'log.level'?: 'error' | 'warn' | 'info' | 'debug';
    /**
     * the hub's id of this channel; needed only if the hub shows rows of others and does not tell which are ours; default:
     * learnt
     */
    'hub.channel_id'?: Id;
    /** how a list is written in a query: skus=A&skus=B, or skus=A,B; default repeated */
    'hub.arrays'?: 'repeated' | 'joined';
    /** other wire names, such as {"createOrder":{"orderNumber":"number"}} */
    'hub.overrides'?: Json;
    state?: Record<string, Json>;
    rate_limit?: Record<string, Json>;
    http?: Record<string, Json>;
    page?: Record<string, Json>;
    pull?: Record<string, Json>;
    feeds?: Record<string, Json>;
    answers?: Record<string, Json>;
    orders?: Record<string, Json>;
    snapshots?: Record<string, Json>;
    log?: Record<string, Json>;
    hub?: Record<string, Json>;
}
