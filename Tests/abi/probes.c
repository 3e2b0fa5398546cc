#include "probes.h"

struct fixture new_fixture(struct sandbox *hub)
{
    struct fixture with = {0};

    with.client = open_client(hub);
    with.pull = open_pull(with.client, FLX_FEED_LISTINGS, "{\"page_size\":5}");
    with.page = next_page(with.pull);
    REQUIRE(with.page);
    with.config = new_config(hub, NULL);
    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("P-1", FLX_NUL, &with.builder, NULL));
    REQUIRE_STATUS(FLX_OK, flx_sync_open(with.client, NULL, 0, &with.sync, NULL));
    REQUIRE_STATUS(FLX_OK, flx_describe("topics", FLX_NUL, &with.blob, NULL));
    REQUIRE_STATUS(FLX_E_ARGUMENT, flx_describe("?", FLX_NUL, &(flx_blob *){NULL}, &with.error));
    return with;
}

void free_fixture(struct fixture *with)
{
    flx_error_free(with->error);
    flx_blob_free(with->blob);
    flx_sync_close(with->sync);
    flx_order_builder_free(with->builder);
    flx_page_free(with->page);
    flx_pull_close(with->pull);
    flx_client_close(with->client);
    flx_config_free(with->config);
}

void *handle_of(const struct fixture *with, enum object type)
{
    void *const handles[OBJECT_TYPES] = {with->config,  with->client, with->pull, with->page,
                                         with->builder, with->sync,   with->blob, with->error};

    return handles[type];
}

/* ---- What an out parameter must be after an error ---- */

char probe_poison;

int32_t cleared(const void *out, int32_t status)
{
    if (status < 0)
        CHECK(out == NULL);
    return status;
}

int32_t view_cleared(const char *p, size_t n, int32_t status)
{
    if (status < 0)
        CHECK(p == NULL && n == 0);
    return status;
}

/* ---- Handles ---- */

#define PROBE(name) static int32_t name(const struct fixture *with, void *handle, flx_error **err)
#define BLOB_CALL(name, ...)                                                                                           \
    PROBE(name)                                                                                                        \
    {                                                                                                                  \
        flx_blob *out = POISON;                                                                                        \
        int32_t status = flx_##name(handle, __VA_ARGS__, &out, err);                                                   \
        return cleared(out, status);                                                                                   \
    }
#define PLAIN_CALL(name, ...)                                                                                          \
    PROBE(name)                                                                                                        \
    {                                                                                                                  \
        return flx_##name(handle, __VA_ARGS__, err);                                                                   \
    }
#define VOID_CALL(name)                                                                                                \
    PROBE(name)                                                                                                        \
    {                                                                                                                  \
        flx_##name(handle);                                                                                            \
        return FLX_E_HANDLE;                                                                                           \
    }
#define VIEW_CALL(name)                                                                                                \
    PROBE(name)                                                                                                        \
    {                                                                                                                  \
        const char *p = POISON;                                                                                        \
        size_t n = 7;                                                                                                  \
        int32_t status = flx_##name(handle, &p, &n);                                                                   \
        return view_cleared(p, n, status);                                                                             \
    }
#define STRUCT_CALL(name)                                                                                              \
    PROBE(name)                                                                                                        \
    {                                                                                                                  \
        return flx_##name(handle, 0) == NULL ? FLX_E_HANDLE : FLX_OK;                                                  \
    }

PLAIN_CALL(config_set, "channel", FLX_NUL, "x", FLX_NUL)
PLAIN_CALL(config_set_json, "{}", FLX_NUL)
PLAIN_CALL(config_on_log, NULL, NULL, NULL)
VOID_CALL(config_free)
PROBE(client_open)
{
    flx_client *out = POISON;
    int32_t status = flx_client_open(handle, &out, err);
    return cleared(out, status);
}

PLAIN_CALL(state_move, with->config)
PROBE(state_move_to)
{
    return flx_state_move(with->config, handle, err);
}

BLOB_CALL(client_probe, 0)
PROBE(client_stats)
{
    flx_blob *out = POISON;
    int32_t status = flx_client_stats(handle, &out, err);
    return cleared(out, status);
}
PROBE(client_holders)
{
    flx_blob *out = POISON;
    int32_t status = flx_client_holders(handle, &out, err);
    return cleared(out, status);
}
PROBE(client_logs)
{
    flx_blob *out = POISON;
    int32_t status = flx_client_logs(handle, &out, err);
    return cleared(out, status);
}
PLAIN_CALL(client_set_token, "token", FLX_NUL)
PLAIN_CALL(client_relearn, "[]", FLX_NUL)
PLAIN_CALL(client_set_cancel, NULL)
VOID_CALL(client_close)
PROBE(pull_open)
{
    flx_pull *out = POISON;
    int32_t status = flx_pull_open(handle, FLX_FEED_ORDERS, NULL, 0, &out, err);
    return cleared(out, status);
}
PROBE(cursor_list)
{
    flx_blob *out = POISON;
    int32_t status = flx_cursor_list(handle, &out, err);
    return cleared(out, status);
}
BLOB_CALL(snapshot_get, "{\"id\":1}", FLX_NUL)
PLAIN_CALL(cursor_set, FLX_FEED_ORDERS, NULL, 0, "", FLX_NUL)
PLAIN_CALL(ack, "r", FLX_NUL, "[]", FLX_NUL)
BLOB_CALL(ack_results, 0, 10)
BLOB_CALL(order_submit, "{}", FLX_NUL)
PROBE(order_builder_submit_client)
{
    flx_blob *out = POISON;
    int32_t status = flx_order_builder_submit(handle, with->builder, &out, err);
    return cleared(out, status);
}
PROBE(order_status)
{
    flx_page *out = POISON;
    int32_t status = flx_order_status(handle, "P-1", FLX_NUL, 0, &out, err);
    return cleared(out, status);
}
BLOB_CALL(order_cancel, "P-1", FLX_NUL, 0)
BLOB_CALL(flush, 0)
BLOB_CALL(outbox_results, 10)
PLAIN_CALL(outbox_settle, "[]", FLX_NUL)
BLOB_CALL(outbox_list, NULL, 0)
PLAIN_CALL(outbox_retry, "[]", FLX_NUL)
PLAIN_CALL(outbox_discard, "[]", FLX_NUL)
BLOB_CALL(outbox_history, "P-1", FLX_NUL)
BLOB_CALL(outbox_purge, "{\"numbers\":[]}", FLX_NUL)
BLOB_CALL(call, "getListingVariantsCount", FLX_NUL, NULL, 0, 0)
BLOB_CALL(preview, NULL, 0)
PROBE(sync_open)
{
    flx_sync *out = POISON;
    int32_t status = flx_sync_open(handle, NULL, 0, &out, err);
    return cleared(out, status);
}
int32_t no_more(void *user, flx_sync *sync, int64_t event, const char *json, size_t n)
{
    (void)user, (void)sync, (void)event, (void)json, (void)n;
    return FLX_SYNC_LATER;
}
PROBE(sync_run)
{
    const flx_sync_handlers handlers = {.size = sizeof handlers, .result = no_more};
    flx_blob *out = POISON;
    int32_t status = flx_sync_run(handle, NULL, 0, &handlers, &out, err);
    return cleared(out, status);
}

BLOB_CALL(sync_next, 0)
PLAIN_CALL(sync_reply, 1, "true", FLX_NUL)
VOID_CALL(sync_close)

PROBE(pull_next)
{
    flx_page *out = POISON;
    int32_t status = flx_pull_next(handle, 0, &out, err);
    return cleared(out, status);
}
PROBE(pull_commit_pull)
{
    return flx_pull_commit(handle, with->page, err);
}
VOID_CALL(pull_close)

PROBE(pull_commit_page)
{
    return flx_pull_commit(with->pull, handle, err);
}
PROBE(page_count)
{
    return flx_page_count(handle) == 0 ? FLX_E_HANDLE : FLX_OK;
}
PROBE(page_feed)
{
    return flx_page_feed(handle);
}
PROBE(page_left_out)
{
    return flx_page_left_out(handle) == 0 ? FLX_E_HANDLE : FLX_OK;
}
VIEW_CALL(page_json)
VIEW_CALL(page_receipt)
PROBE(page_quarantine)
{
    flx_blob *out = POISON;
    int32_t status = flx_page_quarantine(handle, &out, err);
    return cleared(out, status);
}
PROBE(page_facts)
{
    flx_blob *out = POISON;
    int32_t status = flx_page_facts(handle, &out, err);
    return cleared(out, status);
}
PROBE(record_json)
{
    const char *p = POISON;
    size_t n = 7;
    int32_t status = flx_record_json(handle, 0, &p, &n);
    return view_cleared(p, n, status);
}
PROBE(record_get)
{
    const char *p = POISON;
    size_t n = 7;
    int32_t status = flx_record_get(handle, 0, "/id", FLX_NUL, &p, &n);
    return view_cleared(p, n, status);
}
STRUCT_CALL(page_listing_variant)
STRUCT_CALL(page_listing_parent)
STRUCT_CALL(page_order)
STRUCT_CALL(page_shipment)
STRUCT_CALL(page_return)
VOID_CALL(page_free)

PLAIN_CALL(order_builder_set, "/note", FLX_NUL, "x", FLX_NUL)
PLAIN_CALL(order_builder_add_item, "SKU", FLX_NUL, 1, NULL, 0)
PROBE(order_builder_submit_builder)
{
    flx_blob *out = POISON;
    int32_t status = flx_order_builder_submit(with->client, handle, &out, err);
    return cleared(out, status);
}
VOID_CALL(order_builder_free)

PROBE(blob_view)
{
    const void *p = POISON;
    size_t n = 7;
    flx_blob_view(handle, &p, &n);
    return p == NULL && n == 0 ? FLX_E_HANDLE : FLX_OK;
}
VOID_CALL(blob_free)

PROBE(error_code)
{
    int32_t code = flx_error_code(handle);
    return handle ? code : code == FLX_OK ? FLX_E_HANDLE : code;
}
PROBE(error_number)
{
    return flx_error_number(handle, FLX_ERROR_FATAL) == 0 ? FLX_E_HANDLE : FLX_OK;
}
PROBE(error_view)
{
    const char *p = POISON;
    size_t n = 7;
    int32_t status = flx_error_view(handle, FLX_ERROR_MESSAGE, &p, &n);
    return view_cleared(p, n, status);
}
VOID_CALL(error_free)

#define ROW(name, type, has_err) {"flx_" #name, type, name, has_err}

const struct handle_probe handle_probes[] = {
    ROW(config_set, A_CONFIG, 1),
    ROW(config_set_json, A_CONFIG, 1),
    ROW(config_on_log, A_CONFIG, 1),
    ROW(config_free, A_CONFIG, 0),
    ROW(client_open, A_CONFIG, 1),
    ROW(state_move, A_CONFIG, 1),
    {"flx_state_move", A_CONFIG, state_move_to, 1},
    ROW(client_probe, A_CLIENT, 1),
    ROW(client_stats, A_CLIENT, 1),
    ROW(client_holders, A_CLIENT, 1),
    ROW(client_logs, A_CLIENT, 1),
    ROW(client_set_token, A_CLIENT, 1),
    ROW(client_relearn, A_CLIENT, 1),
    ROW(client_set_cancel, A_CLIENT, 1),
    ROW(client_close, A_CLIENT, 0),
    ROW(pull_open, A_CLIENT, 1),
    ROW(snapshot_get, A_CLIENT, 1),
    ROW(cursor_list, A_CLIENT, 1),
    ROW(cursor_set, A_CLIENT, 1),
    ROW(ack, A_CLIENT, 1),
    ROW(ack_results, A_CLIENT, 1),
    ROW(order_submit, A_CLIENT, 1),
    {"flx_order_builder_submit", A_CLIENT, order_builder_submit_client, 1},
    ROW(order_status, A_CLIENT, 1),
    ROW(order_cancel, A_CLIENT, 1),
    ROW(flush, A_CLIENT, 1),
    ROW(outbox_results, A_CLIENT, 1),
    ROW(outbox_settle, A_CLIENT, 1),
    ROW(outbox_list, A_CLIENT, 1),
    ROW(outbox_retry, A_CLIENT, 1),
    ROW(outbox_discard, A_CLIENT, 1),
    ROW(outbox_history, A_CLIENT, 1),
    ROW(outbox_purge, A_CLIENT, 1),
    ROW(call, A_CLIENT, 1),
    ROW(preview, A_CLIENT, 1),
    ROW(sync_open, A_CLIENT, 1),
    ROW(sync_run, A_CLIENT, 1),
    ROW(sync_next, A_SYNC, 1),
    ROW(sync_reply, A_SYNC, 1),
    ROW(sync_close, A_SYNC, 0),
    ROW(pull_next, A_PULL, 1),
    {"flx_pull_commit", A_PULL, pull_commit_pull, 1},
    ROW(pull_close, A_PULL, 0),
    {"flx_pull_commit", A_PAGE, pull_commit_page, 1},
    ROW(page_count, A_PAGE, 0),
    ROW(page_feed, A_PAGE, 0),
    ROW(page_left_out, A_PAGE, 0),
    ROW(page_json, A_PAGE, 0),
    ROW(page_receipt, A_PAGE, 0),
    ROW(page_quarantine, A_PAGE, 1),
    ROW(page_facts, A_PAGE, 1),
    ROW(record_json, A_PAGE, 0),
    ROW(record_get, A_PAGE, 0),
    ROW(page_listing_variant, A_PAGE, 0),
    ROW(page_listing_parent, A_PAGE, 0),
    ROW(page_order, A_PAGE, 0),
    ROW(page_shipment, A_PAGE, 0),
    ROW(page_return, A_PAGE, 0),
    ROW(page_free, A_PAGE, 0),
    ROW(order_builder_set, A_BUILDER, 1),
    ROW(order_builder_add_item, A_BUILDER, 1),
    {"flx_order_builder_submit", A_BUILDER, order_builder_submit_builder, 1},
    ROW(order_builder_free, A_BUILDER, 0),
    ROW(blob_view, A_BLOB, 0),
    ROW(blob_free, A_BLOB, 0),
    ROW(error_code, AN_ERROR, 0),
    ROW(error_number, AN_ERROR, 0),
    ROW(error_view, AN_ERROR, 0),
    ROW(error_free, AN_ERROR, 0),
    {NULL, OBJECT_TYPES, NULL, 0},
};
#undef ROW
