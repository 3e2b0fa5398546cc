/*
 * What JavaScript reads of a page: all of it is in memory, so it is read at once.
 */
#ifndef FLX_NODE_PAGE_H
#define FLX_NODE_PAGE_H

#include <node_api.h>

napi_value js_page_free(napi_env env, napi_callback_info info);

/** pageHead(page): [count, feed, left out, receipt]. */
napi_value js_page_head(napi_env env, napi_callback_info info);

/** pageJson(page), pageRecords(page): the records in the hub's own bytes, and the same exact. */
napi_value js_page_json(napi_env env, napi_callback_info info);
napi_value js_page_records(napi_env env, napi_callback_info info);

/** pageQuarantine(page), pageFacts(page), recordJson(page, index), recordGet(page, index, path): an outcome. */
napi_value js_page_quarantine(napi_env env, napi_callback_info info);
napi_value js_page_facts(napi_env env, napi_callback_info info);
napi_value js_record_json(napi_env env, napi_callback_info info);
napi_value js_record_get(napi_env env, napi_callback_info info);

#endif
