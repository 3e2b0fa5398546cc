/* What the C hosts of the fault rows have in common: a client, an order, and a loud end. */
#ifndef FAULTS_HOST_H
#define FAULTS_HOST_H

#include "flxchannel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with the place and the status, unless `got` is `want`. */
#define NEED(want, got)                                                                                                \
    do {                                                                                                               \
        long want_ = (long)(want), got_ = (long)(got);                                                                 \
        if (want_ != got_) {                                                                                           \
            fprintf(stderr, "%s:%d: %s is %ld, not %ld\n", __FILE__, __LINE__, #got, got_, want_);                     \
            exit(9);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Opens a client with a config in JSON, or gives NULL; `err` may be NULL. */
static inline flx_client *host_open(const char *json, flx_error **err)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    if (flx_config_new(&config, err) == FLX_OK && flx_config_set_json(config, json, FLX_NUL, err) == FLX_OK)
        flx_client_open(config, &client, err);
    flx_config_free(config);
    return client;
}

/* Submits a small order; `receipt` and `err` may be NULL. */
static inline int32_t host_submit(flx_client *client, const char *number, flx_blob **receipt, flx_error **err)
{
    char order[512];
    snprintf(
        order, sizeof order,
        "{\"orderNumber\":\"%s\",\"orderTotal\":\"19.99\",\"shippingText\":\"Standard\",\"shippingAddress\":"
        "{\"name\":\"Ada Example\",\"addressLine1\":\"1 Test Street\",\"city\":\"Springfield\",\"stateCode\":\"IL\","
        "\"postal\":\"62701\",\"countryCode\":\"US\"},\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":1,"
        "\"price\":\"19.99\"}]}",
        number);
    return flx_order_submit(client, order, FLX_NUL, receipt, err);
}

/* Says an error on standard error and frees it. */
static inline void host_say(const char *what, flx_error *err)
{
    const char *text = "";
    size_t n = 0;
    flx_error_view(err, FLX_ERROR_MESSAGE, &text, &n);
    fprintf(stderr, "%s: %d %.*s\n", what, flx_error_code(err), (int)n, text);
    flx_error_free(err);
}

#endif
