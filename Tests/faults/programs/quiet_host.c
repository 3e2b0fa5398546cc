/*
 * A host that keeps no copy of the token itself: reads it from standard input, opens a client, wipes it.
 *
 *     quiet_host CONFIG-JSON-WITHOUT-TOKEN REQUESTS set|json|escaped|replace|keep < token
 *
 * Gives the token as text, in JSON, in JSON with an escape, in place of another, or keeps its own copy; makes so many
 * requests, says "ready" and waits for a signal.
 */
#include "host.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    char token[600];
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_error *err = NULL;
    if (argc != 4)
        return 2;
    ssize_t n = read(0, token, sizeof token);
    NEED(1, n > 0);
    NEED(FLX_OK, flx_config_new(&config, NULL));
    NEED(FLX_OK, flx_config_set_json(config, argv[1], FLX_NUL, NULL));
    if (strcmp(argv[3], "json") == 0 || strcmp(argv[3], "escaped") == 0) {
        char json[700], first[8];
        snprintf(first, sizeof first, argv[3][0] == 'e' ? "\\u%04x" : "%c", token[0]);
        int length = snprintf(json, sizeof json, "{\"token\":\"%s%.*s\"}", first, (int)n - 1, token + 1);
        NEED(FLX_OK, flx_config_set_json(config, json, (size_t)length, NULL));
        explicit_bzero(json, sizeof json);
    } else if (strcmp(argv[3], "replace") == 0)
        NEED(FLX_OK, flx_config_set(config, "token", FLX_NUL, "another", FLX_NUL, NULL));
    else
        NEED(FLX_OK, flx_config_set(config, "token", FLX_NUL, token, (size_t)n, NULL));
    if (flx_client_open(config, &client, &err) != FLX_OK) {
        host_say("open", err);
        return 1;
    }
    flx_config_free(config);
    if (strcmp(argv[3], "replace") == 0)
        NEED(FLX_OK, flx_client_set_token(client, token, (size_t)n, NULL));
    if (strcmp(argv[3], "keep") != 0)
        explicit_bzero(token, sizeof token);
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
