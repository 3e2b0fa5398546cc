/*
 * A host that keeps no copy of the token itself: reads it from standard input, opens a client, wipes it.
 *
 *     quiet_host CONFIG-JSON-WITHOUT-TOKEN REQUESTS < token
 *
 * Makes so many requests, says "ready" and waits for a signal.
 */
#include "host.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    char token[600];
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_error *err = NULL;
    if (argc != 3)
        return 2;
    ssize_t n = read(0, token, sizeof token);
    NEED(1, n > 0);
    NEED(FLX_OK, flx_config_new(&config, NULL));
    NEED(FLX_OK, flx_config_set_json(config, argv[1], FLX_NUL, NULL));
    NEED(FLX_OK, flx_config_set(config, "token", FLX_NUL, token, (size_t)n, NULL));
    explicit_bzero(token, sizeof token);
    if (flx_client_open(config, &client, &err) != FLX_OK) {
        host_say("open", err);
        return 1;
    }
    flx_config_free(config);
    for (int i = 0; i < atoi(argv[2]); i++) {
        flx_blob *answer = NULL;
        NEED(FLX_OK, flx_call(client, "getListingVariantsCount", FLX_NUL, "{}", 2, 10000, &answer, NULL));
        flx_blob_free(answer);
    }
    puts("ready");
    fflush(stdout);
    for (;;)
        pause();
}
