/* Cancel: ends a waiting call from anywhere, also from a signal handler, and loses nothing. */
#define _GNU_SOURCE
#include "hub.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A client that waits for a hub which never answers. */
struct waiting {
    int fd;
    flx_client *client;
    flx_pull *pull;
    flx_cancel *cancel;
};

static struct waiting new_waiting(struct sandbox *hub)
{
    struct waiting with;
    char url[40];

    with.fd = deaf_hub(url);
    with.client = open_config(new_config_at(hub, NULL, url));
    with.cancel = flx_cancel_new();
    REQUIRE(with.cancel);
    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(with.client, with.cancel, NULL));
    with.pull = open_pull(with.client, FLX_FEED_ORDERS, NULL);
    return with;
}

static void end_waiting(struct waiting *with)
{
    flx_pull_close(with->pull);
    flx_client_close(with->client);
    flx_cancel_free(with->cancel);
    close(with->fd);
}

static void *fire_soon(void *cancel)
{
    sleep_ms(300);
    flx_cancel_fire(cancel);
    return NULL;
}

static void another_thread_ends_a_waiting_call(struct sandbox *hub)
{
    struct waiting with = new_waiting(hub);
    pthread_t thread;
    int64_t start = now_ms(), took;
    flx_page *page = NULL;
    flx_error *err = NULL;

    REQUIRE(pthread_create(&thread, NULL, fire_soon, with.cancel) == 0);
    CHECK_ERROR(FLX_E_CANCELLED, flx_pull_next(with.pull, 20000, &page, &err), err);
    took = now_ms() - start;
    CHECK(took >= 250 && took < 1300);
    pthread_join(thread, NULL);
    end_waiting(&with);
}

static flx_cancel *for_the_handler;

static void on_signal(int signal)
{
    flx_cancel_fire(for_the_handler);
}

static void *signal_soon(void *thread)
{
    sleep_ms(300);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
    return NULL;
}

static void a_signal_handler_ends_a_waiting_call(struct sandbox *hub)
{
    struct waiting with = new_waiting(hub);
    struct sigaction action = {.sa_handler = on_signal};
    pthread_t thread, self = pthread_self();
    int64_t start = now_ms();
    flx_page *page = NULL;

    for_the_handler = with.cancel;
    REQUIRE(sigaction(SIGUSR1, &action, NULL) == 0);
    REQUIRE(pthread_create(&thread, NULL, signal_soon, &self) == 0);
    CHECK_STATUS(FLX_E_CANCELLED, flx_pull_next(with.pull, 20000, &page, NULL));
    CHECK(now_ms() - start < 1300);
    pthread_join(thread, NULL);
    end_waiting(&with);
}

static void a_fired_cancel_ends_every_later_call_until_it_is_reset(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_cancel *cancel = flx_cancel_new();
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":3}");
    flx_page *page = NULL;
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(client, cancel, NULL));
    flx_cancel_fire(cancel);
    flx_cancel_fire(cancel);
    CHECK_STATUS(FLX_E_CANCELLED, flx_pull_next(pull, 5000, &page, NULL));
    CHECK_STATUS(FLX_E_CANCELLED, flx_client_probe(client, 5000, &blob, NULL));
    CHECK_STATUS(FLX_E_CANCELLED, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 5000, &blob, NULL));

    flx_cancel_reset(cancel);
    page = next_page(pull);
    CHECK_INT(3, flx_page_count(page));
    flx_page_free(page);

    flx_cancel_fire(cancel);
    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(client, NULL, NULL)); /* taken away */
    flx_cancel_free(cancel);
    page = next_page(pull);
    CHECK_INT(3, flx_page_count(page));
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
}

static void a_cancel_serves_several_clients(struct sandbox *hub)
{
    flx_client *one = open_client(hub), *two = open_client(hub);
    flx_cancel *cancel = flx_cancel_new();
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(one, cancel, NULL));
    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(two, cancel, NULL));
    flx_cancel_fire(cancel);
    CHECK_STATUS(FLX_E_CANCELLED, flx_client_probe(one, 5000, &blob, NULL));
    CHECK_STATUS(FLX_E_CANCELLED, flx_client_probe(two, 5000, &blob, NULL));
    flx_client_close(one);
    flx_client_close(two);
    flx_cancel_free(cancel);
}

/* Cancelling may take time from an order, never the order. */
static void a_cancelled_flush_keeps_the_order(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_cancel *cancel = flx_cancel_new();
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(client, cancel, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "N-1"), FLX_NUL, NULL, NULL));
    flx_cancel_fire(cancel);
    CHECK_STATUS(FLX_E_CANCELLED, flx_flush(client, 5000, NULL, NULL));
    CHECK_INT(0, hub_orders(hub, "N-1"));
    flx_cancel_reset(cancel);
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "N-1"));
    flx_client_close(client);
    flx_cancel_free(cancel);
}

static void thousands_of_cancels_come_and_go(struct sandbox *hub)
{
    for (int i = 0; i < 5000; i++) {
        flx_cancel *cancel = flx_cancel_new();
        REQUIRE(cancel);
        flx_cancel_fire(cancel);
        flx_cancel_reset(cancel);
        flx_cancel_free(cancel);
    }
}

const struct test cancel_tests[] = {
    TEST(another_thread_ends_a_waiting_call),
    TEST(a_signal_handler_ends_a_waiting_call),
    TEST(a_fired_cancel_ends_every_later_call_until_it_is_reset),
    TEST(a_cancel_serves_several_clients),
    TEST(a_cancelled_flush_keeps_the_order),
    TEST(thousands_of_cancels_come_and_go),
    END_OF_TESTS,
};
