/* Loads a library, makes its first call, and prints the microseconds that both took and the kB of memory they added. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static long resident_kb(void)
{
    char line[128];
    long kb = -1;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (status)
        fclose(status);
    return kb;
}

int main(int argc, char **argv)
{
    long before = resident_kb();
    int64_t start = now_ns(), end;
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *address = library ? dlsym(library, "flx_version") : NULL;
    uint32_t (*version)(void);

    if (!address) {
        fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "usage: load LIBRARY");
        return 1;
    }
    memcpy(&version, &address, sizeof version);
    if (version() == 0)
        return 1;
    end = now_ns();
    printf("%.1f %ld\n", (double)(end - start) / 1000, resident_kb() - before);
    return 0;
}
