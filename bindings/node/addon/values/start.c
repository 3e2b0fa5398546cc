#include <stdlib.h>
#include <string.h>
#include "connection.h"
#include "start.h"
#include "values.h"

static bool is_client_close(const operation *what)
{
    return strcmp(what->name, "flx_client_close") == 0;
}

/* What the promise is resolved with. The call no longer has what it made. */
static napi_value outcome(napi_env env, call *c)
{
    napi_value value = value_null(env);
    void *made = c->made.any;
    c->made.any = NULL;
    if (made && c->what->made == MAKES_PAGE)
        value = value_page(env, made);
    else if (made && c->what->made == MAKES_PULL)
        value = value_handle(env, c->of, made, operation_named("flx_pull_close"));
    else if (made && c->what->made == MAKES_SYNC)
        value = value_handle(env, c->of, made, operation_named("flx_sync_close"));
    else if (c->json.p)
        value = value_text(env, c->json.p, c->json.n);
    flx_error *error = c->error;
    c->error = NULL;
    return value_outcome(env, c->status, value, error);
}

static void deliver_call(napi_env env, home *at, message *m)
{
    call *c = (call *)m;
    if (env) {
        if (c->is_awaited)
            home_came(env, at);
        if (is_client_close(c->what))
            connection_leave(c->of);
        if (c->promise)
            napi_resolve_deferred(env, c->promise, outcome(env, c));
    }
    call_free(c);
}

static call *new_call(connection *of, const operation *what)
{
    call *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->head.deliver = deliver_call;
    c->what = what;
    c->of = of;
    connection_retain(of);
    return c;
}

void end_unasked(connection *of, void *p, const operation *end)
{
    call *c = of->is_closing ? NULL : new_call(of, end);
    if (!c) /* the client takes its pulls and rounds with it */
        return;
    c->handle = p;
    bool is_client = is_client_close(end);
    bool is_taken = is_client ? connection_close(of, c) : connection_start_quietly(c);
    if (is_taken)
        return;
    if (is_client)
        connection_leave(of);
    call_free(c);
}

napi_value js_connect(napi_env env, napi_callback_info info)
{
    napi_value holder;
    napi_valuetype type;
    napi_ref reference = NULL;
    if (!values_arguments(env, info, 1, &holder) || napi_typeof(env, holder, &type) != napi_ok)
        return NULL;
    if (type == napi_object)
        napi_create_reference(env, holder, 0, &reference);
    connection *one = connection_new(home_of(env), reference);
    if (one) {
        one->is_logging = reference != NULL;
        return value_connection(env, one);
    }
    if (reference)
        napi_delete_reference(env, reference);
    return value_null(env);
}

enum { OF, NAME, HANDLE, PAGE, TEXT, MORE, NUMBER, MOST, ID, ARGUMENTS };

static const operation *named(napi_env env, napi_value value)
{
    char name[32] = "";
    napi_get_value_string_utf8(env, value, name, sizeof name, NULL);
    const operation *found = operation_named(name);
    if (!found)
        napi_throw_type_error(env, NULL, "no such operation");
    return found;
}

/* Reads what is asked for; NULL with an exception pending. */
static call *asked(napi_env env, napi_value *given)
{
    connection *of = value_pointer(env, given[OF]);
    const operation *what = of ? named(env, given[NAME]) : NULL;
    call *c = what ? new_call(of, what) : NULL;
    if (!c)
        return NULL;
    c->page = page_of(env, given[PAGE]);
    napi_get_value_int64(env, given[NUMBER], &c->number);
    napi_get_value_int64(env, given[MOST], &c->most);
    napi_get_value_uint32(env, given[ID], &c->id);
    if (value_bytes(env, given[TEXT], &c->text) && value_bytes(env, given[MORE], &c->more))
        return c;
    call_free(c);
    return NULL;
}

static int32_t begin(napi_env env, call *c)
{
    if (!is_client_close(c->what))
        return connection_start(env, c);
    c->is_awaited = true;
    home_await(env, c->of->at);
    if (connection_close(c->of, c))
        return FLX_OK;
    home_came(env, c->of->at);
    connection_leave(c->of);
    return FLX_DONE; /* it is closed, and not by this call */
}

napi_value js_start(napi_env env, napi_callback_info info)
{
    napi_value given[ARGUMENTS], promise;
    if (!values_arguments(env, info, ARGUMENTS, given))
        return NULL;
    call *c = asked(env, given);
    if (!c)
        return NULL;
    handle *h = value_pointer(env, given[HANDLE]);
    c->handle = h ? h->p : NULL;
    if (napi_create_promise(env, &c->promise, &promise) != napi_ok) {
        call_free(c);
        return NULL;
    }
    if (h && c->what->takes_handle)
        h->p = NULL;
    int32_t status = begin(env, c);
    if (status != FLX_OK) {
        napi_resolve_deferred(env, c->promise, value_outcome(env, status, value_null(env), NULL));
        call_free(c);
    }
    return promise;
}

napi_value js_cancel(napi_env env, napi_callback_info info)
{
    napi_value given[3];
    uint32_t id = 0;
    bool is_late = false;
    if (!values_arguments(env, info, 3, given))
        return NULL;
    connection *one = value_pointer(env, given[0]);
    napi_get_value_uint32(env, given[1], &id);
    napi_get_value_bool(env, given[2], &is_late);
    if (one && id != 0)
        is_late ? connection_give_up(one, id) : connection_cancel(one, id);
    return NULL;
}

napi_value js_stop(napi_env env, napi_callback_info info)
{
    (void)info;
    home_stop(home_of(env));
    return NULL;
}
