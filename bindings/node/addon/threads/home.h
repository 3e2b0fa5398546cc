/*
 * One JavaScript environment, which is the main thread or a worker: how other threads reach it, and what ends with it.
 */
#ifndef FLX_NODE_HOME_H
#define FLX_NODE_HOME_H

#include <node_api.h>

typedef struct home home;
typedef struct message message;

/* Something for the JavaScript thread. */
struct message {
    /* Takes the message and frees it. Without an environment, which is going away then, it only frees. */
    void (*deliver)(napi_env env, home *at, message *m);
};

struct connection;

struct home {
    napi_threadsafe_function door;
    unsigned awaited;             /* calls that are under way: with one, the process does not end by itself */
    struct connection *connected; /* those that are not closed, linked by `next` */
};

/** Makes the home of an environment, which has it from then on. NULL with an exception pending. */
home *home_new(napi_env env);

/** That of an environment. */
home *home_of(napi_env env);

/** Hands a message over. Any thread; in the order of posting. */
void home_post(home *at, message *m);

/** A call begins, a call was delivered. */
void home_await(napi_env env, home *at);
void home_came(napi_env env, home *at);

/** Ends everything: cancels what waits, closes all clients, waits for their threads. What is under way is never told of. */
void home_stop(home *at);

#endif
