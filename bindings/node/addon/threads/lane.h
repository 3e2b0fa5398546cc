/*
 * A thread that runs one call after the other. A client has two: on that of the network calls wait for the hub, on the other they
 * only touch the state, so that an order is stored while a pull waits.
 *
 * Not the thread pool of libuv: four waiting calls would hold up the files and names of the whole process.
 */
#ifndef FLX_NODE_LANE_H
#define FLX_NODE_LANE_H

#include <pthread.h>
#include <stdbool.h>
#include "call.h"

typedef struct lane {
    home *at;
    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t more;
    call *first, **last; /* those that wait */
    call *running;
    pthread_t thread; /* begins with the first call */
    bool has_thread, is_ending;
} lane;

void lane_init(lane *l, home *at);

/** Takes a call; false if the lane is ending or has no thread. Its end is posted to the JavaScript thread. */
bool lane_push(lane *l, call *c);

/** Takes no more calls. The thread ends when those that wait have run. */
void lane_end(lane *l);

/** Takes one call out that waits, or every one if `id` is 0: linked by `next`. The end of a handle stays. NULL if there is none. */
call *lane_take_out(lane *l, uint32_t id);

/** Fires the cancel if this call runs, or any if `id` is 0. */
void lane_cancel(lane *l, uint32_t id, flx_cancel *k);

/** Waits for the thread to end. */
void lane_join(lane *l);

#endif
