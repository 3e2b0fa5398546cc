/*
 * One worker of many: submits its orders, then drains the outbox together with the others.
 *
 *     worker CONFIG-JSON PREFIX FIRST COUNT HISTORY
 *
 * Each order that was accepted is a line of HISTORY, written after the call returned: its number, and the receipt.
 * WAIT_FOR_USR1 in the environment: says "ready" and waits for the signal. SUBMIT_ONLY: does not drain.
 * Ends with 0 when nothing is left to send, with 3 when a submit did not return FLX_OK.
 */
#include "flushing.h"
#include "host.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_told; /* SIGUSR1: all workers are there */

static void on_told(int signal)
{
    (void)signal;
    is_told = 1;
}

static void submit(flx_client *client, const char *number, int history)
{
    char line[512];
    flx_error *err = NULL;
    flx_blob *receipt = NULL;
    const void *text = NULL;
    if (host_submit(client, number, &receipt, &err) != FLX_OK) {
        host_say("submit", err);
        exit(3);
    }
    flx_blob_view(receipt, &text, NULL);
    int n = snprintf(line, sizeof line, "%s %s\n", number, (const char *)text);
    flx_blob_free(receipt);
    if (write(history, line, (size_t)n) != n)
        exit(4);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    signal(SIGUSR1, on_told);
    flx_error *err = NULL;
    int history = open(argv[5], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    flx_client *client = host_open(argv[1], &err);
    if (!client || history < 0) {
        host_say("open", err);
        return 2;
    }
    if (getenv("WAIT_FOR_USR1")) {
        puts("ready");
        fflush(stdout);
        for (int ms = 0; !is_told && ms < 60000; ms++)
            nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    for (int i = 0, first = atoi(argv[3]); i < atoi(argv[4]); i++) {
        char number[64];
        snprintf(number, sizeof number, "%s-%06d", argv[2], first + i);
        submit(client, number, history);
    }
    while (!getenv("SUBMIT_ONLY")) {
        int64_t next_in_ms;
        int32_t status = flush_reported(client, 500, &next_in_ms, &err);
        if (status == FLX_OK && next_in_ms < 0)
            break;
        if (status < 0) {
            int isPassing = status <= FLX_E_CONNECT || status == FLX_E_STATE_BUSY || status == FLX_E_RATE_LIMIT;
            host_say("flush", err);
            if (!isPassing)
                return 5;
        }
        if (status != FLX_AGAIN)
            nanosleep(&(struct timespec){0, 20000000}, NULL);
    }
    flx_client_close(client);
    return 0;
}
