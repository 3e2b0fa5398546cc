/* Orders in: every fault at once, with its path, before anything is stored or sent. */
#define _GNU_SOURCE
#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS "\"shippingAddress\":{\"name\":\"Robin Example\"}"
#define ITEMS "\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":\"1.00\"}]"

static const struct {
    const char *path;
    const char *order;
} faulty[] = {
    {"/orderNumber", "{" ADDRESS "," ITEMS "}"},
    {"/orderNumber", "{\"orderNumber\":\"\"," ADDRESS "," ITEMS "}"},
    {"/orderNumber", "{\"orderNumber\":7," ADDRESS "," ITEMS "}"},
    {"/orderNumber", "{\"orderNumber\":null," ADDRESS "," ITEMS "}"},
    {"/orderNumber", "{\"orderNumber\":\"a\\nb\"," ADDRESS "," ITEMS "}"},
    {"/orderItems", "{\"orderNumber\":\"F-1\"," ADDRESS "}"},
    {"/orderItems", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[]}"},
    {"/orderItems", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":{}}"},
    {"/orderItems/0", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[1]}"},
    {"/orderItems/0/quantity", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\"}]}"},
    {"/orderItems/0/quantity", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":0}]}"},
    {"/orderItems/0/quantity",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1.5}]}"},
    {"/orderItems/0/quantity",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":-1}]}"},
    {"/orderItems/0/sku", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"quantity\":1}]}"},
    {"/orderItems/0/price",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":\"19,99\"}]}"},
    {"/orderItems/0/price",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":\"$5\"}]}"},
    {"/orderItems/0/price",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":\"\"}]}"},
    {"/orderItems/0/price",
     "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":\"NaN\"}]}"},
    {"/orderItems/1/price", "{\"orderNumber\":\"F-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1},"
                            "{\"sku\":\"B\",\"quantity\":1,\"price\":true}]}"},
    {"/shippingAddress", "{\"orderNumber\":\"F-1\"," ITEMS "}"},
    {"/shippingAddress", "{\"orderNumber\":\"F-1\",\"shippingAddress\":{}," ITEMS "}"},
    {"/shippingAddress", "{\"orderNumber\":\"F-1\",\"shippingAddress\":{\"name\":\"\",\"city\":null}," ITEMS "}"},
    {"/orderItems/0/price", "{\"orderNumber\":\"F-1\"," ADDRESS
                            ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1,\"price\":29.949999999999999}]}"},
    {"/shippingAddress", "{\"orderNumber\":\"F-1\",\"shippingAddress\":\"here\"," ITEMS "}"},
    {"/orderedAt", "{\"orderNumber\":\"F-1\",\"orderedAt\":\"2026-01-31T12:00:00\"," ADDRESS "," ITEMS "}"},
    {"/orderedAt", "{\"orderNumber\":\"F-1\",\"orderedAt\":\"yesterday\"," ADDRESS "," ITEMS "}"},
    {"/orderedAt", "{\"orderNumber\":\"F-1\",\"orderedAt\":\"2026-02-30T12:00:00Z\"," ADDRESS "," ITEMS "}"},
    {"/orderTotal", "{\"orderNumber\":\"F-1\",\"orderTotal\":\"19,99\"," ADDRESS "," ITEMS "}"},
    {"/lineItems", "{\"orderNumber\":\"F-1\",\"lineItems\":[]," ADDRESS "," ITEMS "}"},
};

static void an_order_with_a_fault_is_refused_with_its_path(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        flx_blob *receipt = NULL;
        flx_error *err = NULL;

        check_about("row %zu, %s", i, faulty[i].path);
        CHECK_STATUS(FLX_E_ORDER, flx_order_submit(client, faulty[i].order, FLX_NUL, &receipt, &err));
        CHECK(receipt == NULL);
        CHECK(names_fault(err, faulty[i].path));
        CHECK_TEXT(faulty[i].path, error_text(err, FLX_ERROR_PATH));
        CHECK(error_text(err, FLX_ERROR_MESSAGE) && *error_text(err, FLX_ERROR_MESSAGE));
        flx_error_free(err);
    }
    check_about(NULL);

    /* Nothing was stored, nothing is sent. */
    flx_blob *list = NULL;
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    CHECK_TEXT("[]", blob_text(list));
    flx_blob_free(list);
    flush_all(client);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
}

static void the_check_reports_the_same_faults(struct sandbox *hub)
{
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        flx_blob *blob = NULL;
        json_t *report, *fault;
        size_t j;
        int found = 0;

        check_about("row %zu, %s", i, faulty[i].path);
        REQUIRE_STATUS(FLX_OK, flx_order_check(faulty[i].order, FLX_NUL, &blob, NULL));
        report = take_json(blob);
        CHECK(json_is_false(json_object_get(report, "ok")));
        json_array_foreach(json_object_get(report, "faults"), j, fault)
            found |= member(fault, "path") && strcmp(member(fault, "path"), faulty[i].path) == 0;
        check_about("row %zu, %s", i, faulty[i].path);
        CHECK(found);
        json_decref(report);
    }
}

static void all_faults_are_told_at_once(struct sandbox *hub)
{
    static const char bad[] =
        "{\"orderedAt\":\"now\",\"orderItems\":[{\"quantity\":0,\"sku\":\"A\",\"price\":\"19,99\"}]}";
    flx_client *client = open_client(hub);
    flx_error *err = NULL;

    CHECK_STATUS(FLX_E_ORDER, flx_order_submit(client, bad, FLX_NUL, NULL, &err));
    CHECK(names_fault(err, "/orderNumber"));
    CHECK(names_fault(err, "/orderedAt"));
    CHECK(names_fault(err, "/shippingAddress"));
    CHECK(names_fault(err, "/orderItems/0/quantity"));
    CHECK(names_fault(err, "/orderItems/0/price"));
    flx_error_free(err);
    flx_client_close(client);
}

static void text_that_is_no_json_is_refused(struct sandbox *hub)
{
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "{}}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":NaN}",
        "tru",
    };
    flx_client *client = open_client(hub);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        flx_error *err = NULL;

        check_about("%s", texts[i]);
        CHECK_ERROR(FLX_E_JSON, flx_order_submit(client, texts[i], FLX_NUL, NULL, &err), err);
    }
    flx_client_close(client);
}

/* S-04: the fault leads to the field, whether the text is not JSON or not even UTF-8. */
static void a_character_that_cannot_be_is_told_with_its_path(struct sandbox *hub)
{
    static const struct {
        int32_t want;
        const char *title;
    } rows[] = {{FLX_E_JSON, "\\u0000"}, {FLX_E_JSON, "\\ud83d"}, {FLX_E_UTF8, "\xed\xa0\xbd"}, {FLX_E_UTF8, "\xff"}};
    flx_client *client = open_client(hub);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;
        char text[256];

        check_about("%s", rows[i].title);
        snprintf(text, sizeof text,
                 "{\"orderNumber\":\"C-1\"," ADDRESS
                 ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":1},{\"title\":\"Gift %s\"}]}",
                 rows[i].title);
        CHECK_STATUS(rows[i].want, flx_order_submit(client, text, FLX_NUL, NULL, &err));
        CHECK_TEXT("/orderItems/1/title", error_text(err, FLX_ERROR_PATH));
        flx_error_free(err);
    }
    flx_client_close(client);
}

static void input_is_judged_by_its_value(struct sandbox *hub)
{
    static const char *const rows[] = {
        "{\"orderNumber\":\"V-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":2,\"price\":\"19.99\"}]}",
        "{\"orderNumber\":\"V-1\"," ADDRESS
        ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":2.0000,\"price\":19.990000000}]}",
        "{\"orderNumber\":\"V-1\"," ADDRESS
        ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":\"2.0\",\"price\":\"19.990000000\"}]}",
        "{\"orderNumber\":\"V-1\"," ADDRESS ",\"note\":\"\",\"tags\":[],\"billingAddress\":[],\"extra\":[],"
        "\"orderItems\":[{\"sku\":\"A\",\"quantity\":2,\"price\":\"19.99\",\"title\":null}]}",
    };
    flx_client *client = open_client(hub);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_blob *receipt = NULL;
        json_t *json;

        check_about("%s", rows[i]);
        REQUIRE_STATUS(FLX_OK, flx_order_submit(client, rows[i], FLX_NUL, &receipt, NULL));
        json = take_json(receipt);
        CHECK_INT(i == 0, json_is_true(json_object_get(json, "new")));
        CHECK_INT(1, json_integer_value(json_object_get(json, "revision")));
        json_decref(json);
    }
    flx_client_close(client);
}

static void the_check_gives_warnings_and_they_hold_nothing_back(struct sandbox *hub)
{
    static const char odd[] =
        "{\"orderNumber\":\"W-1\",\"orderTotal\":\"-1\",\"shippingAddress\":{\"name\":\"Robin Example\","
        "\"countryCode\":\"usa\"}," ITEMS "}";
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    json_t *report, *warnings;

    REQUIRE_STATUS(FLX_OK, flx_order_check(odd, FLX_NUL, &blob, NULL));
    report = take_json(blob);
    warnings = json_object_get(report, "warnings");
    CHECK(json_is_true(json_object_get(report, "ok")));
    CHECK_INT(2, json_array_size(warnings));
    CHECK_TEXT("/orderTotal", member(json_array_get(warnings, 0), "path"));
    CHECK_TEXT("/shippingAddress/countryCode", member(json_array_get(warnings, 1), "path"));
    json_decref(report);
    CHECK_STATUS(FLX_OK, flx_order_submit(client, odd, FLX_NUL, NULL, NULL));
    flx_client_close(client);
}

static void a_deep_or_large_order_is_refused(struct sandbox *hub)
{
    enum { deep = 5000, large = 3 << 20 };
    flx_client *client = open_client(hub);
    char *text = malloc(large + 64);
    flx_error *err = NULL;
    int32_t status;

    REQUIRE(text);
    memset(text, '[', deep);
    memset(text + deep, ']', deep);
    CHECK_ERROR(FLX_E_JSON, flx_order_submit(client, text, 2 * deep, NULL, &err), err);

    memset(text, ' ', large);
    text[0] = '{';
    text[large - 1] = '}';
    status = flx_order_submit(client, text, large, NULL, &err);
    check_error(__FILE__, __LINE__, FLX_E_TOO_LARGE, status, err, "an order of 3 MiB");
    free(text);
    flx_client_close(client);
}

static void a_good_order_is_queued_and_its_repeat_is_not_new(struct sandbox *hub)
{
    /* The same content in another order and spelling. */
    static const char first[] = "{\"orderNumber\":\"G-1\"," ADDRESS ",\"orderItems\":[{\"sku\":\"A\",\"quantity\":2,"
                                "\"price\":\"19.90\"}]}";
    static const char again[] =
        "{ \"orderItems\" : [ {\"price\":19.9, \"quantity\":2, \"sku\":\"\\u0041\"} ],\n " ADDRESS
        ", \"orderNumber\":\"G-1\" }";
    flx_client *client = open_client(hub);
    flx_blob *receipt = NULL;
    json_t *json;

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, first, FLX_NUL, &receipt, NULL));
    json = take_json(receipt);
    CHECK_TEXT("G-1", member(json, "number"));
    CHECK_TEXT("queued", member(json, "state"));
    CHECK(json_is_true(json_object_get(json, "new")));
    json_decref(json);

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, again, FLX_NUL, &receipt, NULL));
    json = take_json(receipt);
    CHECK_TEXT("queued", member(json, "state"));
    CHECK(json_is_false(json_object_get(json, "new")));
    json_decref(json);
    flx_client_close(client);
}

static void a_number_takes_other_content_until_it_may_be_at_the_hub(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    char text[512], *digit;
    flx_error *err = NULL;
    flx_blob *blob = NULL;
    json_t *json;

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "C-1"), FLX_NUL, NULL, NULL));
    digit = strstr(text, "19.99");
    REQUIRE(digit);
    digit[4] = '8';
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, text, FLX_NUL, &blob, NULL));
    json = take_json(blob);
    CHECK(json_is_false(json_object_get(json, "new")));
    CHECK_INT(2, json_integer_value(json_object_get(json, "revision")));
    json_decref(json);
    REQUIRE_STATUS(FLX_OK, flx_flush(client, 20000, NULL, NULL));
    digit[4] = '7';
    CHECK_ERROR(FLX_E_CONFLICT, flx_order_submit(client, text, FLX_NUL, NULL, &err), err);

    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &blob, NULL));
    json = take_json(blob);
    CHECK_INT(1, json_array_size(json));
    json_decref(json);
    CHECK_INT(1, hub_orders(hub, "C-1"));
    flx_client_close(client);
}

static void a_submitted_order_outlives_its_client(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    char text[512];
    flx_blob *list = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "O-1"), FLX_NUL, NULL, NULL));
    flx_client_close(client);

    client = open_client_in(hub, directory);
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    CHECK(strstr(blob_text(list), "\"O-1\"") != NULL);
    flx_blob_free(list);
    flx_client_close(client);
}

const struct test orders_tests[] = {
    TEST(an_order_with_a_fault_is_refused_with_its_path),
    TEST(the_check_reports_the_same_faults),
    TEST(all_faults_are_told_at_once),
    TEST(text_that_is_no_json_is_refused),
    TEST(a_character_that_cannot_be_is_told_with_its_path),
    TEST(input_is_judged_by_its_value),
    TEST(the_check_gives_warnings_and_they_hold_nothing_back),
    TEST(a_deep_or_large_order_is_refused),
    TEST(a_good_order_is_queued_and_its_repeat_is_not_new),
    TEST(a_number_takes_other_content_until_it_may_be_at_the_hub),
    TEST(a_submitted_order_outlives_its_client),
    END_OF_TESTS,
};
