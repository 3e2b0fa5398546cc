/* Fork: inherited clients say so, closing them is safe, the parent goes on, and a dead owner's locks are free. */
#define _GNU_SOURCE
#include "probes.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a child; gives 1 if it ended with status 0. Checks that failed in it are printed by it. */
#define IN_CHILD(statements)                                                                                           \
    do {                                                                                                               \
        pid_t child_ = fork();                                                                                         \
        int status_ = 0;                                                                                               \
        REQUIRE(child_ >= 0);                                                                                          \
        if (child_ == 0) {                                                                                             \
            int before_ = check_failures();                                                                            \
            statements;                                                                                                \
            _exit(check_failures() > before_ ? 1 : 0);                                                                 \
        }                                                                                                              \
        while (waitpid(child_, &status_, 0) < 0 && errno == EINTR)                                                     \
            continue;                                                                                                  \
        check_about(NULL);                                                                                             \
        CHECK(WIFEXITED(status_) && WEXITSTATUS(status_) == 0);                                                        \
    } while (0)

static void expect_forked(const struct fixture *with)
{
    for (const struct handle_probe *probe = handle_probes; probe->function; probe++) {
        flx_error *err = NULL;
        int32_t status;

        if ((probe->takes != A_CLIENT && probe->takes != A_PULL) || !probe->has_err)
            continue;
        check_about("%s in the child", probe->function);
        CHECK_STATUS(FLX_E_FORKED, probe->call(with, handle_of(with, probe->takes), NULL));
        status = probe->call(with, handle_of(with, probe->takes), &err);
        check_error(__FILE__, __LINE__, FLX_E_FORKED, status, err, "with an error pointer");
    }
    check_about(NULL);
}

static void a_child_gets_forked_from_every_call(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);

    IN_CHILD(expect_forked(&with));
    CHECK_STATUS(FLX_OK, flx_pull_commit(with.pull, with.page, NULL));
    free_fixture(&with);
}

static void what_holds_no_connection_works_in_a_child(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    flx_blob *blob = NULL;

    IN_CHILD({
        CHECK_INT(5, flx_page_count(with.page));
        CHECK(flx_page_listing_variant(with.page, 0) != NULL);
        CHECK(blob_text(with.blob) != NULL);
        CHECK_STATUS(FLX_E_ARGUMENT, flx_error_code(with.error));
        CHECK_INT(FLX_VERSION, flx_version());
        CHECK_STATUS(FLX_OK, flx_describe("build", FLX_NUL, &blob, NULL));
        CHECK_STATUS(FLX_OK, flx_order_check("{}", FLX_NUL, &blob, NULL));
        CHECK_STATUS(FLX_OK, flx_config_set(with.config, "channel", FLX_NUL, "x", FLX_NUL, NULL));
        CHECK_STATUS(FLX_OK, flx_order_builder_set(with.builder, "/note", FLX_NUL, "x", FLX_NUL, NULL));
    });
    free_fixture(&with);
}

static void closing_in_a_child_leaves_the_parent_alone(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    char text[512];
    flx_page *page;

    REQUIRE_STATUS(FLX_OK, flx_order_submit(with.client, order(text, "K-1"), FLX_NUL, NULL, NULL));
    IN_CHILD(free_fixture(&with));

    /* The parent's pull, outbox and connections are as they were. */
    CHECK_STATUS(FLX_OK, flx_pull_commit(with.pull, with.page, NULL));
    page = next_page(with.pull);
    CHECK_INT(5, flx_page_count(page));
    flx_page_free(page);
    flush_all(with.client);
    CHECK_INT(1, hub_orders(hub, "K-1"));
    free_fixture(&with);
}

static void a_child_opens_a_client_of_its_own(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_client_in(hub, directory);
    flx_blob *list = NULL;

    IN_CHILD({
        char text[512];
        flx_client *own = open_client_in(hub, directory);
        CHECK_STATUS(FLX_OK, flx_order_submit(own, order(text, "K-2"), FLX_NUL, NULL, NULL));
        flush_all(own);
        flx_client_close(own);
        flx_client_close(client);
    });
    CHECK_INT(1, hub_orders(hub, "K-2"));
    CHECK_STATUS(FLX_OK, flx_outbox_list(client, NULL, 0, &list, NULL));
    CHECK(strstr(blob_text(list), "K-2") != NULL);
    flx_blob_free(list);
    flx_client_close(client);
}

/* The kernel keeps a lock as long as any copy of its descriptor is open: a child must not be such a copy. */
static void a_killed_owner_leaves_its_pull_free_though_its_child_lives(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    int line[2], status;
    pid_t owner, grandchild = 0;
    flx_client *client;

    REQUIRE(pipe(line) == 0);
    owner = fork();
    REQUIRE(owner >= 0);
    if (owner == 0) {
        char text[512];
        flx_client *own = open_client_in(hub, directory);
        open_pull(own, FLX_FEED_LISTINGS_TO_SYNC, NULL);
        if (flx_order_submit(own, order(text, "K-3"), FLX_NUL, NULL, NULL) != FLX_OK)
            _exit(1);
        grandchild = fork();
        if (grandchild == 0) {
            grandchild = getpid();
            if (write(line[1], &grandchild, sizeof grandchild) < 0)
                _exit(1);
            for (;;)
                pause();
        }
        for (;;)
            pause();
    }
    REQUIRE(read(line[0], &grandchild, sizeof grandchild) == sizeof grandchild);
    client = open_client_in(hub, directory);
    flx_pull *pull = NULL;
    CHECK_STATUS(FLX_E_CLIENT_BUSY, flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, NULL));

    kill(owner, SIGKILL);
    REQUIRE(waitpid(owner, &status, 0) == owner);
    CHECK(kill(grandchild, 0) == 0); /* still there */
    CHECK_STATUS(FLX_OK, flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, NULL));
    flx_pull_close(pull);
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "K-3"));
    kill(grandchild, SIGKILL);
    flx_client_close(client);
}

/* A claim on an order dies with its owner, also while the owner's child lives. */
static void a_killed_sender_leaves_its_order_to_others(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    int line[2], status;
    pid_t owner, grandchild = 0;
    flx_client *client;
    int64_t start;

    /* The hub answers the order too late for its sender, who is dead by then. */
    json_decref(hub_ask(hub, "POST", "/_admin/faults",
                        "{\"do\":\"delay\",\"ms\":3000,\"method\":\"POST\",\"path\":\"/orders\",\"times\":1}"));
    REQUIRE(pipe(line) == 0);
    owner = fork();
    REQUIRE(owner >= 0);
    if (owner == 0) {
        char text[512];
        flx_client *own = open_client_in(hub, directory);
        if (flx_order_submit(own, order(text, "K-4"), FLX_NUL, NULL, NULL) != FLX_OK)
            _exit(1);
        flx_flush(own, 1500, NULL, NULL); /* on the wire */
        grandchild = fork();
        if (grandchild == 0) {
            grandchild = getpid();
            if (write(line[1], &grandchild, sizeof grandchild) < 0)
                _exit(1);
            for (;;)
                pause();
        }
        for (;;)
            pause();
    }
    REQUIRE(read(line[0], &grandchild, sizeof grandchild) == sizeof grandchild);
    kill(owner, SIGKILL);
    REQUIRE(waitpid(owner, &status, 0) == owner);

    client = open_client_in(hub, directory);
    start = now_ms();
    while (flx_flush(client, 1000, NULL, NULL) != FLX_OK && now_ms() - start < 40000)
        continue;
    CHECK_INT(1, hub_orders(hub, "K-4"));
    flx_blob *results = NULL;
    CHECK_STATUS(FLX_OK, flx_outbox_results(client, 10, &results, NULL));
    CHECK(strstr(blob_text(results), "\"applied\"") != NULL);
    flx_blob_free(results);
    kill(grandchild, SIGKILL);
    flx_client_close(client);
}

static void forking_before_the_first_call_is_as_if_there_was_no_fork(struct sandbox *hub)
{
    IN_CHILD({
        flx_client *client = open_client(hub);
        flx_blob *stats = NULL;
        CHECK_STATUS(FLX_OK, flx_client_stats(client, &stats, NULL));
        flx_blob_free(stats);
        flx_client_close(client);
    });
}

static atomic_int closing_is_over;

static void *opens_and_closes(void *config)
{
    while (!closing_is_over) {
        flx_client *client = NULL;

        flx_client_open(config, &client, NULL);
        flx_client_close(client);
    }
    return NULL;
}

/* K-17: SQLite takes locks of the whole process also where it closes. No child hangs; that a fork was too early for a thread
 * which a busy machine holds up, a child may be told. */
static void a_child_opens_while_threads_close(struct sandbox *hub)
{
    flx_config *configs[4], *own = new_config(hub, NULL);
    pthread_t threads[4];
    atomic_int *opened = mmap(NULL, sizeof *opened, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    REQUIRE(opened != MAP_FAILED);

    closing_is_over = 0;
    for (int i = 0; i < 4; i++) {
        configs[i] = new_config(hub, NULL);
        REQUIRE(pthread_create(&threads[i], NULL, opens_and_closes, configs[i]) == 0);
    }
    for (int i = 0; i < 40; i++) {
        IN_CHILD({
            flx_client *client = NULL;
            int32_t status;

            alarm(60);
            status = flx_client_open(own, &client, NULL);
            CHECK(status == FLX_OK || status == FLX_E_FORKED);
            if (status == FLX_OK)
                ++*opened;
            flx_client_close(client);
        });
    }
    CHECK(*opened > 0);
    closing_is_over = 1;
    flx_config_free(own);
    munmap(opened, sizeof *opened);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        flx_config_free(configs[i]);
    }
}

const struct test fork_tests[] = {
    TEST(a_child_gets_forked_from_every_call),
    TEST(what_holds_no_connection_works_in_a_child),
    TEST(closing_in_a_child_leaves_the_parent_alone),
    TEST(a_child_opens_a_client_of_its_own),
    TEST(a_killed_owner_leaves_its_pull_free_though_its_child_lives),
    TEST(a_killed_sender_leaves_its_order_to_others),
    TEST(a_child_opens_while_threads_close),
    TEST(forking_before_the_first_call_is_as_if_there_was_no_fork),
    END_OF_TESTS,
};
