/*
 * One process, two copies of the library, beside libraries of the host that are there for all to see.
 *
 *     copies CONFIG-JSON LIBRARY COPY
 */
#include "flxchannel.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define NEED(what)                                                                                                     \
    do {                                                                                                               \
        if (!(what)) {                                                                                                 \
            fprintf(stderr, "%s:%d: %s; %s\n", __FILE__, __LINE__, #what, dlerror());                                  \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

struct copy {
    void *handle;
    __typeof__(&flx_config_new) config_new;
    __typeof__(&flx_config_set_json) config_set_json;
    __typeof__(&flx_client_open) client_open;
    __typeof__(&flx_client_close) client_close;
    __typeof__(&flx_order_submit) order_submit;
    __typeof__(&flx_flush) flush;
    __typeof__(&flx_version) version;
    flx_client *client;
};

static int load(struct copy *copy, const char *path, int flags)
{
    NEED(copy->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | flags));
    NEED(copy->config_new = dlsym(copy->handle, "flx_config_new"));
    NEED(copy->config_set_json = dlsym(copy->handle, "flx_config_set_json"));
    NEED(copy->client_open = dlsym(copy->handle, "flx_client_open"));
    NEED(copy->client_close = dlsym(copy->handle, "flx_client_close"));
    NEED(copy->order_submit = dlsym(copy->handle, "flx_order_submit"));
    NEED(copy->flush = dlsym(copy->handle, "flx_flush"));
    NEED(copy->version = dlsym(copy->handle, "flx_version"));
    return 0;
}

static int open_client(struct copy *copy, const char *json)
{
    flx_config *config = NULL;
    NEED(copy->config_new(&config, NULL) == FLX_OK);
    NEED(copy->config_set_json(config, json, FLX_NUL, NULL) == FLX_OK);
    NEED(copy->client_open(config, &copy->client, NULL) == FLX_OK);
    return 0;
}

static int submit(struct copy *copy, const char *number)
{
    char order[512];
    snprintf(
        order, sizeof order,
        "{\"orderNumber\":\"%s\",\"orderTotal\":\"5.00\",\"shippingText\":\"Standard\",\"shippingAddress\":{\"name\":\"Ada Example\","
        "\"addressLine1\":\"1 Test Street\",\"city\":\"Springfield\",\"stateCode\":\"IL\",\"postal\":\"62701\",\"countryCode\":\"US\"},"
        "\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":1,\"price\":\"5.00\"}]}",
        number);
    NEED(copy->order_submit(copy->client, order, FLX_NUL, NULL, NULL) == FLX_OK);
    return 0;
}

int main(int argc, char **argv)
{
    /* Another build of curl with another TLS library, and whatever else a host may have. */
    const char *others[] = {"libcurl-gnutls.so.4", "libcurl.so.4", "libsqlite3.so.0", "libssl.so.3", "libjansson.so.4"};
    int loaded = 0;
    if (argc != 4)
        return 2;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        loaded += dlopen(others[i], RTLD_NOW | RTLD_GLOBAL) != NULL;
    struct copy one = {0}, two = {0};
    if (load(&one, argv[2], 0) || load(&two, argv[3], RTLD_DEEPBIND))
        return 1;
    NEED(one.version != two.version);
    if (open_client(&one, argv[1]) || open_client(&two, argv[1]))
        return 1;
    for (int i = 0; i < 10; i++) {
        char number[32];
        snprintf(number, sizeof number, "Z-%d", i);
        if (submit(i % 2 ? &one : &two, number) || submit(i % 2 ? &two : &one, number))
            return 1;
    }
    for (int turn = 0; turn < 100; turn++)
        if (one.flush(one.client, 300, NULL, NULL) == FLX_OK && two.flush(two.client, 300, NULL, NULL) == FLX_OK)
            break;
    one.client_close(one.client);
    NEED(dlclose(one.handle) == 0);
    NEED(one.version() == two.version()); /* not deleted: the code is still there */
    if (submit(&two, "Z-10"))
        return 1;
    two.client_close(two.client);
    NEED(dlclose(two.handle) == 0);
    struct copy again = {0};
    if (load(&again, argv[2], 0) || open_client(&again, argv[1]) || submit(&again, "Z-11"))
        return 1;
    again.client_close(again.client);
    printf("two copies and %d libraries of the host in one process, closed and loaded again", loaded);
    return 0;
}
