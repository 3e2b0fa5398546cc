/*
 * Values on their way between JavaScript and C.
 *
 * Only the files of lib/ call the addon, with arguments that they have checked: one of another type is a fault of theirs, and a
 * TypeError.
 */
#ifndef FLX_NODE_VALUES_H
#define FLX_NODE_VALUES_H

#include "call.h"

/* A pull or a round that JavaScript has. The garbage collector ends what nobody closed. */
typedef struct handle {
    connection *of; /* retained */
    void *p;        /* NULL once its end was started */
    const operation *end;
} handle;

/* The arguments of a function; false with an exception pending if there are fewer. */
bool values_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *into);

/* What an external value holds, NULL for null and undefined. */
void *value_pointer(napi_env env, napi_value value);

/* Copies a Uint8Array, or nothing for null and undefined; false with an exception pending. */
bool value_bytes(napi_env env, napi_value value, bytes *into);

napi_value value_null(napi_env env);
napi_value value_text(napi_env env, const char *p, size_t n);
napi_value value_number(napi_env env, int64_t number);

/* JSON as text, exact. It frees the blob. */
napi_value value_json(napi_env env, flx_blob *blob);

/* What every call gives: [status, value, what the hub said], where the value of an error is its JSON. It frees the error. */
napi_value value_outcome(napi_env env, int32_t status, napi_value value, flx_error *error);

/* An external value. The first two take a reference to the connection. */
napi_value value_connection(napi_env env, connection *one);
napi_value value_handle(napi_env env, connection *of, void *p, const operation *end);
napi_value value_page(napi_env env, flx_page *page);

/* The page of an external value, NULL once it was freed. */
flx_page *page_of(napi_env env, napi_value value);

/* Frees a page that JavaScript has. */
void page_let_go(napi_env env, napi_value value);

#endif
