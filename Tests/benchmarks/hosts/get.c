/* What a call costs: a value of a record by its path.   get URL TOKEN STATE_DIR TIMES; prints nanoseconds of a call. */
#include "flxchannel.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    flx_config *config = NULL;
    flx_client *client = NULL;
    flx_pull *pull = NULL;
    flx_page *page = NULL;
    long times = argc == 5 ? atol(argv[4]) : 0;
    struct timespec start, end;
    char settings[2048];

    snprintf(settings, sizeof settings,
             "{\"channel\":\"bench\",\"origin\":\"%s\",\"token\":\"%s\",\"state_dir\":\"%s\"}", argv[1], argv[2],
             argv[3]);
    if (flx_config_new(&config, NULL) || flx_config_set_json(config, settings, FLX_NUL, NULL) ||
        flx_client_open(config, &client, NULL) || flx_pull_open(client, FLX_FEED_LISTINGS, NULL, 0, &pull, NULL) ||
        flx_pull_next(pull, 10000, &page, NULL))
        return 1;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (long turn = 0; turn < times; turn++) {
        const char *text;
        size_t length;
        if (flx_record_get(page, 0, "/sku", FLX_NUL, &text, &length))
            return 1;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    printf("%.1f\n", ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / times);
    flx_page_free(page);
    flx_pull_close(pull);
    flx_client_close(client);
    flx_config_free(config);
    return 0;
}
