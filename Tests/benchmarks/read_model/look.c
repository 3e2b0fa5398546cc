/* flx_snapshot_get against a bare SQLite read, in turns.   look URL TOKEN STATE_DIR PLAIN_DB TIMES
 *
 * Pulls the whole list of listings first, which keeps each as it was seen, and puts the same records whole into a bare table.
 * Prints "kept N", then a line for each turn: microseconds of the look-up, microseconds of the bare read of the same record. */
#include "flxchannel.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static flx_error *err;

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void need(int ok, const char *what)
{
    const char *why = "";
    size_t length;

    if (ok)
        return;
    if (err)
        flx_error_view(err, FLX_ERROR_MESSAGE, &why, &length);
    fprintf(stderr, "look: %s: %s\n", what, why);
    exit(1);
}

static flx_client *opened(char **argv)
{
    const char *settings[][2] = {{"channel", "bench"},   {"origin", argv[1]},           {"token", argv[2]},
                                 {"state_dir", argv[3]}, {"snapshots.keep_days", "30"}, {"log.level", "error"}};
    flx_config *config = NULL;
    flx_client *client = NULL;

    need(flx_config_new(&config, &err) == FLX_OK, "config");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        need(flx_config_set(config, settings[i][0], FLX_NUL, settings[i][1], FLX_NUL, &err) == FLX_OK, settings[i][0]);
    need(flx_client_open(config, &client, &err) == FLX_OK, "open");
    flx_config_free(config);
    return client;
}

/* One page into the bare table; gives how many ids there are now. */
static size_t keep(flx_page *page, sqlite3 *plain, sqlite3_stmt *put, char (*ids)[24], size_t count)
{
    need(sqlite3_exec(plain, "BEGIN", NULL, NULL, NULL) == SQLITE_OK, "begin");
    for (size_t i = 0; i < flx_page_count(page); i++) {
        const char *json, *id;
        size_t length, id_length;
        need(flx_record_json(page, i, &json, &length) == FLX_OK, "record");
        need(flx_record_get(page, i, "/id", FLX_NUL, &id, &id_length) == FLX_OK && id_length < sizeof *ids, "id");
        memcpy(ids[count], id, id_length);
        ids[count++][id_length] = 0;
        sqlite3_bind_text(put, 1, id, (int)id_length, SQLITE_TRANSIENT);
        sqlite3_bind_blob(put, 2, json, (int)length, SQLITE_TRANSIENT);
        need(sqlite3_step(put) == SQLITE_DONE, "insert");
        sqlite3_reset(put);
    }
    need(sqlite3_exec(plain, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
    return count;
}

static size_t pulled(flx_client *client, sqlite3 *plain, char (*ids)[24], size_t most)
{
    flx_pull *pull = NULL;
    sqlite3_stmt *put = NULL;
    size_t count = 0;
    int32_t status;

    need(sqlite3_prepare_v2(plain, "INSERT OR REPLACE INTO plain VALUES (?1, ?2)", -1, &put, NULL) == SQLITE_OK,
         "prepare");
    need(flx_pull_open(client, FLX_FEED_LISTINGS, NULL, 0, &pull, &err) == FLX_OK, "pull");
    do {
        flx_page *page = NULL;
        status = flx_pull_next(pull, 10000, &page, &err);
        need(status >= 0, "next");
        if (status != FLX_OK)
            continue;
        need(count + flx_page_count(page) <= most, "more listings than there are");
        count = keep(page, plain, put, ids, count);
        need(flx_pull_commit(pull, page, &err) == FLX_OK, "commit of the page");
        flx_page_free(page);
    } while (status != FLX_DONE);
    flx_pull_close(pull);
    sqlite3_finalize(put);
    return count;
}

int main(int argc, char **argv)
{
    static char ids[200000][24];
    sqlite3 *plain = NULL;
    sqlite3_stmt *get = NULL;

    need(argc == 6, "usage: look URL TOKEN STATE_DIR PLAIN_DB TIMES");
    flx_client *client = opened(argv);
    need(sqlite3_open(argv[4], &plain) == SQLITE_OK, "open the bare file");
    need(sqlite3_exec(plain, "CREATE TABLE plain (id TEXT PRIMARY KEY, record BLOB)", NULL, NULL, NULL) == SQLITE_OK,
         "table");
    size_t count = pulled(client, plain, ids, sizeof ids / sizeof *ids);
    printf("kept %zu\n", count);
    need(sqlite3_prepare_v2(plain, "SELECT record FROM plain WHERE id = ?1", -1, &get, NULL) == SQLITE_OK, "prepare");
    srand(7);
    for (long turn = 0, times = atol(argv[5]); turn < times; turn++) {
        const char *id = ids[(size_t)rand() % count];
        char query[64];
        flx_blob *json = NULL;
        const void *seen;
        size_t length;

        snprintf(query, sizeof query, "{\"id\":\"%s\"}", id);
        double start = now_us();
        need(flx_snapshot_get(client, query, FLX_NUL, &json, &err) == FLX_OK, "look-up");
        double middle = now_us();
        sqlite3_bind_text(get, 1, id, -1, SQLITE_STATIC);
        need(sqlite3_step(get) == SQLITE_ROW, "bare read");
        const void *record = sqlite3_column_blob(get, 0);
        int bytes = sqlite3_column_bytes(get, 0);
        char *copy = malloc((size_t)bytes);
        need(copy != NULL, "memory");
        memcpy(copy, record, (size_t)bytes);
        sqlite3_reset(get);
        double end = now_us();
        flx_blob_view(json, &seen, &length);
        need(memmem(seen, length, copy, (size_t)bytes) != NULL, "the two records are the same");
        printf("%.2f %.2f\n", middle - start, end - middle);
        free(copy);
        flx_blob_free(json);
    }
    sqlite3_finalize(get);
    sqlite3_close(plain);
    flx_client_close(client);
    return 0;
}
