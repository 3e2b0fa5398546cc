/*
 * A host that goes on whatever fails: the job, three times, each with a client of its own. Says the first errors.
 *
 *     poor_host CONFIG-JSON PREFIX
 */
#include "job.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    job_turns = 3;
    for (int turn = 0; turn < 3; turn++) {
        char number[64];
        flx_error *err = NULL;
        flx_client *client = host_open(argv[1], &err);
        int32_t opened = flx_error_code(err);
        flx_error_free(err);
        job_first_error = 0;
        if (client) {
            snprintf(number, sizeof number, "%s-%d", argv[2], turn);
            job(client, number);
        }
        flx_client_close(client);
        printf("%d ", client ? job_first_error : opened);
    }
    puts("over");
    return 0;
}
