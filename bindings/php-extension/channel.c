/* The client, and everything else of the contract. */
#include "native.h"

METHOD(clientOpen)
{
    zend_string *settings;
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_error *err = NULL;
    TAKE(1, TEXT(settings));
    flxchannel_make_handle(return_value, KIND_CLIENT);
    int32_t status = flx_config_new(&config, &err);
    if (status >= 0) {
        status = flx_config_set_json(config, BYTES(settings), &err);
    }
    if (status >= 0) {
        status = flx_client_open(config, &client, &err);
    }
    flx_config_free(config);
    flxchannel_give_handle(return_value, status, client, err);
}

METHOD(clientProbe)
{
    zend_object *client;
    zend_long wait_ms;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(2, HANDLE(client) NUMBER(wait_ms));
    int32_t status = flx_client_probe(flxchannel_name(client), (int32_t)wait_ms, &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

GIVES_TEXT(clientStats, flx_client_stats)
GIVES_TEXT(clientHolders, flx_client_holders)
GIVES_TEXT(clientLogs, flx_client_logs)
TEXT_GIVES_NOTHING(clientSetToken, flx_client_set_token)
TEXT_GIVES_NOTHING(clientRelearn, flx_client_relearn)
CLOSES(clientClose)

METHOD(call)
{
    zend_object *client;
    zend_string *operation, *arguments;
    zend_long wait_ms;
    flx_blob *blob = NULL;
    flx_error *err = NULL;
    TAKE(4, HANDLE(client) TEXT(operation) TEXT(arguments) NUMBER(wait_ms));
    int32_t status =
        flx_call(flxchannel_name(client), BYTES(operation), BYTES(arguments), (int32_t)wait_ms, &blob, &err);
    flxchannel_give_text(return_value, status, blob, err);
}

TEXT_GIVES_TEXT(preview, flx_preview)
