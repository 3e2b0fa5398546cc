#include <stdlib.h>
#include <string.h>
#include "connection.h"
#include "exact.h"
#include "start.h"
#include "values.h"

bool values_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *into)
{
    size_t found = count;
    if (napi_get_cb_info(env, info, &found, into, NULL, NULL) == napi_ok && found >= count)
        return true;
    napi_throw_type_error(env, NULL, "too few arguments");
    return false;
}

void *value_pointer(napi_env env, napi_value value)
{
    void *p = NULL;
    napi_get_value_external(env, value, &p);
    return p;
}

bool value_bytes(napi_env env, napi_value value, bytes *into)
{
    napi_valuetype type;
    void *data;
    *into = (bytes){NULL, 0};
    if (napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined))
        return true;
    if (napi_get_buffer_info(env, value, &data, &into->n) != napi_ok) {
        napi_throw_type_error(env, NULL, "no bytes");
        return false;
    }
    into->p = malloc(into->n + 1);
    if (!into->p) {
        napi_throw_error(env, NULL, "no memory");
        return false;
    }
    if (into->n)
        memcpy(into->p, data, into->n);
    return true;
}

napi_value value_null(napi_env env)
{
    napi_value value = NULL;
    napi_get_null(env, &value);
    return value;
}

napi_value value_text(napi_env env, const char *p, size_t n)
{
    napi_value value = NULL;
    return p && napi_create_string_utf8(env, p, n, &value) == napi_ok ? value : value_null(env);
}

napi_value value_number(napi_env env, int64_t number)
{
    napi_value value = NULL;
    napi_create_int64(env, number, &value);
    return value;
}

napi_value value_json(napi_env env, flx_blob *blob)
{
    const void *text;
    size_t n;
    lib.flx_blob_view(blob, &text, &n);
    char *exact = text ? malloc(exact_json(text, n, NULL) + 1) : NULL;
    napi_value value = exact ? value_text(env, exact, exact_json(text, n, exact)) : value_null(env);
    free(exact);
    lib.flx_blob_free(blob);
    return value;
}

static napi_value part(napi_env env, const flx_error *error, int32_t which)
{
    const char *text = NULL;
    size_t n = 0;
    return error && lib.flx_error_view(error, which, &text, &n) == FLX_OK ? value_text(env, text, n) : value_null(env);
}

napi_value value_outcome(napi_env env, int32_t status, napi_value value, flx_error *error)
{
    napi_value outcome, members[3] = {value_number(env, status), status < 0 ? part(env, error, FLX_ERROR_JSON) : value,
                                      part(env, error, FLX_ERROR_HUB_SAID)};
    lib.flx_error_free(error);
    if (napi_create_array_with_length(env, 3, &outcome) != napi_ok)
        return NULL;
    for (uint32_t i = 0; i < 3; i++)
        napi_set_element(env, outcome, i, members[i] ? members[i] : value_null(env));
    return outcome;
}

/* Clients, pulls and rounds */

static void finalize_connection(napi_env env, void *data, void *hint)
{
    (void)hint;
    connection *one = data;
    if (one->holder)
        napi_delete_reference(env, one->holder);
    one->holder = NULL;
    end_unasked(one, NULL, operation_named("flx_client_close"));
    connection_release(one);
}

napi_value value_connection(napi_env env, connection *one)
{
    napi_value value = NULL;
    napi_create_external(env, one, finalize_connection, NULL, &value);
    return value;
}

static void finalize_handle(napi_env env, void *data, void *hint)
{
    (void)env, (void)hint;
    handle *h = data;
    if (h->p)
        end_unasked(h->of, h->p, h->end);
    connection_release(h->of);
    free(h);
}

napi_value value_handle(napi_env env, connection *of, void *p, const operation *end)
{
    napi_value value = NULL;
    handle *h = malloc(sizeof *h);
    if (!h)
        return NULL;
    *h = (handle){of, p, end};
    connection_retain(of);
    napi_create_external(env, h, finalize_handle, NULL, &value);
    return value;
}

/* Pages */

typedef struct held_page {
    flx_page *page;
    int64_t weight; /* what the garbage collector is told of */
} held_page;

static int64_t weight_of(const flx_page *page)
{
    const char *text;
    size_t n = 0;
    lib.flx_page_json(page, &text, &n);
    return (int64_t)n * 2; /* its text and its index */
}

static void let_go(napi_env env, held_page *held)
{
    int64_t ignored;
    lib.flx_page_free(held->page);
    napi_adjust_external_memory(env, -held->weight, &ignored);
    *held = (held_page){NULL, 0};
}

static void finalize_page(napi_env env, void *data, void *hint)
{
    (void)hint;
    let_go(env, data);
    free(data);
}

napi_value value_page(napi_env env, flx_page *page)
{
    napi_value value = NULL;
    int64_t ignored;
    held_page *held = malloc(sizeof *held);
    if (!held) {
        lib.flx_page_free(page);
        return NULL;
    }
    *held = (held_page){page, weight_of(page)};
    napi_adjust_external_memory(env, held->weight, &ignored);
    napi_create_external(env, held, finalize_page, NULL, &value);
    return value;
}

flx_page *page_of(napi_env env, napi_value value)
{
    held_page *held = value_pointer(env, value);
    return held ? held->page : NULL;
}

void page_let_go(napi_env env, napi_value value)
{
    held_page *held = value_pointer(env, value);
    if (held)
        let_go(env, held);
}
