/*
 * What JavaScript may start: each operation is one function of the library with the arguments of its call.
 */
#include <string.h>
#include "call.h"
#include "connection.h"

#define CLIENT (c->of->client)
#define TEXT c->text.p, c->text.n
#define MORE c->more.p, c->more.n
#define JSON &c->blob, &c->error
#define RUN(name) static int32_t run_##name(call *c)

/* The channel */

RUN(client_open)
{
    return connection_open(c);
}

RUN(client_close)
{
    return connection_finish(c->of);
}

RUN(client_probe)
{
    return lib.flx_client_probe(CLIENT, (int32_t)c->number, JSON);
}

RUN(client_stats)
{
    return lib.flx_client_stats(CLIENT, JSON);
}

RUN(client_holders)
{
    return lib.flx_client_holders(CLIENT, JSON);
}

RUN(client_logs)
{
    return lib.flx_client_logs(CLIENT, JSON);
}

RUN(client_set_token)
{
    return lib.flx_client_set_token(CLIENT, TEXT, &c->error);
}

RUN(client_relearn)
{
    return lib.flx_client_relearn(CLIENT, TEXT, &c->error);
}

/* Listings, status and shipments in */

RUN(pull_open)
{
    return lib.flx_pull_open(CLIENT, (int32_t)c->number, TEXT, &c->made.pull, &c->error);
}

RUN(pull_next)
{
    return lib.flx_pull_next(c->handle, (int32_t)c->number, &c->made.page, &c->error);
}

RUN(pull_commit)
{
    return lib.flx_pull_commit(c->handle, c->page, &c->error);
}

RUN(pull_close)
{
    lib.flx_pull_close(c->handle);
    return FLX_OK;
}

RUN(snapshot_get)
{
    return lib.flx_snapshot_get(CLIENT, TEXT, JSON);
}

RUN(cursor_list)
{
    return lib.flx_cursor_list(CLIENT, JSON);
}

RUN(cursor_set)
{
    return lib.flx_cursor_set(CLIENT, (int32_t)c->number, TEXT, MORE, &c->error);
}

/* Answers and orders out */

RUN(ack)
{
    return lib.flx_ack(CLIENT, TEXT, MORE, &c->error);
}

RUN(ack_results)
{
    return lib.flx_ack_results(CLIENT, c->number, (size_t)c->most, JSON);
}

RUN(order_submit)
{
    return lib.flx_order_submit(CLIENT, TEXT, JSON);
}

RUN(order_status)
{
    return lib.flx_order_status(CLIENT, TEXT, (int32_t)c->number, &c->made.page, &c->error);
}

RUN(order_cancel)
{
    return lib.flx_order_cancel(CLIENT, TEXT, (int32_t)c->number, JSON);
}

RUN(flush)
{
    return lib.flx_flush(CLIENT, (int32_t)c->number, JSON);
}

RUN(outbox_results)
{
    return lib.flx_outbox_results(CLIENT, (size_t)c->most, JSON);
}

RUN(outbox_settle)
{
    return lib.flx_outbox_settle(CLIENT, TEXT, &c->error);
}

RUN(outbox_list)
{
    return lib.flx_outbox_list(CLIENT, TEXT, JSON);
}

RUN(outbox_retry)
{
    return lib.flx_outbox_retry(CLIENT, TEXT, &c->error);
}

RUN(outbox_discard)
{
    return lib.flx_outbox_discard(CLIENT, TEXT, &c->error);
}

RUN(outbox_history)
{
    return lib.flx_outbox_history(CLIENT, TEXT, JSON);
}

RUN(outbox_purge)
{
    return lib.flx_outbox_purge(CLIENT, TEXT, JSON);
}

/* All of it in one loop, and everything else */

RUN(sync_open)
{
    return lib.flx_sync_open(CLIENT, TEXT, &c->made.sync, &c->error);
}

RUN(sync_next)
{
    return lib.flx_sync_next(c->handle, (int32_t)c->number, JSON);
}

RUN(sync_reply)
{
    return lib.flx_sync_reply(c->handle, c->number, TEXT, &c->error);
}

RUN(sync_close)
{
    lib.flx_sync_close(c->handle);
    return FLX_OK;
}

RUN(call)
{
    return lib.flx_call(CLIENT, TEXT, MORE, (int32_t)c->number, JSON);
}

RUN(preview)
{
    return lib.flx_preview(CLIENT, TEXT, JSON);
}

/*
 * A round is used from one thread at a time, so all of it is on the lane of the network. So are opening and closing a pull, which
 * let a call that drives the client end first: on the other lane an order that is submitted would wait with them.
 */
#define OPERATION(name, ...) {"flx_" #name, run_##name, __VA_ARGS__}

static const operation operations[] = {
    OPERATION(client_open, MAKES_NOTHING, false, false),
    OPERATION(client_close, MAKES_NOTHING, false, false),
    OPERATION(client_probe, MAKES_NOTHING, true, false),
    OPERATION(client_stats, MAKES_NOTHING, false, false),
    OPERATION(client_holders, MAKES_NOTHING, false, false),
    OPERATION(client_logs, MAKES_NOTHING, false, false),
    OPERATION(client_set_token, MAKES_NOTHING, false, false),
    OPERATION(client_relearn, MAKES_NOTHING, false, false),
    OPERATION(pull_open, MAKES_PULL, true, false),
    OPERATION(pull_next, MAKES_PAGE, true, false),
    OPERATION(pull_commit, MAKES_NOTHING, false, false),
    OPERATION(pull_close, MAKES_NOTHING, true, true),
    OPERATION(snapshot_get, MAKES_NOTHING, false, false),
    OPERATION(cursor_list, MAKES_NOTHING, false, false),
    OPERATION(cursor_set, MAKES_NOTHING, false, false),
    OPERATION(ack, MAKES_NOTHING, false, false),
    OPERATION(ack_results, MAKES_NOTHING, false, false),
    OPERATION(order_submit, MAKES_NOTHING, false, false),
    OPERATION(order_status, MAKES_PAGE, true, false),
    OPERATION(order_cancel, MAKES_NOTHING, true, false),
    OPERATION(flush, MAKES_NOTHING, true, false),
    OPERATION(outbox_results, MAKES_NOTHING, false, false),
    OPERATION(outbox_settle, MAKES_NOTHING, false, false),
    OPERATION(outbox_list, MAKES_NOTHING, false, false),
    OPERATION(outbox_retry, MAKES_NOTHING, false, false),
    OPERATION(outbox_discard, MAKES_NOTHING, false, false),
    OPERATION(outbox_history, MAKES_NOTHING, false, false),
    OPERATION(outbox_purge, MAKES_NOTHING, false, false),
    OPERATION(sync_open, MAKES_SYNC, true, false),
    OPERATION(sync_next, MAKES_NOTHING, true, false),
    OPERATION(sync_reply, MAKES_NOTHING, true, false),
    OPERATION(sync_close, MAKES_NOTHING, true, true),
    OPERATION(call, MAKES_NOTHING, true, false),
    OPERATION(preview, MAKES_NOTHING, false, false),
};

const operation *operation_named(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    return NULL;
}
