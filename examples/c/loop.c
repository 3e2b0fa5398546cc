/*
 * The whole job of a channel, once around: loop [PREFIX]
 *
 * Listings are published and brought up to date, answered, three orders of the shop are handed over under numbers
 * that begin with PREFIX, the results are taken, and order status and shipments come back. A real shop calls this
 * every few minutes, from cron or a worker; here "the shop" is what is printed.
 */
#include "channel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Text that grows: answers are JSON, and a host without a JSON library writes it like this ---- */

struct text {
    char *p;
    size_t n, room;
};

static void add(struct text *text, const char *p, size_t n)
{
    if (text->n + n + 1 > text->room) {
        text->room = 2 * (text->n + n + 1);
        text->p = realloc(text->p, text->room);
        if (!text->p)
            abort();
    }
    memcpy(text->p + text->n, p, n);
    text->n += n;
    text->p[text->n] = '\0';
}

static void add_format(struct text *text, const char *format, ...)
{
    char line[256];
    va_list args;

    va_start(args, format);
    add(text, line, (size_t)vsnprintf(line, sizeof line, format, args));
    va_end(args);
}

/** Adds borrowed text as a JSON string. */
static void add_string(struct text *text, flx_text value)
{
    add(text, "\"", 1);
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c == '"' || c == '\\' || c < 0x20)
            add_format(text, "\\u%04x", c);
        else
            add(text, value.p + i, 1);
    }
    add(text, "\"", 1);
}

/* ---- Listings in, answers out ---- */

struct shop {
    flx_client *client;
    size_t published, synced, orders, shipments;
    char sku[64], price[32]; /* something to sell */
};

/** Names a queued status change that the shop has carried out; the hub believes that it happened only then. */
static void confirm(const flx_listing_status *change_to, struct text *answers)
{
    if (!change_to)
        return;
    add(answers, ",\"confirm\":", 11);
    add_string(answers, change_to->handle);
}

/** Puts a parent on show and answers it: every product page and unit gets the id that the shop knows it by. */
static void publish(struct shop *shop, const flx_listing_parent *parent, struct text *answers)
{
    add_format(answers, "%s{\"id\":", answers->n > 1 ? "," : "");
    add_string(answers, parent->id);
    confirm(parent->change_to, answers);
    add_format(answers, ",\"externalId\":\"P-%.*s\",\"variants\":[", TEXT(parent->id));
    for (size_t i = 0; i < parent->variant_count; i++) {
        const flx_listing_variant *variant = parent->variants[i];
        add_format(answers, "%s{\"id\":", i ? "," : "");
        add_string(answers, variant->id);
        confirm(variant->change_to, answers);
        add_format(answers, ",\"externalId\":\"V-%.*s\"}", TEXT(variant->id));
    }
    add(answers, "]}", 2);
    shop->published++;
}

/** Brings a variant up to date and answers it. */
static void sync_variant(struct shop *shop, const flx_listing_variant *variant, struct text *answers)
{
    add_format(answers, "%s{\"id\":", answers->n > 1 ? "," : "");
    add_string(answers, variant->id);
    confirm(variant->change_to, answers);
    add(answers, "}", 1);
    shop->synced++;
    if ((variant->has & FLX_HAS_QUANTITY) && variant->quantity > 2 && variant->price.fits && !variant->change_to) {
        snprintf(shop->sku, sizeof shop->sku, "%.*s", TEXT(variant->sku));
        snprintf(shop->price, sizeof shop->price, "%.*s", TEXT(variant->price.text));
    }
}

/** Answers one page of a queue feed: all of its records at once, with the page's own receipt. */
static void answer(struct shop *shop, const flx_page *page)
{
    struct text answers = {NULL, 0, 0};
    const char *receipt;
    size_t receipt_length;
    flx_error *err = NULL;

    add(&answers, "[", 1);
    for (size_t i = 0; i < flx_page_count(page); i++) {
        if (flx_page_feed(page) == FLX_FEED_LISTINGS_TO_PUBLISH)
            publish(shop, flx_page_listing_parent(page, i), &answers);
        else
            sync_variant(shop, flx_page_listing_variant(page, i), &answers);
    }
    add(&answers, "]", 1);
    check(flx_page_receipt(page, &receipt, &receipt_length), NULL);
    check(flx_ack(shop->client, receipt, receipt_length, answers.p, answers.n, &err), &err);
    free(answers.p);
}

/* ---- Status and shipments in ---- */

static void print_order(const flx_order *order)
{
    printf("order %.*s is %.*s, shipped: %.*s\n", TEXT(order->order_number), TEXT(order->order_status),
           TEXT(order->shipped_status));
}

static void print_shipment(const flx_shipment *shipment)
{
    if (shipment->kind != FLX_SHIPMENT_DELIVERY)
        return; /* not for the buyer */
    printf("order %.*s goes with %.*s, tracking %.*s\n", TEXT(shipment->order_number), TEXT(shipment->carrier),
           TEXT(shipment->tracking_number));
}

/** Stores one page of a cursor feed in the shop. Commit it only after that. */
static void store(struct shop *shop, const flx_page *page)
{
    for (size_t i = 0; i < flx_page_count(page); i++) {
        if (flx_page_feed(page) == FLX_FEED_ORDERS) {
            print_order(flx_page_order(page, i));
            shop->orders++;
        } else {
            print_shipment(flx_page_shipment(page, i));
            shop->shipments++;
        }
    }
}

/* ---- One walk over any feed ---- */

static void walk(struct shop *shop, int32_t feed)
{
    flx_pull *pull = NULL;
    flx_page *page = NULL;
    flx_error *err = NULL;
    int32_t status;

    check(flx_pull_open(shop->client, feed, NULL, 0, &pull, &err), &err);
    while ((status = check(flx_pull_next(pull, 5000, &page, &err), &err)) != FLX_DONE) {
        if (status == FLX_AGAIN)
            continue;
        if (feed == FLX_FEED_LISTINGS_TO_PUBLISH || feed == FLX_FEED_LISTINGS_TO_SYNC) {
            answer(shop, page);
        } else {
            store(shop, page);
            check(flx_pull_commit(pull, page, &err), &err);
        }
        flx_page_free(page);
    }
    flx_pull_close(pull);
}

/* ---- Orders out ---- */

static void submit(struct shop *shop, const char *prefix, int i)
{
    struct text order = {NULL, 0, 0};
    flx_text sku = {shop->sku, strlen(shop->sku)};
    flx_error *err = NULL;

    add_format(&order, "{\"orderNumber\":\"%s-%d\",\"shippingText\":\"Standard\",", prefix, i);
    add_format(&order, "\"shippingAddress\":{\"name\":\"Buyer %d\",\"addressLine1\":\"%d Sample Street\",", i, i);
    add_format(&order,
               "\"city\":\"Springfield\",\"postal\":\"00000\",\"countryCode\":\"US\"},\"orderItems\":[{\"sku\":");
    add_string(&order, sku);
    add_format(&order, ",\"quantity\":%d,\"price\":\"%s\"}]}", i, shop->price);
    check(flx_order_submit(shop->client, order.p, order.n, NULL, &err), &err);
    free(order.p);
}

/** Sends orders, then answers, until nothing is left that could be sent now or soon. */
static void flush(struct shop *shop)
{
    flx_error *err = NULL;

    while (check(flx_flush(shop->client, 2000, NULL, &err), &err) == FLX_AGAIN)
        continue;
}

/** Takes what became of all orders; those that are settled leave the list, so a crash before that loses nothing. */
static void take_results(struct shop *shop, const char *prefix)
{
    flx_blob *results = NULL;
    flx_error *err = NULL;
    const void *json;
    size_t n;

    check(flx_outbox_results(shop->client, 1000, &results, &err), &err);
    flx_blob_view(results, &json, &n);
    printf("results: %.*s\n", (int)n, (const char *)json);
    flx_blob_free(results);
    for (int i = 1; i <= 3; i++) {
        struct text number = {NULL, 0, 0};
        int32_t status;

        add_format(&number, "[\"%s-%d\"]", prefix, i);
        status = flx_outbox_settle(shop->client, number.p, number.n, &err);
        if (status == FLX_E_USE)
            flx_error_free(err); /* no verdict yet: it comes with a later round */
        else
            check(status, &err);
        free(number.p);
    }
}

int main(int argc, char **argv)
{
    struct shop shop = {.client = channel_open()};
    char prefix[64];

    snprintf(prefix, sizeof prefix, "%s", argc > 1 ? argv[1] : "");
    if (argc < 2)
        snprintf(prefix, sizeof prefix, "C-%lld", (long long)time(NULL));

    walk(&shop, FLX_FEED_LISTINGS_TO_PUBLISH);
    walk(&shop, FLX_FEED_LISTINGS_TO_SYNC);
    for (int i = 1; i <= 3 && *shop.sku; i++)
        submit(&shop, prefix, i);
    flush(&shop);
    if (*shop.sku)
        take_results(&shop, prefix);
    walk(&shop, FLX_FEED_ORDERS);
    walk(&shop, FLX_FEED_SHIPMENTS);
    printf("%zu parents published, %zu variants synced, %zu orders and %zu shipments read\n", shop.published,
           shop.synced, shop.orders, shop.shipments);
    flx_client_close(shop.client);
    return 0;
}
