/*
 * A host whose log function forks. Each child opens a client of its own, takes an order and ends; the job goes on meanwhile.
 *
 *     forking_log CONFIG-JSON CONFIG-OF-THE-CHILDREN NUMBER FORKS
 *
 * Says how many children there were, how many hung or were ended by a signal, and how many failed.
 */
#include "job.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *children;
static int forks, left, hung, failed;

static int child(void)
{
    flx_client *own = host_open(children, NULL);
    int32_t status = own ? host_submit(own, "L-1", NULL, NULL) : FLX_E_HANDLE;
    flx_client_close(own);
    return status != FLX_OK;
}

static void on_log(void *ud, int32_t level, const char *line, size_t n)
{
    int status = 0;
    (void)ud, (void)level, (void)line, (void)n;
    if (forks >= left)
        return;
    forks++;
    pid_t pid = fork();
    if (pid == 0) {
        left = 0;
        alarm(20);
        _exit(child());
    }
    waitpid(pid, &status, 0);
    hung += WIFSIGNALED(status);
    failed += WIFEXITED(status) && WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    char number[64];
    if (argc != 5)
        return 2;
    children = argv[2], left = atoi(argv[4]);
    NEED(FLX_OK, flx_config_new(&config, NULL));
    NEED(FLX_OK, flx_config_set_json(config, argv[1], FLX_NUL, NULL));
    NEED(FLX_OK, flx_config_set(config, "log.level", FLX_NUL, "debug", FLX_NUL, NULL));
    NEED(FLX_OK, flx_config_on_log(config, on_log, NULL, NULL, NULL));
    for (int turn = 0; turn < 20 && forks < left; turn++) {
        snprintf(number, sizeof number, "%s-%d", argv[3], turn);
        NEED(FLX_OK, flx_client_open(config, &client, NULL));
        NEED(1, job(client, number));
        flx_client_close(client);
    }
    flx_config_free(config);
    printf("%d %d %d\n", forks, hung, failed);
    return 0;
}
