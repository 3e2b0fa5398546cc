/* flx_order_submit against a bare SQLite commit, in turns.   submit STATE_DIR PLAIN_DB NUMBER TIMES
 *
 * Prints a line for each turn: microseconds of the submit, microseconds of the commit. The bare commit stores one row of the same
 * bytes in the same mode (TRUNCATE, EXTRA, secure_delete). NUMBER makes the orders of this process its own. */
#include "flxchannel.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static flx_error *err;

static void need(int ok, const char *what)
{
    const char *why = "";
    size_t length;

    if (ok)
        return;
    if (err)
        flx_error_view(err, FLX_ERROR_MESSAGE, &why, &length);
    fprintf(stderr, "submit: %s: %s\n", what, why);
    exit(1);
}

static size_t order(char *text, size_t room, long process, long number)
{
    return (size_t)snprintf(
        text, room,
        "{\"orderNumber\":\"B-%ld-%ld\",\"orderedAt\":\"2026-01-31T12:00:00Z\",\"orderTotal\":\"45.48\",\"shippingText\":\"Standard\","
        "\"shippingAddress\":{\"name\":\"A Buyer\",\"addressLine1\":\"1 Main Street\",\"city\":\"Springfield\",\"postal\":\"12345\","
        "\"countryCode\":\"US\"},\"orderItems\":[{\"sku\":\"TEE-RED-M\",\"quantity\":2,\"price\":\"19.99\"},"
        "{\"sku\":\"TEE-BLUE-L\",\"quantity\":1,\"price\":\"5.50\"}]}",
        process, number);
}

int main(int argc, char **argv)
{
    need(argc == 5, "usage: submit STATE_DIR PLAIN_DB NUMBER TIMES");
    long process = atol(argv[3]), times = atol(argv[4]);
    flx_config *config = NULL;
    flx_client *client = NULL;
    need(flx_config_new(&config, NULL) == FLX_OK, "config");
    flx_config_set(config, "channel", FLX_NUL, "bench", FLX_NUL, NULL);
    flx_config_set(config, "token", FLX_NUL, "bench-token", FLX_NUL, NULL);
    flx_config_set(config, "origin", FLX_NUL, "http://127.0.0.1:9", FLX_NUL, NULL);
    flx_config_set(config, "state_dir", FLX_NUL, argv[1], FLX_NUL, NULL);
    double start = now_us();
    need(flx_client_open(config, &client, &err) == FLX_OK, "open");
    printf("open %.1f\n", now_us() - start);

    sqlite3 *plain = NULL;
    sqlite3_stmt *begin = NULL, *insert = NULL, *commit = NULL;
    need(sqlite3_open(argv[2], &plain) == SQLITE_OK, "the plain file");
    sqlite3_busy_timeout(plain, 60000);
    need(sqlite3_exec(plain,
                      "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
                      "CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, body BLOB)",
                      NULL, NULL, NULL) == SQLITE_OK,
         "the plain table");
    sqlite3_prepare_v2(plain, "BEGIN IMMEDIATE", -1, &begin, NULL);
    sqlite3_prepare_v2(plain, "INSERT INTO orders VALUES (?1, ?2)", -1, &insert, NULL);
    sqlite3_prepare_v2(plain, "COMMIT", -1, &commit, NULL);

    for (long i = 0; i < times; i++) {
        char text[1024], number[64];
        size_t n = order(text, sizeof text, process, i);
        int length = snprintf(number, sizeof number, "B-%ld-%ld", process, i);
        double first = now_us();
        int32_t status = flx_order_submit(client, text, n, NULL, &err);
        double second = now_us();
        if (status != FLX_OK) {
            fprintf(stderr, "submit: %s\n", flx_status_name(status));
            return 1;
        }
        sqlite3_bind_text(insert, 1, number, length, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 2, text, (int)n, SQLITE_STATIC);
        int ok = sqlite3_step(begin) == SQLITE_DONE && sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(begin);
        sqlite3_reset(insert);
        ok = ok && sqlite3_step(commit) == SQLITE_DONE;
        sqlite3_reset(commit);
        double third = now_us();
        need(ok, "the plain commit");
        printf("turn %.1f %.1f\n", second - first, third - second);
    }
    flx_client_close(client);
    return 0;
}
