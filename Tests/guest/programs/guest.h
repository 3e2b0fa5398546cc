/* What the C host is made of: the library by dlopen, as a plugin has it, a whole job, and lines of JSON for whoever started it. */
#ifndef GUEST_H
#define GUEST_H

#include "flxchannel.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEED(what)                                                                                                     \
    do {                                                                                                               \
        if (!(what)) {                                                                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                                                 \
            exit(9);                                                                                                   \
        }                                                                                                              \
    } while (0)

#define FUNCTIONS(row)                                                                                                 \
    row(flx_config_new) row(flx_config_set_json) row(flx_config_free) row(flx_client_open) row(flx_client_stats)       \
        row(flx_client_holders) row(flx_client_close) row(flx_pull_open) row(flx_pull_next) row(flx_pull_close)        \
            row(flx_page_free) row(flx_order_submit) row(flx_flush) row(flx_outbox_list) row(flx_blob_view)            \
                row(flx_blob_free) row(flx_sync_open) row(flx_sync_next) row(flx_sync_close) row(flx_status_name)      \
                    row(flx_version)

static struct library {
    void *file;
#define MEMBER(name) __typeof__(&name) p_##name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} lib;

static inline void load(void)
{
    lib.file = dlopen(getenv("FLXCHANNEL_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
    if (!lib.file)
        fprintf(stderr, "%s\n", dlerror());
    NEED(lib.file);
#define FIND(name) NEED(lib.p_##name = (__typeof__(&name))dlsym(lib.file, #name));
    FUNCTIONS(FIND)
#undef FIND
}

/* One line, in one write, for a child may say something at the same time. */
#define SAY(...)                                                                                                       \
    do {                                                                                                               \
        char line_[4096];                                                                                              \
        int length_ = snprintf(line_, sizeof line_, __VA_ARGS__);                                                      \
        NEED(write(1, line_, (size_t)length_) == length_);                                                             \
    } while (0)

static inline flx_client *open_client(void)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    NEED(lib.p_flx_config_new(&config, NULL) == FLX_OK);
    NEED(lib.p_flx_config_set_json(config, getenv("GUEST_CONFIG"), FLX_NUL, NULL) == FLX_OK);
    NEED(lib.p_flx_client_open(config, &client, NULL) == FLX_OK);
    lib.p_flx_config_free(config);
    return client;
}

static inline flx_pull *open_pull(flx_client *client, const char *cursor)
{
    char spec[128];
    flx_pull *pull = NULL;
    snprintf(spec, sizeof spec, "{\"page_size\":1,\"cursor\":\"%s\"}", cursor);
    NEED(lib.p_flx_pull_open(client, FLX_FEED_LISTINGS, spec, FLX_NUL, &pull, NULL) == FLX_OK);
    return pull;
}

static inline flx_page *next_page(flx_pull *pull)
{
    flx_page *page = NULL;
    NEED(lib.p_flx_pull_next(pull, 20000, &page, NULL) == FLX_OK);
    return page;
}

static inline int32_t submit(flx_client *client, const char *number)
{
    char order[512];
    snprintf(
        order, sizeof order,
        "{\"orderNumber\":\"%s\",\"orderTotal\":\"19.99\",\"shippingText\":\"Standard\",\"shippingAddress\":"
        "{\"name\":\"Ada Example\",\"addressLine1\":\"1 Test Street\",\"city\":\"Springfield\",\"stateCode\":\"IL\","
        "\"postal\":\"62701\",\"countryCode\":\"US\"},\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":1,"
        "\"price\":\"19.99\"}]}",
        number);
    return lib.p_flx_order_submit(client, order, FLX_NUL, NULL, NULL);
}

static inline int is_applied(flx_client *client, const char *number)
{
    char filter[128];
    const void *text = "";
    flx_blob *list = NULL;
    snprintf(filter, sizeof filter, "{\"number\":\"%s\"}", number);
    NEED(lib.p_flx_outbox_list(client, filter, FLX_NUL, &list, NULL) == FLX_OK);
    lib.p_flx_blob_view(list, &text, NULL);
    int is_so = strstr(text, "\"verdict\":\"applied\"") != NULL;
    lib.p_flx_blob_free(list);
    return is_so;
}

/* Pulls a page, submits an order, flushes until it is at the hub, and says so. */
static inline void whole_job(flx_client *client, const char *who, const char *told)
{
    flx_pull *pull = open_pull(client, who);
    flx_page *page = next_page(pull);
    lib.p_flx_page_free(page);
    lib.p_flx_pull_close(pull);
    NEED(submit(client, who) == FLX_OK);
    for (int turn = 0; turn < 1000 && !is_applied(client, who); turn++) {
        NEED(lib.p_flx_flush(client, 2000, NULL, NULL) >= 0);
        usleep(20000); /* the other process may be at it: then a flush returns at once */
    }
    SAY("{\"who\":\"%s\",\"told\":[%s],\"pages\":1,\"applied\":%s}\n", who, told,
        is_applied(client, who) ? "true" : "false");
}

#endif
