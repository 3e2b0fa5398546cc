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

enum { usual_seconds = 240 };

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

/* A test on its way, and the hub that is its own meanwhile. */
struct job {
    const struct test *test; /* NULL: nothing is on its way here */
    struct sandbox *hub;
    char name[160];
    pid_t child;
    struct timespec start;
};

struct run {
    struct job jobs[most_jobs];
    size_t width;
    void (*before)(struct sandbox *hub);
    int tell, passed, failed;
};

static int seconds_of(const struct test *test)
{
    return test->seconds ? test->seconds : usual_seconds;
}

/* Starts a test in a child. */
static void begin(struct run *run, struct job *job, const char *theme, const struct test *test)
{
    const char *slower = getenv("FLX_SLOWER"); /* a factor, for valgrind */

    snprintf(job->name, sizeof job->name, "%s.%s", theme, test->name);
    running = job->name;
    clock_gettime(CLOCK_MONOTONIC, &job->start);
    fflush(NULL);
    job->child = fork();
    if (job->child < 0) {
        fail(__FILE__, __LINE__, "no process for the test: %s", strerror(errno));
        run->failed++;
        return;
    }
    if (job->child == 0) {
        setpgid(0, 0);
        owner = getpid();
        failures = 0;
        alarm((unsigned)(seconds_of(test) * (slower ? atoi(slower) : 1)));
        run->before(job->hub);
        test->run(job->hub);
        exit(failures ? 1 : 0);
    }
    job->test = test;
}

/* Whether a test whose child ended like this passed; says what a child cannot say itself. */
static int is_passed(const struct job *job, int status)
{
    running = job->name;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        fail(__FILE__, __LINE__, "no end within %d s", seconds_of(job->test));
    else if (WIFSIGNALED(status))
        fail(__FILE__, __LINE__, "died of %s", strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) > 1)
        fail(__FILE__, __LINE__, "ended with status %d", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Waits until one of the tests on their way has ended. */
static void end_one(struct run *run)
{
    struct job *job = NULL;
    struct timespec end;
    int status = 0, ok;

    while (!job) {
        pid_t child = waitpid(-1, &status, 0);

        if (child < 0 && errno != EINTR)
            abort();
        for (size_t i = 0; i < run->width; i++)
            if (run->jobs[i].test && run->jobs[i].child == child)
                job = &run->jobs[i];
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    kill(-job->child, SIGKILL); /* what the test left running */
    ok = is_passed(job, status);
    if (run->tell)
        dprintf(report, "%s %s (%ld ms)\n", ok ? "ok" : "not ok", job->name,
                (end.tv_sec - job->start.tv_sec) * 1000 + (end.tv_nsec - job->start.tv_nsec) / 1000000);
    run->passed += ok;
    run->failed += !ok;
    job->test = NULL;
}

/* A place for the next test; waits for one if need be. */
static struct job *free_job(struct run *run)
{
    for (;;) {
        for (size_t i = 0; i < run->width; i++)
            if (!run->jobs[i].test)
                return &run->jobs[i];
        end_one(run);
    }
}

static int is_idle(const struct run *run)
{
    for (size_t i = 0; i < run->width; i++)
        if (run->jobs[i].test)
            return 0;
    return 1;
}

static int is_asked_for(const char *theme, const struct test *test, char **names)
{
    char name[160];

    if (!*names)
        return 1;
    snprintf(name, sizeof name, "%s.%s", theme, test->name);
    for (; *names; names++)
        if (strncmp(name, *names, strlen(*names)) == 0)
            return 1;
    return 0;
}

int check_run(const struct theme *themes, size_t count, char **names, struct sandbox **hubs, size_t width,
              void (*before)(struct sandbox *hub))
{
    struct run run = {
        .width = width < most_jobs ? width : most_jobs, .before = before, .tell = getenv("FLX_VERBOSE") != NULL};

    report = dup(STDOUT_FILENO);
    for (size_t i = 0; i < run.width; i++)
        run.jobs[i].hub = hubs[i];
    for (size_t i = 0; i < count; i++)
        for (const struct test *test = themes[i].tests; test->name; test++)
            if (is_asked_for(themes[i].name, test, names))
                begin(&run, free_job(&run), themes[i].name, test);
    while (!is_idle(&run))
        end_one(&run);
    running = "";
    if (run.passed + run.failed == 0) {
        dprintf(report, "no test has such a name\n");
        run.failed = 1;
    }
    dprintf(report, "%d passed, %d failed\n", run.passed, run.failed);
    return run.failed ? 1 : 0;
}
