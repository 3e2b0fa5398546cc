/* Error objects: complete, immutable, readable without knowing what went wrong. */
#include "hub.h"

#include <string.h>

/* An error with several faults, from a call that touches nothing. */
static flx_error *an_error(void)
{
    flx_config *config = NULL;
    flx_error *err = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_new(&config, NULL));
    REQUIRE_STATUS(FLX_E_CONFIG, flx_config_set_json(config, "{\"tokn\":\"x\",\"chanel\":\"y\"}", FLX_NUL, &err));
    flx_config_free(config);
    REQUIRE(err);
    return err;
}

static void every_part_of_an_error_is_text_with_a_nul(struct sandbox *hub)
{
    flx_error *err = an_error();

    for (int32_t part = FLX_ERROR_MESSAGE; part <= FLX_ERROR_HUB_SAID; part++) {
        const char *p = NULL;
        size_t n = SIZE_MAX;

        check_about("part %d", (int)part);
        CHECK_STATUS(FLX_OK, flx_error_view(err, part, &p, &n));
        REQUIRE(p);
        CHECK_INT(strlen(p), n);
    }
    flx_error_free(err);
}

static void an_unknown_part_is_refused(struct sandbox *hub)
{
    static const int32_t parts[] = {0, -1, FLX_ERROR_HUB_SAID + 1, INT32_MIN, INT32_MAX};
    flx_error *err = an_error();

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *p = "";
        size_t n = 1;

        CHECK_STATUS(FLX_E_ARGUMENT, flx_error_view(err, parts[i], &p, &n));
        CHECK(p == NULL);
        CHECK_INT(0, n);
        CHECK_INT(0, flx_error_number(err, parts[i]));
    }
    flx_error_free(err);
}

static void the_json_of_an_error_has_all_of_it(struct sandbox *hub)
{
    flx_error *err = an_error();
    json_t *json = json_loads(error_text(err, FLX_ERROR_JSON), JSON_REJECT_DUPLICATES, NULL);

    REQUIRE(json);
    CHECK_INT(FLX_E_CONFIG, json_integer_value(json_object_get(json, "code")));
    CHECK_TEXT("FLX_E_CONFIG", member(json, "name"));
    CHECK_TEXT(error_text(err, FLX_ERROR_MESSAGE), member(json, "message"));
    CHECK_INT(2, json_array_size(json_object_get(json, "faults")));
    json_decref(json);
    flx_error_free(err);
}

static void an_error_of_use_says_that_a_repeat_is_of_no_use(struct sandbox *hub)
{
    flx_error *err = an_error();

    CHECK_INT(0, flx_error_number(err, FLX_ERROR_HTTP_STATUS));
    CHECK_INT(FLX_VERDICT_NONE, flx_error_number(err, FLX_ERROR_VERDICT));
    CHECK_INT(0, flx_error_number(err, FLX_ERROR_RETRYABLE));
    CHECK_INT(-1, flx_error_number(err, FLX_ERROR_RETRY_AFTER_MS));
    flx_error_free(err);
}

static void no_error_is_ok(struct sandbox *hub)
{
    CHECK_STATUS(FLX_OK, flx_error_code(NULL));
    for (int32_t what = 0; what <= FLX_ERROR_FATAL + 1; what++)
        CHECK_INT(0, flx_error_number(NULL, what));
    flx_error_free(NULL);
    flx_blob_free(NULL);
    flx_page_free(NULL);
    flx_pull_close(NULL);
    flx_client_close(NULL);
    flx_config_free(NULL);
    flx_order_builder_free(NULL);
    flx_cancel_fire(NULL);
    flx_cancel_reset(NULL);
    flx_cancel_free(NULL);
}

/* A success says so in the error pointer too: what stood there before is overwritten, never read. */
static void success_leaves_no_error(struct sandbox *hub)
{
    flx_error *err = (flx_error *)(void *)&hub;
    flx_blob *blob = NULL;

    CHECK_STATUS(FLX_OK, flx_describe("build", FLX_NUL, &blob, &err));
    CHECK(err == NULL);
    flx_blob_free(blob);
}

static void a_transport_error_says_when_to_try_again(struct sandbox *hub)
{
    char url[40];
    flx_client *client;
    flx_blob *out = NULL;
    flx_error *err = NULL;

    closed_hub(url);
    client = open_config(new_config_at(hub, NULL, url));

    CHECK_STATUS(FLX_E_CONNECT, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 8000, &out, &err));
    CHECK(out == NULL);
    CHECK_INT(1, flx_error_number(err, FLX_ERROR_RETRYABLE));
    CHECK_INT(0, flx_error_number(err, FLX_ERROR_HTTP_STATUS));
    CHECK_TEXT("getListingVariantsCount", error_text(err, FLX_ERROR_OPERATION));
    flx_error_free(err);
    flx_client_close(client);
}

static void the_token_is_in_no_error(struct sandbox *hub)
{
    static const char secret[] = "very-secret-token-of-the-abi-tests";
    flx_config *config = new_config(hub, NULL);
    flx_client *client;
    flx_blob *out = NULL;
    flx_error *err = NULL;

    set(config, "token", secret);
    set(config, "rate_limit.dir", new_directory(hub));
    client = open_config(config);
    CHECK_STATUS(FLX_E_TOKEN, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 8000, &out, &err));
    CHECK_INT(401, flx_error_number(err, FLX_ERROR_HTTP_STATUS));
    CHECK(strstr(error_text(err, FLX_ERROR_JSON), secret) == NULL);
    flx_error_free(err);
    flx_client_close(client);
}

/* What the hub says may name a buyer: it stands in a part of its own, and nowhere else. */
static void the_hubs_words_stand_apart(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *out = NULL, *logs = NULL;
    flx_error *err = NULL;

    json_decref(hub_ask(hub, "POST", "/_admin/faults",
                        "{\"do\":\"status\",\"operation\":\"getListingVariantsCount\",\"status\":400,"
                        "\"error\":\"no count for Jane Buyer\"}"));
    CHECK_STATUS(FLX_E_REFUSED, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 8000, &out, &err));
    CHECK(strstr(error_text(err, FLX_ERROR_HUB_SAID), "Jane Buyer"));
    CHECK(!strstr(error_text(err, FLX_ERROR_MESSAGE), "Jane"));
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), "getListingVariantsCount"));
    CHECK(!strstr(error_text(err, FLX_ERROR_JSON), "Jane"));
    CHECK_STATUS(FLX_OK, flx_client_logs(client, &logs, NULL));
    CHECK(!strstr(blob_text(logs), "Jane"));
    flx_blob_free(logs);
    flx_error_free(err);
    flx_client_close(client);
}

static int has_path(flx_error *err, const char *wanted)
{
    const char *path = "";
    size_t n = 0;
    flx_error_view(err, FLX_ERROR_PATH, &path, &n);
    int is_so = n == strlen(wanted) && memcmp(path, wanted, n) == 0;
    flx_error_free(err);
    return is_so;
}

static void an_error_of_the_builder_has_the_path_of_the_field(struct sandbox *hub)
{
    flx_order_builder *builder = NULL;
    flx_error *err = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-6", FLX_NUL, &builder, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_builder_add_item(builder, "A", FLX_NUL, 1, NULL, 0, NULL));
    CHECK_STATUS(FLX_E_UTF8, flx_order_builder_set(builder, "/shippingAddress/city", FLX_NUL, "\xff", 1, &err));
    CHECK(has_path(err, "/shippingAddress/city"));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_order_builder_set(builder, "/orderItems/7/sku", FLX_NUL, "x", FLX_NUL, &err));
    CHECK(has_path(err, "/orderItems/7/sku"));
    CHECK_STATUS(FLX_E_UTF8, flx_order_builder_add_item(builder, "\xff", 1, 1, NULL, 0, &err));
    CHECK(has_path(err, "/orderItems/1/sku"));
    CHECK_STATUS(FLX_E_UTF8, flx_order_builder_add_item(builder, "B", 1, 1, "\xff", 1, &err));
    CHECK(has_path(err, "/orderItems/1/price"));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_order_builder_add_item(builder, "B", 1, 0, NULL, 0, &err));
    CHECK(has_path(err, "/orderItems/1/quantity"));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_order_builder_set(builder, "no pointer", FLX_NUL, "x", FLX_NUL, &err));
    CHECK(has_path(err, "path"));
    flx_order_builder_free(builder);
}

const struct test errors_tests[] = {
    TEST(every_part_of_an_error_is_text_with_a_nul),
    TEST(an_unknown_part_is_refused),
    TEST(the_json_of_an_error_has_all_of_it),
    TEST(an_error_of_use_says_that_a_repeat_is_of_no_use),
    TEST(no_error_is_ok),
    TEST(success_leaves_no_error),
    TEST(a_transport_error_says_when_to_try_again),
    TEST(the_token_is_in_no_error),
    TEST(the_hubs_words_stand_apart),
    TEST(an_error_of_the_builder_has_the_path_of_the_field),
    END_OF_TESTS,
};
