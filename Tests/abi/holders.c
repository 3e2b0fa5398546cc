/* Who holds a feed: it belongs to the work on it, not to the process that once began it. */
#define _GNU_SOURCE
#include "hub.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static flx_client *open_idle(struct sandbox *hub, const char *directory, const char *idle_s)
{
    flx_config *config = new_config(hub, directory);

    set(config, "pull.idle_s", idle_s);
    return open_config(config);
}

/* What another process does with a feed. */
struct neighbour {
    pid_t pid;
    int ask, answer;
};

/*
 * A process that pulls one page of the feed and then only does what it is told, a letter at a time: 'n' the next page,
 * 'c' commit the first page, 'f' fork a child that closes everything, 'l' close the client. It answers each with a status.
 */
static struct neighbour start_neighbour(struct sandbox *hub, const char *directory, int32_t feed, const char *idle_s)
{
    int ask[2], answer[2];
    struct neighbour one = {0};
    int32_t ready = -1;

    REQUIRE(pipe(ask) == 0 && pipe(answer) == 0);
    one.pid = fork();
    REQUIRE(one.pid >= 0);
    if (one.pid == 0) {
        flx_client *client = open_idle(hub, directory, idle_s);
        flx_pull *pull = open_pull(client, feed, NULL);
        flx_page *page = next_page(pull), *more = NULL;
        int32_t status = page ? FLX_OK : FLX_E_INTERNAL;
        char what;

        close(ask[1]);
        if (write(answer[1], &status, sizeof status) < 0)
            _exit(1);
        while (read(ask[0], &what, 1) == 1) {
            if (what == 'n')
                status = flx_pull_next(pull, 5000, &more, NULL);
            else if (what == 'c')
                status = flx_pull_commit(pull, page, NULL);
            else if (what == 'l')
                flx_client_close(client);
            else if (what == 'f') {
                pid_t child = fork();
                if (child == 0) {
                    flx_client_close(client);
                    flx_pull_close(pull);
                    _exit(0);
                }
                waitpid(child, &status, 0);
            }
            if (write(answer[1], &status, sizeof status) < 0)
                _exit(1);
        }
        _exit(0);
    }
    close(ask[0]);
    close(answer[1]);
    one.ask = ask[1];
    one.answer = answer[0];
    REQUIRE(read(one.answer, &ready, sizeof ready) == sizeof ready);
    REQUIRE_STATUS(FLX_OK, ready);
    return one;
}

static int32_t tell(struct neighbour one, char what)
{
    int32_t status = FLX_E_INTERNAL;

    REQUIRE(write(one.ask, &what, 1) == 1);
    REQUIRE(read(one.answer, &status, sizeof status) == sizeof status);
    return status;
}

static void end(struct neighbour one)
{
    kill(one.pid, SIGKILL);
    waitpid(one.pid, NULL, 0);
    close(one.ask);
    close(one.answer);
}

/* Tries until the feed is to be had. */
static flx_pull *open_late(flx_client *client, int32_t feed)
{
    flx_pull *pull = NULL;
    int64_t start = now_ms();

    while (flx_pull_open(client, feed, NULL, 0, &pull, NULL) == FLX_E_CLIENT_BUSY && now_ms() - start < 15000)
        sleep_ms(50);
    REQUIRE(pull != NULL);
    return pull;
}

static json_t *holders(flx_client *client)
{
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_holders(client, &blob, NULL));
    return take_json(blob);
}

static void busy_names_the_process_and_so_does_the_list(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    struct neighbour other = start_neighbour(hub, directory, FLX_FEED_LISTINGS_TO_SYNC, "600");
    flx_pull *pull = NULL;
    flx_error *err = NULL;
    char pid[32];

    REQUIRE_STATUS(FLX_E_CLIENT_BUSY, flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, &err));
    snprintf(pid, sizeof pid, "process %d ", (int)other.pid);
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), pid) != NULL);
    CHECK_INT(0, flx_error_number(err, FLX_ERROR_FATAL));
    flx_error_free(err);

    json_t *list = holders(client), *one = json_array_get(list, 0), *stats;
    CHECK_INT(1, json_array_size(list));
    CHECK_TEXT("listings_to_sync", member(one, "feed"));
    CHECK_TEXT("pull", member(one, "by"));
    CHECK_TEXT("abi", member(one, "process"));
    CHECK_INT(other.pid, json_integer_value(json_object_get(one, "pid")));
    CHECK_INT(600000, json_integer_value(json_object_get(one, "idle_limit_ms")));
    CHECK(json_is_false(json_object_get(one, "in_call")));
    flx_blob *blob = NULL;
    REQUIRE_STATUS(FLX_OK, flx_client_stats(client, &blob, NULL));
    stats = take_json(blob);
    CHECK_INT(1, json_array_size(json_object_get(stats, "holders")));
    json_decref(stats);
    json_decref(list);
    end(other);
    flx_pull_close(open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, NULL));
    flx_client_close(client);
}

static void a_forgotten_pull_of_another_process_gives_its_feed_away(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    struct neighbour other = start_neighbour(hub, directory, FLX_FEED_LISTINGS_TO_SYNC, "1");
    flx_pull *pull = open_late(client, FLX_FEED_LISTINGS_TO_SYNC);
    flx_page *page = next_page(pull);

    CHECK(page != NULL);
    CHECK_STATUS(FLX_E_CLIENT_BUSY, tell(other, 'n'));
    CHECK_STATUS(FLX_E_CLIENT_BUSY, tell(other, 'n'));
    flx_page_free(page);
    page = next_page(pull);
    flx_page_free(page);
    flx_pull_close(pull);
    CHECK_STATUS(FLX_E_CLIENT_BUSY, tell(other, 'n')); /* the end of the taker gives nothing back */
    end(other);
    flx_client_close(client);
}

static void a_stopped_process_that_wakes_moves_no_cursor(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    struct neighbour other = start_neighbour(hub, directory, FLX_FEED_LISTINGS, "1");
    flx_pull *pull;
    flx_page *page;
    size_t records = 0;

    kill(other.pid, SIGSTOP);
    pull = open_late(client, FLX_FEED_LISTINGS);
    kill(other.pid, SIGCONT);
    CHECK_STATUS(FLX_E_CLIENT_BUSY, tell(other, 'c'));
    while ((page = next_page(pull))) {
        records += flx_page_count(page);
        CHECK_STATUS(FLX_OK, flx_pull_commit(pull, page, NULL));
        flx_page_free(page);
    }
    CHECK(records > 100); /* nothing that the other one gave counts as committed */
    flx_pull_close(pull);
    end(other);
    flx_client_close(client);
}

static void closing_a_client_lets_its_feeds_go_and_a_fork_of_it_does_not(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    struct neighbour other = start_neighbour(hub, directory, FLX_FEED_LISTINGS_TO_SYNC, "600");
    flx_pull *pull = NULL;

    tell(other, 'f');
    CHECK_STATUS(FLX_E_CLIENT_BUSY, flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, NULL));
    CHECK(tell(other, 'n') >= 0);
    tell(other, 'l');
    flx_pull_close(open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, NULL));
    CHECK_STATUS(FLX_E_HANDLE, tell(other, 'n'));
    end(other);
    flx_client_close(client);
}

static void a_flush_says_who_keeps_its_answers(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS_TO_PUBLISH, NULL);
    flx_page *page = next_page(pull);
    const char *receipt;
    size_t n;
    flx_blob *blob = NULL;
    struct neighbour other;
    char pid[32], answer[128];

    REQUIRE(page != NULL);
    REQUIRE_STATUS(FLX_OK, flx_page_receipt(page, &receipt, &n));
    snprintf(answer, sizeof answer, "[{\"id\":\"%s\",\"error\":\"not now\"}]", flx_page_listing_parent(page, 0)->id.p);
    REQUIRE_STATUS(FLX_OK, flx_ack(client, receipt, n, answer, FLX_NUL, NULL));
    flx_page_free(page);
    flx_pull_close(pull);
    other = start_neighbour(hub, directory, FLX_FEED_LISTINGS_TO_PUBLISH, "600");

    CHECK_STATUS(FLX_BUSY, flx_flush(client, 5000, &blob, NULL));
    json_t *report = take_json(blob);
    snprintf(pid, sizeof pid, "process %d ", (int)other.pid);
    CHECK_TEXT("another_process", member(report, "waits_for"));
    CHECK(strstr(member(report, "paused"), pid) != NULL);
    json_decref(report);
    end(other);
    flush_all(client);
    flx_client_close(client);
}

const struct test holders_tests[] = {
    TEST(busy_names_the_process_and_so_does_the_list),
    TEST(a_forgotten_pull_of_another_process_gives_its_feed_away),
    TEST(a_stopped_process_that_wakes_moves_no_cursor),
    TEST(closing_a_client_lets_its_feeds_go_and_a_fork_of_it_does_not),
    TEST(a_flush_says_who_keeps_its_answers),
    END_OF_TESTS,
};
