/* Answers: checked against their receipt, all or nothing, and sent after the pull has ended. */
#define _GNU_SOURCE
#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page of variants to sync, and what is needed to answer it. */
struct queue {
    flx_client *client;
    flx_pull *pull;
    flx_page *page;
    const char *receipt;
    size_t receipt_length;
};

static struct queue open_queue(struct sandbox *hub, const char *spec)
{
    struct queue queue = {.client = open_client(hub)};

    queue.pull = open_pull(queue.client, FLX_FEED_LISTINGS_TO_SYNC, spec);
    queue.page = next_page(queue.pull);
    REQUIRE(queue.page && flx_page_count(queue.page) >= 2);
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(queue.page, &queue.receipt, &queue.receipt_length));
    return queue;
}

static void close_queue(struct queue *queue)
{
    flx_page_free(queue->page);
    flx_pull_close(queue->pull);
    flx_client_close(queue->client);
}

static const char *id_of(const struct queue *queue, size_t i)
{
    const flx_listing_variant *variant = flx_page_listing_variant(queue->page, i);

    REQUIRE(variant);
    return variant->id.p;
}

/* The first record whose queued status change is `handle`; NULL asks for one without any. */
static size_t record_that_waits_for(const struct queue *queue, const char *handle)
{
    for (size_t i = 0; i < flx_page_count(queue->page); i++) {
        const flx_listing_status *change = flx_page_listing_variant(queue->page, i)->change_to;
        if (handle ? change && strcmp(change->handle.p, handle) == 0 : !change)
            return i;
    }
    CHECK(!"the page has such a record");
    check_give_up();
}

static int32_t ack(const struct queue *queue, const char *answers, flx_error **err)
{
    return flx_ack(queue->client, queue->receipt, queue->receipt_length, answers, FLX_NUL, err);
}

/* The results of answers as JSON. */
static json_t *results(flx_client *client)
{
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_ack_results(client, 0, 1000, &blob, NULL));
    return take_json(blob);
}

static void text_that_is_no_receipt_is_refused(struct sandbox *hub)
{
    struct queue queue = open_queue(hub, "{\"page_size\":10}");
    char *edited = strndup(queue.receipt, queue.receipt_length), *digit;
    flx_error *err = NULL;

    REQUIRE(edited);
    CHECK_ERROR(FLX_E_RECEIPT, flx_ack(queue.client, "", 0, "[]", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_RECEIPT, flx_ack(queue.client, "{}", FLX_NUL, "[]", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_RECEIPT, flx_ack(queue.client, queue.receipt, queue.receipt_length - 1, "[]", FLX_NUL, &err),
                err);
    digit = edited + strlen(edited) / 2;
    digit += strcspn(digit, "0123456789");
    REQUIRE(*digit);
    *digit = *digit == '9' ? '8' : '9';
    CHECK_ERROR(FLX_E_RECEIPT, flx_ack(queue.client, edited, FLX_NUL, "[]", FLX_NUL, &err), err);
    free(edited);

    /* A receipt belongs to the channel whose state made it. */
    flx_client *other = open_client(hub);
    CHECK_ERROR(FLX_E_RECEIPT, flx_ack(other, queue.receipt, queue.receipt_length, "[]", FLX_NUL, &err), err);
    flx_client_close(other);
    close_queue(&queue);
}

static void one_fault_and_nothing_is_stored(struct sandbox *hub)
{
    struct queue queue = open_queue(hub, "{\"page_size\":100}");
    size_t plain = record_that_waits_for(&queue, NULL);
    flx_error *err = NULL;
    flx_blob *blob = NULL;
    char text[512];
    json_t *json;

    snprintf(text, sizeof text, "[{\"id\":\"%s\"},{\"id\":\"999999999\"},{\"id\":\"%s\",\"staus\":\"listed\"}]",
             id_of(&queue, plain), id_of(&queue, plain + 1));
    CHECK_STATUS(FLX_E_ANSWER, ack(&queue, text, &err));
    CHECK(names_fault(err, "/1/id"));
    CHECK(names_fault(err, "/2/staus"));
    flx_error_free(err);

    flx_pull_close(queue.pull);
    flush_all(queue.client);
    json = results(queue.client);
    CHECK_INT(0, json_array_size(json));
    json_decref(json);
    CHECK_STATUS(FLX_OK, flx_client_stats(queue.client, &blob, NULL));
    flx_blob_free(blob);
    close_queue(&queue);
}

static void answers_that_are_no_list_are_refused(struct sandbox *hub)
{
    static const struct {
        int32_t want;
        const char *answers;
    } rows[] = {
        {FLX_E_JSON, ""},
        {FLX_E_JSON, "["},
        {FLX_E_JSON, "[{\"id\":\"1\",\"id\":\"2\"}]"},
        {FLX_E_ANSWER, "{}"},
        {FLX_E_ANSWER, "[1]"},
        {FLX_E_ANSWER, "[{}]"},
        {FLX_E_ANSWER, "[{\"id\":null}]"},
        {FLX_E_ANSWER, "[{\"id\":\"\"}]"},
    };
    struct queue queue = open_queue(hub, "{\"page_size\":10}");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;
        check_about("%s", rows[i].answers);
        CHECK_ERROR(rows[i].want, ack(&queue, rows[i].answers, &err), err);
    }
    close_queue(&queue);
}

/* Silence would tell the hub that a hide or delist happened. */
static void a_queued_status_change_must_be_named(struct sandbox *hub)
{
    struct queue queue = open_queue(hub, "{\"page_size\":100}");
    size_t queued = record_that_waits_for(&queue, "hidden");
    const flx_listing_variant *variant = flx_page_listing_variant(queue.page, queued);
    flx_error *err = NULL;
    char text[512];

    snprintf(text, sizeof text, "[{\"id\":\"%s\"}]", variant->id.p);
    CHECK_STATUS(FLX_E_ANSWER, ack(&queue, text, &err));
    CHECK(error_text(err, FLX_ERROR_PATH) && strncmp(error_text(err, FLX_ERROR_PATH), "/0", 2) == 0);
    flx_error_free(err);
    snprintf(text, sizeof text, "[{\"id\":\"%s\",\"confirm\":\"published\"}]", variant->id.p);
    CHECK_ERROR(FLX_E_ANSWER, ack(&queue, text, &err), err);

    snprintf(text, sizeof text, "[{\"id\":\"%s\",\"confirm\":\"%s\"}]", variant->id.p, variant->change_to->handle.p);
    CHECK_STATUS(FLX_OK, ack(&queue, text, NULL));
    close_queue(&queue);
}

static void answers_are_sent_after_the_pull_and_have_a_verdict(struct sandbox *hub)
{
    struct queue queue = open_queue(hub, "{\"page_size\":100}");
    size_t plain = record_that_waits_for(&queue, NULL), answered = 0;
    int64_t before = hub_requests(hub, "PATCH", "/listing/variants");
    char text[512], id[32];
    json_t *json, *row;
    size_t i;

    snprintf(id, sizeof id, "%s", id_of(&queue, plain));
    snprintf(text, sizeof text, "[{\"id\":\"%s\"}]", id);
    REQUIRE_STATUS(FLX_OK, ack(&queue, text, NULL));
    REQUIRE_STATUS(FLX_OK, ack(&queue, "[]", NULL)); /* an empty subset is a subset */
    CHECK(flx_flush(queue.client, 500, NULL, NULL) >= 0);
    CHECK_INT(before, hub_requests(hub, "PATCH", "/listing/variants"));

    flx_pull_close(queue.pull);
    flush_all(queue.client);
    CHECK_INT(before + 1, hub_requests(hub, "PATCH", "/listing/variants"));
    json = results(queue.client);
    json_array_foreach(json, i, row)
        if (strcmp(member(row, "id"), id) == 0) {
            answered++;
            CHECK_TEXT("listings_to_sync", member(row, "feed"));
            CHECK_TEXT("applied", member(row, "verdict"));
            CHECK(json_integer_value(json_object_get(row, "seq")) > 0);
        }
    CHECK_INT(1, answered);
    json_decref(json);
    close_queue(&queue);
}

/* An answer that waits keeps its record from being delivered again, and a receipt is good in any process. */
static void a_record_whose_answer_waits_is_left_out(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    flx_pull *pull;
    flx_page *page;
    const char *receipt, *again = "";
    char *kept, text[512], id[32] = "";
    size_t n, plain = 0;

    pull = open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, "{\"page_size\":100}");
    page = next_page(pull);
    REQUIRE(page);
    while (flx_page_listing_variant(page, plain)->change_to)
        plain++;
    snprintf(id, sizeof id, "%s", flx_page_listing_variant(page, plain)->id.p);
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(page, &receipt, &n));
    kept = strndup(receipt, n);
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);

    client = open_client_in(hub, directory);
    snprintf(text, sizeof text, "[{\"id\":\"%s\",\"error\":\"no such size in the shop\"}]", id);
    REQUIRE_STATUS(FLX_OK, flx_ack(client, kept, FLX_NUL, text, FLX_NUL, NULL));
    pull = open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, "{\"page_size\":100}");
    while ((page = next_page(pull))) {
        for (size_t i = 0; i < flx_page_count(page); i++) {
            CHECK_STATUS(FLX_OK, flx_record_get(page, i, "/id", FLX_NUL, &again, &n));
            if (!CHECK(strcmp(again, id) != 0))
                break;
        }
        flx_page_free(page);
    }
    flx_pull_close(pull);
    free(kept);
    flx_client_close(client);
}

static void a_cursor_feed_has_a_receipt_but_no_answers(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3}");
    flx_page *page = next_page(pull);
    const char *receipt = NULL;
    size_t n = 0;
    flx_error *err = NULL;
    int32_t status;

    CHECK_STATUS(FLX_OK, flx_page_receipt(page, &receipt, &n));
    CHECK(receipt && n > 0);
    status = flx_ack(client, receipt, n, "[]", FLX_NUL, &err);
    CHECK(status == FLX_E_USE || status == FLX_E_RECEIPT || status == FLX_E_ANSWER);
    check_error(__FILE__, __LINE__, status, status, err, "answering a page of a cursor feed");
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

/* Whether the merchant wants a variant hidden, shown again or delisted, which a publish does not do by itself. */
static int is_to_be_named(const flx_listing_variant *variant)
{
    return variant->change_to && strcmp(variant->change_to->handle.p, "published") != 0 &&
           strcmp(variant->change_to->handle.p, "overwrite_data") != 0;
}

/* The first parent of a page with a variant whose queued change has to be named, or without. */
static const flx_listing_parent *parent_that_waits(const flx_page *page, int has_one)
{
    for (size_t i = 0; i < flx_page_count(page); i++) {
        const flx_listing_parent *parent = flx_page_listing_parent(page, i);
        int found = 0;

        for (size_t k = 0; k < parent->variant_count; k++)
            found |= is_to_be_named(parent->variants[k]);
        if (found == has_one && parent->variant_count > 0)
            return parent;
    }
    return NULL;
}

static void a_queued_status_change_of_a_variant_must_be_named_with_its_parent(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS_TO_PUBLISH, "{\"page_size\":5}");
    flx_page *page = next_page(pull);
    const flx_listing_parent *parent = NULL;
    const char *receipt;
    size_t n;
    char text[1024], path[64];
    flx_error *err = NULL;

    REQUIRE(page && (parent = parent_that_waits(page, 0)));
    snprintf(text, sizeof text, "{\"id\":%s,\"status\":\"hidden\"}", parent->variants[0]->id.p);
    json_decref(hub_ask(hub, "POST", "/_admin/listings", text));
    flx_page_free(page);
    flx_pull_close(pull);

    pull = open_pull(client, FLX_FEED_LISTINGS_TO_PUBLISH, "{\"page_size\":5}");
    page = next_page(pull);
    REQUIRE(page && (parent = parent_that_waits(page, 1)));
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(page, &receipt, &n));
    snprintf(text, sizeof text, "[{\"id\":\"%s\"}]", parent->id.p);
    CHECK_STATUS(FLX_E_ANSWER, flx_ack(client, receipt, n, text, FLX_NUL, &err));
    CHECK(names_fault(err, "/0/variants"));
    flx_error_free(err);

    for (int names = 0; names <= 1; names++) {
        size_t used = (size_t)snprintf(text, sizeof text, "[{\"id\":\"%s\",\"variants\":[", parent->id.p);

        *path = '\0';
        for (size_t k = 0; k < parent->variant_count; k++) {
            const flx_listing_variant *variant = parent->variants[k];

            used += (size_t)snprintf(text + used, sizeof text - used, "%s{\"id\":\"%s\"", k ? "," : "", variant->id.p);
            if (is_to_be_named(variant) && names)
                used += (size_t)snprintf(text + used, sizeof text - used, ",\"confirm\":\"%s\"",
                                         variant->change_to->handle.p);
            if (is_to_be_named(variant))
                snprintf(path, sizeof path, "/0/variants/%zu/confirm", k);
            used += (size_t)snprintf(text + used, sizeof text - used, "}");
            REQUIRE(used < sizeof text);
        }
        snprintf(text + used, sizeof text - used, "]}]");
        if (names) {
            CHECK_STATUS(FLX_OK, flx_ack(client, receipt, n, text, FLX_NUL, NULL));
        } else {
            CHECK_STATUS(FLX_E_ANSWER, flx_ack(client, receipt, n, text, FLX_NUL, &err));
            CHECK(names_fault(err, path));
            flx_error_free(err);
        }
    }
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

static void a_published_parent_is_answered_with_its_variants(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull;
    flx_page *page;
    const flx_listing_parent *parent = NULL;
    const char *receipt;
    size_t n;
    char text[1024];
    flx_error *err = NULL;
    json_t *json;

    pull = open_pull(client, FLX_FEED_LISTINGS_TO_PUBLISH, "{\"page_size\":5}");
    page = next_page(pull);
    REQUIRE(page && (parent = parent_that_waits(page, 0)));
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(page, &receipt, &n));

    snprintf(text, sizeof text, "[{\"id\":\"%s\",\"externalId\":\"P\",\"variants\":[{\"id\":\"999999999\"}]}]",
             parent->id.p);
    CHECK_STATUS(FLX_E_ANSWER, flx_ack(client, receipt, n, text, FLX_NUL, &err));
    CHECK(names_fault(err, "/0/variants/0/id"));
    flx_error_free(err);

    snprintf(text, sizeof text,
             "[{\"id\":\"%s\",\"externalId\":\"P-%s\",\"variants\":[{\"id\":\"%s\",\"externalId\":\"V-%s\"}]}]",
             parent->id.p, parent->id.p, parent->variants[0]->id.p, parent->variants[0]->id.p);
    CHECK_STATUS(FLX_OK, flx_ack(client, receipt, n, text, FLX_NUL, NULL));
    flx_page_free(page);
    flx_pull_close(pull);
    flush_all(client);
    json = results(client);
    CHECK_INT(1, json_array_size(json));
    CHECK_TEXT("applied", member(json_array_get(json, 0), "verdict"));
    json_decref(json);
    flx_client_close(client);
}

const struct test answers_tests[] = {
    TEST(text_that_is_no_receipt_is_refused),
    TEST(one_fault_and_nothing_is_stored),
    TEST(answers_that_are_no_list_are_refused),
    TEST(a_queued_status_change_must_be_named),
    TEST(answers_are_sent_after_the_pull_and_have_a_verdict),
    TEST(a_record_whose_answer_waits_is_left_out),
    TEST(a_cursor_feed_has_a_receipt_but_no_answers),
    TEST(a_queued_status_change_of_a_variant_must_be_named_with_its_parent),
    TEST(a_published_parent_is_answered_with_its_variants),
    END_OF_TESTS,
};
