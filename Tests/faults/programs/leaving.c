/*
 * A host that ends while calls are under way in its threads.
 *
 *     leaving CONFIG-JSON HOW AFTER-MS
 *
 * HOW: exit (from the main thread), exit-inside (from the thread that flushes, in its log function), close (an atexit function closes
 * the client while it is used), sleep (waits for a signal).
 */
#include "job.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static flx_client *client;

static void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void *flushes(void *nothing)
{
    for (;;)
        if (flx_flush(client, 200, NULL, NULL) == FLX_E_HANDLE)
            return nothing;
}

static void *submits(void *nothing)
{
    for (int i = 0;; i++) {
        char number[64];
        snprintf(number, sizeof number, "E%d-%d", (int)getpid(), i);
        if (host_submit(client, number, NULL, NULL) == FLX_E_HANDLE)
            return nothing;
    }
}

static void *asks(void *nothing)
{
    for (;;) {
        if (flx_call(client, "getListingVariantsCount", FLX_NUL, "{}", 2, 200, NULL, NULL) == FLX_E_HANDLE)
            return nothing;
        flx_client_logs(client, NULL, NULL);
    }
}

static void close_client(void)
{
    flx_client_close(client);
}

static void leave_on_log(void *ud, int32_t level, const char *line, size_t n)
{
    (void)ud, (void)level, (void)line, (void)n;
    static int lines;
    if (++lines == 20)
        exit(0);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    flx_config *config = NULL;
    flx_error *err = NULL;
    flx_config_new(&config, NULL);
    flx_config_set_json(config, argv[1], FLX_NUL, NULL);
    if (!strcmp(argv[2], "exit-inside"))
        flx_config_on_log(config, leave_on_log, NULL, NULL, NULL);
    if (flx_client_open(config, &client, &err) != FLX_OK) {
        host_say("open", err);
        return 1;
    }
    if (!strcmp(argv[2], "close"))
        atexit(close_client);
    void *(*bodies[])(void *) = {flushes, submits, asks};
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        NEED(0, pthread_create(&thread, NULL, bodies[i], NULL));
    }
    puts("there");
    fflush(stdout);
    nap(!strncmp(argv[2], "exit-", 5) || !strcmp(argv[2], "sleep") ? 20000 : atoi(argv[3]));
    return 0; /* which is exit() */
}
