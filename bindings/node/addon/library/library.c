#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include "library.h"

library lib;

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER; /* two workers may come at once */
static int is_loaded;

static const struct {
    const char *name;
    void **place;
} functions[] = {
#define LIBRARY_ROW(name) {#name, (void **)&lib.name},
    LIBRARY_FUNCTIONS(LIBRARY_ROW)
#undef LIBRARY_ROW
};

static int find_functions(void *file, const char *path, char *why, size_t room)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        *functions[i].place = dlsym(file, functions[i].name);
        if (!*functions[i].place) {
            snprintf(why, room, "%s is not the library of this package: it has no %s", path, functions[i].name);
            return 0;
        }
    }
    if (lib.flx_require(FLX_VERSION) != FLX_OK) {
        snprintf(why, room, "%s is version %s, which does not fit header version %d", path, lib.flx_version_string(),
                 FLX_VERSION);
        return 0;
    }
    return 1;
}

int library_load(const char *path, char *why, size_t room)
{
    pthread_mutex_lock(&loading);
    if (!is_loaded) {
        void *file = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
        if (!file)
            snprintf(why, room, "%s", dlerror());
        else
            is_loaded = find_functions(file, path, why, room); /* another file may be tried: this one stays, unused */
    }
    int is_usable = is_loaded;
    pthread_mutex_unlock(&loading);
    return is_usable;
}
