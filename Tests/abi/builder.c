/* Orders in, field by field: what is built equals what is written, and is checked like it. */
#define _GNU_SOURCE
#include "hub.h"

#include <string.h>

static void a_built_order_equals_the_written_one(struct sandbox *hub)
{
    static const char *const fields[][2] = {
        {"/orderedAt", "2026-01-31T12:00:00Z"},     {"/shippingText", "Standard"},
        {"/shippingAddress/name", "Robin Example"}, {"/shippingAddress/addressLine1", "1 Sample Street"},
        {"/shippingAddress/city", "Springfield"},   {"/shippingAddress/postal", "00000"},
        {"/shippingAddress/countryCode", "US"},
    };
    flx_client *client = open_client(hub);
    flx_order_builder *builder = NULL;
    flx_blob *receipt = NULL;
    char text[512];
    json_t *json;

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "B-1"), FLX_NUL, NULL, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-1", FLX_NUL, &builder, NULL));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        check_about("%s", fields[i][0]);
        CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, fields[i][0], FLX_NUL, fields[i][1], FLX_NUL, NULL));
    }
    check_about(NULL);
    CHECK_STATUS(FLX_OK, flx_order_builder_add_item(builder, "NO-SUCH-SKU", FLX_NUL, 2, "19.99", FLX_NUL, NULL));

    /* Its digest is that of the written order, so it is no conflict and not new. */
    REQUIRE_STATUS(FLX_OK, flx_order_builder_submit(client, builder, &receipt, NULL));
    json = take_json(receipt);
    CHECK(json_is_false(json_object_get(json, "new")));
    json_decref(json);
    flx_order_builder_free(builder);
    flx_client_close(client);
}

static void items_may_be_set_field_by_field(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_order_builder *builder = NULL;
    flx_error *err = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-2", FLX_NUL, &builder, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/shippingAddress/name", FLX_NUL, "R", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/sku", FLX_NUL, "A", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/quantity", FLX_NUL, "2", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/quantity", FLX_NUL, "3", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/1/sku", FLX_NUL, "B", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/1/quantity", FLX_NUL, "1", FLX_NUL, NULL));
    CHECK_ERROR(FLX_E_ARGUMENT, flx_order_builder_set(builder, "/orderItems/3/sku", FLX_NUL, "D", FLX_NUL, &err), err);
    CHECK_STATUS(FLX_OK, flx_order_builder_submit(client, builder, NULL, NULL));
    flx_order_builder_free(builder);
    flx_client_close(client);
}

static void a_path_that_is_no_pointer_is_refused(struct sandbox *hub)
{
    static const char *const paths[] = {"",
                                        "note",
                                        "/a~2b",
                                        "/a~",
                                        "/orderItems/-1/sku",
                                        "/orderItems/01/sku",
                                        "/note/x/",
                                        "/orderItems/x/sku",
                                        "/orderItems/99999999999999999999/sku"};
    flx_order_builder *builder = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-3", FLX_NUL, &builder, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_builder_set(builder, "/note", FLX_NUL, "n", FLX_NUL, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_builder_add_item(builder, "A", FLX_NUL, 1, NULL, 0, NULL));
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        flx_error *err = NULL;

        check_about("%s", paths[i]);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_order_builder_set(builder, paths[i], FLX_NUL, "x", FLX_NUL, &err), err);
    }
    flx_order_builder_free(builder);
}

static void a_builder_without_lines_is_refused_at_submit(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_order_builder *builder = NULL;
    flx_error *err = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-4", FLX_NUL, &builder, NULL));
    CHECK_STATUS(FLX_E_ORDER, flx_order_builder_submit(client, builder, NULL, &err));
    CHECK(names_fault(err, "/orderItems"));
    flx_error_free(err);

    /* A wrong price is found at submit too, and the builder stays usable. */
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/shippingAddress/name", FLX_NUL, "R", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/sku", FLX_NUL, "A", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/quantity", FLX_NUL, "1", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/price", FLX_NUL, "19,99", FLX_NUL, NULL));
    CHECK_STATUS(FLX_E_ORDER, flx_order_builder_submit(client, builder, NULL, &err));
    CHECK(names_fault(err, "/orderItems/0/price"));
    flx_error_free(err);
    CHECK_STATUS(FLX_OK, flx_order_builder_set(builder, "/orderItems/0/price", FLX_NUL, "19.99", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_order_builder_submit(client, builder, NULL, NULL));
    flx_order_builder_free(builder);
    flx_client_close(client);
}

static void a_quantity_below_one_is_refused(struct sandbox *hub)
{
    static const int64_t quantities[] = {0, -1, INT64_MIN};
    flx_order_builder *builder = NULL;

    REQUIRE_STATUS(FLX_OK, flx_order_builder_new("B-5", FLX_NUL, &builder, NULL));
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        flx_error *err = NULL;
        CHECK_ERROR(FLX_E_ARGUMENT, flx_order_builder_add_item(builder, "A", FLX_NUL, quantities[i], NULL, 0, &err),
                    err);
    }
    flx_order_builder_free(builder);
}

const struct test builder_tests[] = {
    TEST(a_built_order_equals_the_written_one), TEST(items_may_be_set_field_by_field),
    TEST(a_path_that_is_no_pointer_is_refused), TEST(a_builder_without_lines_is_refused_at_submit),
    TEST(a_quantity_below_one_is_refused),      END_OF_TESTS,
};
