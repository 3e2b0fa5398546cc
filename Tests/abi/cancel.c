/* Cancel: ends a waiting call from anywhere, also from a signal handler, and loses nothing. */
#define _GNU_SOURCE
#include "hub.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
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
    CHECK_ERROR(FLX_E_CANCELED, flx_pull_next(with.pull, 20000, &page, &err), err);
    took = now_ms() - start;
    CHECK(took >= 250 && took < 300 + LATE_MS);
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
    CHECK_STATUS(FLX_E_CANCELED, flx_pull_next(with.pull, 20000, &page, NULL));
    CHECK(now_ms() - start < 300 + LATE_MS);
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
    CHECK_STATUS(FLX_E_CANCELED, flx_pull_next(pull, 5000, &page, NULL));
    CHECK_STATUS(FLX_E_CANCELED, flx_client_probe(client, 5000, &blob, NULL));
    CHECK_STATUS(FLX_E_CANCELED, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 5000, &blob, NULL));

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
    CHECK_STATUS(FLX_E_CANCELED, flx_client_probe(one, 5000, &blob, NULL));
    CHECK_STATUS(FLX_E_CANCELED, flx_client_probe(two, 5000, &blob, NULL));
    flx_client_close(one);
    flx_client_close(two);
    flx_cancel_free(cancel);
}

/* Cancelling may take time from an order, never the order. */
static void a_canceled_flush_keeps_the_order(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_cancel *cancel = flx_cancel_new();
    char text[512];

    REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(client, cancel, NULL));
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "N-1"), FLX_NUL, NULL, NULL));
    flx_cancel_fire(cancel);
    CHECK_STATUS(FLX_E_CANCELED, flx_flush(client, 5000, NULL, NULL));
    CHECK_INT(0, hub_orders(hub, "N-1"));
    flx_cancel_reset(cancel);
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "N-1"));
    flx_client_close(client);
    flx_cancel_free(cancel);
}

/* Processor time of this process so far, in milliseconds. */
static int64_t spent_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* Waits two seconds for a hub that never answers; gives the processor time it took. */
static int64_t cost_of_a_wait(struct waiting *with)
{
    int64_t before = spent_ms();
    flx_page *page = NULL;

    CHECK_STATUS(FLX_AGAIN, flx_pull_next(with->pull, 2000, &page, NULL));
    return spent_ms() - before;
}

static int fire_in_a_child(flx_cancel *cancel)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        flx_cancel_fire(cancel);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* D5: programs fire their cancel in a signal handler, which their children inherit. */
static void a_child_that_fires_its_copy_costs_the_parent_nothing(struct sandbox *hub)
{
    struct waiting with = new_waiting(hub);
    int64_t alone = cost_of_a_wait(&with);

    CHECK(alone <= 40); /* 2 % */
    REQUIRE(fire_in_a_child(with.cancel));
    CHECK(cost_of_a_wait(&with) <= 40);
    REQUIRE(fire_in_a_child(with.cancel));
    flx_cancel_fire(with.cancel); /* the parent's own still works */
    flx_page *page = NULL;
    CHECK_STATUS(FLX_E_CANCELED, flx_pull_next(with.pull, 2000, &page, NULL));
    end_waiting(&with);
}

/* In a child the copy of a cancel is a cancel like any other, and the parent's is another one. */
static void a_child_has_a_cancel_of_its_own(struct sandbox *hub)
{
    flx_cancel *cancel = flx_cancel_new();
    int status = 0;
    pid_t child;

    REQUIRE(cancel);
    child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        struct waiting with = new_waiting(hub);
        pthread_t thread;
        int64_t start = now_ms();
        flx_page *page = NULL;

        REQUIRE_STATUS(FLX_OK, flx_client_set_cancel(with.client, cancel, NULL));
        CHECK(cost_of_a_wait(&with) <= 40);
        REQUIRE(pthread_create(&thread, NULL, fire_soon, cancel) == 0);
        CHECK_STATUS(FLX_E_CANCELED, flx_pull_next(with.pull, 20000, &page, NULL));
        CHECK(now_ms() - start < 10000);
        pthread_join(thread, NULL);
        _exit(check_failures() > 0);
    }
    sleep_ms(500);
    flx_cancel_fire(cancel); /* nothing of that reaches the child */
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    flx_cancel_free(cancel);
}

/* Nothing is on its way: a pull waits for its next attempt, or for its slot. */
static void a_wait_for_the_next_attempt_costs_no_processor_time(struct sandbox *hub)
{
    char url[40];
    int64_t before, start;
    flx_page *page = NULL;
    flx_client *client;
    flx_pull *pull;

    closed_hub(url);
    client = open_config(new_config_at(hub, NULL, url));
    pull = open_pull(client, FLX_FEED_ORDERS, NULL);
    for (int i = 0; i < 3; i++)
        flx_pull_next(pull, 500, &page, NULL); /* refused, and longer and longer waits */
    before = spent_ms(), start = now_ms();
    flx_pull_next(pull, 3000, &page, NULL);
    CHECK(spent_ms() - before <= 10 + (now_ms() - start) / 50);
    flx_pull_close(pull);
    flx_client_close(client);
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
    TEST(a_canceled_flush_keeps_the_order),
    TEST(a_child_that_fires_its_copy_costs_the_parent_nothing),
    TEST(a_child_has_a_cancel_of_its_own),
    TEST(a_wait_for_the_next_attempt_costs_no_processor_time),
    TEST(thousands_of_cancels_come_and_go),
    END_OF_TESTS,
};
