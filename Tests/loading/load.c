/*
 * Loads a library as its arguments say, and uses it.
 *
 *     load LIBRARY STATE_DIR [lazy] [global] [deepbind] [thread] [beside=OTHER] [after=OTHER] [bare]
 *
 * bare: loads it and no more. beside and after: another library is loaded before it, or behind it. Ends with 0 if all went well.
 * The program names `environ`, so that one which is not position independent has a copy of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <flxchannel.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *library, *state, *before, *behind;
static int flags = RTLD_NOW;
static int bare;

static void *load(const char *path, int how)
{
    void *handle = dlopen(path, how);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    return handle;
}

#define FIND(name) __typeof__(&name) my_##name = (__typeof__(&name))dlsym(handle, #name)
#define NEED(call)                                                                                                     \
    do {                                                                                                               \
        int32_t status = (call);                                                                                       \
        if (status < 0) {                                                                                              \
            fprintf(stderr, #call ": status %d\n", (int)status);                                                       \
            exit(3);                                                                                                   \
        }                                                                                                              \
    } while (0)

static const char order[] =
    "{\"orderNumber\":\"L-1\",\"orderedAt\":\"2026-01-31T12:00:00Z\",\"orderItems\":[{\"sku\":\"S\",\"quantity\":1}],"
    "\"shippingAddress\":{\"name\":\"N\",\"addressLine1\":\"L\",\"city\":\"C\",\"postal\":\"P\",\"countryCode\":\"US\"}}";

/* A client is opened, an order is kept, and the client is closed. No request is made. */
static void use(void *handle)
{
    FIND(flx_config_new);
    FIND(flx_config_set);
    FIND(flx_config_free);
    FIND(flx_client_open);
    FIND(flx_client_close);
    FIND(flx_order_submit);
    FIND(flx_blob_free);
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_blob *blob = NULL;
    NEED(my_flx_config_new(&config, NULL));
    const char *settings[][2] = {
        {"channel", "loading"}, {"token", "some-token"}, {"origin", "http://127.0.0.1:9"}, {"state_dir", state}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        NEED(my_flx_config_set(config, settings[i][0], strlen(settings[i][0]), settings[i][1], strlen(settings[i][1]),
                               NULL));
    NEED(my_flx_client_open(config, &client, NULL));
    NEED(my_flx_order_submit(client, order, sizeof order - 1, &blob, NULL));
    my_flx_blob_free(blob);
    my_flx_client_close(client);
    my_flx_config_free(config);
}

static void *run(void *nothing)
{
    /* Another Swift library does not stand RTLD_DEEPBIND itself. */
    int plainly = RTLD_NOW | RTLD_LOCAL;
    void *other = before ? load(before, plainly) : NULL, *handle = load(library, flags);
    if (behind)
        other = load(behind, plainly);
    if (!bare) {
        use(handle);
        dlclose(handle);
        handle = load(library, flags);
        use(handle);
    }
    int (*answer)(void) = other ? (int (*)(void))dlsym(other, "answer") : NULL;
    if (other && (!answer || answer() != 42)) {
        fprintf(stderr, "the other library does not answer\n");
        exit(4);
    }
    return nothing;
}

int main(int count, char **words)
{
    if (count < 3 || !environ)
        return 1;
    library = words[1];
    state = words[2];
    int threaded = 0;
    for (int i = 3; i < count; i++) {
        if (!strcmp(words[i], "lazy"))
            flags = (flags & ~RTLD_NOW) | RTLD_LAZY;
        if (!strcmp(words[i], "global"))
            flags |= RTLD_GLOBAL;
        if (!strcmp(words[i], "deepbind"))
            flags |= RTLD_DEEPBIND;
        if (!strcmp(words[i], "thread"))
            threaded = 1;
        if (!strcmp(words[i], "bare"))
            bare = 1;
        if (!strncmp(words[i], "beside=", 7))
            before = words[i] + 7;
        if (!strncmp(words[i], "after=", 6))
            behind = words[i] + 6;
    }
    pthread_t thread;
    if (!threaded)
        run(NULL);
    else if (pthread_create(&thread, NULL, run, NULL) || pthread_join(thread, NULL))
        return 1;
    return 0;
}
