/*
 * A host whose threads open and close clients all the time, while it forks: each child opens one of its own.
 *
 *     closing FORKS CONFIG-JSON...      a thread for each config but the last, which is the children's
 *
 * Prints how many children did not end within their time, how many ended otherwise than well, and how many were told that
 * their fork could not wait for a thread that was at work for a second.
 */
#include "host.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TOLD = 5 };

static atomic_int is_over;

static void *opens_and_closes(void *json)
{
    while (!is_over)
        flx_client_close(host_open(json, NULL));
    return NULL;
}

static void child(const char *json, int turn)
{
    char number[32];
    flx_error *err = NULL;

    alarm(10);
    flx_client *own = host_open(json, &err);
    if (!own && flx_error_code(err) == FLX_E_FORKED)
        _exit(TOLD);
    if (!own) {
        host_say("open in the child", err);
        _exit(3);
    }
    snprintf(number, sizeof number, "C-%06d", turn);
    if (host_submit(own, number, NULL, &err) != FLX_OK) {
        host_say("submit in the child", err);
        _exit(4);
    }
    flx_client_close(own);
    _exit(0);
}

int main(int argc, char **argv)
{
    pthread_t threads[16];
    int hung = 0, bad = 0, told = 0, forks = argc > 3 ? atoi(argv[1]) : 0, count = argc - 3;

    if (forks < 1 || count > 16)
        return 2;
    for (int i = 0; i < count; i++)
        NEED(0, pthread_create(&threads[i], NULL, opens_and_closes, argv[i + 2]));
    for (int turn = 0; turn < forks && hung < 3; turn++) {
        int status;

        nanosleep(&(struct timespec){0, (turn * 7919 % 1000) * 3000L}, NULL);
        pid_t pid = fork();
        if (pid == 0)
            child(argv[argc - 1], turn);
        NEED(pid, waitpid(pid, &status, 0));
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
            hung++;
        else if (WIFEXITED(status) && WEXITSTATUS(status) == TOLD)
            told++;
        else if (status != 0)
            bad++;
    }
    is_over = 1;
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    printf("%d %d %d\n", hung, bad, told);
    return 0;
}
