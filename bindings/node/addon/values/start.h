/*
 * Starting calls, and settling their promises.
 */
#ifndef FLX_NODE_START_H
#define FLX_NODE_START_H

#include "call.h"

/** connect(holder or null): a client that is still to be opened, or null if there is no descriptor left. */
napi_value js_connect(napi_env env, napi_callback_info info);

/** start(connection, name, handle, page, text, more, number, most, id): a promise of [status, value, what the hub said]. */
napi_value js_start(napi_env env, napi_callback_info info);

/** cancel(connection, id, late): ends the call of this number, if it waits for the network; if it is late, only one that waits for
 * its turn. */
napi_value js_cancel(napi_env env, napi_callback_info info);

/** stop(): see home_stop(). */
napi_value js_stop(napi_env env, napi_callback_info info);

/** Starts the end of what nobody has any more: of a handle, or of the client, if that is `end`. */
void end_unasked(connection *of, void *p, const operation *end);

#endif
