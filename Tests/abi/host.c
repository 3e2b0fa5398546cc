/* The host is left alone: its signals, its streams, its threads, its descriptors, its locale, its working directory. */
#define _GNU_SOURCE
#include "hub.h"

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A whole day of a channel: every kind of call, good ones and bad ones. */
static void do_everything(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);
    flx_client *client = NULL;
    flx_pull *pull;
    flx_page *page = NULL;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    char text[512], url[40];

    set(config, "log.level", "debug");
    client = open_config(config);
    flx_client_probe(client, 10000, &blob, NULL);
    flx_blob_free(blob);
    pull = open_pull(client, FLX_FEED_LISTINGS, "{\"page_size\":100}");
    for (int i = 0; i < 3 && (page = next_page(pull)); i++) {
        flx_pull_commit(pull, page, NULL);
        flx_page_free(page);
    }
    flx_pull_close(pull);
    flx_order_submit(client, "{\"orderNumber\":", FLX_NUL, NULL, &err);
    flx_error_free(err);
    flx_order_submit(client, order(text, "Z-1"), FLX_NUL, NULL, NULL);
    flush_all(client);
    flx_client_stats(client, &blob, NULL);
    flx_blob_free(blob);
    flx_client_close(client);
    flx_client_close(client);

    closed_hub(url);
    client = open_config(new_config_at(hub, NULL, url));
    flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 1500, &blob, &err);
    flx_error_free(err);
    flx_client_close(client);
}

struct signals {
    struct sigaction actions[65];
    sigset_t mask;
};

static struct signals signals_now(void)
{
    struct signals now;

    memset(&now, 0, sizeof now);
    for (int i = 1; i <= 64; i++)
        sigaction(i, NULL, &now.actions[i]);
    pthread_sigmask(SIG_SETMASK, NULL, &now.mask);
    return now;
}

static void check_signals(const struct signals *before)
{
    struct signals after = signals_now();

    for (int i = 1; i <= 64; i++) {
        check_about("signal %d", i);
        CHECK(before->actions[i].sa_handler == after.actions[i].sa_handler);
        CHECK_INT(before->actions[i].sa_flags, after.actions[i].sa_flags);
        CHECK_INT(sigismember(&before->mask, i), sigismember(&after.mask, i));
    }
    check_about(NULL);
}

static void no_signal_handler_or_mask_changes(struct sandbox *hub)
{
    struct signals before = signals_now();

    do_everything(hub);
    check_signals(&before);
}

static void on_pipe(int signal)
{
}

static void the_handlers_of_the_host_stay(struct sandbox *hub)
{
    static const int some[] = {SIGPIPE, SIGINT,  SIGTERM, SIGHUP, SIGUSR1, SIGUSR2,
                               SIGCHLD, SIGSEGV, SIGILL,  SIGBUS, SIGABRT};
    struct sigaction action = {.sa_handler = on_pipe, .sa_flags = SA_RESTART};
    struct signals before;

    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        REQUIRE(sigaction(some[i], &action, NULL) == 0);
    before = signals_now();
    do_everything(hub);
    check_signals(&before);
}

/* A server that slams the door on every request: writing to it raises SIGPIPE, which the host must never see. */
static void *slam(void *listener)
{
    struct linger now = {1, 0};
    int fd;

    while ((fd = accept4(*(int *)listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fd);
    }
    return NULL;
}

static void a_broken_connection_raises_no_signal(struct sandbox *hub)
{
    char url[40], text[512];
    int fd = deaf_hub(url);
    pthread_t thread;
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    sigset_t pending;

    signal(SIGPIPE, SIG_DFL); /* which would end this process */
    REQUIRE(pthread_create(&thread, NULL, slam, &fd) == 0);
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "Z-2"), FLX_NUL, NULL, NULL));
    for (int i = 0; i < 4; i++)
        flx_flush(client, 500, NULL, NULL);
    sigpending(&pending);
    CHECK_INT(0, sigismember(&pending, SIGPIPE));
    flx_client_close(client);
    shutdown(fd, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(fd);
}

/* A SIGPIPE of the host that was pending and blocked before the call is still there after it. */
static void a_pending_signal_of_the_host_stays_pending(struct sandbox *hub)
{
    sigset_t pipe_only, pending;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, NULL);
    raise(SIGPIPE);
    do_everything(hub);
    sigpending(&pending);
    CHECK_INT(1, sigismember(&pending, SIGPIPE));
}

static void nothing_is_written_to_the_streams(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    char path[128];
    struct stat facts;
    int file;

    snprintf(path, sizeof path, "%s/output", directory);
    fflush(NULL);
    file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(file >= 0 && dup2(file, STDOUT_FILENO) == STDOUT_FILENO && dup2(file, STDERR_FILENO) == STDERR_FILENO);
    do_everything(hub);
    fflush(NULL);
    REQUIRE(fstat(file, &facts) == 0);
    CHECK_INT(0, facts.st_size);
}

/* The number of entries of a directory of /proc/self. */
static int entries(const char *path)
{
    DIR *directory = opendir(path);
    int n = 0;

    REQUIRE(directory);
    while (readdir(directory))
        n++;
    closedir(directory);
    return n;
}

static void no_thread_stays(struct sandbox *hub)
{
    const int before = entries("/proc/self/task"); /* one, or two under a sanitizer that has its own */
    flx_config *config = new_config_at(hub, NULL, "http://localhost:9"); /* a name: libcurl may start its resolver */
    flx_client *client;
    flx_blob *blob = NULL;

    do_everything(hub);
    CHECK_INT(before, entries("/proc/self/task"));

    client = open_config(config);
    flx_client_probe(client, 1000, &blob, NULL);
    flx_blob_free(blob);
    flx_client_close(client);
    for (int i = 0; i < 50 && entries("/proc/self/task") > before; i++)
        sleep_ms(100);
    CHECK_INT(before, entries("/proc/self/task"));
}

static void no_thread_runs_while_a_client_is_open(struct sandbox *hub)
{
    const int before = entries("/proc/self/task");
    flx_client *client = open_client(hub);
    flx_pull *pull = open_pull(client, FLX_FEED_LISTINGS, NULL);

    flx_page_free(next_page(pull));
    CHECK_INT(before, entries("/proc/self/task"));
    flx_pull_close(pull);
    flx_client_close(client);
}

static void no_descriptor_stays(struct sandbox *hub)
{
    int before;

    do_everything(hub); /* what is made once for the process may stay */
    before = entries("/proc/self/fd");
    for (int i = 0; i < 3; i++)
        do_everything(hub);
    CHECK_INT(before, entries("/proc/self/fd"));
}

/* The heap does not grow with use: what ten rounds of everything take, they give back. */
static void no_memory_stays(struct sandbox *hub)
{
    enum { rounds = 10 };
    size_t before, after;

    for (int i = 0; i < 3; i++)
        do_everything(hub); /* what is made once for the process may stay */
    before = mallinfo2().uordblks;
    for (int i = 0; i < rounds; i++)
        do_everything(hub);
    after = mallinfo2().uordblks;
    check_about("%zu bytes before, %zu after %d rounds", before, after, rounds);
    CHECK(after < before + 2048 * rounds);
}

static void every_descriptor_is_closed_by_exec(struct sandbox *hub)
{
    char was_open[256];
    flx_client *client;
    flx_pull *pull;
    flx_cancel *cancel;
    int ours = 0;

    for (int fd = 0; fd < 256; fd++)
        was_open[fd] = fcntl(fd, F_GETFD) >= 0;
    client = open_client(hub);
    pull = open_pull(client, FLX_FEED_LISTINGS_TO_SYNC, NULL);
    cancel = flx_cancel_new();
    flx_page_free(next_page(pull));
    for (int fd = 3; fd < 256; fd++) {
        char path[64], target[256] = "";
        int flags = fcntl(fd, F_GETFD);

        if (flags < 0 || was_open[fd])
            continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, target, sizeof target - 1) < 0)
            continue;
        check_about("%s", target);
        CHECK(flags & FD_CLOEXEC);
        ours++;
    }
    check_about(NULL);
    CHECK(ours >= 4); /* state, lock, cancel, connection */
    flx_pull_close(pull);
    flx_client_close(client);
    flx_cancel_free(cancel);
}

static void locale_directory_and_mask_stay(struct sandbox *hub)
{
    char before[4096], after[4096];
    mode_t mask = umask(027);

    REQUIRE(getcwd(before, sizeof before));
    REQUIRE(setlocale(LC_ALL, "C.UTF-8"));
    do_everything(hub);
    CHECK_TEXT("C.UTF-8", setlocale(LC_ALL, NULL));
    CHECK(getcwd(after, sizeof after) && strcmp(before, after) == 0);
    CHECK_INT(027, umask(mask));
}

/* The environment of a host is none of the library's business: no proxy, no home, no debug switch of it is obeyed. */
static void the_environment_is_not_obeyed(struct sandbox *hub)
{
    char url[40];
    flx_client *client;
    flx_blob *blob = NULL;

    closed_hub(url);
    setenv("http_proxy", url, 1);
    setenv("HTTP_PROXY", url, 1);
    setenv("all_proxy", url, 1);
    setenv("HOME", "/nonexistent", 1);
    client = open_client(hub);
    CHECK_STATUS(FLX_OK, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 5000, &blob, NULL));
    flx_blob_free(blob);
    flx_client_close(client);
}

static void a_path_error_names_its_path(struct sandbox *hub)
{
    flx_error *err = NULL;
    flx_config *config = new_config(hub, "/proc/flxchannel");
    flx_client *client = NULL;

    CHECK_STATUS(FLX_E_PATH, flx_client_open(config, &client, &err));
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), "/proc/flxchannel") != NULL);
    flx_error_free(err);
    flx_config_free(config);
}

const struct test host_tests[] = {
    TEST(no_signal_handler_or_mask_changes),
    TEST(the_handlers_of_the_host_stay),
    TEST(a_broken_connection_raises_no_signal),
    TEST(a_pending_signal_of_the_host_stays_pending),
    TEST(nothing_is_written_to_the_streams),
    TEST(no_thread_stays),
    TEST(no_thread_runs_while_a_client_is_open),
    TEST(no_descriptor_stays),
    TEST(no_memory_stays),
    TEST(every_descriptor_is_closed_by_exec),
    TEST(locale_directory_and_mask_stay),
    TEST(the_environment_is_not_obeyed),
    TEST(a_path_error_names_its_path),
    END_OF_TESTS,
};
