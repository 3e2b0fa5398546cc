#include <stdlib.h>
#include "exact.h"
#include "page.h"
#include "values.h"

static flx_page *the_page(napi_env env, napi_callback_info info)
{
    napi_value given;
    return values_arguments(env, info, 1, &given) ? page_of(env, given) : NULL;
}

napi_value js_page_free(napi_env env, napi_callback_info info)
{
    napi_value given;
    if (values_arguments(env, info, 1, &given))
        page_let_go(env, given);
    return NULL;
}

napi_value js_page_head(napi_env env, napi_callback_info info)
{
    flx_page *page = the_page(env, info);
    const char *receipt = NULL;
    size_t n = 0;
    napi_value head;
    lib.flx_page_receipt(page, &receipt, &n);
    napi_value members[] = {value_number(env, (int64_t)lib.flx_page_count(page)),
                            value_number(env, lib.flx_page_feed(page)),
                            value_number(env, (int64_t)lib.flx_page_left_out(page)), value_text(env, receipt, n)};
    napi_create_array_with_length(env, 4, &head);
    for (uint32_t i = 0; i < 4; i++)
        napi_set_element(env, head, i, members[i]);
    return head;
}

napi_value js_page_json(napi_env env, napi_callback_info info)
{
    const char *text = NULL;
    size_t n = 0;
    lib.flx_page_json(the_page(env, info), &text, &n);
    return value_text(env, text, n);
}

napi_value js_page_records(napi_env env, napi_callback_info info)
{
    const char *text = NULL;
    size_t n = 0;
    lib.flx_page_json(the_page(env, info), &text, &n);
    char *exact = text ? malloc(exact_json(text, n, NULL) + 1) : NULL;
    napi_value value = exact ? value_text(env, exact, exact_json(text, n, exact)) : value_null(env);
    free(exact);
    return value;
}

napi_value js_page_quarantine(napi_env env, napi_callback_info info)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = lib.flx_page_quarantine(the_page(env, info), &blob, &error);
    return value_outcome(env, status, value_json(env, blob), error);
}

napi_value js_page_facts(napi_env env, napi_callback_info info)
{
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    int32_t status = lib.flx_page_facts(the_page(env, info), &blob, &error);
    return value_outcome(env, status, value_json(env, blob), error);
}

napi_value js_record_json(napi_env env, napi_callback_info info)
{
    napi_value given[2];
    int64_t index = 0;
    const char *text = NULL;
    size_t n = 0;
    if (!values_arguments(env, info, 2, given))
        return NULL;
    napi_get_value_int64(env, given[1], &index);
    int32_t status = lib.flx_record_json(page_of(env, given[0]), (size_t)index, &text, &n);
    return value_outcome(env, status, value_text(env, text, n), NULL);
}

napi_value js_record_get(napi_env env, napi_callback_info info)
{
    napi_value given[3];
    int64_t index = 0;
    const char *text = NULL;
    size_t n = 0;
    bytes path;
    if (!values_arguments(env, info, 3, given) || !value_bytes(env, given[2], &path))
        return NULL;
    napi_get_value_int64(env, given[1], &index);
    int32_t status = lib.flx_record_get(page_of(env, given[0]), (size_t)index, path.p, path.n, &text, &n);
    bytes_free(&path);
    return value_outcome(env, status, value_text(env, text, n), NULL);
}
