/*
 * The tests of the C ABI, against the library this program is linked to and the sandbox that FLX_URL names; at those that
 * FLX_URLS names, one test each at a time.
 *
 *     abi                 all tests
 *     abi pull fork.a_    those whose name begins like this
 *
 * FLX_VERBOSE=1 names the tests that pass too; FLX_SLOWER=20 gives each of them 20 times as long (valgrind).
 */
#define _GNU_SOURCE
#include "hub.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THEMES(row)                                                                                                    \
    row(exports) row(handles) row(text) row(config) row(errors) row(orders) row(builder) row(state) row(pull)          \
        row(silence) row(holders) row(answers) row(outbox) row(learnt) row(views) row(records) row(fork) row(cancel)   \
            row(threads) row(describe) row(callbacks) row(host)

#define DECLARE(theme) extern const struct test theme##_tests[];
THEMES(DECLARE)

#define ROW(theme) {#theme, theme##_tests},
static const struct theme themes[] = {THEMES(ROW)};

static int remove_entry(const char *path, const struct stat *facts, int type, struct FTW *place)
{
    (void)facts, (void)type, (void)place;
    return remove(path);
}

/* Makes the directories of the tests at one sandbox. Gives 0, or says why not. */
static int prepare(struct sandbox *hub)
{
    strcpy(hub->root, "/tmp/flx-abi-XXXXXX");
    /* Others may pass through the root, since one test becomes somebody else. */
    if (!mkdtemp(hub->root) || chmod(hub->root, 0711) < 0) {
        perror(hub->root);
        return -1;
    }
    snprintf(hub->rate_limit, sizeof hub->rate_limit, "%s/rate_limit", hub->root);
    if (mkdir(hub->rate_limit, 0700) < 0) {
        perror(hub->rate_limit);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct sandbox hubs[most_jobs] = {0}, *all[most_jobs];
    char *urls = getenv("FLX_URLS") ? getenv("FLX_URLS") : getenv("FLX_URL"), *token = getenv("FLX_TOKEN");
    size_t count = 0;
    int status;

    (void)argc;
    if (!urls || !token) {
        fprintf(stderr, "set FLX_URL and FLX_TOKEN to those of a flx-sandbox, or call make check\n");
        return 2;
    }
    for (char *url = strtok(urls, " "); url && count < most_jobs; url = strtok(NULL, " "), count++) {
        hubs[count].url = url;
        hubs[count].token = token;
        all[count] = &hubs[count];
        if (prepare(&hubs[count]) < 0)
            return 2;
    }
    status = check_run(themes, sizeof themes / sizeof *themes, argv + 1, all, count, hub_reset);
    for (size_t i = 0; i < count; i++)
        nftw(hubs[i].root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return status;
}
