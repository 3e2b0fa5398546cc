/* The outbox: one effect per order, a verdict for each, and results that stay until they are settled. */
#define _GNU_SOURCE
#include "hub.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The outbox' row of an order number as JSON, or NULL. */
static json_t *row_of(flx_client *client, const char *number)
{
    flx_blob *blob = NULL;
    json_t *list, *row;
    char filter[128];

    snprintf(filter, sizeof filter, "{\"number\":\"%s\"}", number);
    REQUIRE_STATUS(FLX_OK, flx_outbox_list(client, filter, FLX_NUL, &blob, NULL));
    list = take_json(blob);
    row = json_incref(json_array_get(list, 0));
    json_decref(list);
    return row;
}

static size_t result_count(flx_client *client)
{
    flx_blob *blob = NULL;
    json_t *list;
    size_t n;

    REQUIRE_STATUS(FLX_OK, flx_outbox_results(client, 100, &blob, NULL));
    list = take_json(blob);
    n = json_array_size(list);
    json_decref(list);
    return n;
}

static void submit(flx_client *client, const char *number)
{
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, number), FLX_NUL, NULL, NULL));
}

static void submitting_sends_nothing(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    submit(client, "X-QUIET");
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    CHECK_INT(0, hub_orders(hub, "X-QUIET"));
}

static void an_order_takes_effect_once_and_stays_until_settled(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    json_t *report, *results, *history;

    submit(client, "X-1");
    REQUIRE_STATUS(FLX_OK, flx_flush(client, 20000, &blob, NULL));
    report = take_json(blob);
    CHECK_INT(1, json_integer_value(json_object_get(report, "applied")));
    CHECK_INT(0, json_integer_value(json_object_get(json_object_get(report, "waiting"), "orders")));
    CHECK_TEXT("", member(report, "waits_for"));
    json_decref(report);
    CHECK_INT(1, hub_orders(hub, "X-1"));

    for (int i = 0; i < 2; i++) { /* reading takes nothing away */
        REQUIRE_STATUS(FLX_OK, flx_outbox_results(client, 10, &blob, NULL));
        results = take_json(blob);
        CHECK_INT(1, json_array_size(results));
        CHECK_TEXT("X-1", member(json_array_get(results, 0), "number"));
        CHECK_TEXT("applied", member(json_array_get(results, 0), "verdict"));
        CHECK(member(json_array_get(results, 0), "order_id") && *member(json_array_get(results, 0), "order_id"));
        CHECK_INT(1, json_integer_value(json_object_get(json_array_get(results, 0), "attempts")));
        json_decref(results);
    }

    CHECK_STATUS(FLX_OK, flx_outbox_settle(client, "[\"X-1\"]", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_outbox_settle(client, "[\"X-1\"]", FLX_NUL, NULL)); /* settled before */
    CHECK_INT(0, result_count(client));

    REQUIRE_STATUS(FLX_OK, flx_outbox_history(client, "X-1", FLX_NUL, &blob, NULL));
    history = take_json(blob);
    CHECK_TEXT("X-1", member(history, "number"));
    CHECK_TEXT("settled", member(history, "state"));
    CHECK(json_array_size(json_object_get(history, "events")) >= 2);
    json_decref(history);

    submit(client, "X-1"); /* next year's repeat */
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "X-1"));
    flx_client_close(client);
}

static void flushing_an_empty_outbox_makes_no_request(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);
    flx_blob *blob = NULL;
    json_t *report;

    REQUIRE_STATUS(FLX_OK, flx_flush(client, 1000, &blob, NULL));
    report = take_json(blob);
    CHECK_INT(0, json_integer_value(json_object_get(report, "sent")));
    json_decref(report);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
}

static void settling_is_all_or_nothing(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_error *err = NULL;

    submit(client, "X-2");
    flush_all(client);
    submit(client, "X-3");
    CHECK_ERROR(FLX_E_NOT_FOUND, flx_outbox_settle(client, "[\"X-2\",\"X-NONE\"]", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_USE, flx_outbox_settle(client, "[\"X-2\",\"X-3\"]", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_outbox_settle(client, "[\"X-2\"", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_outbox_settle(client, "{}", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_outbox_settle(client, "[7]", FLX_NUL, &err), err);
    CHECK_INT(1, result_count(client));
    flx_client_close(client);
}

static void a_discarded_order_is_never_sent(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_error *err = NULL;
    json_t *row;

    submit(client, "X-4");
    CHECK_ERROR(FLX_E_NOT_FOUND, flx_outbox_discard(client, "[\"X-4\",\"X-NONE\"]", FLX_NUL, &err), err);
    CHECK_STATUS(FLX_OK, flx_outbox_discard(client, "[\"X-4\"]", FLX_NUL, NULL));
    flush_all(client);
    CHECK_INT(0, hub_orders(hub, "X-4"));
    row = row_of(client, "X-4");
    CHECK_TEXT("not_applied", member(row, "verdict"));
    json_decref(row);
    CHECK_ERROR(FLX_E_USE, flx_outbox_discard(client, "[\"X-4\"]", FLX_NUL, &err), err);

    /* Given up is not lost: it can be queued again. */
    CHECK_STATUS(FLX_OK, flx_outbox_retry(client, "[\"X-4\"]", FLX_NUL, NULL));
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "X-4"));
    CHECK_ERROR(FLX_E_USE, flx_outbox_retry(client, "[\"X-4\"]", FLX_NUL, &err), err);
    flx_client_close(client);
}

static void the_list_can_be_filtered(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    json_t *list;

    submit(client, "X-5");
    flush_all(client);
    submit(client, "X-6");
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, "{\"state\":\"queued\"}", FLX_NUL, &blob, NULL));
    list = take_json(blob);
    CHECK_INT(1, json_array_size(list));
    CHECK_TEXT("X-6", member(json_array_get(list, 0), "number"));
    json_decref(list);
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, "{\"limit\":1}", FLX_NUL, &blob, NULL));
    list = take_json(blob);
    CHECK_INT(1, json_array_size(list));
    json_decref(list);
    CHECK_STATUS(FLX_E_OPERATION, flx_outbox_list(client, "{\"stat\":\"queued\"}", FLX_NUL, &blob, &err));
    CHECK_TEXT("/stat", error_text(err, FLX_ERROR_PATH));
    flx_error_free(err);
    err = NULL;
    CHECK_ERROR(FLX_E_OPERATION, flx_outbox_list(client, "{\"state\":\"lost\"}", FLX_NUL, &blob, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_outbox_list(client, "[1]", FLX_NUL, &blob, &err), err);
    flx_client_close(client);
}

static void a_purged_order_is_without_its_buyer_and_still_recognised(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    json_t *report;

    submit(client, "X-7");
    CHECK_ERROR(FLX_E_USE, flx_outbox_purge(client, "{\"numbers\":[\"X-7\"]}", FLX_NUL, &blob, &err), err);
    CHECK_ERROR(FLX_E_OPERATION, flx_outbox_purge(client, "{\"number\":[\"X-7\"]}", FLX_NUL, &blob, &err), err);
    CHECK_ERROR(FLX_E_NOT_FOUND, flx_outbox_purge(client, "{\"numbers\":[\"X-NONE\"]}", FLX_NUL, &blob, &err), err);
    flush_all(client);
    REQUIRE_STATUS(FLX_OK, flx_outbox_settle(client, "[\"X-7\"]", FLX_NUL, NULL));
    REQUIRE_STATUS(FLX_OK, flx_outbox_purge(client, "{\"numbers\":[\"X-7\"]}", FLX_NUL, &blob, NULL));
    report = take_json(blob);
    CHECK_INT(1, json_integer_value(json_object_get(report, "purged")));
    json_decref(report);

    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &blob, NULL));
    CHECK(strstr(blob_text(blob), "X-7") != NULL); /* parcels that come later are for this number */
    CHECK(strstr(blob_text(blob), "\"purged\":true") != NULL);
    flx_blob_free(blob);
    submit(client, "X-7");
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "X-7"));
    flx_client_close(client);
}

static void an_unknown_order_has_no_history_and_no_status(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);
    flx_blob *blob = NULL;
    flx_page *page = NULL;
    flx_error *err = NULL;

    CHECK_ERROR(FLX_E_NOT_FOUND, flx_outbox_history(client, "X-NONE", FLX_NUL, &blob, &err), err);
    CHECK_ERROR(FLX_E_NOT_FOUND, flx_order_status(client, "X-NONE", FLX_NUL, 1000, &page, &err), err);
    submit(client, "X-8");
    CHECK_ERROR(FLX_E_NOT_FOUND, flx_order_status(client, "X-8", FLX_NUL, 1000, &page, &err), err);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
}

static void the_status_of_an_order_is_a_page_of_one(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_page *page = NULL;
    const flx_order *status;

    submit(client, "X-9");
    flush_all(client);
    REQUIRE_STATUS(FLX_OK, flx_order_status(client, "X-9", FLX_NUL, 10000, &page, NULL));
    CHECK_INT(1, flx_page_count(page));
    CHECK_INT(FLX_FEED_ORDERS, flx_page_feed(page));
    status = flx_page_order(page, 0);
    REQUIRE(status);
    CHECK_TEXT("X-9", status->order_number.p);
    CHECK_INT(1, status->item_count);
    CHECK_INT(2, status->items[0]->quantity);
    flx_page_free(page);
    flx_client_close(client);
}

static void a_slice_keeps_its_budget_and_the_order(struct sandbox *hub)
{
    char url[40];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    int64_t start;
    int32_t status;

    submit(client, "X-10");
    start = now_ms();
    status = flx_flush(client, 400, NULL, NULL);
    CHECK(status == FLX_AGAIN || status == FLX_OK);
    CHECK(now_ms() - start <= 400 + LATE_MS);
    json_t *row = row_of(client, "X-10");
    CHECK(row && member(row, "verdict") && strcmp(member(row, "verdict"), "applied") != 0);
    json_decref(row);
    flx_client_close(client);
    close(fd);
}

/* ---- Everything else of the contract ---- */

static void a_named_call_gives_the_answer_of_the_hub(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    json_t *answer;

    REQUIRE_STATUS(FLX_OK, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 10000, &blob, NULL));
    answer = take_json(blob);
    CHECK_INT(200, json_integer_value(json_object_get(answer, "status")));
    CHECK(json_integer_value(json_object_get(json_object_get(answer, "body"), "count")) >= 1000);
    json_decref(answer);
    flx_client_close(client);
}

static void a_named_call_checks_its_arguments_first(struct sandbox *hub)
{
    static const struct {
        int32_t want;
        const char *operation, *args;
    } rows[] = {
        {FLX_E_OPERATION, "getListingVariantCount", "{}"},
        {FLX_E_OPERATION, "", "{}"},
        {FLX_E_OPERATION, "createOrder", "{\"body\":{}}"},
        {FLX_E_OPERATION, "getListingVariantsCount", "{\"snyc\":true}"},
        {FLX_E_OPERATION, "getListingVariantsCount", "{\"sync\":\"perhaps\"}"},
        {FLX_E_OPERATION, "updateOrderStatus", "{\"id\":1}"},
        {FLX_E_OPERATION, "updateOrderStatus", "{\"status\":\"Open\"}"},
        {FLX_E_OPERATION, "updateOrderStatus", "{\"id\":\"1/../2\",\"status\":\"Open\"}"},
        {FLX_E_JSON, "getListingVariantsCount", "[1]"},
        {FLX_E_JSON, "getListingVariantsCount", "{"},
    };
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_blob *blob = NULL;
        flx_error *err = NULL;
        int32_t status = flx_call(client, rows[i].operation, FLX_NUL, rows[i].args, FLX_NUL, 1000, &blob, &err);

        check_about("%s %s", rows[i].operation, rows[i].args);
        CHECK(blob == NULL);
        check_error(__FILE__, __LINE__, rows[i].want, status, err, "flx_call");
    }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
}

static void a_probe_reports_a_refused_token_too(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    json_t *report;

    REQUIRE_STATUS(FLX_OK, flx_client_probe(client, 10000, &blob, NULL));
    report = take_json(blob);
    CHECK(json_is_true(json_object_get(report, "reachable")));
    CHECK_TEXT("accepted", member(report, "token"));
    CHECK_INT(200, json_integer_value(json_object_get(report, "http_status")));
    json_decref(report);
    flx_client_close(client);

    flx_config *config = new_config(hub, NULL);
    set(config, "token", "not-the-token-of-anyone");
    set(config, "rate_limit.dir", new_directory(hub));
    client = open_config(config);
    REQUIRE_STATUS(FLX_OK, flx_client_probe(client, 10000, &blob, NULL));
    report = take_json(blob);
    CHECK_TEXT("refused", member(report, "token"));
    CHECK_INT(401, json_integer_value(json_object_get(report, "http_status")));
    json_decref(report);
    flx_client_close(client);
}

const struct test outbox_tests[] = {
    TEST(submitting_sends_nothing),
    TEST(an_order_takes_effect_once_and_stays_until_settled),
    TEST(flushing_an_empty_outbox_makes_no_request),
    TEST(settling_is_all_or_nothing),
    TEST(a_discarded_order_is_never_sent),
    TEST(the_list_can_be_filtered),
    TEST(a_purged_order_is_without_its_buyer_and_still_recognised),
    TEST(an_unknown_order_has_no_history_and_no_status),
    TEST(the_status_of_an_order_is_a_page_of_one),
    TEST(a_slice_keeps_its_budget_and_the_order),
    TEST(a_named_call_gives_the_answer_of_the_hub),
    TEST(a_named_call_checks_its_arguments_first),
    TEST(a_probe_reports_a_refused_token_too),
    END_OF_TESTS,
};
