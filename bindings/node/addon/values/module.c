/*
 * The addon: what lib/ finds in it.
 */
#include <stdlib.h>
#include "page.h"
#include "start.h"
#include "values.h"

/* load(path): null, or why the library could not be loaded. */
static napi_value js_load(napi_env env, napi_callback_info info)
{
    napi_value given;
    bytes path;
    char why[600] = "";
    if (!values_arguments(env, info, 1, &given) || !value_bytes(env, given, &path) || !path.p)
        return NULL;
    path.p[path.n] = 0;
    int is_loaded = library_load(path.p, why, sizeof why);
    bytes_free(&path);
    return is_loaded ? value_null(env) : value_text(env, why, NAPI_AUTO_LENGTH);
}

static napi_value js_version(napi_env env, napi_callback_info info)
{
    (void)info;
    return value_text(env, lib.flx_version_string(), NAPI_AUTO_LENGTH);
}

/* statusName(status): such as "FLX_E_CONFLICT". */
static napi_value js_status_name(napi_env env, napi_callback_info info)
{
    napi_value given;
    int32_t status = 0;
    if (!values_arguments(env, info, 1, &given))
        return NULL;
    napi_get_value_int32(env, given, &status);
    return value_text(env, lib.flx_status_name(status), NAPI_AUTO_LENGTH);
}

/* A function of text to JSON that needs no client: an outcome. */
static napi_value ask(napi_env env, napi_callback_info info,
                      int32_t (*function)(const char *, size_t, flx_blob **, flx_error **))
{
    napi_value given;
    bytes text;
    flx_blob *blob = NULL;
    flx_error *error = NULL;
    if (!values_arguments(env, info, 1, &given) || !value_bytes(env, given, &text))
        return NULL;
    int32_t status = function(text.p, text.n, &blob, &error);
    bytes_free(&text);
    return value_outcome(env, status, value_json(env, blob), error);
}

static napi_value js_describe(napi_env env, napi_callback_info info)
{
    return ask(env, info, lib.flx_describe);
}

static napi_value js_order_check(napi_env env, napi_callback_info info)
{
    return ask(env, info, lib.flx_order_check);
}

NAPI_MODULE_INIT()
{
    static const napi_property_descriptor functions[] = {
#define FUNCTION(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}
        FUNCTION("load", js_load),
        FUNCTION("version", js_version),
        FUNCTION("statusName", js_status_name),
        FUNCTION("describe", js_describe),
        FUNCTION("orderCheck", js_order_check),
        FUNCTION("connect", js_connect),
        FUNCTION("start", js_start),
        FUNCTION("cancel", js_cancel),
        FUNCTION("stop", js_stop),
        FUNCTION("pageFree", js_page_free),
        FUNCTION("pageHead", js_page_head),
        FUNCTION("pageJson", js_page_json),
        FUNCTION("pageRecords", js_page_records),
        FUNCTION("pageQuarantine", js_page_quarantine),
        FUNCTION("pageFacts", js_page_facts),
        FUNCTION("recordJson", js_record_json),
        FUNCTION("recordGet", js_record_get),
    };
    if (!home_new(env))
        return NULL;
    napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
    return exports;
}
