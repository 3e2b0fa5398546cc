/*
 * A log function that does what it must not: calls the library for the same client, closes it, jumps out of it.
 *
 *     callbacks CONFIG-JSON NUMBER
 *
 * Says the statuses that the re-entering calls got.
 */
#include "job.h"

#include <setjmp.h>
#include <time.h>

enum { RE_ENTER, CLOSE, JUMP };

struct host {
    flx_client *client;
    int does, lines;
    int32_t flush, call, submit;
    long slowest_ms;
    jmp_buf out;
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_log(void *ud, int32_t level, const char *line, size_t n)
{
    struct host *host = ud;
    flx_blob *blob = NULL;
    (void)level;
    /* Only what is said from within a call that drives the network. */
    if (!host->client || !memmem(line, n, "order.posted", 12) || host->lines++)
        return;
    long began = now_ms();
    switch (host->does) {
    case RE_ENTER:
        host->flush = flx_flush(host->client, 3000, NULL, NULL);
        host->call = flx_call(host->client, "getListingVariantsCount", FLX_NUL, "{}", 2, 3000, &blob, NULL);
        host->submit = host_submit(host->client, "from-the-log", NULL, NULL);
        break;
    case CLOSE:
        flx_client_close(host->client);
        break;
    case JUMP:
        longjmp(host->out, 1);
    }
    host->slowest_ms = now_ms() - began;
}

static flx_client *open_with(struct host *host, const char *json)
{
    flx_config *config = NULL;
    flx_error *err = NULL;
    NEED(FLX_OK, flx_config_new(&config, NULL));
    NEED(FLX_OK, flx_config_set_json(config, json, FLX_NUL, NULL));
    NEED(FLX_OK, flx_config_on_log(config, on_log, host, NULL, NULL));
    if (flx_client_open(config, &host->client, &err) != FLX_OK)
        host_say("open", err);
    flx_config_free(config);
    return host->client;
}

int main(int argc, char **argv)
{
    char number[64];
    if (argc != 3)
        return 2;
    struct host re_enters = {.does = RE_ENTER}, closes = {.does = CLOSE};
    static struct host jumps = {.does = JUMP};

    flx_client *client = open_with(&re_enters, argv[1]);
    snprintf(number, sizeof number, "%s-1", argv[2]);
    NEED(FLX_OK, host_submit(client, number, NULL, NULL));
    while (flx_flush(client, 2000, NULL, NULL) == FLX_AGAIN)
        ;
    NEED(1, re_enters.lines > 0);
    NEED(FLX_E_CLIENT_BUSY, re_enters.flush);
    NEED(FLX_E_CLIENT_BUSY, re_enters.call);
    flx_client_close(client);

    client = open_with(&closes, argv[1]);
    snprintf(number, sizeof number, "%s-2", argv[2]);
    NEED(FLX_OK, host_submit(client, number, NULL, NULL));
    int32_t status = flx_flush(client, 2000, NULL, NULL);
    NEED(1, closes.lines > 0);
    int32_t later = flx_flush(client, 0, NULL, NULL);
    NEED(FLX_E_HANDLE, later);

    client = open_with(&jumps, argv[1]);
    snprintf(number, sizeof number, "%s-3", argv[2]);
    NEED(FLX_OK, host_submit(client, number, NULL, NULL));
    int32_t lost = 0;
    if (!setjmp(jumps.out))
        flx_flush(client, 2000, NULL, NULL);
    else
        lost = flx_flush(client, 0, NULL, NULL); /* that client is lost to its thread, and says so */
    NEED(1, lost < 0);
    flx_client *other = host_open(argv[1], NULL);
    NEED(1, other != NULL);
    NEED(1, job(other, "after-the-jump"));
    flx_client_close(other);
    printf("re-entering calls: flush %s, call %s, submit %s, %ld ms; flush whose client was closed in it: %d, then %s; "
           "after a jump out: %s, another client works\n",
           flx_status_name(re_enters.flush), flx_status_name(re_enters.call), flx_status_name(re_enters.submit),
           re_enters.slowest_ms, status, flx_status_name(later), flx_status_name(lost));
    return 0;
}
