/*
 * Tells, as JSON, what a process can set and what it has: for a host of any language, which loads this beside the library.
 *
 * By dlopen and `witness()`, or with -DFOR_NODE as an addon of Node.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

static char text[1 << 18];
static size_t length;

static void add(const char *form, ...)
{
    va_list more;
    va_start(more, form);
    int n = vsnprintf(text + length, sizeof text - length, form, more);
    va_end(more);
    if (n < 0 || (size_t)n >= sizeof text - length)
        abort();
    length += (size_t)n;
}

static void add_text(const char *from, size_t n)
{
    add("\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)from[i];
        add(c < ' ' || c == '"' || c == '\\' || c > '~' ? "\\u%04x" : "%c", c);
    }
    add("\"");
}

static void signals(void)
{
    sigset_t mask;
    unsigned long bits = 0;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    add("\"signals\":{");
    for (int i = 1; i <= 64; i++) {
        struct sigaction action;
        bits |= sigismember(&mask, i) == 1 ? 1UL << (i - 1) : 0;
        memset(&action, 0, sizeof action);
        if (sigaction(i, NULL, &action) == 0) {
            unsigned long held = 0;
            for (int j = 1; j <= 64; j++)
                held |= sigismember(&action.sa_mask, j) == 1 ? 1UL << (j - 1) : 0;
            add("%s\"%d\":\"handler %p flags %x mask %lx\"", i == 1 ? "" : ",", i, (void *)action.sa_handler,
                (unsigned)action.sa_flags, held);
        }
    }
    add("},\"mask\":\"%lx\",", bits);
}

static void descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int threads = 0, count = 0;
    add("\"descriptors\":{");
    for (struct dirent *one; folder && (one = readdir(folder));) {
        char path[300], target[4096];
        snprintf(path, sizeof path, "/proc/self/fd/%s", one->d_name);
        ssize_t n = readlink(path, target, sizeof target);
        if (n < 0 || atoi(one->d_name) == dirfd(folder))
            continue;
        add("%s\"%s\":", count++ ? "," : "", one->d_name);
        add_text(target, (size_t)n);
    }
    closedir(folder);
    folder = opendir("/proc/self/task");
    for (struct dirent *one; folder && (one = readdir(folder));)
        threads += one->d_name[0] != '.';
    closedir(folder);
    add("},\"threads\":%d,", threads);
}

static void environment(void)
{
    add("\"environment\":{");
    for (char **one = environ; *one; one++) {
        size_t name = strcspn(*one, "=");
        add(one == environ ? "" : ",");
        add_text(*one, name);
        add(":");
        add_text(*one + name, strlen(*one + name));
    }
    add("},");
}

static void modes(void)
{
    char folder[4096];
    unsigned control = 0;
    mode_t mode = umask(0);
    umask(mode);
#if defined(__x86_64__)
    control = __builtin_ia32_stmxcsr() & ~0x3fU; /* without the flags of what was computed */
#endif
    add("\"umask\":\"%04o\",\"rounding\":%d,\"traps\":%d,\"vectors\":\"%x\",\"directory\":", (unsigned)mode,
        fegetround(), fegetexcept(), control);
    add_text(folder, getcwd(folder, sizeof folder) ? strlen(folder) : 0);
    add(",\"locale\":");
    add_text(setlocale(LC_ALL, NULL), strlen(setlocale(LC_ALL, NULL)));
    add(",\"streams\":\"%x %x %x\",\"dumpable\":%d,", (unsigned)fcntl(0, F_GETFL), (unsigned)fcntl(1, F_GETFL),
        (unsigned)fcntl(2, F_GETFL), prctl(PR_GET_DUMPABLE));
}

static void limits(void)
{
    struct itimerval timer;
    add("\"limits\":{");
    for (int i = 0; i < RLIMIT_NLIMITS; i++) {
        struct rlimit limit = {0, 0};
        getrlimit((__rlimit_resource_t)i, &limit);
        add("%s\"%d\":\"%lx %lx\"", i ? "," : "", i, (unsigned long)limit.rlim_cur, (unsigned long)limit.rlim_max);
    }
    getitimer(ITIMER_REAL, &timer);
    add("},\"timer\":\"%ld %ld\"", (long)timer.it_interval.tv_sec, (long)timer.it_interval.tv_usec);
}

const char *witness(void)
{
    length = 0;
    add("{");
    signals();
    descriptors();
    environment();
    modes();
    limits();
    add("}");
    return text;
}

#ifdef FOR_NODE
#include <node_api.h>

static napi_value js_witness(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value made = NULL;
    napi_create_string_utf8(env, witness(), NAPI_AUTO_LENGTH, &made);
    return made;
}

NAPI_MODULE_INIT()
{
    napi_create_function(env, "witness", NAPI_AUTO_LENGTH, js_witness, NULL, &exports);
    return exports;
}
#endif
