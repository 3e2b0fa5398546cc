/*
 * A host that runs without standard streams, as some daemons do, and prints nevertheless.
 *
 *     no_streams CONFIG-JSON REPORT
 *
 * After each call it looks what its first three descriptors are, prints to them, and writes into REPORT what of ours it found
 * there: a file or a socket.
 */
#include "host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int report;

static void look(const char *after)
{
    for (int fd = 0; fd < 3; fd++) {
        char link[32], target[200], line[300];
        struct stat facts;

        if (fstat(fd, &facts) != 0 || S_ISCHR(facts.st_mode))
            continue; /* closed, or /dev/null */
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, target, sizeof target - 1);
        target[n > 0 ? n : 0] = 0;
        int size = snprintf(line, sizeof line, "%d is %s after %s\n", fd, target, after);
        NEED(size, write(report, line, (size_t)size));
    }
    for (int fd = 0; fd < 3; fd++)
        if (write(fd, "progress: customer jane@shop.example\n", 37) < 0)
            continue; /* nobody reads it */
}

int main(int argc, char **argv)
{
    flx_client *client;
    flx_blob *blob = NULL;

    if (argc != 3)
        return 2;
    NEED(1, (report = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) > 2);
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    if (!(client = host_open(argv[1], NULL)))
        return 3;
    look("open");
    if (host_submit(client, "S-1", NULL, NULL) != FLX_OK)
        return 4;
    look("submit");
    for (int i = 0; i < 20; i++) {
        if (flx_flush(client, 500, NULL, NULL) < 0)
            return 5;
        look("flush");
    }
    flx_cancel *cancel = flx_cancel_new();
    look("cancel");
    flx_cancel_free(cancel);
    if (flx_client_stats(client, &blob, NULL) != FLX_OK)
        return 6;
    flx_blob_free(blob);
    look("stats");
    flx_client_close(client);
    look("close");
    return 0;
}
