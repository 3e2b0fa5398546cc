#define _GNU_SOURCE
#include "check.h"

#include "flxchannel.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { usual_seconds = 60 };

static const char *running = "";
static _Thread_local char about[160];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failures;
static pid_t owner;
static int report = -1; /* where lines go, so that a test may redirect stdout */

static void fail(const char *file, int line, const char *format, ...)
{
    char text[2048];
    va_list args;
    int n = snprintf(text, sizeof text, "FAILED %s: %s:%d: %s%s", running, file, line, about, *about ? ": " : "");

    va_start(args, format);
    n += vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    if (n > (int)sizeof text - 2)
        n = (int)sizeof text - 2;
    for (int i = 0; i < n; i++)
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' '; /* one line a failure */
    text[n] = '\n';
    pthread_mutex_lock(&lock);
    failures++;
    if (write(report, text, (size_t)n + 1) < 0)
        abort();
    pthread_mutex_unlock(&lock);
}

int check_true(const char *file, int line, int holds, const char *what)
{
    if (!holds)
        fail(file, line, "%s does not hold", what);
    return holds;
}

int check_int(const char *file, int line, int64_t want, int64_t got, const char *what)
{
    if (want != got)
        fail(file, line, "%s: want %lld, got %lld", what, (long long)want, (long long)got);
    return want == got;
}

int check_status(const char *file, int line, int32_t want, int32_t got, const char *what)
{
    if (want != got)
        fail(file, line, "%s: want %s, got %s (%d)", what, flx_status_name(want), flx_status_name(got), (int)got);
    return want == got;
}

int check_text(const char *file, int line, const char *want, const char *got, size_t n, const char *what)
{
    size_t length = got ? (n == SIZE_MAX ? strlen(got) : n) : 0;
    int same = want && got ? strlen(want) == length && memcmp(want, got, length) == 0 : want == got;

    if (!same)
        fail(file, line, "%s: want %s%s%s, got %s%.*s%s", what, want ? "'" : "", want ? want : "nothing",
             want ? "'" : "", got ? "'" : "", got ? (int)(length < 300 ? length : 300) : 7, got ? got : "nothing",
             got ? "'" : "");
    return same;
}

void check_about(const char *format, ...)
{
    va_list args;

    about[0] = '\0';
    if (!format)
        return;
    va_start(args, format);
    vsnprintf(about, sizeof about, format, args);
    va_end(args);
}

int check_failures(void)
{
    return failures;
}

void check_give_up(void)
{
    if (getpid() != owner)
        _exit(3); /* a child that a test made: its parent sees the status */
    exit(1);
}

/* Runs one test in a child. Gives 1 if it passed. */
static int passes(const struct test *test, struct sandbox *hub, void (*before)(struct sandbox *hub))
{
    int seconds = test->seconds ? test->seconds : usual_seconds, status = 0;
    const char *slower = getenv("FLX_SLOWER"); /* a factor, for valgrind */
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child < 0) {
        fail(__FILE__, __LINE__, "no process for the test: %s", strerror(errno));
        return 0;
    }
    if (child == 0) {
        setpgid(0, 0);
        owner = getpid();
        failures = 0;
        alarm((unsigned)(seconds * (slower ? atoi(slower) : 1)));
        before(hub);
        test->run(hub);
        exit(failures ? 1 : 0);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            abort();
    kill(-child, SIGKILL); /* what the test left running */
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        fail(__FILE__, __LINE__, "no end within %d s", seconds);
    else if (WIFSIGNALED(status))
        fail(__FILE__, __LINE__, "died of %s", strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) > 1)
        fail(__FILE__, __LINE__, "ended with status %d", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int is_asked_for(const char *name, char **names)
{
    if (!*names)
        return 1;
    for (; *names; names++)
        if (strncmp(name, *names, strlen(*names)) == 0)
            return 1;
    return 0;
}

int check_run(const struct theme *themes, size_t count, char **names, struct sandbox *hub,
              void (*before)(struct sandbox *hub))
{
    int passed = 0, failed = 0;
    int tell = getenv("FLX_VERBOSE") != NULL;

    report = dup(STDOUT_FILENO);
    for (size_t i = 0; i < count; i++)
        for (const struct test *test = themes[i].tests; test->name; test++) {
            char name[160];
            struct timespec start, end;
            int ok;

            snprintf(name, sizeof name, "%s.%s", themes[i].name, test->name);
            if (!is_asked_for(name, names))
                continue;
            running = name;
            clock_gettime(CLOCK_MONOTONIC, &start);
            ok = passes(test, hub, before);
            clock_gettime(CLOCK_MONOTONIC, &end);
            if (tell)
                dprintf(report, "%s %s (%ld ms)\n", ok ? "ok" : "not ok", name,
                        (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000);
            passed += ok;
            failed += !ok;
        }
    running = "";
    if (passed + failed == 0) {
        dprintf(report, "no test has such a name\n");
        failed = 1;
    }
    dprintf(report, "%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
