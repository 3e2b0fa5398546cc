#include <signal.h>
#include "connection.h"
#include "lane.h"

void lane_init(lane *l, home *at)
{
    *l = (lane){.at = at, .last = &l->first};
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->more, NULL);
}

/* The next call that waits; NULL at the end. */
static call *take(lane *l)
{
    pthread_mutex_lock(&l->lock);
    while (!l->first && !l->is_ending)
        pthread_cond_wait(&l->more, &l->lock);
    call *c = l->first;
    if (c) {
        l->first = c->next;
        if (!l->first)
            l->last = &l->first;
    }
    l->running = c;
    pthread_mutex_unlock(&l->lock);
    return c;
}

static void *run(void *data)
{
    lane *l = data;
    for (call *c = take(l); c; c = take(l)) {
        call_run(c);
        pthread_mutex_lock(&l->lock);
        l->running = NULL;
        if (c->is_canceled) /* it was for this call alone */
            lib.flx_cancel_reset(c->of->cancel);
        pthread_mutex_unlock(&l->lock);
        home_post(l->at, &c->head);
    }
    return NULL;
}

/* Signals are for the threads of Node. */
static bool begin(lane *l)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool has_begun = pthread_create(&l->thread, NULL, run, l) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return has_begun;
}

bool lane_push(lane *l, call *c)
{
    pthread_mutex_lock(&l->lock);
    if (!l->has_thread && !l->is_ending)
        l->has_thread = begin(l);
    bool is_taken = l->has_thread && !l->is_ending;
    if (is_taken) {
        c->next = NULL;
        *l->last = c;
        l->last = &c->next;
        pthread_cond_signal(&l->more);
    }
    pthread_mutex_unlock(&l->lock);
    return is_taken;
}

void lane_end(lane *l)
{
    pthread_mutex_lock(&l->lock);
    l->is_ending = true;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->lock);
}

call *lane_take_out(lane *l, uint32_t id)
{
    call *out = NULL, **end = &out;
    pthread_mutex_lock(&l->lock);
    call **place = &l->first;
    while (*place) {
        call *c = *place;
        if (c->what->takes_handle || (id != 0 && c->id != id)) {
            place = &c->next;
            continue;
        }
        *place = c->next;
        c->next = NULL;
        *end = c;
        end = &c->next;
    }
    l->last = place;
    pthread_mutex_unlock(&l->lock);
    return out;
}

void lane_cancel(lane *l, uint32_t id, flx_cancel *k)
{
    pthread_mutex_lock(&l->lock);
    if (l->running && (id == 0 || l->running->id == id)) {
        l->running->is_canceled = true;
        lib.flx_cancel_fire(k);
    }
    pthread_mutex_unlock(&l->lock);
}

void lane_join(lane *l)
{
    if (l->has_thread)
        pthread_join(l->thread, NULL);
    l->has_thread = false;
}
