#include <stdlib.h>
#include "connection.h"
#include "home.h"

static void deliver(napi_env env, napi_value callback, void *context, void *data)
{
    (void)callback;
    message *m = data;
    m->deliver(env, context, m);
}

static void free_home(napi_env env, void *data, void *context)
{
    (void)env, (void)data;
    free(context);
}

static void stop_at_the_end(void *data)
{
    home_stop(data);
}

home *home_new(napi_env env)
{
    home *at = calloc(1, sizeof *at);
    napi_value name;
    if (!at || napi_create_string_utf8(env, "flxchannel", NAPI_AUTO_LENGTH, &name) != napi_ok)
        goto failed;
    if (napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, free_home, at, deliver, &at->door) !=
        napi_ok)
        goto failed;
    napi_unref_threadsafe_function(env, at->door);
    /* After the door was made, so that it is still there when the hook runs: the last hook is the first to run. */
    napi_add_env_cleanup_hook(env, stop_at_the_end, at);
    napi_set_instance_data(env, at, NULL, NULL);
    return at;
failed:
    free(at);
    napi_throw_error(env, NULL, "no memory for flxchannel");
    return NULL;
}

home *home_of(napi_env env)
{
    void *at = NULL;
    napi_get_instance_data(env, &at);
    return at;
}

void home_post(home *at, message *m)
{
    if (napi_call_threadsafe_function(at->door, m, napi_tsfn_nonblocking) != napi_ok)
        m->deliver(NULL, NULL, m);
}

void home_await(napi_env env, home *at)
{
    if (at->awaited++ == 0)
        napi_ref_threadsafe_function(env, at->door);
}

void home_came(napi_env env, home *at)
{
    if (--at->awaited == 0)
        napi_unref_threadsafe_function(env, at->door);
}

void home_stop(home *at)
{
    for (connection *one = at->connected; one; one = one->next)
        connection_close(one, NULL);
    while (at->connected)
        connection_leave(at->connected);
}
