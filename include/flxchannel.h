/**
 * flxchannel: turns a storefront into a channel of the commerce hub Flxpoint.
 *
 * This header is the specification of the library. Read it from the top: conventions first, then the families in the
 * order a program meets them. `flx_describe()` prints the tables it refers to (config keys, errors, feeds, operations,
 * the JSON of orders and answers).
 *
 * THE WHOLE JOB OF A CHANNEL
 *
 *     flx_config_new, flx_config_set ...       channel, token, state_dir
 *     flx_client_open                          makes no request
 *     flx_pull_open(FLX_FEED_LISTINGS_TO_PUBLISH), flx_pull_next ... , flx_ack, flx_pull_close
 *     flx_pull_open(FLX_FEED_LISTINGS_TO_SYNC),    flx_pull_next ... , flx_ack, flx_pull_close
 *     flx_order_submit                         durable when it returns; never waits for the network
 *     flx_flush                                sends orders, then answers, for a slice of time
 *     flx_outbox_results, flx_outbox_settle    what became of each order
 *     flx_pull_open(FLX_FEED_ORDERS), FLX_FEED_SHIPMENTS: flx_pull_next ... , flx_pull_commit
 *     flx_client_close
 *
 * CONVENTIONS
 *
 *  - Status. Every function that can go wrong returns int32_t: FLX_OK (0) is done, a positive value is another normal
 *    outcome (FLX_AGAIN, FLX_DONE, FLX_BUSY), a negative value is an error. On an error every out parameter is NULL or 0.
 *  - Errors. The last parameter `err` may be NULL; else it receives NULL, or on a negative status an error object that
 *    you free with flx_error_free(). There is no "last error" per thread.
 *  - Text in is UTF-8, pointer and length; length FLX_NUL means "up to the NUL". Text is only read during the call.
 *    Text out is a view, pointer and length, which borrows from the object it came from.
 *  - JSON in and out is UTF-8. Ids are text in what the library writes, and may be text or integers in what it reads.
 *    Money is decimal text ("19.99"); no call takes or gives a floating point number.
 *  - Input is judged by its value: 2, "2" and 2.0000 are one whole number, zeros at the end of money's decimals do not
 *    count, and [] is an empty object where one is meant (PHP writes it so). A fault in JSON has the path of the value it is in.
 *  - Bounds. A text given is at most 64 MiB and its JSON at most 32 MiB, 64 levels deep, 1 MiB a string, 1,000 bytes a
 *    number, 1,000,000 values, 50,000 members an object. One error lists at most 100 faults. A process has at most 2,048
 *    clients open, fewer with pulls: 4,096 lock files in all (FLX_E_PATH), and 16,777,216 handles of a type (FLX_E_MEMORY).
 *    A channel has at most 256 pulls open in all processes (FLX_E_PATH).
 *  - Time. `_ms` parameters are relative milliseconds: -1 is the default of the config, 0 does not wait. Instants are
 *    int64 milliseconds since 1970 in UTC, or in JSON ISO 8601 text that ends in Z.
 *  - Waiting. Calls that use the network return within their deadline; only to write down what the hub answered they
 *    wait longer for another process, as calls do that only touch the state file: at most the config key
 *    `state.wait_ms`. Nothing else waits.
 *  - Ownership. An object received through a pointer to a pointer is yours; free it with the function of its type.
 *    Freeing NULL does nothing. Any order of freeing is safe: a page outlives its pull, a pull its client.
 *  - Handles are names, not addresses: one that was freed, never made, or of another type gives FLX_E_HANDLE.
 *  - Threads. Any thread may call any function. One thread at a time drives the network of a client; a second one
 *    waits within its own deadline, then gets FLX_E_CLIENT_BUSY. Calls that only touch state run beside it.
 *    Pages, blobs and errors are immutable.
 *  - Fork. Loading starts nothing. In a child made by fork() every inherited client and pull answers FLX_E_FORKED;
 *    closing them there is safe and does not disturb the parent. Open a new client in the child. fork() itself waits,
 *    at most about a second, for calls of other threads, but for none that waits (for the network, for a lock, in a log
 *    function); should one be stuck, no client can be opened in the child (FLX_E_FORKED): let it exec.
 *    Inherited pages, builders and configs are only to be freed there: a thread of the parent may have been inside one.
 *  - The library starts no thread, installs no signal handler, writes to no stream, and follows no redirect.
 *  - Since. Every declaration is there since 1.0 unless it says otherwise, and stays (stability.md).
 *
 * "Contract" in comments means Tests/contract/contract.md, the hub's REST contract as far as it is known.
 */
#ifndef FLXCHANNEL_H
#define FLXCHANNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) || defined(__clang__)
#define FLX_API __attribute__((visibility("default")))
#else
#define FLX_API
#endif

/* ------------------------------------------------------------------------------------------------------------------ *
 * Version, introspection
 * ------------------------------------------------------------------------------------------------------------------ */

/** The version this header belongs to: major * 1000000 + minor * 1000 + patch. */
#define FLX_VERSION 1001000

/** As a length: the text ends at its NUL. */
#define FLX_NUL SIZE_MAX

/** An owned run of bytes, mostly JSON text. */
typedef struct flx_blob flx_blob;
/** Why a call did not do what it was asked for. */
typedef struct flx_error flx_error;
/** Settings for a client that is to be opened. */
typedef struct flx_config flx_config;
/** One open connection of this process to one channel. */
typedef struct flx_client flx_client;
/** One walk over a feed. */
typedef struct flx_pull flx_pull;
/** One answer of the hub to a pull: some records. */
typedef struct flx_page flx_page;
/** An order being written field by field. */
typedef struct flx_order_builder flx_order_builder;
/** One round of all the work of a channel. */
typedef struct flx_sync flx_sync;
/** A switch that any thread, also a signal handler, may throw. */
typedef struct flx_cancel flx_cancel;

/**
 * Returns the version of the library that was loaded, in the form of FLX_VERSION.
 *
 * Never fails. Any thread, also in a child after fork.
 */
FLX_API uint32_t flx_version(void);

/**
 * Returns the version of the loaded library as static ASCII text, such as "1.0.0".
 *
 * Never fails. The text is never freed.
 */
FLX_API const char *flx_version_string(void);

/**
 * Says whether the loaded library can serve a program that was compiled with `header_version`.
 *
 * Call it first, with FLX_VERSION. An older header is served by every newer library of the same major version.
 *
 * @return FLX_OK · FLX_E_VERSION: install the library that belongs to the header, or compile again
 */
FLX_API int32_t flx_require(uint32_t header_version);

/**
 * Gives a table of the library as JSON.
 *
 * Topics: "build" (version, variant, libraries in use, and SHA-256 of "abc" as a check of the build) · "config" (every
 * key with type, default, unit, meaning) · "errors" (every code with name, class, meaning) · "feeds" (every feed, its
 * kind and filters) · "operations" (every operation of flx_call() with its arguments) · "schema/order" (what
 * flx_order_submit() takes) · "schema/answer" (what flx_ack() takes) · "metrics" (the members of flx_client_stats()) ·
 * "features" · "topics".
 *
 * @param topic  one of the topics
 * @param n      its length, or FLX_NUL
 * @param json   receives a blob that you free with flx_blob_free()
 * @return FLX_OK · FLX_E_ARGUMENT: no such topic, the message names them
 *
 * Makes no request, touches no file. Any thread.
 */
FLX_API int32_t flx_describe(const char *topic, size_t n, flx_blob **json, flx_error **err);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Status codes
 *
 * Negative codes stand in bands of 100, one a class, so that an old program understands a new code:
 * -100 use (the call is at fault) · -200 local (this machine) · -300 transport · -400 hub · -500 internal.
 * ------------------------------------------------------------------------------------------------------------------ */

/* ---- made from tables/codes.toml by `make generate`: edit there, not here ---- */
#define FLX_OK 0     /**< done */
#define FLX_AGAIN 1  /**< the time given is over and there is more to do: call again */
#define FLX_DONE 2   /**< the pull came to a proven end: no page */
#define FLX_BUSY 3   /**< another process does this work at the moment */

#define FLX_E_ARGUMENT (-101)   /**< a pointer, length, number or name that is not allowed */
#define FLX_E_HANDLE (-102)     /**< a handle that was freed, never made, or of another type or client */
#define FLX_E_UTF8 (-103)       /**< text that is not UTF-8 */
#define FLX_E_JSON (-104)       /**< text that is not the JSON asked for */
#define FLX_E_CONFIG (-105)     /**< a config key or value; the message names the nearest key */
#define FLX_E_ORDER (-106)      /**< an order with faults; the details list all of them with their paths */
#define FLX_E_ANSWER (-107)     /**< an answer that the receipt does not allow; nothing was stored */
#define FLX_E_RECEIPT (-108)    /**< text that is not a receipt of this channel */
#define FLX_E_CONFLICT (-109)   /**< the order number is taken by an order of other content; nothing was sent */
#define FLX_E_USE (-110)        /**< not possible for this object, such as committing a page of a queue feed */
#define FLX_E_VERSION (-111)    /**< header and library do not fit */
#define FLX_E_OPERATION (-112)  /**< an unknown operation, or arguments that do not fit its schema */
#define FLX_E_NOT_FOUND (-113)  /**< no such order, cursor or path here */
#define FLX_E_TOO_LARGE (-114)  /**< over a size limit */

#define FLX_E_STATE (-201)          /**< the state file could not be read, written or made; the message says why */
#define FLX_E_STATE_BUSY (-202)     /**< another process or thread held the state for the whole wait; call again */
#define FLX_E_STATE_CORRUPT (-203)  /**< the state file is damaged; it was left as it is */
#define FLX_E_STATE_NEWER (-204)    /**< a newer release wrote the state file; upgrade */
#define FLX_E_IDENTITY (-205)       /**< the state belongs to another channel, origin or user; nothing was sent */
#define FLX_E_PATH (-206)           /**< the state directory or a file in it cannot be used: the message names each and what to
                                         do */
#define FLX_E_CLIENT_BUSY (-207)    /**< another thread drives this client, or somebody else has the feed: who, says the
                                         message */
#define FLX_E_FORKED (-208)         /**< the object was opened before a fork; open a new one in the child */
#define FLX_E_CANCELED (-209)       /**< the client's cancel was fired */
#define FLX_E_RATE_LIMIT (-210)     /**< the rate limit file could not be used */

#define FLX_E_CONNECT (-301)   /**< no connection to the hub: name, route, refused, connect timeout */
#define FLX_E_TLS (-302)       /**< no trusted connection to the hub */
#define FLX_E_NETWORK (-303)   /**< the connection broke or stalled after it was made */
#define FLX_E_PROTOCOL (-304)  /**< bytes that are not HTTP, or over a limit */
#define FLX_E_TIMEOUT (-305)   /**< the deadline of the call came first */
#define FLX_E_REDIRECT (-306)  /**< the hub answered with a redirect, which is never followed */

#define FLX_E_HUB (-401)          /**< the hub answered with an error status */
#define FLX_E_TOKEN (-402)        /**< 401 or 403: the token is wrong or of another kind; the channel is paused */
#define FLX_E_THROTTLED (-403)    /**< the hub or the budget asks to wait; see FLX_ERROR_RETRY_AFTER_MS */
#define FLX_E_CONTRACT (-404)     /**< an answer that is not what the contract says, such as HTML for JSON */
#define FLX_E_PAGING (-405)       /**< the hub repeats a page or has no end; the pull was stopped */
#define FLX_E_REFUSED (-406)      /**< the hub refused this request: 400, 404, 409, 413, 422 and the like */
#define FLX_E_UNAVAILABLE (-407)  /**< the hub is failing; requests are held back until FLX_ERROR_RETRY_AFTER_MS */

#define FLX_E_INTERNAL (-501)  /**< a fault of this library; please report the message */
#define FLX_E_MEMORY (-502)    /**< memory ran out */
/* ---- end of what is made ---- */

/**
 * Returns the name of a status, such as "FLX_E_CONFLICT", or "FLX_?" for one that this version does not know.
 *
 * Static ASCII text, never freed. Never fails.
 */
FLX_API const char *flx_status_name(int32_t status);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Errors, blobs
 * ------------------------------------------------------------------------------------------------------------------ */

/* What is known of the effect of a write. */
#define FLX_VERDICT_NONE 0              /**< no write was involved, or it is still on its way */
#define FLX_VERDICT_NOT_APPLIED 1       /**< the hub did not take it */
#define FLX_VERDICT_POSSIBLY_APPLIED 2  /**< the hub may have taken it */
#define FLX_VERDICT_APPLIED 3           /**< the hub has it */
#define FLX_VERDICT_REFUSED 4           /**< the hub said no and will again */

/* Numbers of an error, for flx_error_number(). */
#define FLX_ERROR_HTTP_STATUS 1     /**< status of the hub's answer, 0 if there was none */
#define FLX_ERROR_VERDICT 2         /**< one of FLX_VERDICT_ */
#define FLX_ERROR_RETRY_AFTER_MS 3  /**< milliseconds until it makes sense to try again, -1 if unknown */
#define FLX_ERROR_RETRYABLE 4       /**< 1 if the same call may succeed later, else 0 */
#define FLX_ERROR_FATAL 5           /**< 1 if the object is of no further use and should be closed, else 0 */

/* Parts of an error, for flx_error_view(). */
#define FLX_ERROR_MESSAGE 1     /**< what happened and what to do, for people; no secret, no buyer data */
#define FLX_ERROR_PATH 2        /**< where: a JSON pointer, a config key or a parameter; may be empty */
#define FLX_ERROR_OPERATION 3   /**< the operation of the contract, such as "createOrder"; may be empty */
#define FLX_ERROR_REQUEST_ID 4  /**< our number of the request, as in the log; may be empty */
#define FLX_ERROR_NAME 5        /**< name of the code, such as "FLX_E_CONFLICT" */
#define FLX_ERROR_JSON 6        /**< all of it but the next as one JSON object; `faults` lists every fault of bad input */
#define FLX_ERROR_HUB_SAID 7    /**< what the hub said, in its own words, on one line and cut; they may name a buyer: for the
                                     shop's people, not for logs; may be empty */

/** Returns the code of an error, FLX_OK for NULL, FLX_E_HANDLE for a handle that is not an error. */
FLX_API int32_t flx_error_code(const flx_error *e);

/**
 * Returns a number of an error.
 *
 * @param what  one of FLX_ERROR_HTTP_STATUS .. FLX_ERROR_FATAL
 * @return the number, or 0 for NULL, a stale handle or an unknown `what`
 */
FLX_API int64_t flx_error_number(const flx_error *e, int32_t what);

/**
 * Gives a text of an error. The view is valid until flx_error_free().
 *
 * @param part  one of FLX_ERROR_MESSAGE .. FLX_ERROR_HUB_SAID
 * @param p     receives the text, NUL-terminated; never NULL when the status is FLX_OK
 * @param n     receives its length
 * @return FLX_OK · FLX_E_ARGUMENT: unknown part, or p or n is NULL · FLX_E_HANDLE
 */
FLX_API int32_t flx_error_view(const flx_error *e, int32_t part, const char **p, size_t *n);

/** Frees an error. NULL and stale handles do nothing. */
FLX_API void flx_error_free(flx_error *e);

/**
 * Gives the bytes of a blob. The view is NUL-terminated and valid until flx_blob_free().
 *
 * `p` and `n` receive NULL and 0 for NULL or a stale handle. Either may be NULL.
 */
FLX_API void flx_blob_view(const flx_blob *b, const void **p, size_t *n);

/** Frees a blob. NULL and stale handles do nothing. */
FLX_API void flx_blob_free(flx_blob *b);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Cancel
 * ------------------------------------------------------------------------------------------------------------------ */

/** Makes a cancel, or returns NULL if the system has no descriptor left. Free it with flx_cancel_free(). */
FLX_API flx_cancel *flx_cancel_new(void);

/**
 * Fires a cancel: every client it was given to returns FLX_E_CANCELED from the call it is in and from every later one that
 * asks the hub, or that waits its turn to. What only reads or writes the state goes on: an order can still be submitted.
 *
 * Any thread; async-signal-safe; NULL does nothing. Unlike every other handle a cancel is a real pointer: it must not
 * have been freed. An order that was on the wire keeps its place in the outbox.
 * After a fork the child's copy is a cancel of its own, as fired as it was: neither process interrupts the other.
 */
FLX_API void flx_cancel_fire(flx_cancel *k);

/** Un-fires a cancel, so that its clients work again. Any thread; NULL does nothing. */
FLX_API void flx_cancel_reset(flx_cancel *k);

/** Frees a cancel. First close the clients that have it, or give them NULL. NULL does nothing. */
FLX_API void flx_cancel_free(flx_cancel *k);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Config
 *
 * Keys are text, values are text. flx_describe("config") lists all, with the range of each number; the ones a channel must
 * set:
 *   channel    its name, [a-z0-9._-]{1,64}; the state file is <state_dir>/<channel>.db
 *   token      the hub's channel token, 1 to 512 visible ASCII characters. Kept in locked memory that core dumps leave out, and overwritten at the end; but
 *              libcurl copies it into its request buffers and frees them as they are: a core dump taken after a request
 *              may hold it, as may the host's own copies
 *   state_dir  a directory of this user, by its absolute path; it is made with mode 0700 if its parent exists. On each opening
 *              what others may do with it or with our files in it is taken away, and the log says so (state.tightened), unless
 *              something cannot be used: then nothing is changed. A directory that others can use and that holds anything
 *              else is refused, for it would be taken from them. All that is another user's, a link, no file, or closed to
 *              its own user is named in one error. Not below a parent that every user can write without its sticky bit: the
 *              state could be moved away. On a file system that something else serves (FUSE, virtiofs, 9p, or one that is
 *              not known) locks, rename and sync are proven on each opening, and the log says so (state.file_system); where
 *              one does not hold, and on NFS, SMB and cluster file systems, it is refused
 *   state.url  instead of state_dir, where several machines are one channel (since 1.1.0): a PostgreSQL server of release 10 or
 *              later, as postgresql://user@host/database or as service=NAME, with whatever else libpq takes there. The first
 *              schema of its search_path (options=-csearch_path%3Dshop) holds this channel and no other, and the request
 *              budget of its token, so that rate_limit.dir is not set. The role owns that schema and needs no more.
 *              libpq.so.5 is opened when the first client is, and FLX_E_PATH says which package has it. A password may
 *              stand in the URL, in a passfile or in PGPASSWORD; none is in any log or error. Across a network write
 *              sslmode=verify-full. Instants are by the server's clock. Locks end with the session, and a call that finds
 *              it lost goes on in another, or says that it did not: no more is told than the server keeps. A server that
 *              cannot be reached is waited for like a state file in use: FLX_E_STATE_BUSY. A pooler in front of it must
 *              keep one session for one client (PgBouncer: pool_mode=session)
 * Often set: origin (default https://api.flxpoint.com; http only to loopback), log.level (error, warn, info, debug),
 * rate_limit.dir, hub.overrides.
 *
 * Paths are absolute (1 to 3,000 bytes) and resolved once, when a client is opened: a chdir changes nothing. Other text has
 * at most 4,096 bytes. No value holds a control character or has a blank around it: text that was pasted, or read from a file
 * with its line break, is refused and the message says which byte is what, without the text. A value that is null or of
 * another kind is never its default: leave the key out for that.
 * ------------------------------------------------------------------------------------------------------------------ */

#define FLX_LOG_ERROR 1  /**< something was lost to the caller or needs a person */
#define FLX_LOG_WARN 2   /**< unexpected, and dealt with */
#define FLX_LOG_INFO 3   /**< one line for each thing done */
#define FLX_LOG_DEBUG 4  /**< one line for each request */

/**
 * Receives one log record as a line of JSON without newline, valid during the call.
 *
 * Called on the thread that is inside a library call. It must return normally, and must not call the library for the
 * same client: a call that needs the network gives FLX_E_CLIENT_BUSY there, and flx_client_close() takes effect when the
 * call that is under way returns. Token and buyer data never appear in a record.
 */
typedef void (*flx_log_fn)(void *ud, int32_t level, const char *line, size_t n);

/** Called once when the library needs `ud` no more. */
typedef void (*flx_drop_fn)(void *ud);

/**
 * Makes an empty config.
 *
 * @param out  receives it; free it with flx_config_free(), also after flx_client_open(), which copies
 * @return FLX_OK · FLX_E_ARGUMENT
 */
FLX_API int32_t flx_config_new(flx_config **out, flx_error **err);

/**
 * Sets one key. The value is checked now; a key set twice has its last value.
 *
 * @param key  a key of flx_describe("config")
 * @param val  its value as text: numbers in decimal, booleans "true" or "false"
 * @return FLX_OK · FLX_E_CONFIG: unknown key (the message names the nearest one) or a value out of its range
 */
FLX_API int32_t flx_config_set(flx_config *c, const char *key, size_t kn, const char *val, size_t vn, flx_error **err);

/**
 * Sets many keys from one JSON object: {"channel":"shop","rate_limit":{"dir":"/run/flx"}} or {"rate_limit.dir":"/run/flx"}.
 *
 * All or nothing: with one bad member, also one that is null, nothing is set. The error's JSON lists every fault.
 *
 * @return FLX_OK · FLX_E_JSON · FLX_E_CONFIG
 */
FLX_API int32_t flx_config_set_json(flx_config *c, const char *json, size_t n, flx_error **err);

/**
 * Gives log records to a function as they are made, in place of keeping them for flx_client_logs().
 *
 * @param fn    the function; NULL goes back to flx_client_logs()
 * @param ud    handed to it; may be NULL
 * @param drop  called with `ud` once the config and every client opened from it are gone; may be NULL
 * @return FLX_OK · FLX_E_HANDLE
 */
FLX_API int32_t flx_config_on_log(flx_config *c, flx_log_fn fn, void *ud, flx_drop_fn drop, flx_error **err);

/** Frees a config. Clients opened from it are not touched. */
FLX_API void flx_config_free(flx_config *c);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Client
 * ------------------------------------------------------------------------------------------------------------------ */

/**
 * Opens a channel: checks the config as a whole and opens or makes its state file.
 *
 * Makes no request. A state file that somebody else wrote to, or that its last writer left in the middle, is read through
 * first: about 20 seconds for a gigabyte. Where the host has closed descriptor 0, 1 or 2, /dev/null stands there afterwards.
 *
 * Several clients, also in several processes, and with state.url on several machines, may be open for one channel: they share
 * its outbox, answers, cursors and request budget.
 *
 * @param out  receives the client; close it with flx_client_close()
 * @return FLX_OK · FLX_E_CONFIG: `channel`, `token` or the place of the state missing, or keys that exclude each other ·
 *         FLX_E_PATH · FLX_E_STATE · FLX_E_STATE_BUSY · FLX_E_STATE_CORRUPT · FLX_E_STATE_NEWER ·
 *         FLX_E_IDENTITY: the state is of another channel, origin or user · FLX_E_RATE_LIMIT
 *
 * Waits at most `state.wait_ms` for others.
 */
FLX_API int32_t flx_client_open(const flx_config *c, flx_client **out, flx_error **err);

/**
 * Moves the whole state of a channel from one place to another, such as from a directory to a database server, or back:
 * orders with their histories, answers, cursors, versions, what was learnt. Makes no request, and needs no token.
 *
 * For while nothing runs. The new place must hold no state, or one that was moved away from it or that a cut off move to it
 * left. Afterwards every opening of the old place is refused, and the message names the new one; so is every later call of a
 * client that is open there still. A move that was cut off, by whatever and whenever, has left the old place as it was, or is
 * brought to its end when it is run again; meanwhile a new place that is not whole is refused. Run again after its end it
 * changes nothing.
 *
 * Who holds feeds, and the request budget, belong to a place and stay there. Orders that were being sent when a process
 * died are in the new place as they were: they are looked up before they are sent.
 *
 * @param from  where the state is: `channel`, `origin`, `state_dir` or `state.url`
 * @param to    where it is to be; the same channel and origin
 * @return FLX_OK · FLX_E_CONFIG: a key is missing, or the configs are of two channels or hubs ·
 *         FLX_E_PATH: there is no state to move, or one already where it is to be, or that place cannot be used ·
 *         FLX_E_STATE_BUSY: somebody holds a feed, sends an order or writes; the message says who. End it and call again ·
 *         FLX_E_STATE · FLX_E_STATE_CORRUPT · FLX_E_STATE_NEWER · FLX_E_IDENTITY
 *
 * Waits at most `state.wait_ms` for others, then takes about a second for 10,000 rows. A fork of this process waits for it in
 * vain (FLX_E_FORKED in the child).
 * @since 1.1
 */
FLX_API int32_t flx_state_move(const flx_config *from, const flx_config *to, flx_error **err);

/**
 * Asks the hub whether this channel can work, with at most three cheap requests: the count of listings (contract 1.2), one
 * listing, and the channel that it names (2.2).
 *
 * The report has: reachable, token ("accepted", "refused", "unknown"), http_status, latency_ms, clock_offset_ms (hub
 * minus this machine), pool (size, used, refill, if the hub tells), listings, channel (null if the hub does not tell; else
 * id, name, type, is_of_this_state, default_invoice_status, generates_requests_on_import, and in `orders` what these mean
 * for an order that is pushed, contract 4.4), advice. It is given for a refused token too: an error means that no report
 * could be made.
 *
 * @param wait_ms  deadline; -1 is `http.wait_ms`
 * @param report   receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_TIMEOUT · FLX_E_THROTTLED: no request was free in time · FLX_E_CANCELED · FLX_E_CLIENT_BUSY
 */
FLX_API int32_t flx_client_probe(flx_client *cl, int32_t wait_ms, flx_blob **report, flx_error **err);

/**
 * Gives the state of the channel as JSON: rate_limit, breaker, hub clock, outbox and answers by state, cursors, holders, quarantine,
 * requests made by this client, last success, what was learnt from the hub. flx_describe("metrics") explains each member.
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_STATE · FLX_E_STATE_BUSY
 *
 * Makes no request.
 */
FLX_API int32_t flx_client_stats(flx_client *cl, flx_blob **json, flx_error **err);

/**
 * Tells who holds which feed of this channel, in all processes of this machine: [{"feed":"listings_to_sync","cursor":"",
 * "by":"pull","pid":4711,"process":"php-fpm8.2","since":"2026-01-31T12:00:00Z","in_call":false,"idle_ms":1200,
 * "idle_limit_ms":600000}].
 *
 * by is "pull", "flush" (it sends answers) or "cursor_set". cursor is empty for a queue feed. in_call: a call into it goes
 * on; else idle_ms is how long ago the last one ended. At idle_limit_ms, which is the holder's `pull.idle_s`, the feed goes to
 * whoever asks next. pid and process are as the holder sees itself: in another container the number is another.
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_PATH: the lock file cannot be opened · FLX_E_HANDLE · FLX_E_FORKED
 *
 * Makes no request, waits for nobody. May run beside a call of another thread.
 */
FLX_API int32_t flx_client_holders(flx_client *cl, flx_blob **json, flx_error **err);

/**
 * Takes the log records kept since the last call: JSON lines, oldest first, at most the newest 1,000.
 *
 * Empty if flx_config_on_log() was used.
 *
 * @param jsonl  receives the lines; free it with flx_blob_free()
 * @return FLX_OK
 */
FLX_API int32_t flx_client_logs(flx_client *cl, flx_blob **jsonl, flx_error **err);

/**
 * Replaces the token, for instance after the old one was revoked. Queue, answers and cursors stay; a channel paused by
 * a refused token goes on.
 *
 * @param t  1 to 512 visible ASCII characters; of another the message says which byte is what
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_RATE_LIMIT
 */
FLX_API int32_t flx_client_set_token(flx_client *cl, const char *t, size_t n, flx_error **err);

/**
 * Forgets what was learnt from the hub, so that it is learnt anew: the way back when the hub, or a gateway in front of it,
 * said something wrong. flx_client_stats() shows under "learnt" what is known, since when, and from how many answers.
 *
 * - "clock": how far the hub's clock is from this machine's, in this client and in the state file. Other processes go on
 *   with what they heard themselves.
 * - "pool": size and refill of the request pool, whether its headers are true, and whether somebody else spends of it.
 * - "hold": whatever holds requests back: a wait that the hub asked for (429 up to an hour, others up to 15 minutes), the
 *   breaker of a hub that fails, the pause of a refused token. What waits for its next attempt is due at once, but for
 *   orders that may have reached the hub.
 * - "filters": which filters the hub was seen to ignore, and how late it showed changes, for all cursors.
 * - "channel": which of the hub's channels is ours, unless the config says so. Orders that were sent stay sent.
 *
 * All processes that share the state file or the request budget see it with their next request. Those that wait go on.
 *
 * @param what  a JSON array of these names, such as ["clock","hold"]; NULL or empty for all but "channel"
 * @return FLX_OK · FLX_E_JSON · FLX_E_ARGUMENT: a name that is none of these; nothing is forgotten · FLX_E_STATE ·
 *         FLX_E_STATE_BUSY · FLX_E_RATE_LIMIT: of these names, those before the one that failed are forgotten; call again
 *
 * Waits at most `state.wait_ms` for each; makes no request. May run beside a call of another thread.
 */
FLX_API int32_t flx_client_relearn(flx_client *cl, const char *what, size_t n, flx_error **err);

/**
 * Lets a cancel interrupt this client. NULL takes it away. The cancel must live until then or until the client closes.
 *
 * @return FLX_OK · FLX_E_HANDLE
 */
FLX_API int32_t flx_client_set_cancel(flx_client *cl, flx_cancel *k, flx_error **err);

/**
 * Closes a client: drops its connections, makes no request, loses nothing that a call accepted.
 *
 * Pulls of it let their feeds go and answer FLX_E_HANDLE from now on, pages stay valid. NULL and stale handles do nothing.
 * In a child made by fork() nothing of the parent's is let go.
 * Waits for a call that runs in another thread; fire a cancel first to end that soon.
 */
FLX_API void flx_client_close(flx_client *cl);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Pull: listings in, order status and shipments in
 *
 * Queue feeds have no cursor: a record comes until it is answered with flx_ack(). One pull per feed (of a cursor feed: per
 * cursor) and channel lives at a time, in all processes; a second one gets FLX_E_CLIENT_BUSY when it is opened.
 * A pull holds its feed until it is closed, its client is closed, its process ends, or a queue is at its proven end. A pull
 * that is forgotten does not hold it for ever: when for `pull.idle_s` there was no call into it (flx_pull_next(),
 * flx_pull_commit(), nor in its client an flx_ack() for its feed), the feed goes to the next pull or flush that asks for it,
 * in whatever process (log record "feed.taken_over"). While a call goes on, however long, it is in use; a process that is stopped counts as idle from the
 * deadline of its call on. The pull that lost its feed gets FLX_E_CLIENT_BUSY, fatal (FLX_ERROR_FATAL), from its next call,
 * which wrote nothing: close it and open another. Nothing is lost: receipts of its pages are answered as ever, committed
 * pages stay committed, others come again.
 * Cursor feeds have a named cursor, which moves when the last page of a walk with a proven end was committed: to the newest
 * record seen, or a little beyond it, so that in a quiet feed it stands still. A pull that is closed before its end is gone
 * on with by the next one, page by page, so that short ones come to the end of a long list; a process that is killed loses at
 * most 20 pages of the way. Versions of pages that were committed do not come again. A walk starts `feeds.overlap_s` before
 * the cursor, and twice as long as the hub was ever seen to show a change late (log record "pull.late").
 * A list that changes while it is read may skip rows: it is read again until two passes prove that none was. When five
 * passes do not, the cursor stays (log record "pull.restless") and the next pull reads from it again.
 * Every `feeds.reconcile_h` a pull goes on after its walk and reads the feed once more from where its cursor began, at
 * most 50 pages a pull: it finds what no cursor can, such as records that a restored hub dates back. Versions that were
 * committed do not come again there either. Returns are read in full each time.
 * A hub that overlooks the cursor's bound shows its whole list each time (contract 9, row 5): every pull reads it to its end,
 * for there is no other way to see what is new, and what is older than the bound is left out. One pass is enough while the
 * list has the same rows as in the pull before. FLX_DONE is said of a list that was read, never of one that was not. Where the
 * list is long, pull less often: flx_order_status() tells of one order of this outbox in one request.
 * ------------------------------------------------------------------------------------------------------------------ */

#define FLX_FEED_LISTINGS_TO_PUBLISH 1  /**< queue of parents whose content is to appear (contract 3.6) */
#define FLX_FEED_LISTINGS_TO_SYNC 2     /**< queue of variants whose price, quantity, status changed (contract 3.3) */
#define FLX_FEED_LISTINGS 3             /**< cursor feed of all variants (contract 3.3) */
#define FLX_FEED_ORDERS 4               /**< cursor feed of orders, for their status (contract 4.5) */
#define FLX_FEED_SHIPMENTS 5            /**< cursor feed of shipments (contract 5.1) */
#define FLX_FEED_RETURNS 6              /**< cursor feed of returns (contract 6) */

/**
 * Opens a walk over a feed.
 *
 * @param feed  one of FLX_FEED_
 * @param spec  NULL, or JSON: "cursor" (name of 1 to 64 bytes, default "default"; cursor feeds), "since" (instant to start
 *              from when the cursor is new), "page_size" (1 to 1,000), and the filters of the feed by the contract's names. Unknown members
 *              are an error.
 * @param out   receives the pull; close it with flx_pull_close()
 * @return FLX_OK · FLX_E_ARGUMENT: no such feed · FLX_E_JSON · FLX_E_OPERATION: unknown filter or wrong type, with path ·
 *         FLX_E_CLIENT_BUSY: this feed is being pulled, here or in another process; the message names that process, since
 *         when and how long ago it was used last · FLX_E_STATE_BUSY
 *
 * A feed that a pull holds is FLX_E_CLIENT_BUSY at once: when that pull ends is its host's affair, and waiting would not
 * help. For a flush that is sending the feed's answers right now it waits, at most `state.wait_ms`.
 * Makes no request.
 */
FLX_API int32_t flx_pull_open(flx_client *cl, int32_t feed, const char *spec, size_t n, flx_pull **out,
                              flx_error **err);

/**
 * Gives the next page, or says that there is none yet or none any more.
 *
 * Pages have at least one record, or at least one record in quarantine. Records that this pull gave already, whose
 * answer is stored and not yet sent (queue feeds), or whose version was committed (cursor feeds) are left out.
 * So are records of another channel, should the hub show any (contract 9, row 18): ours is known from the config key
 * hub.channel_id, or once two answers of the hub named it, or is asked of the hub when a list of listings shows two channels,
 * or a list of orders or returns the first. If it cannot be told, listings answer FLX_E_CONTRACT, and the cursor of orders
 * and returns stays. A list of listings that ends with rows of other channels alone is FLX_E_CONTRACT too, with both ids,
 * and its cursor stays: our id may be wrong. One that the config names is believed once the hub showed a row that bears it.
 * flx_page_left_out() counts what was left out.
 * Shipments and returns bear the number of their order: from this outbox, else the hub is asked for it, once an order.
 * Those of another channel's order are left out and counted, too: its channel is not ours, or is one that the hub does
 * not let this token read and not the one that an answer named. A number that this outbox has for one order of the hub
 * is given to no record of another one.
 * An order that the hub does not know (404), forbids, or answers with something else for, has none: its records come
 * without a number, the hub is asked again now and then, and a record comes once more, with its number, when a later
 * pull reads it and the hub tells it by then.
 * Where the hub fails at the question (5xx, no answer, something that is no JSON) after three tries, or where the order
 * may be one of this outbox whose end is not known yet, the other records come and those of this order wait: FLX_DONE is
 * returned, the cursor stays before them, the log says "pull.held_back", and a later pull gives them. What has waited
 * for an hour comes as it is.
 * A queue feed goes on, behind its queue, with answered records that changed in a moment which their answer hid (see
 * flx_ack()). They are read again whatever the filters of the pull, in its form; those for which it is too soon are left to
 * a later pull, and no pull waits for them. What is overdue by a minute is read before the queue.
 * A request that is on its way when the time is over goes on with the next call.
 *
 * @param wait_ms  how long to work; 0 does what can be done without waiting
 * @param out      receives the page when FLX_OK is returned; free it with flx_page_free()
 * @return FLX_OK: a page · FLX_AGAIN: not yet, call again · FLX_DONE: the end is proven ·
 *         FLX_E_TOKEN · FLX_E_CONTRACT · FLX_E_PAGING · FLX_E_REFUSED: with FLX_ERROR_FATAL the pull is over, close it; an
 *         FLX_E_CONTRACT that is retryable instead goes on asking with the next call ·
 *         FLX_E_STATE · FLX_E_CANCELED · FLX_E_CLIENT_BUSY: call again, or, if it is fatal, the feed was taken over ·
 *         FLX_E_STATE_BUSY: calls in a row waited `state.wait_ms` for another process; less is FLX_AGAIN.
 *         Failures that pass (network, 429, 5xx) are retried inside and seen as FLX_AGAIN; after
 *         `pull.give_up_ms` without one answer the last of them is returned, and the next call tries again. So it is
 *         when no request may leave: FLX_E_THROTTLED: the hub asked to wait · FLX_E_UNAVAILABLE: it is failing for
 *         everybody · FLX_E_TOKEN, not fatal: it refused the token several times; FLX_ERROR_RETRY_AFTER_MS says for how
 *         long.
 *
 * One thread per client at a time. After fork: FLX_E_FORKED.
 */
FLX_API int32_t flx_pull_next(flx_pull *pull, int32_t wait_ms, flx_page **out, flx_error **err);

/**
 * Says that the host has stored a page of a cursor feed.
 *
 * Durable when it returns: the versions on the page are not delivered again. The cursor itself moves when every page
 * of a walk with a proven end is committed. A page committed twice is FLX_OK. The page stays yours and stays valid.
 *
 * @param pull  the pull that returned the page
 * @param page  a page of this pull, not yet freed
 * @return FLX_OK · FLX_E_USE: a queue feed, whose commit is flx_ack() · FLX_E_HANDLE: stale handle, or a page of
 *         another pull · FLX_E_CLIENT_BUSY: the feed was taken over, nothing moved; the page comes again to who has it now ·
 *         FLX_E_STATE_BUSY: nothing moved, call again
 *
 * Waits at most `state.wait_ms`; makes no request.
 */
FLX_API int32_t flx_pull_commit(flx_pull *pull, const flx_page *page, flx_error **err);

/** Ends a pull, also one that is not done. Nothing that was answered or committed is lost. */
FLX_API void flx_pull_close(flx_pull *pull);

/**
 * Gives a listing as it was seen last: {"id":"17","sku":"TEE-RED-M","at":"2026-01-31T12:00:00Z","age_ms":5000,"record":{...}}.
 *
 * For a page view that is to cost no request. Kept is each variant that a pull of FLX_FEED_LISTINGS or
 * FLX_FEED_LISTINGS_TO_SYNC gave, or the daily read of a round, without its parent, once the config key
 * `snapshots.keep_days` is set. Whether it is still so, only the hub knows.
 *
 * @param query  JSON: "id" or "sku"; of two listings with one SKU the one that was seen last
 * @param json   receives the listing; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_NOT_FOUND: not seen yet · FLX_E_USE: none are kept · FLX_E_JSON · FLX_E_OPERATION: unknown member ·
 *         FLX_E_STATE · FLX_E_STATE_BUSY
 */
FLX_API int32_t flx_snapshot_get(flx_client *cl, const char *query, size_t n, flx_blob **json, flx_error **err);

/**
 * Lists the cursors of this channel: [{"feed":"orders","cursor":"default","at":"2026-01-31T12:00:00Z", ...}].
 *
 * "at" is null until a first walk came to its end. Further members: moved_at · filter_ignored (the hub does not keep to the
 * cursor's bound) · reconciled_at (when the feed was read in full last, null if never) · late_s (how late the hub showed a
 * change at worst).
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_STATE · FLX_E_STATE_BUSY
 */
FLX_API int32_t flx_cursor_list(flx_client *cl, flx_blob **json, flx_error **err);

/**
 * Sets a cursor, for instance after the shop's database was restored. Versions committed under it are forgotten, so
 * that everything since the instant is delivered again.
 *
 * @param feed    a cursor feed
 * @param name    name of the cursor, or NULL for "default"
 * @param cursor  an ISO 8601 instant with zone, or empty for the beginning of time: the name is off the list then, until
 *                something is stored under it
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_USE: a queue feed · FLX_E_CLIENT_BUSY: a pull uses the cursor · FLX_E_STATE_BUSY
 */
FLX_API int32_t flx_cursor_set(flx_client *cl, int32_t feed, const char *name, size_t n, const char *cursor, size_t cn,
                               flx_error **err);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Page
 *
 * A page holds the hub's own bytes. Dynamic hosts take flx_page_json() and decode it; C hosts read the structs below.
 * All of it is valid until flx_page_free(). In structs text is also NUL-terminated; absent text is {NULL, 0}; whether a
 * number is there says its bit in `has`. Structs only ever grow at their end: check `size` before reading a member
 * that is newer than the library you require. A field that the hub left out or sent as null is absent.
 * ------------------------------------------------------------------------------------------------------------------ */

/** Borrowed text. Frozen layout. */
typedef struct flx_text {
    const char *p; /**< UTF-8, NUL-terminated, or NULL if absent */
    size_t n;      /**< bytes before the NUL */
} flx_text;

/** A decimal number: the hub's own text, and its value as unscaled / 10^scale when it fits. Frozen layout. */
typedef struct flx_decimal {
    flx_text text;    /**< such as "19.99"; absent if the field is */
    int64_t unscaled; /**< such as 1999 */
    int32_t scale;    /**< such as 2 */
    int32_t fits;     /**< 1 if unscaled and scale are exact, else 0 and only the text is */
} flx_decimal;

/* ---- made from tables/listings.toml, orders.toml by `make generate`: edit there, not here ---- */

/*
 * Bits of `has`. A bit has the same meaning in every struct that has the member; flx_price_overwrite,
 * flx_quantity_overwrite and flx_fulfillment_request have bits of their own, which stand with them.
 */
#define FLX_HAS_QUANTITY (1u << 0)
#define FLX_HAS_ARCHIVED (1u << 1)
#define FLX_HAS_PAUSED (1u << 2)
#define FLX_HAS_LINKED (1u << 3)
#define FLX_HAS_UPDATED_AT (1u << 4)
#define FLX_HAS_INSERTED_AT (1u << 5)
#define FLX_HAS_DYNAMIC_UPDATED_AT (1u << 6)
#define FLX_HAS_DYNAMIC_SYNCED_AT (1u << 7)
#define FLX_HAS_STATIC_UPDATED_AT (1u << 8)
#define FLX_HAS_STATIC_SYNCED_AT (1u << 9)
#define FLX_HAS_SORT_ORDER (1u << 10)
#define FLX_HAS_ORDERED_AT (1u << 11)
#define FLX_HAS_SHIPPED_QUANTITY (1u << 12)
#define FLX_HAS_ACKNOWLEDGED_QUANTITY (1u << 13)
#define FLX_HAS_CANCELED_QUANTITY (1u << 14)
#define FLX_HAS_SHIPPED_AT (1u << 15)
#define FLX_HAS_PARTIAL (1u << 16)
#define FLX_HAS_SUPPRESSED (1u << 17)
#define FLX_HAS_REDACTED (1u << 18)
#define FLX_HAS_LINK_ATTEMPTED_AT (1u << 19)
#define FLX_HAS_CUSTOMIZED (1u << 20)
#define FLX_HAS_EXCLUDED (1u << 21)
#define FLX_HAS_ALLOCATED_QUANTITY (1u << 22)
#define FLX_HAS_COMPONENT_QUANTITY (1u << 23)
#define FLX_HAS_SYNCED_TO_CHANNEL (1u << 24)
#define FLX_HAS_ACCOUNTING_SYNCED (1u << 25)
#define FLX_HAS_COMMITTED_STOCK_RELEASED_QUANTITY (1u << 26)
#define FLX_HAS_TOTAL_RETURN_ITEMS (1u << 27)
#define FLX_HAS_TOTAL_RMAS (1u << 28)

/** A listing status (contract 3.2). */
typedef struct flx_listing_status {
    uint32_t size;
    uint32_t has;    /**< reserved, 0 */
    flx_text id;
    flx_text handle; /**< not_listed, listed, hidden, delisted, published, overwrite_data, broken_link */
    flx_text name;
} flx_listing_status;

/** A unit of weight or length (contract 3.3). The hub's list of units is not known. */
typedef struct flx_unit {
    uint32_t size;
    uint32_t has;    /**< reserved, 0 */
    flx_text id;
    flx_text handle; /**< such as pound or inch */
    flx_text name;
} flx_unit;

/** An image of a listing (contract 3.6). */
typedef struct flx_listing_image {
    uint32_t size;
    uint32_t has;                 /**< FLX_HAS_SORT_ORDER */
    flx_text id;
    flx_text channel_id;
    flx_text listing_parent_id;
    flx_text listing_variant_id;  /**< absent for an image of the parent */
    flx_text url;
    flx_text original_url;
    flx_text hash;
    flx_text external_listing_id; /**< the shop's id, from the answer to a publish */
    int64_t sort_order;           /**< ascending; the first image is the main one */
} flx_listing_image;

/** A named value (contract 3.6): an option, attribute or custom field. */
typedef struct flx_name_value {
    uint32_t size;
    uint32_t has;                /**< reserved, 0 */
    flx_text id;
    flx_text listing_parent_id;  /**< of an option of a parent, else absent */
    flx_text attribute_id;       /**< of an attribute, else absent */
    flx_text attribute_value_id; /**< of an attribute, else absent */
    flx_text name;
    flx_text value;              /**< absent for an option of a parent */
} flx_name_value;

/* Bits of `has` of flx_price_overwrite. */
#define FLX_HAS_PRICE_OVERWRITTEN (1u << 0)
#define FLX_HAS_COST_OVERWRITTEN (1u << 1)
#define FLX_HAS_MSRP_OVERWRITTEN (1u << 2)
#define FLX_HAS_MAP_OVERWRITTEN (1u << 3)
#define FLX_HAS_SHIPPING_COST_OVERWRITTEN (1u << 4)
#define FLX_HAS_DROPSHIP_FEE_OVERWRITTEN (1u << 5)

/** Which prices of a variant the merchant locked, and what the hub's rules would make of them (contract 3.3). */
typedef struct flx_price_overwrite {
    uint32_t size;
    uint32_t has;                      /**< FLX_HAS_PRICE_OVERWRITTEN .. FLX_HAS_DROPSHIP_FEE_OVERWRITTEN */
    int32_t price_overwritten;         /**< 0 or 1 */
    int32_t cost_overwritten;          /**< 0 or 1 */
    int32_t msrp_overwritten;          /**< 0 or 1 */
    int32_t map_overwritten;           /**< 0 or 1 */
    int32_t shipping_cost_overwritten; /**< 0 or 1 */
    int32_t dropship_fee_overwritten;  /**< 0 or 1 */
    flx_decimal dynamic_price;         /**< comes back when the lock is removed, like the next three */
    flx_decimal dynamic_cost;
    flx_decimal dynamic_msrp;
    flx_decimal dynamic_map;
} flx_price_overwrite;

/* Bits of `has` of flx_quantity_overwrite. */
#define FLX_HAS_QUANTITY_OVERWRITTEN (1u << 0)
#define FLX_HAS_LOCKED_BY_ORDER_VOLUME_PROTECTION (1u << 1)
#define FLX_HAS_DYNAMIC_QUANTITY (1u << 2)

/** Whether the merchant locked the quantity of a variant, and what the hub's rules would make of it (contract 3.3). */
typedef struct flx_quantity_overwrite {
    uint32_t size;
    uint32_t has;                 /**< FLX_HAS_QUANTITY_OVERWRITTEN .. FLX_HAS_DYNAMIC_QUANTITY */
    int32_t quantity_overwritten; /**< 0 or 1 */
    int32_t locked_by_order_volume_protection; /**< 0 or 1 */
    int64_t dynamic_quantity;     /**< comes back when the lock is removed */
} flx_quantity_overwrite;

typedef struct flx_category flx_category;

/**
 * A category (contract 3.6): of the channel's listings, of the products behind them, or of the source's inventory
 * behind those. What only some of the three have is absent in the others.
 */
struct flx_category {
    uint32_t size;
    uint32_t has;                           /**< FLX_HAS_CUSTOMIZED, FLX_HAS_EXCLUDED, FLX_HAS_INSERTED_AT, FLX_HAS_UPDATED_AT */
    flx_text id;
    flx_text name;
    flx_text account_id;
    flx_text channel_id;                    /**< of a listing category */
    flx_text source_id;                     /**< of an inventory category */
    flx_text parent_category_id;
    flx_text product_category_id;           /**< of a listing or inventory category */
    int32_t customized;                     /**< 0 or 1 */
    int32_t excluded;                       /**< 0 or 1; of an inventory category */
    int64_t inserted_at;
    int64_t updated_at;
    const flx_category *product_category;   /**< behind a listing category; NULL if absent */
    const flx_category *inventory_category; /**< behind a product category; NULL if absent */
};

typedef struct flx_listing_parent flx_listing_parent;

/** A listing's sellable unit (contract 3.3). */
typedef struct flx_listing_variant {
    uint32_t size;
    uint32_t has;
    flx_text id;
    flx_text account_id;
    flx_text channel_id;
    flx_text listing_parent_id;
    flx_text product_variant_id;         /**< the product it is linked to, absent if none */
    flx_text sku;
    flx_text master_sku;
    flx_text title;
    flx_text description;
    flx_text upc;
    flx_text ean;
    flx_text gtin;
    flx_text mpn;
    flx_text asin;
    flx_text reference_identifier;
    flx_text external_listing_id;        /**< the shop's id, from the answer to a publish */
    flx_text external_reference_id;      /**< another id of the shop's, of the type that follows */
    flx_text external_reference_id_type;
    flx_decimal price;                   /**< of one, as the next five */
    flx_decimal cost;
    flx_decimal msrp;
    flx_decimal map;                     /**< the least that may be advertised */
    flx_decimal shipping_cost;
    flx_decimal dropship_fee;
    flx_decimal weight;
    flx_decimal length;
    flx_decimal width;
    flx_decimal height;
    const flx_unit *weight_unit;         /**< NULL if absent */
    const flx_unit *dimension_unit;      /**< of length, width and height; NULL if absent */
    flx_text sync_error;                 /**< of the last sync answer, absent if it was fine */
    flx_text publish_error;              /**< of the last publish answer, absent if it was fine */
    int64_t quantity;                    /**< absent means: do not change it */
    int32_t archived;                    /**< 0 or 1 */
    int32_t paused;                      /**< 0 or 1 */
    int32_t linked_to_regular_product;   /**< 0 or 1 */
    int32_t reserved;                    /**< 0 */
    int64_t link_attempted_at;
    int64_t inserted_at;
    int64_t updated_at;
    int64_t dynamic_content_updated_at;  /**< price, quantity or status changed */
    int64_t dynamic_content_synced_at;   /**< the last sync answer */
    int64_t static_content_updated_at;   /**< title, description, images and the like changed */
    int64_t static_content_synced_at;    /**< the last publish answer */
    const flx_listing_status *status;    /**< NULL if absent */
    const flx_listing_status *change_to; /**< a queued status change to confirm (contract 3.2); the parent's if it stands only
                                              there; NULL if absent */
    const flx_price_overwrite *price_overwrite; /**< only with includeOverwrites; NULL if absent */
    const flx_quantity_overwrite *quantity_overwrite; /**< only with includeOverwrites; NULL if absent */
    const flx_listing_image *const *images;
    size_t image_count;
    const flx_name_value *const *options;
    size_t option_count;
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
    const flx_text *const *tags;         /**< only with includeTags, and only those that are text */
    size_t tag_count;
    const flx_listing_parent *parent;    /**< only with includeParent, which listings to sync have on; NULL if absent */
} flx_listing_variant;

/** A listing's product page (contract 3.6). */
struct flx_listing_parent {
    uint32_t size;
    uint32_t has;
    flx_text id;
    flx_text account_id;
    flx_text channel_id;
    flx_text sku;
    flx_text title;
    flx_text description;                 /**< HTML as the merchant wrote it: sanitise it before you show it */
    flx_text manufacturer;
    flx_text external_listing_id;         /**< the shop's id, from the answer to a publish */
    flx_text external_reference_id;       /**< another id of the shop's, of the type that follows */
    flx_text external_reference_id_type;
    flx_text sync_error;
    flx_text publish_error;               /**< of the last publish answer, absent if it was fine */
    int32_t archived;                     /**< 0 or 1 */
    int32_t linked_to_regular_product;    /**< 0 or 1 */
    int64_t link_attempted_at;
    int64_t inserted_at;
    int64_t updated_at;
    int64_t dynamic_content_updated_at;   /**< the four as in a variant */
    int64_t dynamic_content_synced_at;
    int64_t static_content_updated_at;
    int64_t static_content_synced_at;
    const flx_listing_status *change_to;  /**< a queued status change to confirm (contract 3.2); NULL if absent */
    const flx_category *category_one;     /**< three nodes of their own, not a path (contract 3.6); NULL if absent */
    const flx_category *category_two;     /**< NULL if absent */
    const flx_category *category_three;   /**< NULL if absent */
    const flx_listing_image *const *images;
    size_t image_count;
    const flx_name_value *const *options; /**< without values */
    size_t option_count;
    const flx_name_value *const *attributes;
    size_t attribute_count;
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
    const flx_text *const *tags;          /**< only those that are text */
    size_t tag_count;
    const flx_listing_variant *const *variants; /**< none in the parent of a variant */
    size_t variant_count;
};

/** A postal address as the hub has it (contract 4.2). */
typedef struct flx_address {
    uint32_t size;
    uint32_t has;          /**< FLX_HAS_REDACTED */
    flx_text id;
    flx_text hash;         /**< the hub's, of the whole address */
    flx_text name;         /**< first and last name, joined by the hub */
    flx_text first_name;
    flx_text last_name;
    flx_text company_name;
    flx_text address_line_1;
    flx_text address_line_2;
    flx_text city;
    flx_text state;
    flx_text state_code;
    flx_text postal;
    flx_text country;
    flx_text country_code; /**< ISO 3166 */
    flx_text email;
    flx_text phone;        /**< free text */
    int32_t redacted;      /**< 0 or 1; blanked by the hub after its retention period: do not overwrite yours with it */
    int32_t reserved;      /**< 0 */
} flx_address;

/** A part of a line that is a bundle (contract 4.2, 6). */
typedef struct flx_bundle_component {
    uint32_t size;
    uint32_t has;
    flx_text id;
    flx_text order_item_id;
    flx_text component_virtual_variant_id;
    flx_text sku;
    flx_text shipped_status;      /**< Not Started, Partially Completed, Completed */
    flx_text allocated_status;    /**< the same three */
    flx_text acknowledged_status; /**< the same three */
    flx_decimal cost;
    int64_t component_quantity;
    int64_t quantity;
    int64_t shipped_quantity;
    int64_t allocated_quantity;
    int64_t acknowledged_quantity;
} flx_bundle_component;

/** A line of an order (contract 4.2). */
typedef struct flx_order_item {
    uint32_t size;
    uint32_t has;
    flx_text id;
    flx_text order_id;
    flx_text sku;
    flx_text title;
    flx_text listing_variant_id;
    flx_text product_variant_id;
    flx_text external_listing_id;
    flx_text shipped_status;             /**< Not Started, Partially Completed, Completed */
    flx_text allocated_status;           /**< the same three */
    flx_text acknowledged_status;        /**< the same three */
    flx_decimal price;                   /**< of one */
    flx_decimal cost;                    /**< of one */
    int64_t quantity;
    int64_t shipped_quantity;
    int64_t allocated_quantity;
    int64_t acknowledged_quantity;
    int64_t canceled_quantity;
    const flx_address *shipping_address; /**< of this line alone, if it has one of its own; NULL if absent */
    const flx_bundle_component *const *bundle_components;
    size_t bundle_component_count;
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
} flx_order_item;

/* Bits of `has` of flx_fulfillment_request. */
#define FLX_HAS_ACKNOWLEDGED_AT (1u << 0)
#define FLX_HAS_SENT_AT (1u << 1)
#define FLX_HAS_GENERATED_AT (1u << 2)
#define FLX_HAS_VOIDED_AT (1u << 3)

/** What the hub asked one source to send for an order (contract 4.2). */
typedef struct flx_fulfillment_request {
    uint32_t size;
    uint32_t has;    /**< FLX_HAS_ACKNOWLEDGED_AT .. FLX_HAS_VOIDED_AT */
    flx_text id;
    flx_text number;
    flx_text order_id;
    flx_text source_id;
    flx_text status; /**< the handle of its status */
    flx_text status_name;
    int64_t acknowledged_at;
    int64_t sent_at;
    int64_t generated_at;
    int64_t voided_at;
} flx_fulfillment_request;

/** An order at the hub (contract 4.2). */
typedef struct flx_order {
    uint32_t size;
    uint32_t has;                        /**< FLX_HAS_ORDERED_AT, FLX_HAS_INSERTED_AT, FLX_HAS_UPDATED_AT */
    flx_text id;
    flx_text account_id;
    flx_text channel_id;
    flx_text order_number;
    flx_text reference_number;
    flx_text imported_from;              /**< a number; the contract does not say of what */
    flx_text order_status;               /**< Open, Closed, On Hold, Failed, No Shipping Method, Canceled, Not Managed, Draft */
    flx_text shipped_status;             /**< Not Started, Partially Completed, Completed */
    flx_text acknowledged_status;        /**< the same three */
    flx_text shipping_text;
    flx_text note;
    flx_decimal order_total;
    int64_t ordered_at;
    int64_t inserted_at;
    int64_t updated_at;
    const flx_address *shipping_address; /**< NULL if absent */
    const flx_address *billing_address;  /**< NULL if absent */
    const flx_order_item *const *items;
    size_t item_count;
    const flx_fulfillment_request *const *fulfillment_requests; /**< sure to be there only when one order is read */
    size_t fulfillment_request_count;
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
    const flx_text *const *tags;
    size_t tag_count;
} flx_order;

/** A line of a shipment (contract 5.1). Map it by order_item_id: the SKU may be the supplier's. */
typedef struct flx_shipment_item {
    uint32_t size;
    uint32_t has;                    /**< FLX_HAS_QUANTITY, FLX_HAS_COMMITTED_STOCK_RELEASED_QUANTITY, FLX_HAS_PARTIAL */
    flx_text id;
    flx_text shipment_id;
    flx_text order_item_id;
    flx_text purchase_order_item_id; /**< to be replaced by the next */
    flx_text fulfillment_request_item_id;
    flx_text inventory_variant_id;   /**< the supplier's variant */
    flx_text rma_item_id;            /**< of goods that come back */
    flx_text sku;
    int64_t quantity;
    int64_t committed_stock_released_quantity;
    int32_t partial;                 /**< 0 or 1 */
    int32_t reserved;                /**< 0 */
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
} flx_shipment_item;

#define FLX_SHIPMENT_DELIVERY 0    /**< goes to the buyer: tell the shop */
#define FLX_SHIPMENT_SUPPRESSED 1  /**< its tracking must not reach the buyer; the flag may change later */
#define FLX_SHIPMENT_RETURN 2      /**< comes back from the buyer */
#define FLX_SHIPMENT_CROSS_DOCK 3  /**< an inbound leg between warehouses */

/** A parcel (contract 5.1). Only one of kind DELIVERY is for the buyer's eyes. */
typedef struct flx_shipment {
    uint32_t size;
    uint32_t has;
    int32_t kind;                          /**< one of FLX_SHIPMENT_ */
    int32_t partial;                       /**< 0 or 1 */
    flx_text id;
    flx_text order_id;
    flx_text order_number;                 /**< the host's number: from this channel's outbox, else from the order at the hub */
    flx_text account_id;
    flx_text source_id;
    flx_text purchase_order_id;
    flx_text fulfillment_request_id;
    flx_text rma_id;                       /**< of goods that come back, else absent */
    flx_text cross_dock_purchase_order_id; /**< of an inbound leg, else absent */
    flx_text tracking_number;
    flx_text tracking_url;                 /**< as the hub has it, of any scheme: look at that before you make it a link */
    flx_text carrier;
    flx_text method;
    flx_text note;
    flx_text sync_error;                   /**< as flagShipmentsWithErrors stored it (contract 5.3) */
    flx_decimal shipping_cost;
    int32_t suppressed;                    /**< 0 or 1; `kind` is the one to go by */
    int32_t synced_to_channel;             /**< 0 or 1; nothing that a channel calls sets it (contract 5.3) */
    int32_t accounting_synced;             /**< 0 or 1 */
    int32_t reserved;                      /**< 0 */
    int64_t shipped_at;
    int64_t inserted_at;
    int64_t updated_at;
    const flx_shipment_item *const *items;
    size_t item_count;
    const flx_name_value *const *custom_fields;
    size_t custom_field_count;
} flx_shipment;

/** A line of a return (contract 6). */
typedef struct flx_return_item {
    uint32_t size;
    uint32_t has; /**< FLX_HAS_QUANTITY */
    flx_text id;
    flx_text return_id;
    flx_text order_item_id;
    flx_text sku;
    flx_text title;
    flx_text reason;
    flx_text condition;
    flx_decimal sales_price;
    flx_decimal refunded_amount;
    int64_t quantity;
    const flx_bundle_component *const *bundle_components;
    size_t bundle_component_count;
} flx_return_item;

/** A line of an RMA (contract 6). */
typedef struct flx_rma_item {
    uint32_t size;
    uint32_t has; /**< reserved, 0 */
    flx_text id;
    flx_text return_item_id;
} flx_rma_item;

/** What goes back to one source (contract 6): its authorisation of a return. */
typedef struct flx_rma {
    uint32_t size;
    uint32_t has;                         /**< reserved, 0 */
    flx_text id;
    flx_text return_id;
    flx_text account_id;
    flx_text source_id;
    flx_text number;
    const flx_address *return_to_address; /**< NULL if absent */
    const flx_rma_item *const *items;
    size_t item_count;
} flx_rma;

/** Goods that a buyer sends back (contract 6). */
typedef struct flx_return {
    uint32_t size;
    uint32_t has;               /**< FLX_HAS_TOTAL_RETURN_ITEMS, FLX_HAS_TOTAL_RMAS */
    flx_text id;
    flx_text account_id;
    flx_text channel_id;
    flx_text order_id;
    flx_text return_number;
    flx_text status;
    int64_t total_return_items;
    int64_t total_rmas;
    const flx_return_item *const *items;
    size_t item_count;
    const flx_rma *const *rmas; /**< only with includeRmas */
    size_t rma_count;
} flx_return;

/* ---- end of what is made ---- */

/** Returns how many records a page has, 0 for NULL or a stale handle. */
FLX_API size_t flx_page_count(const flx_page *page);

/** Returns the feed of a page, one of FLX_FEED_, or FLX_E_HANDLE. */
FLX_API int32_t flx_page_feed(const flx_page *page);

/**
 * Returns how many rows the pull left out since its page before because they bear another channel's id, 0 for NULL or a
 * stale handle. Each row counts once a pull. The log says it once a pull ("pull.left_out"), and "left_out" of
 * flx_client_stats() counts those of all pulls of a client.
 */
FLX_API size_t flx_page_left_out(const flx_page *page);

/**
 * Gives the records of a page as one JSON array, in the hub's own bytes.
 *
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_HANDLE
 */
FLX_API int32_t flx_page_json(const flx_page *page, const char **p, size_t *n);

/**
 * Gives the receipt of a page: text that you may store and hand to flx_ack() later, also from another process.
 *
 * It names the feed, the page's records and the fetch instant; it holds no buyer data.
 * Cursor feeds have receipts too, for the log; their answer is flx_pull_commit().
 *
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_HANDLE
 */
FLX_API int32_t flx_page_receipt(const flx_page *page, const char **p, size_t *n);

/**
 * Lists the records of the hub's page that could not be read, with their reasons: [{"index":3,"id":"12",
 * "path":"/price","reason":"..."}]. They are left out of the page, counted, and their neighbours go on. A record is
 * unread when it is no sound JSON, has no exact id or a date that is not one moment, or, a listing, when its price is no decimal
 * number, its quantity no whole one, or a queued status change has no handle that tells it, for an answer would confirm it. A
 * cursor stays while a page of its walk has no other records.
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK, also when there are none ([]) · FLX_E_HANDLE
 */
FLX_API int32_t flx_page_quarantine(const flx_page *page, flx_blob **json, flx_error **err);

/**
 * Tells what is known of each record beyond what its JSON says by itself: one object a record, in the order of the page, with
 * its "id" (text, "" if it has none that is exact) and, by its feed:
 *
 *     listings   "change_to": the queued status change (contract 3.2), also where it stands on the parent alone, or null; an
 *                answer must name it, unless it is "published" or "overwrite_data", which a publish answers; of a parent to
 *                publish also "variants": [{"id":"71","change_to":"hidden"}]
 *     orders     "order_number": the number that this channel's outbox sent it with, else the hub's, or null
 *     shipments  "kind": delivery, which alone is for the buyer's eyes, suppressed, return or cross_dock (contract 5.1);
 *                "order_number" of its order, or null if the hub does not tell it
 *     returns    "order_number", as of a shipment
 *
 * The structs below tell the same, but for the number of an order.
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_HANDLE · FLX_E_MEMORY
 */
FLX_API int32_t flx_page_facts(const flx_page *page, flx_blob **json, flx_error **err);

/**
 * Gives record `i` of a page as JSON, in the hub's own bytes.
 *
 * @return FLX_OK · FLX_E_ARGUMENT: i is not below flx_page_count() · FLX_E_HANDLE
 */
FLX_API int32_t flx_record_json(const flx_page *page, size_t i, const char **p, size_t *n);

/**
 * Gives one value of a record by its JSON pointer, such as "/parent/title" or "/images/0/url".
 *
 * Text is given without quotes and escapes, numbers as the hub wrote them, true and false as such; objects and arrays
 * as JSON. The view is NUL-terminated, valid until flx_page_free(), and the same each time: a value is laid out once.
 *
 * @return FLX_OK · FLX_E_NOT_FOUND: absent or null · FLX_E_ARGUMENT: no JSON pointer, or i too large · FLX_E_HANDLE ·
 *         FLX_E_MEMORY
 */
FLX_API int32_t flx_record_get(const flx_page *page, size_t i, const char *path, size_t pn, const char **p, size_t *n);

/**
 * Record `i` of a page of variants as a struct, made when first asked for, or NULL: stale handle, another feed, i too large.
 *
 * The structs of one page take at most four times `http.body_bytes`, and no more than there is memory: a record beyond that,
 * which no shop has, is NULL too, and flx_record_json() still gives it. The same of the functions below.
 */
FLX_API const flx_listing_variant *flx_page_listing_variant(const flx_page *page, size_t i);
/** Record `i` of a page of parents, or NULL. */
FLX_API const flx_listing_parent *flx_page_listing_parent(const flx_page *page, size_t i);
/** Record `i` of a page of orders, or NULL. */
FLX_API const flx_order *flx_page_order(const flx_page *page, size_t i);
/** Record `i` of a page of shipments, or NULL. */
FLX_API const flx_shipment *flx_page_shipment(const flx_page *page, size_t i);
/** Record `i` of a page of returns, or NULL. */
FLX_API const flx_return *flx_page_return(const flx_page *page, size_t i);

/** Frees a page with all its views. NULL and stale handles do nothing. */
FLX_API void flx_page_free(flx_page *page);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Answers
 * ------------------------------------------------------------------------------------------------------------------ */

/**
 * Answers records of a queue feed. Durable when it returns; sent by flx_flush() after the pull has ended.
 *
 * `answers` is a JSON array; flx_describe("schema/answer") has it in full. One member a record, any subset of the
 * receipt's, as often as needed, from any process:
 *
 *     {"id":"17"}                                         done
 *     {"id":"18","error":"price is missing"}              could not; the merchant reads this at the hub
 *     {"id":"19","confirm":"hidden"}                      the queued status change was carried out
 *     {"id":"20","status":"broken_link"}                  force a status at the hub
 *     {"id":"7","externalId":"P7","variants":[{"id":"70","externalId":"V70","images":[{"id":"1","externalId":"I1"}]}]}
 *                                                         a parent was published; a member per variant of it
 *
 * A record with a queued hide, unhide or delist must name it in `confirm`, carry an `error`, or force a `status`:
 * silence would tell the hub that it happened. The same holds for each variant of a published parent (`change_to` of
 * the variants in flx_listing_parent, `changeToListingStatus` in its JSON): its member takes `confirm` or `error`,
 *     {"id":"7","variants":[{"id":"70","externalId":"V70"},{"id":"71","confirm":"hidden"}]}
 * and with neither, or with no member, the answer is refused with the path; a `confirm` of the parent covers variants
 * with the same change. Naming is always right: what the hub takes only from the other queue comes there again.
 * A variant left out is answered like its parent, and an `error` of the parent is that of each variant that has none
 * of its own and no `confirm`.
 *
 * The hub is told the instant up to which all changes were surely seen (contract 3.4): that of the fetch, less the
 * `feeds.late_s` that its lists may be behind, or the record's own instant if that is later. So a change made since stays
 * pending. A record that had changed after the fetch instant already is not answered, and comes again: its verdict is
 * "held".
 *
 * Some answers hide what changed up to the end of the second in which the hub took them: those to parents, which bear no
 * instant; those to records whose own instant is so new that its second may have gone on after the fetch; and all where
 * the hub tells no time, or none that can be believed (`Date` missing or twice there). Such a record is read once more by
 * a later pull, and comes again if it changed. A reading counts only if it was asked for a second and `feeds.late_s` after
 * the reply to the answer, or after twice what the hub was ever seen to be late, by a clock that no step of the host's
 * moves, or by the hub's own: by then that second is over, and what happened in it is to be seen. Until a reading that counts showed the record as it was answered,
 * or the host answers it again, it stays marked in the state file, also over a crash and a restart. It costs one request
 * for an answered page at most (`ids` and `skus`, contract 3.3 and 3.6), and none where the instants tell enough.
 *
 * An `error` has 1 to 2,000 bytes, an `externalId` 1 to 200.
 * All or nothing: with one fault nothing is stored, and the error's JSON lists all faults with their paths.
 *
 * @param receipt  from flx_page_receipt()
 * @param answers  JSON as above
 * @return FLX_OK · FLX_E_RECEIPT · FLX_E_JSON · FLX_E_ANSWER · FLX_E_TOO_LARGE · FLX_E_STATE · FLX_E_STATE_BUSY
 *
 * Makes no request.
 */
FLX_API int32_t flx_ack(flx_client *cl, const char *receipt, size_t rn, const char *answers, size_t n, flx_error **err);

/**
 * Lists what became of answers, oldest first, from `after` on: [{"seq":1,"feed":"listings_to_sync","id":"17",
 * "verdict":"applied","message":"","hub_said":"","http_status":200}].
 *
 * "message" is what the library says of it; "hub_said" is what the hub said, in its own words (as FLX_ERROR_HUB_SAID). So in
 * every list below.
 *
 * Verdicts: "applied", "refused", "held". Keep the last `seq` and give it as `after` of the next call. Reading
 * changes nothing; results are kept for `answers.keep_hours`.
 *
 * @param after  0, or the last `seq` seen
 * @param max    at most so many, 1 to 10,000
 * @param json   receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_STATE · FLX_E_STATE_BUSY
 */
FLX_API int32_t flx_ack_results(flx_client *cl, int64_t after, size_t max, flx_blob **json, flx_error **err);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Orders
 *
 * An order is JSON with the names of contract 4.3; flx_describe("schema/order") has it in full:
 *   {"orderNumber":"A-1001", "orderedAt":"2026-01-31T12:00:00Z", "orderTotal":"45.48", "shippingText":"Standard",
 *    "shippingAddress":{"name":"...","addressLine1":"...","city":"...","postal":"...","countryCode":"US"},
 *    "orderItems":[{"sku":"TEE-RED-M","quantity":2,"price":"19.99"}], "extra":{"anything":"passes through"}}
 * `orderNumber` is the key: it is written to the hub once, however often it is submitted, by however many processes.
 * "", null and missing are one content, as are [] and {}; an address without any text is not sent, and a fault where one must
 * be. Bounds: 1 MiB of JSON, 1 to 5,000 lines, a quantity of 1 to 1,000,000,000, money of 18 digits and 6 decimals (19.990000000
 * has two), 200 bytes a number; the schema has those of each field.
 * ------------------------------------------------------------------------------------------------------------------ */

/**
 * Checks an order without a client and reports every fault: {"ok":false,"faults":[{"path":"/orderItems/0/price",
 * "message":"..."}],"warnings":[...]}.
 *
 * Warnings, in the same form, name what is odd and is accepted all the same: a country code that is not two capital letters,
 * an `orderedAt` in the future, a negative total, an order number of more than 50 characters. They hold nothing back.
 *
 * @param report  receives JSON; free it with flx_blob_free()
 * @return FLX_OK: the report was made, also when it lists faults · FLX_E_ARGUMENT · FLX_E_UTF8 · FLX_E_TOO_LARGE
 *
 * Touches nothing but the clock. Any thread.
 */
FLX_API int32_t flx_order_check(const char *json, size_t n, flx_blob **report, flx_error **err);

/**
 * Accepts an order for sending. Durable when it returns FLX_OK: it survives a crash and a power loss.
 *
 * Submitting the same order again, also by another process or next year, is FLX_OK and sends nothing. Other content under
 * a number that is beyond doubt not at the hub (still unsent, given up unsent, or refused) takes its place as a new revision,
 * and the history is kept. Other content of an order that is, or may be, at the hub is FLX_E_CONFLICT, whose faults name
 * the fields that differ. Call it after your own transaction was committed, as often as you like.
 *
 * An order without referenceNumber is sent with its orderNumber as that (contract 1.8); the config key
 * `orders.reference_number` set to "as_given" leaves it out.
 *
 * @param receipt  NULL, or receives {"number":"A-1001","state":"queued","verdict":"","new":true,"revision":1}; free it with
 *                 flx_blob_free()
 * @return FLX_OK · FLX_E_ORDER: the error's JSON lists all faults with their paths · FLX_E_JSON · FLX_E_UTF8 ·
 *         FLX_E_TOO_LARGE · FLX_E_CONFLICT · FLX_E_STATE: not stored · FLX_E_STATE_BUSY: not stored, call again
 *
 * Waits at most `state.wait_ms`; makes no request.
 */
FLX_API int32_t flx_order_submit(flx_client *cl, const char *json, size_t n, flx_blob **receipt, flx_error **err);

/**
 * Starts an order that is written field by field, for hosts without a JSON library.
 *
 * @param number  the order number
 * @param out     receives the builder; free it with flx_order_builder_free()
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_UTF8
 */
FLX_API int32_t flx_order_builder_new(const char *number, size_t n, flx_order_builder **out, flx_error **err);

/**
 * Sets one field of the order by its JSON pointer, such as "/shippingAddress/city" or "/orderItems/0/sku".
 *
 * Missing objects on the way are made. The value is text; fields that are numbers are checked at submit. At most 8 steps deep
 * and 10,000 members a list. An error has the path of the field, as a fault of a whole order has.
 *
 * @return FLX_OK · FLX_E_ARGUMENT: no JSON pointer, or an index that leaves a gap · FLX_E_UTF8 · FLX_E_HANDLE
 */
FLX_API int32_t flx_order_builder_set(flx_order_builder *b, const char *path, size_t pn, const char *val, size_t vn,
                                      flx_error **err);

/**
 * Adds a line to the order.
 *
 * @param sku       the SKU of the listing
 * @param quantity  at least 1
 * @param price     price of one, decimal text such as "19.99"; NULL leaves it out
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_UTF8 · FLX_E_HANDLE
 */
FLX_API int32_t flx_order_builder_add_item(flx_order_builder *b, const char *sku, size_t sn, int64_t quantity,
                                           const char *price, size_t pn, flx_error **err);

/**
 * Submits the order written so far, exactly like flx_order_submit(). The builder stays yours.
 *
 * @param receipt  NULL, or receives the same; free it with flx_blob_free()
 * @return FLX_OK, and all that flx_order_submit() returns
 */
FLX_API int32_t flx_order_builder_submit(flx_client *cl, const flx_order_builder *b, flx_blob **receipt,
                                         flx_error **err);

/** Frees a builder. */
FLX_API void flx_order_builder_free(flx_order_builder *b);

/**
 * Reads one order of the outbox at the hub, now.
 *
 * @param number   its order number
 * @param wait_ms  deadline; -1 is `http.wait_ms`
 * @param out      receives a page with one record; free it with flx_page_free()
 * @return FLX_OK · FLX_E_NOT_FOUND: not in this outbox, or the hub does not show it · FLX_E_TIMEOUT · FLX_E_THROTTLED ·
 *         and the errors of the transport and hub classes
 */
FLX_API int32_t flx_order_status(flx_client *cl, const char *number, size_t n, int32_t wait_ms, flx_page **out,
                                 flx_error **err);

/**
 * Cancels an order of the outbox wherever it stands: {"number":"A-1001","outcome":"canceled","message":"...","order":{...}},
 * the order as in flx_outbox_list().
 *
 * One that has not left is given up: "not_sent". One that is at the hub is set to Canceled there, and read before and after:
 * "canceled" once the hub shows it so, "asked" if it took the request and does not yet: call again. Of one whose end is in doubt
 * the end is found out first, for as long as `wait_ms`: then one of the three, "not_at_hub" if it was refused, or "given_up": it
 * is not sent again, and only a look at the hub tells whether it has it from before. "in_doubt": another process is sending it at
 * the moment, call again. An order that the hub does not let be canceled, such as one that is shipped, is FLX_E_REFUSED.
 *
 * Its end stands in flx_outbox_results() as of any other. Canceling it twice is FLX_OK.
 *
 * @param number   its order number
 * @param wait_ms  deadline; -1 is `http.wait_ms`
 * @param json     receives what became of it; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_NOT_FOUND: not in this outbox · FLX_E_REFUSED · FLX_E_CONTRACT: the hub has another order by
 *         its id · FLX_E_TIMEOUT and other errors of the transport: the hub may have taken it, call again ·
 *         FLX_E_THROTTLED · FLX_E_TOKEN · and the errors of the transport and hub classes
 *
 * Contract 4.7.
 */
FLX_API int32_t flx_order_cancel(flx_client *cl, const char *number, size_t n, int32_t wait_ms, flx_blob **json,
                                 flx_error **err);

/**
 * Spends a slice of time on writing: orders first, then answers of feeds that nobody is pulling.
 *
 * Any number of processes may flush at once; each order is sent by one of them. What is on its way when the budget is
 * over goes on in the next slice of this client, or is taken up by another process if this one is gone.
 * The report has: sent (orders that left), applied, refused, possibly_applied, given_up (see flx_outbox_results),
 * answers_sent, waiting (orders and answers left; -1 each if another process held the state file, so that it is not
 * known), next_in_ms (when it makes sense to call again, -1 if nothing is left), waits_for (in a word: "hub" an answer is
 * on its way, "rate_limit", "throttled" the hub asked to wait, "breaker" it is failing, "time" of the next attempt,
 * "another_process", "" nothing) and paused (the same for people, where it is more than seconds; of answers that wait for a
 * feed it names who holds that).
 *
 * It returns before its time when nothing can be done within it: FLX_OK and a `next_in_ms` that is later. So
 * `while (flx_flush(client, 5000, NULL, NULL) == FLX_AGAIN) {}` ends, also when the hub is down.
 *
 * Before anything is written with a token that this state has not met, the hub is asked which channel it is of; one of
 * another channel writes nothing (FLX_E_IDENTITY names both): see flx_client_relearn().
 *
 * @param budget_ms  how long to work; 0 starts or finishes what needs no waiting
 * @param report     NULL, or receives JSON; free it with flx_blob_free()
 * @return FLX_OK: nothing is left that could be sent now or soon · FLX_AGAIN: a call now, or in `next_in_ms`, goes on ·
 *         FLX_BUSY: what is left is being sent by other processes, or waits for a feed that is being pulled ·
 *         FLX_E_TOKEN: paused until a new token ·
 *         FLX_E_IDENTITY: the token is of another channel than this state ·
 *         FLX_E_STATE · FLX_E_CANCELED · FLX_E_CLIENT_BUSY ·
 *         FLX_E_STATE_BUSY: calls in a row waited `state.wait_ms` for another process; less is FLX_AGAIN.
 *         What happens to single orders and answers is never an error of this call.
 */
FLX_API int32_t flx_flush(flx_client *cl, int32_t budget_ms, flx_blob **report, flx_error **err);

/**
 * Lists orders whose verdict is known and not yet settled, oldest first: [{"number":"A-1001","verdict":"applied",
 * "order_id":"5001","order_status":"Open","attempts":1,"code":"","message":"","hub_said":"","resolved_at":"..."}].
 *
 * An order stays in this list until flx_outbox_settle(), so that a crash of the host loses no result.
 * Verdicts here: "applied" (with a message where the hub shows the order with other fields than were sent: people there
 * edit orders), "refused", and "possibly_applied" or "not_applied" for an order that was given up, by the host, after
 * `orders.give_up_hours`, or because only a person can tell whose an order at the hub is (its history has the evidence).
 * An order that the hub had under this number before, with other content, is "refused" with FLX_E_CONFLICT: use another number.
 *
 * @param max   at most so many, 1 to 10,000
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_ARGUMENT · FLX_E_STATE · FLX_E_STATE_BUSY
 */
FLX_API int32_t flx_outbox_results(flx_client *cl, size_t max, flx_blob **json, flx_error **err);

/**
 * Says that the host has stored the results of these orders.
 *
 * @param numbers  JSON array of order numbers
 * @return FLX_OK, also for orders settled before · FLX_E_JSON · FLX_E_NOT_FOUND: one is unknown, none was settled ·
 *         FLX_E_USE: one has no verdict yet, none was settled
 */
FLX_API int32_t flx_outbox_settle(flx_client *cl, const char *numbers, size_t n, flx_error **err);

/**
 * Lists orders of the outbox: [{"row","number","revision","purged","state","verdict","order_id","order_status","attempts",
 * "submitted_at","next_at","resolved_at","settled_at","code","message","hub_said"}].
 *
 * @param filter  NULL, or JSON: "state" (queued, sending, resolved, settled), "verdict", "number", "limit" (1 to
 *                10,000, default 1,000), "after" (the last "row" seen)
 * @param json    receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_JSON · FLX_E_OPERATION: unknown filter
 */
FLX_API int32_t flx_outbox_list(flx_client *cl, const char *filter, size_t n, flx_blob **json, flx_error **err);

/**
 * Queues orders again that were refused or given up: the same bytes, once more.
 *
 * @param numbers  JSON array of order numbers
 * @return FLX_OK · FLX_E_JSON · FLX_E_NOT_FOUND · FLX_E_USE: one was applied, is on its way or is purged; none was queued
 */
FLX_API int32_t flx_outbox_retry(flx_client *cl, const char *numbers, size_t n, flx_error **err);

/**
 * Gives orders up that are still queued. Their verdict becomes "not_applied", or "possibly_applied" if one attempt may
 * have reached the hub.
 *
 * @param numbers  JSON array of order numbers
 * @return FLX_OK · FLX_E_JSON · FLX_E_NOT_FOUND · FLX_E_USE: one is on its way or has its verdict; none was given up
 */
FLX_API int32_t flx_outbox_discard(flx_client *cl, const char *numbers, size_t n, flx_error **err);

/**
 * Tells the whole history of one order: {"number","state","verdict",...,"events":[{"at","what","http_status",
 * "verdict","message","hub_said","request_id","took_ms"}]}. An attempt has its number in the log as "request_id" and its duration in
 * ms as "took_ms", whether it was answered or not; other events have "" and 0.
 *
 * @param json  receives JSON; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_NOT_FOUND
 */
FLX_API int32_t flx_outbox_history(flx_client *cl, const char *number, size_t n, flx_blob **json, flx_error **err);

/**
 * Removes buyer data of settled orders: payload and messages are blanked. The number, which is the shop's and not the
 * buyer's, verdict, hub id and a keyed hash of the content stay: parcels that come later name their order, and the same
 * order submitted again is still recognised, for `state.keep_days`: after that the state forgets the order, and its number
 * would be taken as a new one. Flushes purge and forget by themselves, a slice each.
 *
 * @param filter  JSON: "numbers" (array) or "settled_before" (instant)
 * @param report  NULL, or receives {"purged":3}; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_JSON · FLX_E_OPERATION: unknown filter · FLX_E_NOT_FOUND · FLX_E_USE: one is not settled
 */
FLX_API int32_t flx_outbox_purge(flx_client *cl, const char *filter, size_t n, flx_blob **report, flx_error **err);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Sync: all of it in one loop
 *
 * A round does what a channel has to do: it sends orders, tells what became of them, hands out what the feeds bring, sends the
 * answers, and ends with a summary. A host opens one, takes events until FLX_DONE, and says to each what came of it:
 *
 *     flx_sync_open(client, NULL, 0, &sync, &err);
 *     while ((status = flx_sync_next(sync, -1, &event, &err)) == FLX_OK || status == FLX_AGAIN)
 *         if (status == FLX_OK) { ... flx_sync_reply(sync, number, "true", FLX_NUL, &err); flx_blob_free(event); }
 *     flx_sync_close(sync);
 *
 * Events are JSON objects with a "type" and, where a reply is wanted, a number in "event":
 *
 *     publish       a listing parent to publish: "id", "sku", "record"           true, or {"externalId":"P7","images":[...],
 *                                                                                "variants":[...]} as in flx_ack()
 *     sync          a variant whose price, quantity or status changed: "id",     true, or {"status":...},
 *                   "sku", "record"                                              {"isLinkedToRegularProduct":...}
 *     change        a queued status change: "to" (such as "hidden"), "of"        true: the shop did it. Silence never says so
 *                   ("variant" or "parent"), "id", "sku", "record"
 *     gone          a listing that the hub no longer has: "id", "sku"            true: it is not for sale any more
 *     result        what became of an order: "order" as in flx_outbox_results()  true: stored; this settles it
 *     order         an order of the channel changed: "id", "order_number",       true: stored
 *                   "record"
 *     shipment      a parcel for the buyer's eyes, as an order                   true: stored
 *     other_parcel  one that no buyer may be told of: "kind" (suppressed,        true: stored
 *                   return, cross_dock), else as an order
 *     return        goods that a buyer sends back, as an order                   true: stored
 *     progress      "part", "done", "failed", "later"; only if the plan asks     no reply
 *     summary       what was done, what not and why; comes with FLX_DONE         no reply
 *
 * Replies: true is done, or stored. {"error":"why"} is could not: of a listing the merchant reads it at the hub; anything else
 * comes again. false and {"later":"why"} say nothing to anybody: the event comes again in a later round. An object without a
 * member is no reply, unless to publish or sync. An event may come again after a crash as well, so what a host does with one must
 * be right twice.
 *
 * A queued change comes behind the content of its record; a listing that is to go comes with the change alone. A record is
 * answered once all its events have replies, a page of a cursor feed is committed when all of it is stored.
 *
 * The plan: {"parts":["results","publish","sync","orders","shipments","returns","gone"], "budget_ms":20000,
 * "cursor":"default", "every_s":{"returns":3600,"gone":86400}, "progress":false}. All is optional; those are the defaults, but
 * for the budget: without one, or with 0, a round takes as long as it needs. After `budget_ms` no more is read, and the summary
 * says what is left; slices that are shorter than the hub takes for one answer read nothing, and what one had no time to ask of
 * a page is asked first by the next. A part that was read to its end is read again when `every_s` is over, 0 for those not named
 * here. Of several parts that one comes first which waited longest, so that short slices come round.
 *
 * Gone: once a day, the list of listings is read whole. One that it lacks is asked for by its id, between two that are there,
 * and then alone; only if the hub then shows those two, and then nothing, it is gone. A read that fails or comes empty says
 * nothing, and where more than half of twenty or more are missing a read an hour later or more must lack them too. One that is
 * back after its event was replied to with true comes again as a sync event, whatever changed.
 *
 * The summary: {"complete":true, "took_ms", "parts":{"sync":{"end":"done", "code":"", "done":12, "failed":0, "later":0,
 * "quarantined":0, "left_out":0, "why":[]}, ...}, "sent": the report of flx_flush(), "answers_refused":0, "stopped":null,
 * "stopped_code":"", "to_do":[]}. It is complete when another round now would find nothing more to do. An "end" is done, not_due,
 * not_done (no time), busy (somebody else is at it) or failed; "code" names the status with which it failed, or with which the hub
 * failed when time ran out, such as "FLX_E_HUB"; "why" has the first reasons; "stopped" says what ended the round; "to_do" is what
 * only a person can do. A part at which the hub fails for some seconds lets those behind it go first, and is tried again after
 * them; one that the hub does not grant this token has failed, and the others go on.
 * ------------------------------------------------------------------------------------------------------------------ */

/**
 * Opens a round. Several processes may run rounds of one channel: a feed that another is at is "busy" in the summary.
 *
 * @param plan  NULL, or JSON as above
 * @param out   receives the round; close it with flx_sync_close()
 * @return FLX_OK · FLX_E_JSON · FLX_E_OPERATION: an unknown member or part, the paths say which · FLX_E_STATE ·
 *         FLX_E_STATE_BUSY
 *
 * Makes no request. A round is used from one thread at a time. After fork: FLX_E_FORKED.
 */
FLX_API int32_t flx_sync_open(flx_client *cl, const char *plan, size_t n, flx_sync **out, flx_error **err);

/**
 * Works towards the next event of a round.
 *
 * What fails in one part is in the summary and the others go on; so is a refused token, with which the round ends. Errors of
 * this call are the host's: after one the round may be gone on with or closed, nothing is lost.
 *
 * @param wait_ms  how long to work; -1 is `http.wait_ms`
 * @param event    receives JSON on FLX_OK and FLX_DONE; free it with flx_blob_free()
 * @return FLX_OK: an event · FLX_AGAIN: none yet, call again · FLX_BUSY: events wait for their replies, and no other comes
 *         before · FLX_DONE: the round is over, the event is its summary · FLX_E_CANCELED · FLX_E_CLIENT_BUSY · FLX_E_STATE ·
 *         FLX_E_STATE_BUSY: call again
 */
FLX_API int32_t flx_sync_next(flx_sync *sync, int32_t wait_ms, flx_blob **event, flx_error **err);

/**
 * Says what came of an event. In any order, once each.
 *
 * A result is settled and a listing that is gone is forgotten when this returns; answers and commits are durable when their page
 * has its last reply, or at flx_sync_close().
 *
 * @param event  its number
 * @param reply  JSON: true, false or an object as above
 * @return FLX_OK · FLX_E_NOT_FOUND: no such event waits for a reply · FLX_E_JSON, FLX_E_ANSWER: the reply is wrong, the path says
 *         where; the event still waits, reply again · FLX_E_STATE_BUSY: it still waits, reply again
 *
 * Makes no request.
 */
FLX_API int32_t flx_sync_reply(flx_sync *sync, int64_t event, const char *reply, size_t n, flx_error **err);

/** Ends a round, also one that is not over: records that have all their replies are answered, the rest comes again. */
FLX_API void flx_sync_close(flx_sync *sync);

#define FLX_SYNC_LATER 0    /**< nothing is said of it, it comes again */
#define FLX_SYNC_YES 1      /**< done, or stored */
#define FLX_SYNC_REPLIED 2  /**< the function called flx_sync_reply() itself */

/** Handles one event: its number, 0 where none is wanted, and its JSON, valid until it returns. It may call the library. */
typedef int32_t (*flx_sync_fn)(void *user, flx_sync *sync, int64_t event, const char *json, size_t n);

/** What a round is run with: a function for each type of event, or NULL. Only ever grows at its end. */
typedef struct flx_sync_handlers {
    uint32_t size;                 /**< sizeof(flx_sync_handlers) */
    uint32_t reserved;             /**< 0 */
    void *user;                    /**< given to each function */
    flx_sync_fn result;
    flx_sync_fn publish;      /**< needs `change` */
    flx_sync_fn sync;         /**< needs `change` */
    flx_sync_fn change;
    flx_sync_fn order;
    flx_sync_fn shipment;
    flx_sync_fn other_parcel; /**< NULL: those are of no interest to this shop */
    flx_sync_fn goods_return;
    flx_sync_fn gone;
    flx_sync_fn progress;     /**< what it returns says nothing */
} flx_sync_handlers;

/**
 * Runs a whole round with functions: what has none is not run.
 *
 * @param plan      NULL, or JSON as above; parts that it names need a function
 * @param handlers  the functions; read at the beginning
 * @param summary   NULL, or receives JSON; free it with flx_blob_free()
 * @return FLX_OK: the summary says what came of it · FLX_E_ARGUMENT: handlers · FLX_E_USE: a function returned
 *         FLX_SYNC_REPLIED and had not, or none of the three · and the errors of flx_sync_open() and flx_sync_next()
 */
FLX_API int32_t flx_sync_run(flx_client *cl, const char *plan, size_t n, const flx_sync_handlers *handlers,
                             flx_blob **summary, flx_error **err);

/* ------------------------------------------------------------------------------------------------------------------ *
 * Everything else of the contract
 * ------------------------------------------------------------------------------------------------------------------ */

/**
 * Calls one operation of the contract by its id, such as "updateOrderStatus", and gives the hub's answer.
 *
 * Arguments are checked before anything is sent: unknown, missing and mistyped ones are refused with their path (the
 * hub itself ignores unknown parameters in silence). Operations that are not safe to repeat are sent once; when their
 * effect is unknown the error's verdict is FLX_VERDICT_POSSIBLY_APPLIED. Order creation goes through
 * flx_order_submit() and listing answers through flx_ack(); they are refused here.
 *
 * @param operation  an id of flx_describe("operations")
 * @param args       NULL, or a JSON object with path and query arguments by name (a text of a query has 1 to 1,000 bytes), and
 *                   "body"
 * @param wait_ms    deadline; -1 is `http.wait_ms`
 * @param json       receives {"status":200,"body":...} with the hub's JSON in its own bytes; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_OPERATION · FLX_E_JSON · FLX_E_TIMEOUT · FLX_E_THROTTLED · FLX_E_REFUSED · and the errors of
 *         the transport and hub classes
 */
FLX_API int32_t flx_call(flx_client *cl, const char *operation, size_t on, const char *args, size_t an, int32_t wait_ms,
                         flx_blob **json, flx_error **err);

/**
 * Shows what would be written to the hub instead of sending it, as it would leave but for the token: [{"operation":
 * "createOrder","method":"POST","url":"https://...","headers":{"X-API-TOKEN":"***",...},"body":{...},"order":"A-1001",
 * "after_look_up":false,"not_before":null}, {"operation":"acknowledgeListingVariants",...,"feed":"listings_to_sync"}].
 *
 * Without `what` it is what flushes would send of what waits, at most 1,000 orders and answers of each feed. An order that may be
 * at the hub is looked up first, and only sent if it is not there ("after_look_up"). Bodies hold buyer data.
 *
 * @param what  NULL, or a call of flx_call() as JSON: {"operation":"updateOrderStatus","arguments":{"id":1,"status":"Open"}}
 * @param json  receives the requests; free it with flx_blob_free()
 * @return FLX_OK · FLX_E_JSON · FLX_E_OPERATION: as flx_call() would refuse it · FLX_E_STATE · FLX_E_STATE_BUSY
 *
 * Makes no request, and changes nothing.
 */
FLX_API int32_t flx_preview(flx_client *cl, const char *what, size_t n, flx_blob **json, flx_error **err);

#ifdef __cplusplus
}
#endif

#endif /* FLXCHANNEL_H */
