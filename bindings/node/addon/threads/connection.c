#include <stdlib.h>
#include "connection.h"
#include "log.h"

connection *connection_new(home *at, napi_ref holder)
{
    connection *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    one->cancel = lib.flx_cancel_new();
    if (!one->cancel) {
        free(one);
        return NULL;
    }
    atomic_init(&one->references, 1);
    one->at = at;
    one->holder = holder;
    lane_init(&one->network, at);
    lane_init(&one->state, at);
    one->next = at->connected;
    at->connected = one;
    return one;
}

void connection_retain(connection *one)
{
    atomic_fetch_add(&one->references, 1);
}

void connection_release(connection *one)
{
    if (one && atomic_fetch_sub(&one->references, 1) == 1)
        free(one);
}

static lane *lane_of(call *c)
{
    return c->what->on_network ? &c->of->network : &c->of->state;
}

int32_t connection_start(napi_env env, call *c)
{
    connection *one = c->of;
    if (one->is_closing)
        return FLX_E_HANDLE;
    c->is_awaited = true; /* before it is pushed: from then on it is the lane's */
    if (!lane_push(lane_of(c), c))
        return FLX_E_MEMORY;
    home_await(env, one->at);
    return FLX_OK;
}

bool connection_start_quietly(call *c)
{
    return !c->of->is_closing && lane_push(lane_of(c), c);
}

static void post_all(connection *one, call *c, int32_t status)
{
    for (call *next; c; c = next) {
        next = c->next;
        c->status = status;
        home_post(one->at, &c->head);
    }
}

void connection_cancel(connection *one, uint32_t id)
{
    post_all(one, lane_take_out(&one->network, id), FLX_E_CANCELED);
    lane_cancel(&one->network, id, one->cancel);
}

void connection_give_up(connection *one, uint32_t id)
{
    post_all(one, lane_take_out(&one->network, id), FLX_E_CLIENT_BUSY);
}

bool connection_close(connection *one, call *last)
{
    if (one->is_closing)
        return false;
    one->is_closing = true;
    lane_end(&one->network);
    connection_cancel(one, 0);
    bool is_taken = last && lane_push(&one->state, last);
    lane_end(&one->state);
    return is_taken;
}

void connection_leave(connection *one)
{
    if (one->has_left)
        return;
    one->has_left = true;
    for (connection **place = &one->at->connected; *place; place = &(*place)->next)
        if (*place == one) {
            *place = one->next;
            break;
        }
    lane_join(&one->state);
    connection_finish(one); /* where no call did */
}

int32_t connection_open(call *c)
{
    connection *one = c->of;
    flx_config *config;
    int32_t status = lib.flx_config_new(&config, &c->error);
    if (status != FLX_OK)
        return status;
    status = lib.flx_config_set_json(config, c->text.p, c->text.n, &c->error);
    bytes_free(&c->text); /* it has the token */
    if (status == FLX_OK && one->is_logging)
        status = log_to(config, one, &c->error);
    if (status == FLX_OK)
        status = lib.flx_client_open(config, &one->client, &c->error);
    if (status == FLX_OK)
        status = lib.flx_client_set_cancel(one->client, one->cancel, &c->error);
    lib.flx_config_free(config);
    return status;
}

int32_t connection_finish(connection *one)
{
    lane_join(&one->network);
    lib.flx_client_close(one->client);
    one->client = NULL;
    lib.flx_cancel_free(one->cancel);
    one->cancel = NULL;
    return FLX_OK;
}
