/* Record views: every field of every struct equals what flx_record_get() and the record's JSON say, for whole feeds. */
#include "compare.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_words[] = {"delivery", "suppressed", "return", "cross_dock"};
static size_t changes_told, numbers_told;

static void compare_change(json_t *fact, const flx_listing_status *change)
{
    CHECK_TEXT(change ? change->handle.p : NULL, member(fact, "change_to"));
    changes_told += change != NULL;
}

static void compare_number(json_t *fact, flx_text number)
{
    CHECK_TEXT(number.p, member(fact, "order_number"));
    numbers_told += number.p != NULL;
}

/* What flx_page_facts() tells of record `i`, beside its struct. */
static void compare_facts(const flx_page *page, size_t i, json_t *fact)
{
    const flx_listing_variant *variant = flx_page_listing_variant(page, i);
    const flx_listing_parent *parent = flx_page_listing_parent(page, i);
    const flx_shipment *shipment = flx_page_shipment(page, i);
    const flx_order *an_order = flx_page_order(page, i);
    struct record record = {page, i};

    CHECK_TEXT(at_path(&record, "/id").p, member(fact, "id"));
    if (variant)
        compare_change(fact, variant->change_to);
    if (parent) {
        compare_change(fact, parent->change_to);
        REQUIRE(json_array_size(json_object_get(fact, "variants")) == parent->variant_count);
        for (size_t k = 0; k < parent->variant_count; k++)
            compare_change(json_array_get(json_object_get(fact, "variants"), k), parent->variants[k]->change_to);
    }
    if (shipment) {
        CHECK_TEXT(kind_words[shipment->kind], member(fact, "kind"));
        compare_number(fact, shipment->order_number);
    }
    if (an_order)
        compare_number(fact, an_order->order_number);
}

static void compare_facts_of(const flx_page *page)
{
    flx_blob *blob = NULL;
    json_t *facts, *fact;
    size_t i;

    REQUIRE_STATUS(FLX_OK, flx_page_facts(page, &blob, NULL));
    facts = take_json(blob);
    CHECK_INT(flx_page_count(page), json_array_size(facts));
    json_array_foreach(facts, i, fact)
        compare_facts(page, i, fact);
    json_decref(facts);
}

static size_t compare_feed(struct sandbox *hub, int32_t feed, const char *spec, const struct shape *shape)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, feed, spec);
    flx_page *page;
    size_t records = 0;

    while ((page = next_page(pull))) {
        records += compare_page(page, feed, shape);
        compare_facts_of(page);
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
                       "{\"includeParent\":true,\"includeAttributes\":true,\"includeCategories\":true}",
                       &variant_shape) > 0);
    CHECK(changes_told > 0);
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
    numbers_told = 0;
    CHECK(compare_feed(hub, FLX_FEED_SHIPMENTS, NULL, &shipment_shape) > 0);
    CHECK(numbers_told > 0);
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
            int32_t want = at_path(&record, "/rmaId").p                        ? FLX_SHIPMENT_RETURN
                           : at_path(&record, "/crossDockPurchaseOrderId").p   ? FLX_SHIPMENT_CROSS_DOCK
                           : suppressed.p && strcmp(suppressed.p, "true") == 0 ? FLX_SHIPMENT_SUPPRESSED
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
            /* Orders from before this outbox are asked of the hub. */
            CHECK(shipment->order_number.p && *shipment->order_number.p);
            if (shipment->order_number.p && strcmp(shipment->order_number.p, "V-2") == 0) {
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
    static const char *const nowhere[] = {
        "/nothing", "/id/deeper", "/images/100000", "/images/-", "/images/x", "/images/99999999999999999999", "/sku/0"};
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
