/* Record views of records that are made here: with all fields that a struct knows, with none, and with every second. */
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Making records ---- */

/* Which fields a record gets: those whose number in their table has this bit; or all, or none. */
#define ALL (-1)
#define NONE (-2)

static int wants(int which, size_t number)
{
    return which == ALL || (which >= 0 && (number >> which & 1));
}

/* The objects that the one being made stands in. */
struct outer {
    const struct shape *shape;
    const struct outer *outer;
};

/* Parents and variants hold each other once; categories stand in each other three deep. */
static int is_too_deep(const struct shape *shape, const struct outer *outer)
{
    int times = 0, most = strcmp(shape->name, "flx_category") == 0 ? 3 : 1;

    for (; outer; outer = outer->outer)
        times += outer->shape == shape;
    return times >= most;
}

/* Every value differs from all others, so that no field can pass for another. */
static int next_value;

static json_t *make_text(const char *name)
{
    return json_sprintf("%s %d \"\u00e9\\", name, ++next_value);
}

static json_t *make_instant(void)
{
    ++next_value;
    return json_sprintf("2026-01-%02dT%02d:%02d:%02dZ", 1 + next_value / 86400 % 28, next_value / 3600 % 24,
                        next_value / 60 % 60, next_value % 60);
}

static json_t *make_object(const struct shape *shape, int which, const struct outer *outer);

static json_t *make_value(const struct field *field, int which, const struct outer *outer)
{
    json_t *value = NULL;

    switch (field->kind) {
    case TEXT:
        return make_text(field->name);
    case DECIMAL: /* as the hub writes it, or as text */
        return ++next_value % 2 ? json_real(next_value + 0.25) : json_sprintf("%d.50", next_value);
    case NUMBER:
        return json_integer(INT64_C(9007199254740993) + ++next_value); /* more than a double holds */
    case FLAG:
        return json_true();
    case INSTANT:
        return make_instant();
    case HANDLE:
    case OBJECT:
        return make_object(field->shape, which, outer);
    case LIST:
    case TEXTS:
        value = json_array();
        for (int i = 0; i < 2; i++)
            json_array_append_new(value,
                                  field->kind == LIST ? make_object(field->shape, which, outer) : make_text("tag"));
    }
    return value;
}

/* Puts a value at a pointer of one or two steps. */
static void put(json_t *object, const char *pointer, json_t *value)
{
    const char *last = strrchr(pointer, '/');
    char first[64];

    if (last == pointer) {
        json_object_set_new(object, pointer + 1, value);
        return;
    }
    snprintf(first, sizeof first, "%.*s", (int)(last - pointer - 1), pointer + 1);
    if (!json_object_get(object, first))
        json_object_set_new(object, first, json_object());
    json_object_set_new(json_object_get(object, first), last + 1, value);
}

static json_t *make_object(const struct shape *shape, int which, const struct outer *outer)
{
    struct outer here = {shape, outer};
    json_t *object = json_object();

    for (size_t i = 0; shape->fields[i].name; i++) {
        const struct field *field = &shape->fields[i];
        if (wants(which, i) && !(field->shape && is_too_deep(field->shape, &here)))
            put(object, field->pointer, make_value(field, which, &here));
    }
    return object;
}

/* A page with one record after the other, as the hub's only answer to `operation`. */
static flx_page *page_of(struct sandbox *hub, flx_client *client, int32_t feed, const char *operation, json_t *records)
{
    char *body = json_dumps(records, JSON_COMPACT);
    json_t *fault = json_pack("{s:s, s:s, s:s}", "do", "body", "operation", operation, "text", body);
    char *text = json_dumps(fault, JSON_COMPACT);
    flx_pull *pull;
    flx_page *page;

    REQUIRE(body && text);
    json_decref(hub_ask(hub, "POST", "/_admin/faults", text));
    pull = open_pull(client, feed, NULL);
    page = next_page(pull);
    flx_pull_close(pull);
    json_decref(fault);
    free(body);
    free(text);
    return page;
}

/* ---- Tests ---- */

static const struct {
    int32_t feed;
    const char *operation;
    const struct shape *shape;
} feeds[] = {
    {FLX_FEED_LISTINGS, "getListingVariants", &variant_shape},
    {FLX_FEED_LISTINGS_TO_SYNC, "getListingVariants", &variant_shape},
    {FLX_FEED_LISTINGS_TO_PUBLISH, "getListingParents", &parent_shape},
    {FLX_FEED_ORDERS, "listOrders", &order_shape},
    {FLX_FEED_SHIPMENTS, "listShipments", &shipment_shape},
    {FLX_FEED_RETURNS, "listReturns", &return_shape},
};

/*
 * Each field, deep down too, is read into its own member with its own bit. Of any two fields of a struct one of the
 * records has exactly one, since their numbers differ in some bit.
 */
static void every_field_is_read_and_absent_when_it_is_absent(struct sandbox *hub)
{
    flx_client *client = open_client(hub);

    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        json_t *records = json_array();
        flx_page *page;

        for (int which = NONE; which < 6; which++) {
            json_t *record = make_object(feeds[i].shape, which, NULL);
            json_object_set_new(record, "id", json_integer(1000 + which)); /* without the two there is no record */
            if (!json_object_get(record, "sku"))
                json_object_set_new(record, "sku", make_text("sku"));
            json_array_append_new(records, record);
        }
        page = page_of(hub, client, feeds[i].feed, feeds[i].operation, records);
        REQUIRE(page);
        CHECK_INT(json_array_size(records), compare_page(page, feeds[i].feed, feeds[i].shape));
        flx_page_free(page);
        json_decref(records);
    }
    flx_client_close(client);
}

/* With every field there, every bit of the struct is set, and no two fields share one. */
static void no_two_fields_of_a_struct_share_a_bit(struct sandbox *hub)
{
    (void)hub;
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++)
        for (const struct field *outer = feeds[i].shape->fields; outer->name; outer++) {
            uint32_t seen = 0;
            for (const struct field *field = outer->shape ? outer->shape->fields : feeds[i].shape->fields; field->name;
                 field++) {
                check_about("%s of %s", field->name, outer->shape ? outer->shape->name : feeds[i].shape->name);
                CHECK((seen & field->bit) == 0);
                seen |= field->bit;
            }
        }
}

/* contract 1.9: statuses and units may come as plain text. */
static void a_handle_may_be_plain_text(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    json_t *records = json_pack("[{s:i, s:s, s:s, s:s}, {s:i, s:{s:s}, s:[], s:n}]", "id", 1, "weightUnit", "lb",
                                "listingStatus", "listed", "changeToListingStatus", "hidden", "id", 2, "weightUnit",
                                "name", "Pound", "listingStatus", "changeToListingStatus");
    flx_page *page = page_of(hub, client, FLX_FEED_LISTINGS, "getListingVariants", records);
    const flx_listing_variant *plain = flx_page_listing_variant(page, 0), *none = flx_page_listing_variant(page, 1);

    REQUIRE(plain && plain->weight_unit && plain->status && plain->change_to && none);
    CHECK_TEXT("lb", plain->weight_unit->handle.p);
    CHECK(plain->weight_unit->name.p == NULL);
    CHECK_INT(sizeof *plain->weight_unit, plain->weight_unit->size);
    CHECK_TEXT("listed", plain->status->handle.p);
    CHECK_TEXT("hidden", plain->change_to->handle.p);
    CHECK(!none->weight_unit && !none->status && !none->change_to);
    flx_page_free(page);
    json_decref(records);
    flx_client_close(client);
}

/* A value is laid out once, however often it is asked for. */
static void a_value_is_given_again(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    json_t *records =
        json_pack("[{s:i, s:s}, {s:i, s:s}]", "id", 1, "sku", "same \"sku\"", "id", 2, "sku", "same \"sku\"");
    flx_page *page = page_of(hub, client, FLX_FEED_LISTINGS, "getListingVariants", records);
    const char *first = NULL, *again = NULL, *other = NULL;
    size_t n = 0;

    REQUIRE(page);
    CHECK_STATUS(FLX_OK, flx_record_get(page, 0, "/sku", FLX_NUL, &first, &n));
    CHECK_TEXT("same \"sku\"", first);
    CHECK_INT(strlen(first), n);
    CHECK_STATUS(FLX_OK, flx_record_get(page, 0, "/sku", FLX_NUL, &again, &n));
    CHECK(again == first);
    CHECK_STATUS(FLX_OK, flx_record_get(page, 1, "/sku", FLX_NUL, &other, &n));
    CHECK(other != first);
    CHECK_TEXT("same \"sku\"", other);
    flx_page_free(page);
    json_decref(records);
    flx_client_close(client);
}

const struct test records_tests[] = {
    TEST(every_field_is_read_and_absent_when_it_is_absent),
    TEST(no_two_fields_of_a_struct_share_a_bit),
    TEST(a_handle_may_be_plain_text),
    TEST(a_value_is_given_again),
    END_OF_TESTS,
};
