/*
 * A host that forks, over and over, while its threads are in the middle of calls.
 *
 *     forking CONFIG-JSON FORKS
 *
 * Each child: every call on what it inherited answers FLX_E_FORKED, closing it does no harm, a client of its own accepts an order, and no
 * descriptor would survive an exec. The parent's calls must go on as if nothing had happened.
 */
#include "host.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static flx_client *client;
static volatile int is_over;
static int32_t parent_error;

static void note(int32_t status)
{
    if (status < 0 && status != FLX_E_CLIENT_BUSY && !parent_error)
        parent_error = status;
}

static void *submits(void *nothing)
{
    for (int i = 0; !is_over; i++) {
        char number[32];
        snprintf(number, sizeof number, "P-%06d", i);
        note(host_submit(client, number, NULL, NULL));
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    return nothing;
}

static void *flushes(void *nothing)
{
    while (!is_over)
        note(flx_flush(client, 100, NULL, NULL));
    return nothing;
}

static void *reads(void *nothing)
{
    while (!is_over) {
        flx_blob *blob = NULL;
        flx_error *err = NULL;
        note(flx_client_stats(client, &blob, NULL));
        flx_blob_free(blob);
        flx_order_submit(client, "{}", 2, NULL, &err);
        flx_error_free(err);
    }
    return nothing;
}

/* Descriptors that a program started now would inherit; 0 to 2 are the host's. */
static int leaks(char *names, size_t room)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] == '.' || fd <= 2 || fd == dirfd(folder) || fcntl(fd, F_GETFD) & FD_CLOEXEC)
            continue;
        char link[64], target[128];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, target, sizeof target - 1);
        target[n > 0 ? n : 0] = 0;
        size_t used = strlen(names);
        snprintf(names + used, room - used, " %s", target);
        count++;
    }
    if (folder)
        closedir(folder);
    return count;
}

static void child(const char *config, int turn)
{
    char number[32], names[512] = "";
    flx_error *err = NULL;
    alarm(20);
    flx_blob *blob = NULL;
    NEED(FLX_E_FORKED, flx_client_stats(client, &blob, NULL));
    NEED(FLX_E_FORKED, flx_flush(client, 0, NULL, NULL));
    NEED(FLX_E_FORKED, host_submit(client, "never", NULL, NULL));
    if (turn % 2)
        flx_client_close(client);
    flx_client *own = host_open(config, &err);
    if (!own) {
        host_say("open in the child", err);
        _exit(3);
    }
    snprintf(number, sizeof number, "C-%06d", turn);
    if (host_submit(own, number, NULL, &err) != FLX_OK) {
        host_say("submit in the child", err);
        _exit(4);
    }
    if (turn % 8 == 0)
        NEED(1, flx_flush(own, 300, NULL, NULL) >= 0);
    if (leaks(names, sizeof names)) {
        fprintf(stderr, "not close-on-exec:%s\n", names);
        _exit(5);
    }
    flx_client_close(own);
    flx_client_close(client);
    _exit(0);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    flx_error *err = NULL;
    if (!(client = host_open(argv[1], &err))) {
        host_say("open", err);
        return 1;
    }
    void *(*bodies[])(void *) = {submits, flushes, reads, reads};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        NEED(0, pthread_create(&threads[i], NULL, bodies[i], NULL));
    int bad = 0, forks = atoi(argv[2]);
    char names[512] = "";
    for (int turn = 0; turn < forks; turn++) {
        int status;
        nanosleep(&(struct timespec){0, (turn * 7919 % 1000) * 3000L}, NULL);
        pid_t pid = fork();
        if (pid == 0)
            child(argv[1], turn);
        if (waitpid(pid, &status, 0) != pid || status != 0) {
            fprintf(stderr, "child %d ended with %s %d\n", turn, WIFSIGNALED(status) ? "signal" : "status",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            bad++;
        }
    }
    int open_ones = leaks(names, sizeof names);
    is_over = 1;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    flx_client_close(client);
    printf("%d %d %d%s\n", bad, (int)parent_error, open_ones, names);
    return 0;
}
