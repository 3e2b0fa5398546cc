/*
 * A host in C.
 *
 *     guest fork MOMENT             forks at a moment; parent and child each do a whole job
 *     guest attributes WITNESS      what a process can set, from before the library is loaded until the client is closed
 *     guest forget A,B,C,D          client, pull, page and sync are let go in this order
 *     guest pages EARLY ALL         walks until it has seen so many pages, and says what the process weighs
 *     guest reload EARLY ALL EVERY  dlopen and dlclose; a client is used in every so manieth turn
 *
 * FLXCHANNEL_LIBRARY names the library, GUEST_CONFIG has the config.
 */
#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>

/* --- fork --------------------------------------------------------------------------------------------------------- */

static struct {
    flx_client *client;
    flx_pull *pull;
} held;

static int is_wrong; /* planted: the child goes on with what it inherited */

static void child(void)
{
    char told[256] = "";
    if (!lib.file)
        load();
    if (is_wrong) {
        whole_job(held.client, "child", "");
        _exit(0);
    }
    if (held.client) {
        flx_blob *blob = NULL;
        flx_page *page = NULL;
        snprintf(told, sizeof told, "\"%s\",\"%s\",\"%s\",\"%s\"",
                 lib.p_flx_status_name(lib.p_flx_client_stats(held.client, &blob, NULL)),
                 lib.p_flx_status_name(submit(held.client, "inherited")),
                 lib.p_flx_status_name(lib.p_flx_flush(held.client, 0, NULL, NULL)),
                 lib.p_flx_status_name(lib.p_flx_pull_next(held.pull, 0, &page, NULL)));
        lib.p_flx_pull_close(held.pull);
        lib.p_flx_client_close(held.client);
    }
    flx_client *own = open_client();
    whole_job(own, "child", told);
    lib.p_flx_client_close(own);
    _exit(0);
}

static void *inside(void *unused)
{
    (void)unused;
    lib.p_flx_page_free(next_page(held.pull));
    return NULL;
}

static void fork_at(const char *moment)
{
    pthread_t thread;
    int status, is_inside = !strcmp(moment, "during");
    is_wrong = getenv("GUEST_WRONG") != NULL;
    if (strcmp(moment, "before") != 0)
        load();
    if (strcmp(moment, "before") != 0 && strcmp(moment, "loaded") != 0) {
        held.client = open_client();
        held.pull = open_pull(held.client, "held");
    }
    if (!strcmp(moment, "asked")) {
        lib.p_flx_page_free(next_page(held.pull));
        NEED(submit(held.client, "before") == FLX_OK);
    }
    if (is_inside) {
        NEED(pthread_create(&thread, NULL, inside, NULL) == 0);
        SAY("{\"stage\":\"asking\"}\n");
        NEED(getchar() == '\n');
    }
    pid_t made = fork();
    NEED(made >= 0);
    if (made == 0)
        child();
    if (is_inside)
        NEED(pthread_join(thread, NULL) == 0);
    if (!lib.file)
        load();
    flx_client *own = held.client ? held.client : open_client();
    whole_job(own, "parent", "");
    if (held.pull)
        lib.p_flx_page_free(next_page(held.pull)); /* where it was */
    NEED(waitpid(made, &status, 0) == made);
    NEED(status == 0);
    lib.p_flx_pull_close(held.pull);
    lib.p_flx_client_close(own);
}

/* --- attributes --------------------------------------------------------------------------------------------------- */

enum { SENTINEL = EXDEV };

/* Does something, and says so if errno is another one afterwards. */
#define KEPT(name, ...)                                                                                                \
    do {                                                                                                               \
        errno = SENTINEL;                                                                                              \
        __VA_ARGS__;                                                                                                   \
        if (errno != SENTINEL)                                                                                         \
            SAY("{\"errno\":\"%s\",\"is\":%d}\n", name, errno);                                                        \
    } while (0)

static const char *(*witness)(void);

static void stage(const char *name)
{
    printf("{\"stage\":\"%s\",\"seen\":%s}\n", name, witness());
    fflush(stdout);
}

static void attributes(const char *path)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_pull *pull = NULL;
    flx_page *page = NULL;
    flx_blob *blob = NULL;
    witness = (const char *(*)(void))dlsym(dlopen(path, RTLD_NOW), "witness");
    NEED(witness);
    stage("before it is loaded");
    load();
    stage("loaded");
    KEPT("flx_config_new", NEED(lib.p_flx_config_new(&config, NULL) == FLX_OK));
    KEPT("flx_config_set_json",
         NEED(lib.p_flx_config_set_json(config, getenv("GUEST_CONFIG"), FLX_NUL, NULL) == FLX_OK));
    KEPT("flx_client_open", NEED(lib.p_flx_client_open(config, &client, NULL) == FLX_OK));
    stage("opened");
    KEPT("flx_pull_open", NEED(lib.p_flx_pull_open(client, FLX_FEED_LISTINGS, NULL, 0, &pull, NULL) == FLX_OK));
    KEPT("flx_pull_next", NEED(lib.p_flx_pull_next(pull, 20000, &page, NULL) == FLX_OK));
    KEPT("flx_order_submit", NEED(submit(client, "attributes") == FLX_OK));
    KEPT("flx_flush", NEED(lib.p_flx_flush(client, 20000, NULL, NULL) == FLX_OK));
    KEPT("flx_client_stats", NEED(lib.p_flx_client_stats(client, &blob, NULL) == FLX_OK));
    stage("asked");
    KEPT("flx_blob_free", lib.p_flx_blob_free(blob));
    KEPT("flx_page_free", lib.p_flx_page_free(page));
    KEPT("flx_pull_close", lib.p_flx_pull_close(pull));
    KEPT("flx_config_free", lib.p_flx_config_free(config));
    KEPT("flx_client_close", lib.p_flx_client_close(client));
    stage("closed");
}

/* --- let go in any order ------------------------------------------------------------------------------------------ */

static void forget(char *order)
{
    load();
    flx_client *client = open_client(), *watching = open_client();
    flx_pull *pull = open_pull(client, "default");
    flx_page *page = next_page(pull);
    flx_sync *sync = NULL;
    flx_blob *event = NULL, *before = NULL, *after = NULL;
    const void *was = "", *is = "";
    NEED(lib.p_flx_sync_open(client, "{\"parts\":[\"sync\"]}", FLX_NUL, &sync, NULL) == FLX_OK);
    NEED(lib.p_flx_sync_next(sync, 20000, &event, NULL) == FLX_OK);
    lib.p_flx_blob_free(event);
    NEED(lib.p_flx_client_holders(watching, &before, NULL) == FLX_OK);
    for (char *what = strtok(order, ","); what; what = strtok(NULL, ",")) {
        if (!strcmp(what, "client"))
            lib.p_flx_client_close(client);
        else if (!strcmp(what, "pull"))
            lib.p_flx_pull_close(pull);
        else if (!strcmp(what, "page"))
            lib.p_flx_page_free(page);
        else
            lib.p_flx_sync_close(sync);
    }
    NEED(lib.p_flx_client_holders(watching, &after, NULL) == FLX_OK);
    lib.p_flx_blob_view(before, &was, NULL);
    lib.p_flx_blob_view(after, &is, NULL);
    SAY("{\"held\":%s,\"left\":%s}\n", (const char *)was, (const char *)is);
    lib.p_flx_blob_free(before);
    lib.p_flx_blob_free(after);
    lib.p_flx_client_close(watching);
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

static void say_weight(const char *of, int count)
{
    long total, resident;
    struct timespec now;
    FILE *file = fopen("/proc/self/statm", "r");
    NEED(file && fscanf(file, "%ld %ld", &total, &resident) == 2);
    fclose(file);
    clock_gettime(CLOCK_MONOTONIC, &now);
    SAY("{\"%s\":%d,\"rss\":%ld,\"at\":%.3f}\n", of, count, resident * sysconf(_SC_PAGESIZE),
        (double)now.tv_sec + (double)now.tv_nsec / 1e9);
}

static void pages(int early, int all)
{
    load();
    flx_client *client = open_client();
    for (int seen = 0; seen < all;) {
        flx_pull *pull = open_pull(client, "default");
        flx_page *page = NULL;
        int32_t status;
        while (seen < all && (status = lib.p_flx_pull_next(pull, 20000, &page, NULL)) != FLX_DONE) {
            NEED(status == FLX_OK);
            lib.p_flx_page_free(page);
            if (++seen == early || seen == all)
                say_weight("pages", seen);
        }
        lib.p_flx_pull_close(pull);
    }
    lib.p_flx_client_close(client);
}

static void reload(int early, int all, int every)
{
    for (int turn = 1; turn <= all; turn++) {
        load();
        if (turn % every == 0) {
            flx_client *client = open_client();
            flx_pull *pull = open_pull(client, "default");
            lib.p_flx_page_free(next_page(pull));
            lib.p_flx_pull_close(pull);
            lib.p_flx_client_close(client);
        }
        NEED(dlclose(lib.file) == 0);
        if (turn == early || turn == all)
            say_weight("loads", turn);
    }
}

int main(int argc, char **argv)
{
    NEED(argc >= 3);
    if (!strcmp(argv[1], "fork"))
        fork_at(argv[2]);
    else if (!strcmp(argv[1], "attributes"))
        attributes(argv[2]);
    else if (!strcmp(argv[1], "forget"))
        forget(argv[2]);
    else if (!strcmp(argv[1], "pages") && argc == 4)
        pages(atoi(argv[2]), atoi(argv[3]));
    else if (!strcmp(argv[1], "reload") && argc == 5)
        reload(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
    else
        return 2;
    return 0;
}
