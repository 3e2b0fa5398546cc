/*
 * A library that is wrong on purpose: it stands before the real one, which is its dependency, and does to the host what
 * GUEST_PLANTED says. A host is given it in place of the real one, and its checker has to find that.
 */
#define _GNU_SOURCE
#include "flxchannel.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pid_t loaded_by;

static int is(const char *what)
{
    const char *planted = getenv("GUEST_PLANTED");
    return planted && !strcmp(planted, what);
}

static void leak(size_t bytes)
{
    void *volatile lost = malloc(bytes);
    if (lost)
        memset(lost, 1, bytes);
}

static void abort_unless(int is_so)
{
    if (!is_so)
        abort();
}

static void *sleeps(void *unused)
{
    for (;;)
        pause();
    return unused;
}

__attribute__((constructor)) static void at_loading(void)
{
    loaded_by = getpid();
    if (is("memory"))
        leak(16384);
}

static void change_the_thread(void)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR2);
    if (is("mask"))
        pthread_sigmask(SIG_BLOCK, &one, NULL);
    if (is("rounding"))
        fesetround(FE_DOWNWARD);
}

static void change_the_process(void)
{
    static const struct itimerval rare = {{1000, 0}, {1000, 0}};
    static const struct rlimit few = {128, 128};
    pthread_t thread;
    if (is("signals"))
        signal(SIGUSR2, SIG_IGN);
    if (is("descriptors"))
        abort_unless(dup(0) > 0);
    if (is("streams"))
        fcntl(0, F_SETFL, O_NONBLOCK);
    if (is("umask"))
        umask(0);
    if (is("directory"))
        abort_unless(chdir("/") == 0);
    if (is("environment"))
        setenv("PLANTED", "1", 1);
    if (is("locale"))
        setlocale(LC_NUMERIC, strcmp(setlocale(LC_NUMERIC, NULL), "C") ? "C" : "C.UTF-8");
    if (is("threads"))
        pthread_create(&thread, NULL, sleeps, NULL);
    if (is("limits"))
        setrlimit(RLIMIT_NOFILE, &few);
    if (is("timer"))
        setitimer(ITIMER_REAL, &rare, NULL);
    if (is("dumpable"))
        prctl(PR_SET_DUMPABLE, 0);
}

FLX_API int32_t flx_client_open(const flx_config *c, flx_client **out, flx_error **err)
{
    int32_t status = REAL(flx_client_open)(c, out, err);
    change_the_thread();
    change_the_process();
    return status;
}

FLX_API int32_t flx_client_stats(flx_client *cl, flx_blob **json, flx_error **err)
{
    if (is("forked") && getpid() != loaded_by) {
        *json = NULL;
        if (err)
            *err = NULL;
        return FLX_OK;
    }
    return REAL(flx_client_stats)(cl, json, err);
}

FLX_API void flx_page_free(flx_page *page)
{
    if (page && is("memory"))
        leak(1024);
    REAL(flx_page_free)(page);
    if (is("errno"))
        errno = EACCES;
}

FLX_API void flx_pull_close(flx_pull *pull)
{
    if (!is("clinging"))
        REAL(flx_pull_close)(pull);
}

FLX_API void flx_sync_close(flx_sync *sync)
{
    if (is("crash"))
        raise(SIGKILL); /* which leaves no core behind */
    REAL(flx_sync_close)(sync);
}

FLX_API void flx_client_close(flx_client *cl)
{
    if (!is("clinging"))
        REAL(flx_client_close)(cl);
}
