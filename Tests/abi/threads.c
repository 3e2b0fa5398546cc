/* Threads: any of them may call anything, one drives the network, and wrong use is told, not crashed. */
#define _GNU_SOURCE
#include "hub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { threads = 8 };

static void in_threads(void *(*run)(void *), void *argument)
{
    pthread_t handles[threads];

    for (int i = 0; i < threads; i++)
        REQUIRE(pthread_create(&handles[i], NULL, run, argument) == 0);
    for (int i = 0; i < threads; i++)
        pthread_join(handles[i], NULL);
}

static atomic_int news, repeats, others, turn;

static void *submit_the_same(void *client)
{
    char text[512];
    flx_blob *receipt = NULL;
    int32_t status = flx_order_submit(client, order(text, "H-1"), FLX_NUL, &receipt, NULL);

    if (status != FLX_OK)
        others++;
    else if (strstr(blob_text(receipt), "\"new\":true"))
        news++;
    else
        repeats++;
    flx_blob_free(receipt);
    return NULL;
}

static void one_of_many_submits_is_new(struct sandbox *hub)
{
    flx_client *client = open_client(hub);

    in_threads(submit_the_same, client);
    CHECK_INT(1, news);
    CHECK_INT(threads - 1, repeats);
    CHECK_INT(0, others);
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "H-1"));
    flx_client_close(client);
}

static void *submit_others(void *client)
{
    char text[512], number[32];

    for (int i = 0; i < 10; i++) {
        snprintf(number, sizeof number, "H-2-%d", (int)turn++);
        if (flx_order_submit(client, order(text, number), FLX_NUL, NULL, NULL) != FLX_OK)
            others++;
    }
    return NULL;
}

static void many_threads_submit_and_none_is_refused(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_blob *list = NULL;
    json_t *json;

    in_threads(submit_others, client);
    CHECK_INT(0, others);
    REQUIRE_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    json = take_json(list);
    CHECK_INT(10 * threads, json_array_size(json));
    json_decref(json);
    flx_client_close(client);
}

static void *wait_for_a_page(void *pull)
{
    flx_page *page = NULL;

    if (flx_pull_next(pull, 7000, &page, NULL) != FLX_AGAIN)
        others++;
    return NULL;
}

static void a_second_driver_gets_busy_within_its_own_deadline(struct sandbox *hub)
{
    char url[40], text[512];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    flx_pull *pull = open_pull(client, FLX_FEED_ORDERS, NULL);
    pthread_t thread;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    int64_t start;

    REQUIRE(pthread_create(&thread, NULL, wait_for_a_page, pull) == 0);
    sleep_ms(300);
    start = now_ms();
    CHECK_ERROR(FLX_E_CLIENT_BUSY, flx_client_probe(client, 400, &blob, &err), err);
    CHECK(now_ms() - start >= 350 && now_ms() - start <= 400 + LATE_MS);
    CHECK_ERROR(FLX_E_CLIENT_BUSY, flx_flush(client, 0, NULL, &err), err);

    /* Calls that only touch state run beside the driver. */
    start = now_ms();
    CHECK_STATUS(FLX_OK, flx_order_submit(client, order(text, "H-3"), FLX_NUL, NULL, NULL));
    CHECK_STATUS(FLX_OK, flx_client_stats(client, &blob, NULL));
    flx_blob_free(blob);
    CHECK(now_ms() - start < LATE_MS);
    pthread_join(thread, NULL);
    CHECK_INT(0, others);
    flx_pull_close(pull);
    flx_client_close(client);
    close(fd);
}

static flx_client *shared_client;
static flx_page *shared_page;

static void *read_and_fail(void *unused)
{
    for (int i = 0; i < 2000; i++) {
        flx_error *err = NULL;
        flx_blob *blob = NULL;
        const flx_listing_variant *variant =
            flx_page_listing_variant(shared_page, (size_t)i % flx_page_count(shared_page));

        if (!variant || !variant->sku.p)
            others++;
        if (flx_describe("no such topic", FLX_NUL, &blob, &err) != FLX_E_ARGUMENT || !err)
            others++;
        flx_error_free(err);
        flx_error_free(err);
        if (flx_order_check("{\"orderNumber\":1}", FLX_NUL, &blob, NULL) != FLX_OK)
            others++;
        flx_blob_free(blob);
        if (i % 100 == 0) {
            if (flx_client_stats(shared_client, &blob, NULL) != FLX_OK)
                others++;
            flx_blob_free(blob);
        }
    }
    return NULL;
}

static void pages_blobs_and_errors_are_read_by_all_threads(struct sandbox *hub)
{
    flx_pull *pull;

    shared_client = open_client(hub);
    pull = open_pull(shared_client, FLX_FEED_LISTINGS, "{\"page_size\":100}");
    shared_page = next_page(pull);
    in_threads(read_and_fail, NULL); /* their views are made by whoever comes first */
    CHECK_INT(0, others);
    flx_page_free(shared_page);
    flx_pull_close(pull);
    flx_client_close(shared_client);
}

static atomic_int tokens_left;

static void *read_statistics(void *client)
{
    while (atomic_load(&tokens_left) > 0) {
        flx_blob *blob = NULL;

        if (flx_client_stats(client, &blob, NULL) != FLX_OK)
            others++;
        flx_blob_free(blob);
    }
    return NULL;
}

/* A new token replaces what statistics are read from, and frees it. */
static void a_new_token_comes_while_statistics_are_read(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    pthread_t thread;

    atomic_store(&tokens_left, 50);
    REQUIRE(pthread_create(&thread, NULL, read_statistics, client) == 0);
    while (atomic_load(&tokens_left) > 0) {
        CHECK_STATUS(FLX_OK, flx_client_set_token(client, hub->token, FLX_NUL, NULL));
        atomic_fetch_sub(&tokens_left, 1);
    }
    pthread_join(thread, NULL);
    CHECK_INT(0, others);
    flx_client_close(client);
}

static void *open_and_close(void *hub)
{
    for (int i = 0; i < 5; i++)
        flx_client_close(open_client(hub));
    return NULL;
}

static void many_threads_open_and_close(struct sandbox *hub)
{
    in_threads(open_and_close, hub);
}

static void *close_soon(void *client)
{
    sleep_ms(200);
    flx_client_close(client);
    return NULL;
}

/* Closing waits for the call that runs; a cancel ends it. */
static void closing_under_a_running_call_is_safe(struct sandbox *hub)
{
    char url[40];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    flx_pull *pull = open_pull(client, FLX_FEED_ORDERS, NULL);
    flx_page *page = NULL;
    pthread_t thread;
    int32_t status;

    REQUIRE(pthread_create(&thread, NULL, close_soon, client) == 0);
    status = flx_pull_next(pull, 1000, &page, NULL);
    CHECK(status == FLX_AGAIN || status == FLX_E_HANDLE || status == FLX_E_CANCELED);
    pthread_join(thread, NULL);
    CHECK_STATUS(FLX_E_HANDLE, flx_pull_next(pull, 0, &page, NULL));
    flx_pull_close(pull);
    close(fd);
}

const struct test threads_tests[] = {
    TEST(one_of_many_submits_is_new),
    TEST(many_threads_submit_and_none_is_refused),
    TEST(a_second_driver_gets_busy_within_its_own_deadline),
    TEST(pages_blobs_and_errors_are_read_by_all_threads),
    TEST(a_new_token_comes_while_statistics_are_read),
    TEST(many_threads_open_and_close),
    TEST(closing_under_a_running_call_is_safe),
    END_OF_TESTS,
};
