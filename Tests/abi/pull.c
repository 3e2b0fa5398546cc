/* Pulls: pages until a proven end, within the time given, and commits that hold. */
#define _GNU_SOURCE
#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Walks to the end; gives the number of records, and commits each page if asked to. */
static size_t walk(flx_client *client, int32_t feed, const char *spec, int commits)
{
    flx_pull *pull = open_pull(client, feed, spec);
    flx_page *page;
    size_t records = 0;

    while ((page = next_page(pull))) {
        records += flx_page_count(page);
        if (commits)
            CHECK_STATUS(FLX_OK, flx_pull_commit(pull, page, NULL));
        flx_page_free(page);
    }
    flx_pull_close(pull);
    return records;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void a_walk_gives_every_listing_once(struct sandbox *hub)
{
    enum { most = 20000 };
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, NULL);
    char **ids = calloc(most, sizeof *ids);
    size_t count = 0;
    flx_page *page;

    REQUIRE(ids);
    while ((page = next_page(pull))) {
        for (size_t i = 0; i < flx_page_count(page) && count < most; i++) {
            const char *id = NULL;
            size_t n;
            CHECK_STATUS(FLX_OK, flx_record_get(page, i, "/id", FLX_NUL, &id, &n));
            ids[count++] = strdup(id);
        }
        flx_page_free(page);
    }
    CHECK(count >= 1000); /* the demo catalogue */
    qsort(ids, count, sizeof *ids, by_text);
    for (size_t i = 1; i < count; i++)
        if (!CHECK(strcmp(ids[i - 1], ids[i]) != 0))
            break;
    for (size_t i = 0; i < count; i++)
        free(ids[i]);
    free(ids);
    flx_pull_close(pull);
    flx_client_close(client);
}

static void the_end_stays_the_end(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_RETURNS, NULL);
    flx_page *page = NULL;

    while ((page = next_page(pull)))
        flx_page_free(page);
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(FLX_DONE, flx_pull_next(pull, 1000, &page, NULL));
        CHECK(page == NULL);
    }
    flx_pull_close(pull);
    flx_client_close(client);
}

static void a_second_pull_of_a_queue_is_busy_until_the_first_is_closed(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *one = open_client_in(hub, directory), *two = open_client_in(hub, directory);
    flx_pull *first = open_pull(one, FLX_FEED_LISTINGS_TO_SYNC, NULL), *second = NULL;
    flx_error *err = NULL;

    CHECK_ERROR(FLX_E_CLIENT_BUSY, flx_pull_open(one, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &second, &err), err);
    CHECK_ERROR(FLX_E_CLIENT_BUSY, flx_pull_open(two, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &second, &err), err);

    /* Another feed, or another channel, is none of its business. */
    flx_pull_close(open_pull(two, FLX_FEED_LISTINGS_TO_PUBLISH, NULL));
    flx_client *other = open_client(hub);
    flx_pull_close(open_pull(other, FLX_FEED_LISTINGS_TO_SYNC, NULL));
    flx_client_close(other);

    flx_pull_close(first);
    flx_pull_close(open_pull(two, FLX_FEED_LISTINGS_TO_SYNC, NULL));
    flx_client_close(two);
    flx_client_close(one);
}

static void a_spec_with_a_fault_names_its_path(struct sandbox *hub)
{
    static const char *const rows[][2] = {
        {"/upadtedAfter", "{\"upadtedAfter\":\"2026-01-01T00:00:00Z\"}"},
        {"/updatedAfter", "{\"updatedAfter\":5}"},
        {"/page_size", "{\"page_size\":0}"},
        {"/page_size", "{\"page_size\":\"many\"}"},
        {"/page_size", "{\"page_size\":1000000000}"},
        {"/cursor", "{\"cursor\":7}"},
        {"/cursor", "{\"cursor\":\"\"}"},
        {"/since", "{\"since\":\"2026-01-01\"}"},
        {"/includeImages", "{\"includeImages\":\"perhaps\"}"},
    };
    flx_client *client = open_client(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_pull *pull = NULL;
        flx_error *err = NULL;

        check_about("%s", rows[i][1]);
        CHECK_STATUS(FLX_E_OPERATION, flx_pull_open(client, FLX_FEED_LISTINGS, rows[i][1], FLX_NUL, &pull, &err));
        CHECK(pull == NULL);
        CHECK_TEXT(rows[i][0], error_text(err, FLX_ERROR_PATH));
        flx_error_free(err);
    }
    check_about(NULL);
    flx_error *err = NULL;
    flx_pull *pull = NULL;
    CHECK_ERROR(FLX_E_JSON, flx_pull_open(client, FLX_FEED_LISTINGS, "[1]", FLX_NUL, &pull, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_pull_open(client, FLX_FEED_LISTINGS, "{", FLX_NUL, &pull, &err), err);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    flx_client_close(client);
}

static void commit_is_not_for_queue_feeds(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, "{\"page_size\":3}");
    flx_page *page = next_page(pull);
    flx_error *err = NULL;

    CHECK_ERROR(FLX_E_USE, flx_pull_commit(pull, page, &err), err);
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

/* A page of one pull means nothing to another: committing it there must move neither cursor. */
static void commit_refuses_a_page_of_another_pull(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *first = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3,\"cursor\":\"first\"}");
    flx_pull *second = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3,\"cursor\":\"second\"}");
    flx_page *page = next_page(first);
    flx_error *err = NULL;

    CHECK_ERROR(FLX_E_HANDLE, flx_pull_commit(second, page, &err), err);
    CHECK_STATUS(FLX_OK, flx_pull_commit(first, page, NULL));
    CHECK_STATUS(FLX_OK, flx_pull_commit(first, page, NULL)); /* twice is once */

    flx_page_free(page);
    flx_pull_close(second);
    flx_pull_close(first);
    flx_client_close(client);
}

static void what_was_committed_does_not_come_again(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":50}");
    flx_page *page = next_page(pull);
    size_t all, rest, committed = flx_page_count(page);

    CHECK_STATUS(FLX_OK, flx_pull_commit(pull, page, NULL));
    flx_page_free(page);
    flx_pull_close(pull); /* like a crash after the first page */
    flx_client_close(client);

    client = open_client_in(hub, directory);
    all = walk(client, FLX_FEED_LISTINGS, "{\"cursor\":\"other\"}", 0);
    rest = walk(client, FLX_FEED_LISTINGS, NULL, 1);
    CHECK_INT(all, rest + committed);

    /* The walk was committed to its end: nothing is left, until the cursor is set back. */
    CHECK_INT(0, walk(client, FLX_FEED_LISTINGS, NULL, 1));
    CHECK_STATUS(FLX_OK, flx_cursor_set(client, FLX_FEED_LISTINGS, NULL, 0, "", 0, NULL));
    CHECK_INT(all, walk(client, FLX_FEED_LISTINGS, NULL, 0));
    flx_client_close(client);
}

static void cursors_are_listed_and_set(struct sandbox *hub)
{
    static const char *const wrong[] = {"yesterday", "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z", "0"};
    flx_client *client = open_client(hub);
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    json_t *list, *cursor;
    size_t i;
    int found = 0;

    CHECK_STATUS(FLX_OK,
                 flx_cursor_set(client, FLX_FEED_ORDERS, "mine", FLX_NUL, "2026-01-31T13:00:00+01:00", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_cursor_list(client, &blob, NULL));
    list = take_json(blob);
    json_array_foreach(list, i, cursor)
        if (member(cursor, "cursor") && strcmp(member(cursor, "cursor"), "mine") == 0) {
            found = 1;
            CHECK_TEXT("orders", member(cursor, "feed"));
            CHECK_TEXT("2026-01-31T12:00:00Z", member(cursor, "at"));
        }
    CHECK(found);
    json_decref(list);

    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_about("%s", wrong[i]);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_cursor_set(client, FLX_FEED_ORDERS, NULL, 0, wrong[i], FLX_NUL, &err), err);
    }
    check_about(NULL);
    CHECK_ERROR(FLX_E_USE, flx_cursor_set(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, "", 0, &err), err);
    flx_client_close(client);
}

static void a_quarantine_without_records_is_an_empty_list(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3}");
    flx_page *page = next_page(pull);
    flx_blob *blob = NULL;

    CHECK_STATUS(FLX_OK, flx_page_quarantine(page, &blob, NULL));
    CHECK_TEXT("[]", blob_text(blob));
    flx_blob_free(blob);
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

/* Rows of another channel, which the hub shows beside ours, are not given, and the host can see that there were some. */
static void rows_of_another_channel_are_left_out_and_counted(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);
    flx_client *client;
    flx_pull *pull;
    flx_page *page;
    flx_blob *blob = NULL;
    size_t left_out = 0;
    json_t *stats;

    json_decref(hub_ask(hub, "POST", "/_admin/switches", "{\"foreign.rows\":\"listings\"}"));
    set(config, "hub.channel_id", "501");
    client = open_config(config);
    pull = open_pull(client, FLX_FEED_LISTINGS, NULL);
    while ((page = next_page(pull))) {
        left_out += flx_page_left_out(page);
        flx_page_free(page);
    }
    REQUIRE_STATUS(FLX_OK, flx_client_stats(client, &blob, NULL));
    stats = take_json(blob);
    CHECK(left_out > 0);
    CHECK_INT((int64_t)left_out, json_integer_value(json_object_get(stats, "left_out")));
    CHECK_INT(0, flx_page_left_out(NULL));
    json_decref(stats);
    flx_pull_close(pull);
    flx_client_close(client);
    json_decref(hub_ask(hub, "POST", "/_admin/switches", "{\"foreign.rows\":\"\"}"));
}

static void a_refused_token_ends_the_pull(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);
    flx_client *client;
    flx_pull *pull;
    flx_page *page = NULL;
    flx_error *err = NULL;
    int32_t status = FLX_AGAIN;

    set(config, "token", "not-the-token-of-anyone");
    set(config, "rate_limit.dir", new_directory(hub));
    client = open_config(config);
    pull = open_pull(client, FLX_FEED_ORDERS, NULL);
    for (int i = 0; i < 20 && (status = flx_pull_next(pull, 1000, &page, &err)) == FLX_AGAIN; i++)
        continue;
    CHECK_STATUS(FLX_E_TOKEN, status);
    CHECK_INT(401, flx_error_number(err, FLX_ERROR_HTTP_STATUS));
    flx_error_free(err);

    /* With the right one everything goes on; no new client is needed. */
    flx_pull_close(pull);
    CHECK_STATUS(FLX_OK, flx_client_set_token(client, hub->token, FLX_NUL, NULL));
    pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3}");
    page = next_page(pull);
    CHECK_INT(3, flx_page_count(page));
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

const struct test pull_tests[] = {
    TEST(a_walk_gives_every_listing_once),
    TEST(the_end_stays_the_end),
    TEST(a_second_pull_of_a_queue_is_busy_until_the_first_is_closed),
    TEST(a_spec_with_a_fault_names_its_path),
    TEST(commit_is_not_for_queue_feeds),
    TEST(commit_refuses_a_page_of_another_pull),
    TEST(what_was_committed_does_not_come_again),
    TEST(cursors_are_listed_and_set),
    TEST(a_quarantine_without_records_is_an_empty_list),
    TEST(rows_of_another_channel_are_left_out_and_counted),
    TEST(a_refused_token_ends_the_pull),
    END_OF_TESTS,
};
