#include "channel.h"

#include <stdio.h>
#include <stdlib.h>

int32_t check(int32_t status, flx_error **err)
{
    const char *message = NULL, *path = NULL;
    size_t n;

    if (status >= 0)
        return status;
    fprintf(stderr, "%s", flx_status_name(status));
    if (err && flx_error_view(*err, FLX_ERROR_MESSAGE, &message, &n) == FLX_OK)
        fprintf(stderr, ": %s", message);
    if (err && flx_error_view(*err, FLX_ERROR_PATH, &path, &n) == FLX_OK && n > 0)
        fprintf(stderr, " (at %s)", path);
    fprintf(stderr, "\n");
    if (err)
        flx_error_free(*err);
    exit(EXIT_FAILURE);
}

/** Sets a config key from the environment; the library says which key is missing when the client is opened. */
static void set_from_environment(flx_config *config, const char *key, const char *variable)
{
    const char *value = getenv(variable);
    flx_error *err = NULL;

    if (value)
        check(flx_config_set(config, key, FLX_NUL, value, FLX_NUL, &err), &err);
}

flx_client *channel_open(void)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_error *err = NULL;

    check(flx_require(FLX_VERSION), NULL);
    check(flx_config_new(&config, &err), &err);
    check(flx_config_set(config, "channel", FLX_NUL, "c-example", FLX_NUL, &err), &err);
    set_from_environment(config, "origin", "FLX_URL");
    set_from_environment(config, "token", "FLX_TOKEN");
    set_from_environment(config, "state_dir", "FLX_STATE_DIR");
    check(flx_client_open(config, &client, &err), &err);
    flx_config_free(config);
    return client;
}
