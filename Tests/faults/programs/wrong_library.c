/*
 * For LD_PRELOAD, before the library: one that is wrong in what WRONG says, where nobody but a caller with odd arguments, a fork
 * or a poor host sees it.
 *
 *     crash     ends at a topic it does not know    internal  answers that with FLX_E_INTERNAL
 *     set       leaves an out parameter on an error child     hangs in a client that a child opens
 *     trusting  opens files and does not look whether it could
 *     still     never comes back from a topic it does not know
 */
#include "flxchannel.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pid_t parent;

__attribute__((constructor)) static void born(void)
{
    parent = getpid();
}

static int is_wrong(const char *how)
{
    const char *said = getenv("WRONG");
    return said && !strcmp(said, how);
}

int32_t flx_describe(const char *topic, size_t n, flx_blob **json, flx_error **err)
{
    int32_t (*right)(const char *, size_t, flx_blob **, flx_error **) =
        (__typeof__(right))dlsym(RTLD_NEXT, "flx_describe");
    int32_t status = right(topic, n, json, err);
    if (is_wrong("crash") && status < 0)
        raise(SIGSEGV);
    if (is_wrong("set") && status < 0 && json)
        *json = (flx_blob *)8;
    while (is_wrong("still") && status < 0)
        pause();
    return is_wrong("internal") && status < 0 ? FLX_E_INTERNAL : status;
}

int32_t flx_client_open(const flx_config *c, flx_client **out, flx_error **err)
{
    int32_t (*right)(const flx_config *, flx_client **, flx_error **) =
        (__typeof__(right))dlsym(RTLD_NEXT, "flx_client_open");
    while (is_wrong("child") && getpid() != parent)
        pause();
    for (int i = 0; i < 4 && is_wrong("trusting"); i++)
        fgetc(fopen("/dev/null", "r"));
    return right(c, out, err);
}
