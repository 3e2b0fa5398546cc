/*
 * The whole job in a host that has set all that a process can set, and looks afterwards whether it still is so.
 *
 *     strange_host CONFIG-JSON NUMBER LOCALE ROUNDING [ALARM-US]
 *
 * SIGALRM every millisecond, or as often as is said, without SA_RESTART, SIGPIPE and others at a handler of its own, every signal's disposition and the
 * mask, ROUNDING (nearest, up, down, zero), FPU traps on, LOCALE, a number in errno that no call leaves there.
 */
#include "job.h"

#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { OF_HOST = 4711 };
static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
    (void)signal;
    alarms++;
}

static void on_other(int signal)
{
    dprintf(2, "signal %d reached the host\n", signal);
    _exit(8);
}

struct world {
    struct sigaction actions[65];
    sigset_t mask;
    int rounding, traps;
    mode_t umask;
    char directory[512], locale[256];
};

static struct world look(void)
{
    struct world now;
    memset(&now, 0, sizeof now);
    for (int i = 1; i < 65; i++)
        sigaction(i, NULL, &now.actions[i]);
    sigprocmask(SIG_SETMASK, NULL, &now.mask);
    now.rounding = fegetround();
    now.traps = fegetexcept();
    now.umask = umask(0);
    umask(now.umask);
    if (!getcwd(now.directory, sizeof now.directory))
        now.directory[0] = 0;
    snprintf(now.locale, sizeof now.locale, "%s", setlocale(LC_ALL, NULL));
    return now;
}

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 6)
        return 2;
    if (!setlocale(LC_ALL, argv[3])) {
        fprintf(stderr, "no locale %s\n", argv[3]);
        return 2;
    }
    struct sigaction alarm = {.sa_handler = on_alarm}, other = {.sa_handler = on_other};
    sigaction(SIGALRM, &alarm, NULL);
    sigaction(SIGPIPE, &other, NULL);
    sigaction(SIGXFSZ, &other, NULL);
    sigaction(SIGCHLD, &other, NULL);
    sigaction(SIGFPE, &other, NULL);
    umask(027);
    long us = argc == 6 ? atol(argv[5]) : 1000;
    struct itimerval each = {{0, us}, {0, us}};
    setitimer(ITIMER_REAL, &each, NULL);
    fesetround(!strcmp(argv[4], "up")     ? FE_UPWARD
               : !strcmp(argv[4], "down") ? FE_DOWNWARD
               : !strcmp(argv[4], "zero") ? FE_TOWARDZERO
                                          : FE_TONEAREST);
    feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT);

    struct world before = look();
    flx_error *err = NULL;
    errno = OF_HOST;
    flx_client *client = host_open(argv[1], &err);
    if (!client) {
        host_say("open", err);
        return 1;
    }
    int is_well = job(client, argv[2]);
    flx_client_close(client);
    int left = errno;
    struct world after = look();

    if (!is_well)
        fprintf(stderr, "the job ended with %d\n", job_first_error);
    NEED(OF_HOST, left);
    NEED(before.rounding, after.rounding);
    NEED(before.traps, after.traps);
    NEED(before.umask, after.umask);
    NEED(0, strcmp(before.directory, after.directory));
    NEED(0, strcmp(before.locale, after.locale));
    NEED(0, memcmp(&before.mask, &after.mask, sizeof before.mask));
    for (int i = 1; i < 65; i++) {
        struct sigaction a = before.actions[i], b = after.actions[i];
        if (a.sa_handler != b.sa_handler || a.sa_flags != b.sa_flags || memcmp(&a.sa_mask, &b.sa_mask, 8)) {
            fprintf(stderr, "the disposition of signal %d was changed\n", i);
            return 1;
        }
    }
    printf("%d\n", (int)alarms);
    return is_well ? 0 : 1;
}
