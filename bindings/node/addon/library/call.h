/*
 * One call of JavaScript into the library: what was asked, where it is run, what came of it.
 *
 * A call belongs to the JavaScript thread, then to a lane, then to the JavaScript thread again.
 */
#ifndef FLX_NODE_CALL_H
#define FLX_NODE_CALL_H

#include <node_api.h>
#include <stdbool.h>
#include "home.h"
#include "library.h"

typedef struct connection connection;
typedef struct call call;

/* What a call makes, beside JSON. */
typedef enum { MAKES_NOTHING, MAKES_PULL, MAKES_PAGE, MAKES_SYNC } makes;

/* A function of the library, as JavaScript may start it. */
typedef struct operation {
    const char *name;
    int32_t (*run)(call *c);
    makes made;
    bool on_network;   /* it may wait for the hub: one at a time, and it can be canceled */
    bool takes_handle; /* it is the end of the handle */
} operation;

/* Bytes that JavaScript gave, copied. */
typedef struct bytes {
    char *p;
    size_t n;
} bytes;

struct call {
    message head; /* first: a call is posted as a message */
    const operation *what;
    connection *of; /* retained */
    void *handle;   /* flx_pull, flx_sync or NULL */
    void *page;     /* flx_page or NULL */
    bytes text, more;
    int64_t number, most;
    uint32_t id; /* by which JavaScript cancels it */
    bool is_canceled, is_awaited;

    int32_t status;
    flx_blob *blob; /* JSON, from the library */
    bytes json;     /* the same, exact */
    union {
        void *any;
        flx_pull *pull;
        flx_page *page;
        flx_sync *sync;
    } made;
    flx_error *error;

    napi_deferred promise; /* NULL: nobody waits for it */
    call *next;
};

/** The operation of this name, or NULL. */
const operation *operation_named(const char *name);

/** Runs it, and makes ready what came of it. On the thread of a lane. */
void call_run(call *c);

/** Frees a call with all that it has. */
void call_free(call *c);

/** Frees bytes, and overwrites them before: they may hold a token. */
void bytes_free(bytes *b);

#endif
