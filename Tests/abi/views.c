/* Record views: every field of every struct equals what flx_record_get() and the record's JSON say, for whole feeds. */
#define _GNU_SOURCE
#include "hub.h"
#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Comparing ---- */

struct record {
    const flx_page *page;
    size_t index;
};

/* How often a field was there, so that a feed which never has one is noticed. */
static size_t present_fields, absent_fields;

/* Gives the text that the record has at a path, or {NULL, 0}. */
static flx_text at_path(const struct record *record, const char *path)
{
    flx_text text = {NULL, 0};
    int32_t status = flx_record_get(record->page, record->index, path, FLX_NUL, &text.p, &text.n);

    CHECK(status == FLX_OK || status == FLX_E_NOT_FOUND);
    CHECK((status == FLX_OK) == (text.p != NULL));
    if (text.p)
        CHECK_INT(0, text.p[text.n]);
    return text;
}

static void compare_text(flx_text want, flx_text got)
{
    if ((want.p == NULL) != (got.p == NULL)) {
        CHECK((want.p == NULL) == (got.p == NULL));
        return;
    }
    CHECK_INT(want.n, got.n);
    if (got.p && want.n == got.n) {
        CHECK(memcmp(want.p, got.p, want.n) == 0);
        CHECK_INT(0, got.p[got.n]);
    }
}

/* A decimal read once more, by hand: digits without their point, and how many stood behind it. */
static void compare_decimal(flx_text want, const flx_decimal *got)
{
    int64_t unscaled = 0;
    int32_t scale = 0, behind = 0;
    size_t digits = 0;

    compare_text(want, got->text);
    if (!want.p) {
        CHECK(got->fits == 0 && got->unscaled == 0 && got->scale == 0);
        return;
    }
    for (size_t i = 0; i < want.n; i++)
        if (want.p[i] == '.')
            behind = 1;
        else if (want.p[i] >= '0' && want.p[i] <= '9')
            unscaled = unscaled * 10 + (want.p[i] - '0'), scale += behind, digits++;
    if (digits > 17 || memchr(want.p, 'e', want.n) || memchr(want.p, 'E', want.n))
        return; /* not for this little reader */
    if (want.p[0] == '-')
        unscaled = -unscaled;
    CHECK_INT(1, got->fits);
    /* 19.90 may be 1990 / 10^2 or 199 / 10^1: compare as the same number. */
    int64_t a = unscaled, b = got->unscaled;
    CHECK(got->scale >= 0 && got->scale <= 18);
    for (int32_t i = scale; i < got->scale; i++)
        a *= 10;
    for (int32_t i = got->scale; i < scale; i++)
        b *= 10;
    CHECK_INT(a, b);
}

static int64_t instant_of(flx_text text)
{
    struct tm tm = {0};

    REQUIRE(text.p && strptime(text.p, "%Y-%m-%dT%H:%M:%SZ", &tm));
    return (int64_t)timegm(&tm) * 1000;
}

static void compare_struct(const struct record *record, const char *prefix, const struct shape *shape, const char *object);

static void compare_list(const struct record *record, const char *path, const struct field *field, const char *object)
{
    const void *const *elements = *(const void *const *const *)(const void *)(object + field->offset);
    size_t count = *(const size_t *)(const void *)(object + field->count_offset), there = 0;
    flx_text json = at_path(record, path);
    json_t *list = json.p ? json_loadb(json.p, json.n, 0, NULL) : NULL;

    there = json_array_size(list);
    json_decref(list);
    CHECK_INT(there, count);
    if (count == 0)
        return;
    present_fields++;
    REQUIRE(elements && there == count);
    for (size_t i = 0; i < count; i++) {
        char element[300];
        snprintf(element, sizeof element, "%s/%zu", path, i);
        if (!CHECK(elements[i] != NULL))
            continue;
        if (field->kind == TEXTS)
            compare_text(at_path(record, element), *(const flx_text *)elements[i]);
        else
            compare_struct(record, element, field->shape, elements[i]);
    }
}

static void compare_field(const struct record *record, const char *prefix, const struct field *field, const char *object)
{
    const void *member = object + field->offset;
    uint32_t has = *(const uint32_t *)(const void *)(object + sizeof(uint32_t));
    char path[256];
    flx_text want;

    snprintf(path, sizeof path, "%s%s", prefix, field->pointer);
    check_about("record %zu, %s (%s)", record->index, path, field->name);
    if (field->kind == LIST || field->kind == TEXTS) {
        compare_list(record, path, field, object);
        return;
    }
    want = at_path(record, path);
    if (!want.p && field->or_pointer) {
        snprintf(path, sizeof path, "%s%s", prefix, field->or_pointer);
        want = at_path(record, path);
    }
    if (want.p)
        present_fields++;
    else
        absent_fields++;
    if (field->bit)
        CHECK_INT(want.p != NULL, (has & field->bit) != 0);
    switch (field->kind) {
    case TEXT:
        compare_text(want, *(const flx_text *)member);
        break;
    case DECIMAL:
        compare_decimal(want, member);
        break;
    case NUMBER:
        CHECK_INT(want.p ? strtoll(want.p, NULL, 10) : 0, *(const int64_t *)member);
        break;
    case FLAG:
        CHECK_INT(want.p ? strcmp(want.p, "true") == 0 : 0, *(const int32_t *)member);
        break;
    case INSTANT:
        CHECK_INT(want.p ? instant_of(want) : 0, *(const int64_t *)member);
        break;
    case OBJECT: {
        const char *nested = *(const char *const *)member;
        if (CHECK((want.p != NULL) == (nested != NULL)) && nested)
            compare_struct(record, path, field->shape, nested);
        break;
    }
    case LIST:
    case TEXTS:
        break;
    }
}

static void compare_struct(const struct record *record, const char *prefix, const struct shape *shape, const char *object)
{
    uint32_t size = *(const uint32_t *)(const void *)object;
    uint32_t has = *(const uint32_t *)(const void *)(object + sizeof(uint32_t));

    check_about("record %zu, %s at '%s'", record->index, shape->name, prefix);
    CHECK_INT(shape->size, size);
    CHECK_INT(0, has & ~shape->bits);
    for (const struct field *field = shape->fields; field->name; field++)
        compare_field(record, prefix, field, object);
}

/* The view of a record for its feed, and NULL for every other kind of view. */
static const void *view_of(const flx_page *page, size_t i, const struct shape *shape)
{
    const void *variant = flx_page_listing_variant(page, i), *parent = flx_page_listing_parent(page, i);
    const void *an_order = flx_page_order(page, i), *shipment = flx_page_shipment(page, i), *a_return = flx_page_return(page, i);
    const void *const views[] = {variant, parent, an_order, shipment, a_return};
    const void *wanted = shape == &variant_shape    ? variant
                         : shape == &parent_shape   ? parent
                         : shape == &order_shape    ? an_order
                         : shape == &shipment_shape ? shipment
                                                    : a_return;
    int made = 0;

    for (size_t j = 0; j < sizeof views / sizeof *views; j++)
        made += views[j] != NULL;
    CHECK_INT(1, made);
    return wanted;
}

/* The page as JSON, as records, and as views: three ways to the same thing. */
static size_t compare_page(const flx_page *page, int32_t feed, const struct shape *shape)
{
    const char *json = NULL;
    size_t n = 0, count = flx_page_count(page);
    json_t *list;

    CHECK_INT(feed, flx_page_feed(page));
    REQUIRE_STATUS(FLX_OK, flx_page_json(page, &json, &n));
    list = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
    REQUIRE(list);
    CHECK_INT(count, json_array_size(list));
    for (size_t i = 0; i < count; i++) {
        struct record record = {page, i};
        const char *text = NULL;
        const void *view = view_of(page, i, shape);
        json_t *one;

        check_about("record %zu", i);
        CHECK_STATUS(FLX_OK, flx_record_json(page, i, &text, &n));
        one = text ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
        CHECK(one && json_equal(one, json_array_get(list, i)));
        json_decref(one);
        REQUIRE(view);
        CHECK(view == view_of(page, i, shape)); /* made once */
        compare_struct(&record, "", shape, view);
        if (check_failures() > 20)
            check_give_up(); /* one wrong field would be told a thousand times */
    }
    json_decref(list);
    check_about(NULL);
    return count;
}

static size_t compare_feed(struct sandbox *hub, int32_t feed, const char *spec, const struct shape *shape)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, feed, spec);
    flx_page *page;
    size_t records = 0;

    while ((page = next_page(pull))) {
        records += compare_page(page, feed, shape);
        flx_page_free(page);
    }
    flx_pull_close(pull);
    flx_client_close(client);
    CHECK(present_fields > absent_fields / 4); /* the comparison compared something */
    return records;
}

static void variants_of_the_whole_catalogue_read_the_same(struct sandbox *hub)
{
    CHECK(compare_feed(hub, FLX_FEED_LISTINGS, "{\"includeCustomFields\":true}", &variant_shape) >= 1000);
}

static void variants_with_their_parent_read_the_same(struct sandbox *hub)
{
    CHECK(compare_feed(hub, FLX_FEED_LISTINGS_TO_SYNC,
                       "{\"includeParent\":true,\"includeAttributes\":true,\"includeCategories\":true}", &variant_shape) > 0);
}

static void parents_to_publish_read_the_same(struct sandbox *hub)
{
    CHECK(compare_feed(hub, FLX_FEED_LISTINGS_TO_PUBLISH, NULL, &parent_shape) > 0);
}

static void orders_read_the_same(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "V-1"), FLX_NUL, NULL, NULL));
    flush_all(client);
    flx_client_close(client);
    CHECK(compare_feed(hub, FLX_FEED_ORDERS, NULL, &order_shape) > 0);
}

static void shipments_read_the_same(struct sandbox *hub)
{
    CHECK(compare_feed(hub, FLX_FEED_SHIPMENTS, NULL, &shipment_shape) > 0);
}

static void returns_read_the_same(struct sandbox *hub)
{
    CHECK(compare_feed(hub, FLX_FEED_RETURNS, NULL, &return_shape) > 0);
}

/* What must not reach the buyer is told apart, by the record's own fields. */
static void shipments_have_their_kind(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_SHIPMENTS, NULL);
    size_t kinds[4] = {0};
    flx_page *page;

    while ((page = next_page(pull))) {
        for (size_t i = 0; i < flx_page_count(page); i++) {
            struct record record = {page, i};
            const flx_shipment *shipment = flx_page_shipment(page, i);
            flx_text suppressed = at_path(&record, "/suppressed");
            int32_t want = at_path(&record, "/rmaId").p                                 ? FLX_SHIPMENT_RETURN
                           : at_path(&record, "/crossDockPurchaseOrderId").p            ? FLX_SHIPMENT_CROSS_DOCK
                           : suppressed.p && strcmp(suppressed.p, "true") == 0          ? FLX_SHIPMENT_SUPPRESSED
                                                                                        : FLX_SHIPMENT_DELIVERY;
            REQUIRE(shipment);
            CHECK_INT(want, shipment->kind);
            CHECK_INT(suppressed.p != NULL, (shipment->has & FLX_HAS_SUPPRESSED) != 0);
            if (want == shipment->kind)
                kinds[want]++;
        }
        flx_page_free(page);
    }
    for (int kind = 0; kind < 4; kind++) {
        check_about("kind %d", kind);
        CHECK(kinds[kind] > 0); /* the demo has all of them (contract 10.12) */
    }
    flx_pull_close(pull);
    flx_client_close(client);
}

/* A shipment of an order that went through this outbox names it as the host does. */
static void a_shipment_bears_the_order_number_of_the_host(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":100}");
    flx_page *page;
    char text[512], sku[64] = "";
    size_t found = 0;

    while (!*sku && (page = next_page(pull))) { /* something that can be shipped */
        for (size_t i = 0; i < flx_page_count(page) && !*sku; i++) {
            const flx_listing_variant *variant = flx_page_listing_variant(page, i);
            if (variant->quantity > 5 && variant->external_listing_id.p && !variant->change_to && !variant->paused)
                snprintf(sku, sizeof sku, "%s", variant->sku.p);
        }
        flx_page_free(page);
    }
    flx_pull_close(pull);
    REQUIRE(*sku);
    snprintf(text, sizeof text,
             "{\"orderNumber\":\"V-2\",\"shippingText\":\"Standard\",\"shippingAddress\":{\"name\":\"Robin Example\"},"
             "\"orderItems\":[{\"sku\":\"%s\",\"quantity\":1,\"price\":\"5.00\"}]}",
             sku);
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, text, FLX_NUL, NULL, NULL));
    flush_all(client);
    json_decref(hub_ask(hub, "POST", "/_admin/ship", "{\"order_number\":\"V-2\"}"));

    pull = open_pull(client, FLX_FEED_SHIPMENTS, NULL);
    while ((page = next_page(pull))) {
        for (size_t i = 0; i < flx_page_count(page); i++) {
            const flx_shipment *shipment = flx_page_shipment(page, i);
            if (shipment->order_number.p) {
                CHECK_TEXT("V-2", shipment->order_number.p);
                CHECK(shipment->tracking_number.p && *shipment->tracking_number.p);
                found++;
            }
        }
        flx_page_free(page);
    }
    CHECK(found >= 1);
    flx_pull_close(pull);
    flx_client_close(client);
}

/* ---- Paths ---- */

static void a_path_that_leads_nowhere_is_not_found(struct sandbox *hub)
{
    static const char *const nowhere[] = {"/nothing", "/id/deeper", "/images/100000", "/images/-", "/images/x",
                                          "/images/99999999999999999999", "/sku/0"};
    static const char *const no_pointer[] = {"id", "images/0", "/~", "/~2", "/id~"};
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3}");
    flx_page *page = next_page(pull);
    const char *p, *whole;
    size_t n, whole_n;

    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        p = "";
        check_about("%s", nowhere[i]);
        CHECK_STATUS(FLX_E_NOT_FOUND, flx_record_get(page, 0, nowhere[i], FLX_NUL, &p, &n));
        CHECK(p == NULL && n == 0);
    }
    for (size_t i = 0; i < sizeof no_pointer / sizeof *no_pointer; i++) {
        check_about("%s", no_pointer[i]);
        CHECK_STATUS(FLX_E_ARGUMENT, flx_record_get(page, 0, no_pointer[i], FLX_NUL, &p, &n));
    }
    check_about(NULL);

    /* The empty pointer is the record itself (RFC 6901). */
    CHECK_STATUS(FLX_OK, flx_record_get(page, 0, "", 0, &p, &n));
    CHECK_STATUS(FLX_OK, flx_record_json(page, 0, &whole, &whole_n));
    CHECK_TEXT_N(p, whole, whole_n);
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

static void views_stay_while_their_page_does(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":100}");
    flx_page *first = next_page(pull), *second = next_page(pull);
    const flx_listing_variant *early = flx_page_listing_variant(first, 0), *copy = early;
    char sku[128];

    REQUIRE(early && second);
    snprintf(sku, sizeof sku, "%s", early->sku.p);
    for (size_t i = 0; i < flx_page_count(first); i++)
        flx_page_listing_variant(first, i);
    flx_page_free(second);
    flx_pull_close(pull);
    flx_client_close(client);
    CHECK(copy == flx_page_listing_variant(first, 0));
    CHECK_TEXT(sku, early->sku.p);
    flx_page_free(first);
}

const struct test views_tests[] = {
    TEST(variants_of_the_whole_catalogue_read_the_same),
    TEST(variants_with_their_parent_read_the_same),
    TEST(parents_to_publish_read_the_same),
    TEST(orders_read_the_same),
    TEST(shipments_read_the_same),
    TEST(returns_read_the_same),
    TEST(shipments_have_their_kind),
    TEST(a_shipment_bears_the_order_number_of_the_host),
    TEST(a_path_that_leads_nowhere_is_not_found),
    TEST(views_stay_while_their_page_does),
    END_OF_TESTS,
};
