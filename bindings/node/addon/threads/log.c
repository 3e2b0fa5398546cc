#include <stdlib.h>
#include <string.h>
#include "log.h"

typedef struct record {
    message head;
    connection *of; /* retained */
    int32_t level;
    size_t n;
    char line[];
} record;

static void give(napi_env env, record *r)
{
    napi_value holder = NULL, deliver, arguments[2];
    if (r->of->holder)
        napi_get_reference_value(env, r->of->holder, &holder);
    if (!holder || napi_get_named_property(env, holder, "deliver", &deliver) != napi_ok)
        return;
    napi_create_int32(env, r->level, &arguments[0]);
    napi_create_string_utf8(env, r->line, r->n, &arguments[1]);
    napi_call_function(env, holder, deliver, 2, arguments, NULL);
}

static void deliver_record(napi_env env, home *at, message *m)
{
    (void)at;
    record *r = (record *)m;
    if (env)
        give(env, r);
    connection_release(r->of);
    free(r);
}

static void keep(void *data, int32_t level, const char *line, size_t n)
{
    connection *one = data;
    record *r = malloc(sizeof *r + n);
    if (!r)
        return;
    *r = (record){.head = {deliver_record}, .of = one, .level = level, .n = n};
    memcpy(r->line, line, n);
    connection_retain(one);
    home_post(one->at, &r->head);
}

static void drop(void *data)
{
    connection_release(data);
}

int32_t log_to(flx_config *config, connection *one, flx_error **err)
{
    connection_retain(one);
    int32_t status = lib.flx_config_on_log(config, keep, one, drop, err);
    if (status != FLX_OK)
        connection_release(one);
    return status;
}
