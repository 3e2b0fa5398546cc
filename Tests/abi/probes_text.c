#include "probes.h"

/* ---- Text ---- */

#define TEXT(name) static int32_t name(const struct fixture *with, const char *p, size_t n, flx_error **err)

/* Where a probe is one call, it is one line. */
/* clang-format off */
TEXT(t_describe)
{
    flx_blob *out = POISON;
    int32_t status = flx_describe(p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_config_key) { return flx_config_set(with->config, p, n, "x", FLX_NUL, err); }
TEXT(t_config_value) { return flx_config_set(with->config, "channel", FLX_NUL, p, n, err); }
TEXT(t_config_json) { return flx_config_set_json(with->config, p, n, err); }
TEXT(t_token) { return flx_client_set_token(with->client, p, n, err); }
TEXT(t_relearn) { return flx_client_relearn(with->client, p, n, err); }
TEXT(t_spec)
{
    flx_pull *out = POISON;
    int32_t status = flx_pull_open(with->client, FLX_FEED_ORDERS, p, n, &out, err);
    if (status == FLX_OK)
        flx_pull_close(out);
    return cleared(out, status);
}
TEXT(t_snapshot)
{
    flx_blob *out = POISON;
    int32_t status = flx_snapshot_get(with->client, p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_cursor_name) { return flx_cursor_set(with->client, FLX_FEED_ORDERS, p, n, "", FLX_NUL, err); }
TEXT(t_cursor) { return flx_cursor_set(with->client, FLX_FEED_ORDERS, NULL, 0, p, n, err); }
TEXT(t_path)
{
    const char *text = POISON;
    size_t length = 7;
    int32_t status = flx_record_get(with->page, 0, p, n, &text, &length);
    return view_cleared(text, length, status);
}
TEXT(t_receipt) { return flx_ack(with->client, p, n, "[]", FLX_NUL, err); }
TEXT(t_answers)
{
    const char *receipt = NULL;
    size_t length = 0;
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(with->page, &receipt, &length));
    return flx_ack(with->client, receipt, length, p, n, err);
}
TEXT(t_order_check)
{
    flx_blob *out = POISON;
    int32_t status = flx_order_check(p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_order_submit)
{
    flx_blob *out = POISON;
    int32_t status = flx_order_submit(with->client, p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_builder_number)
{
    flx_order_builder *out = POISON;
    int32_t status = flx_order_builder_new(p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_builder_path) { return flx_order_builder_set(with->builder, p, n, "x", FLX_NUL, err); }
TEXT(t_builder_value) { return flx_order_builder_set(with->builder, "/note", FLX_NUL, p, n, err); }
TEXT(t_item_sku) { return flx_order_builder_add_item(with->builder, p, n, 1, NULL, 0, err); }
TEXT(t_item_price) { return flx_order_builder_add_item(with->builder, "SKU", FLX_NUL, 1, p, n, err); }
TEXT(t_order_status)
{
    flx_page *out = POISON;
    int32_t status = flx_order_status(with->client, p, n, 0, &out, err);
    return cleared(out, status);
}
TEXT(t_settle) { return flx_outbox_settle(with->client, p, n, err); }
TEXT(t_list)
{
    flx_blob *out = POISON;
    int32_t status = flx_outbox_list(with->client, p, n, &out, err);
    if (status == FLX_OK)
        flx_blob_free(out);
    return cleared(out, status);
}
TEXT(t_retry) { return flx_outbox_retry(with->client, p, n, err); }
TEXT(t_discard) { return flx_outbox_discard(with->client, p, n, err); }
TEXT(t_order_cancel)
{
    flx_blob *out = POISON;
    int32_t status = flx_order_cancel(with->client, p, n, 0, &out, err);
    return cleared(out, status);
}
TEXT(t_history)
{
    flx_blob *out = POISON;
    int32_t status = flx_outbox_history(with->client, p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_purge)
{
    flx_blob *out = POISON;
    int32_t status = flx_outbox_purge(with->client, p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_operation)
{
    flx_blob *out = POISON;
    int32_t status = flx_call(with->client, p, n, NULL, 0, 0, &out, err);
    return cleared(out, status);
}
TEXT(t_arguments)
{
    flx_blob *out = POISON;
    int32_t status = flx_call(with->client, "updateOrderStatus", FLX_NUL, p, n, 0, &out, err);
    return cleared(out, status);
}
TEXT(t_preview)
{
    flx_blob *out = POISON;
    int32_t status = flx_preview(with->client, p, n, &out, err);
    return cleared(out, status);
}
TEXT(t_plan)
{
    flx_sync *out = POISON;
    int32_t status = flx_sync_open(with->client, p, n, &out, err);
    flx_sync_close(out == POISON ? NULL : out);
    return cleared(status < 0 ? out : NULL, status);
}
TEXT(t_run_plan)
{
    static const flx_sync_handlers handlers = {.size = sizeof handlers, .result = no_more};
    flx_blob *out = POISON;
    int32_t status = flx_sync_run(with->client, p, n, &handlers, &out, err);
    flx_blob_free(out == POISON ? NULL : out);
    return cleared(status < 0 ? out : NULL, status);
}
TEXT(t_reply)
{
    return flx_sync_reply(with->sync, 1, p, n, err);
}
/* clang-format on */

const struct text_probe text_probes[] = {
    {"flx_describe", "topic", t_describe, 0, FLX_E_ARGUMENT, 1},
    {"flx_config_set", "key", t_config_key, 0, FLX_E_CONFIG, 1},
    {"flx_config_set", "val", t_config_value, 0, FLX_E_CONFIG, 1},
    {"flx_config_set_json", "json", t_config_json, 0, FLX_E_JSON, 1},
    {"flx_client_set_token", "t", t_token, 0, FLX_E_ARGUMENT, 1},
    {"flx_client_relearn", "what", t_relearn, 1, FLX_E_JSON, 1},
    {"flx_pull_open", "spec", t_spec, 1, FLX_E_JSON, 1},
    {"flx_cursor_set", "name", t_cursor_name, 1, FLX_E_ARGUMENT, 1},
    {"flx_cursor_set", "cursor", t_cursor, 0, FLX_E_ARGUMENT, 1},
    {"flx_record_get", "path", t_path, 0, FLX_E_ARGUMENT, 0},
    {"flx_ack", "receipt", t_receipt, 0, FLX_E_RECEIPT, 1},
    {"flx_ack", "answers", t_answers, 0, FLX_E_JSON, 1},
    {"flx_order_check", "json", t_order_check, 0, FLX_E_UTF8, 1},
    {"flx_order_submit", "json", t_order_submit, 0, FLX_E_UTF8, 1},
    {"flx_order_builder_new", "number", t_builder_number, 0, FLX_E_UTF8, 1},
    {"flx_order_builder_set", "path", t_builder_path, 0, FLX_E_UTF8, 1},
    {"flx_order_builder_set", "val", t_builder_value, 0, FLX_E_UTF8, 1},
    {"flx_order_builder_add_item", "sku", t_item_sku, 0, FLX_E_UTF8, 1},
    {"flx_order_builder_add_item", "price", t_item_price, 1, FLX_E_UTF8, 1},
    {"flx_snapshot_get", "query", t_snapshot, 0, FLX_E_JSON, 1},
    {"flx_order_status", "number", t_order_status, 0, FLX_E_NOT_FOUND, 1},
    {"flx_order_cancel", "number", t_order_cancel, 0, FLX_E_NOT_FOUND, 1},
    {"flx_outbox_settle", "numbers", t_settle, 0, FLX_E_JSON, 1},
    {"flx_outbox_list", "filter", t_list, 1, FLX_E_JSON, 1},
    {"flx_outbox_retry", "numbers", t_retry, 0, FLX_E_JSON, 1},
    {"flx_outbox_discard", "numbers", t_discard, 0, FLX_E_JSON, 1},
    {"flx_outbox_history", "number", t_history, 0, FLX_E_NOT_FOUND, 1},
    {"flx_outbox_purge", "filter", t_purge, 0, FLX_E_JSON, 1},
    {"flx_call", "operation", t_operation, 0, FLX_E_OPERATION, 1},
    {"flx_call", "args", t_arguments, 1, FLX_E_JSON, 1},
    {"flx_preview", "what", t_preview, 1, FLX_E_JSON, 1},
    {"flx_sync_open", "plan", t_plan, 1, FLX_E_JSON, 1},
    {"flx_sync_run", "plan", t_run_plan, 1, FLX_E_JSON, 1},
    {"flx_sync_reply", "reply", t_reply, 0, FLX_E_JSON, 1},
    {NULL, NULL, NULL, 0, 0, 0},
};

/* ---- Out pointers ---- */

#define OUT(name, expression)                                                                                          \
    static int32_t name(const struct fixture *with, flx_error **err)                                                   \
    {                                                                                                                  \
        const char *p = NULL;                                                                                          \
        size_t n = 0;                                                                                                  \
        (void)with, (void)err, (void)p, (void)n;                                                                       \
        return expression;                                                                                             \
    }

OUT(o_describe, flx_describe("build", FLX_NUL, NULL, err))
OUT(o_error_view_p, flx_error_view(with->error, FLX_ERROR_MESSAGE, NULL, &n))
OUT(o_error_view_n, flx_error_view(with->error, FLX_ERROR_MESSAGE, &p, NULL))
OUT(o_config_new, flx_config_new(NULL, err))
OUT(o_client_open, flx_client_open(with->config, NULL, err))
OUT(o_client_probe, flx_client_probe(with->client, 0, NULL, err))
OUT(o_client_stats, flx_client_stats(with->client, NULL, err))
OUT(o_client_holders, flx_client_holders(with->client, NULL, err))
OUT(o_client_logs, flx_client_logs(with->client, NULL, err))
OUT(o_pull_open, flx_pull_open(with->client, FLX_FEED_ORDERS, NULL, 0, NULL, err))
OUT(o_pull_next, flx_pull_next(with->pull, 0, NULL, err))
OUT(o_cursor_list, flx_cursor_list(with->client, NULL, err))
OUT(o_page_json_p, flx_page_json(with->page, NULL, &n))
OUT(o_page_json_n, flx_page_json(with->page, &p, NULL))
OUT(o_page_receipt_p, flx_page_receipt(with->page, NULL, &n))
OUT(o_page_receipt_n, flx_page_receipt(with->page, &p, NULL))
OUT(o_page_quarantine, flx_page_quarantine(with->page, NULL, err))
OUT(o_page_facts, flx_page_facts(with->page, NULL, err))
OUT(o_record_json_p, flx_record_json(with->page, 0, NULL, &n))
OUT(o_record_json_n, flx_record_json(with->page, 0, &p, NULL))
OUT(o_record_get_p, flx_record_get(with->page, 0, "/id", FLX_NUL, NULL, &n))
OUT(o_record_get_n, flx_record_get(with->page, 0, "/id", FLX_NUL, &p, NULL))
OUT(o_ack_results, flx_ack_results(with->client, 0, 10, NULL, err))
OUT(o_order_check, flx_order_check("{}", FLX_NUL, NULL, err))
OUT(o_builder_new, flx_order_builder_new("P-2", FLX_NUL, NULL, err))
OUT(o_order_status, flx_order_status(with->client, "P-1", FLX_NUL, 0, NULL, err))
OUT(o_outbox_results, flx_outbox_results(with->client, 10, NULL, err))
OUT(o_outbox_list, flx_outbox_list(with->client, NULL, 0, NULL, err))
OUT(o_snapshot_get, flx_snapshot_get(with->client, "{}", FLX_NUL, NULL, err))
OUT(o_order_cancel, flx_order_cancel(with->client, "P-1", FLX_NUL, 0, NULL, err))
OUT(o_outbox_history, flx_outbox_history(with->client, "P-1", FLX_NUL, NULL, err))
OUT(o_preview, flx_preview(with->client, NULL, 0, NULL, err))
OUT(o_sync_open, flx_sync_open(with->client, NULL, 0, NULL, err))
OUT(o_sync_next, flx_sync_next(with->sync, 0, NULL, err))
OUT(o_call, flx_call(with->client, "getListingVariantsCount", FLX_NUL, NULL, 0, 0, NULL, err))

const struct out_probe out_probes[] = {
    {"flx_describe", o_describe, 1},
    {"flx_error_view", o_error_view_p, 0},
    {"flx_error_view", o_error_view_n, 0},
    {"flx_config_new", o_config_new, 1},
    {"flx_client_open", o_client_open, 1},
    {"flx_client_probe", o_client_probe, 1},
    {"flx_client_stats", o_client_stats, 1},
    {"flx_client_holders", o_client_holders, 1},
    {"flx_client_logs", o_client_logs, 1},
    {"flx_pull_open", o_pull_open, 1},
    {"flx_pull_next", o_pull_next, 1},
    {"flx_cursor_list", o_cursor_list, 1},
    {"flx_page_json", o_page_json_p, 0},
    {"flx_page_json", o_page_json_n, 0},
    {"flx_page_receipt", o_page_receipt_p, 0},
    {"flx_page_receipt", o_page_receipt_n, 0},
    {"flx_page_quarantine", o_page_quarantine, 1},
    {"flx_page_facts", o_page_facts, 1},
    {"flx_record_json", o_record_json_p, 0},
    {"flx_record_json", o_record_json_n, 0},
    {"flx_record_get", o_record_get_p, 0},
    {"flx_record_get", o_record_get_n, 0},
    {"flx_ack_results", o_ack_results, 1},
    {"flx_order_check", o_order_check, 1},
    {"flx_order_builder_new", o_builder_new, 1},
    {"flx_order_status", o_order_status, 1},
    {"flx_snapshot_get", o_snapshot_get, 1},
    {"flx_order_cancel", o_order_cancel, 1},
    {"flx_outbox_results", o_outbox_results, 1},
    {"flx_outbox_list", o_outbox_list, 1},
    {"flx_outbox_history", o_outbox_history, 1},
    {"flx_call", o_call, 1},
    {"flx_preview", o_preview, 1},
    {"flx_sync_open", o_sync_open, 1},
    {"flx_sync_next", o_sync_next, 1},
    {NULL, NULL, 0},
};
