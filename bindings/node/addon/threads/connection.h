/*
 * A client of the library with its two lanes. It lives until nothing refers to it: neither JavaScript, nor a call, nor the log.
 */
#ifndef FLX_NODE_CONNECTION_H
#define FLX_NODE_CONNECTION_H

#include <stdatomic.h>
#include "lane.h"

struct connection {
    atomic_int references;
    home *at; /* of the JavaScript thread that made it; used by no other, and not after its end */
    lane network, state;
    flx_client *client;
    flx_cancel *cancel;
    napi_ref holder; /* weak: the object whose `deliver` has the log; NULL once it is gone */
    bool is_logging, is_closing, has_left;
    connection *next; /* of the same home */
};

/** Makes one; `holder` is a weak reference or NULL. NULL if there is no memory or no descriptor left. */
connection *connection_new(home *at, napi_ref holder);

void connection_retain(connection *one);
void connection_release(connection *one);

/** Starts a call on its lane. FLX_OK, or why it was not: then it is still the caller's. */
int32_t connection_start(napi_env env, call *c);

/** The same for a call that nobody waits for; whether it was started. */
bool connection_start_quietly(call *c);

/** Cancels a call that waits or runs on the network; one that is over, or only touches the state, is left alone. */
void connection_cancel(connection *one, uint32_t id);

/** Ends a call whose turn has not come, with FLX_E_CLIENT_BUSY; one that has begun is left alone. */
void connection_give_up(connection *one, uint32_t id);

/**
 * Begins to close it: what waits for the network is canceled, what waits for the state is done before.
 *
 * @param last  the call that closes it, whose end is told to JavaScript, or NULL
 * @return whether `last` was taken
 */
bool connection_close(connection *one, call *last);

/** Waits for its threads, and takes it from its home. On the JavaScript thread, after connection_close(). */
void connection_leave(connection *one);

/* On the lane of the state: the first call and the last. */
int32_t connection_open(call *c);
int32_t connection_finish(connection *one);

#endif
