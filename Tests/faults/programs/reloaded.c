/*
 * A host that loads and unloads the library over and over, and each time uses it.
 *
 *     reloaded CONFIG-JSON TIMES LIBRARY...
 *
 * Says the descriptors and the mappings that are there after the last time and were not after the third.
 */
#include "flxchannel.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define NEED(what)                                                                                                     \
    do {                                                                                                               \
        if (!(what)) {                                                                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                                                 \
            exit(9);                                                                                                   \
        }                                                                                                              \
    } while (0)
#define FUNCTION(name) __typeof__(&name) p_##name = dlsym(library, #name)

static int entries(const char *folder)
{
    int count = 0;
    DIR *open = opendir(folder);
    NEED(open);
    while (readdir(open))
        count++;
    closedir(open);
    return count;
}

static int mappings(void)
{
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    NEED(maps);
    for (int c; (c = fgetc(maps)) != EOF;)
        count += c == '\n';
    fclose(maps);
    return count;
}

static void use(const char *path, const char *json)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_blob *blob = NULL;
    NEED(library);
    FUNCTION(flx_require);
    FUNCTION(flx_config_new);
    FUNCTION(flx_config_set_json);
    FUNCTION(flx_config_free);
    FUNCTION(flx_client_open);
    FUNCTION(flx_client_stats);
    FUNCTION(flx_client_close);
    FUNCTION(flx_blob_free);
    NEED(p_flx_require(FLX_VERSION) == FLX_OK);
    NEED(p_flx_config_new(&config, NULL) == FLX_OK);
    NEED(p_flx_config_set_json(config, json, FLX_NUL, NULL) == FLX_OK);
    NEED(p_flx_client_open(config, &client, NULL) == FLX_OK);
    NEED(p_flx_client_stats(client, &blob, NULL) == FLX_OK);
    p_flx_blob_free(blob);
    p_flx_client_close(client);
    p_flx_config_free(config);
    NEED(dlclose(library) == 0);
}

int main(int argc, char **argv)
{
    int fds = 0, maps = 0;
    NEED(argc > 3);
    for (int time = 0; time < atoi(argv[2]); time++) {
        for (int i = 3; i < argc; i++)
            use(argv[i], argv[1]);
        if (time == 2)
            fds = entries("/proc/self/fd"), maps = mappings();
    }
    printf("%d %d\n", entries("/proc/self/fd") - fds, mappings() - maps);
    return 0;
}
