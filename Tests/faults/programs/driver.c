/* A shop that may be killed anywhere: it does what its arguments say through the public ABI only, and writes its history.
 *
 *     driver work DIR RATE_LIMIT_DIR URL TOKEN HISTORY STEP...
 *     driver verify URL TOKEN            one state directory a line on standard input, one line of findings each
 *
 * DIR may be the address of a server, postgresql://...: the rate limit is then there as well. PACE_MS and
 * FLUSH_MS in the environment: how long a shop rests between its rounds, and flushes in each.
 *
 * A line of the history is one write(2): "<microseconds> <i|o|f|n> <what> <argument> [code]"; i invoked, o done, f failed,
 * n noted. Steps: submit:NUMBER · ack:RECEIPT-FILE:ID:MARK · flush:MS · settle · pull:CURSOR · list · sleep:MS ·
 * drain:MS (until nothing is left) · shop:PREFIX:SEED (all of it by chance, for ever; RECEIPT and IDS are in the
 * environment) · life:PREFIX:SEED (the same, and orders are corrected, given up, tried again and cleared away) · and
 * `again` before a step: when it fails it is done once more, as a host would do it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "flushing.h"
#include "flxchannel.h"

static int history = -1;
static flx_client *client;
static const char *receipt_file;

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

__attribute__((format(printf, 2, 3))) static void note(char kind, const char *format, ...)
{
    char line[4096];
    va_list arguments;
    int n = snprintf(line, sizeof line, "%lld %c ", (long long)now_us(), kind);

    va_start(arguments, format);
    n += vsnprintf(line + n, sizeof line - (size_t)n - 1, format, arguments);
    va_end(arguments);
    if (n > (int)sizeof line - 2)
        n = (int)sizeof line - 2;
    line[n++] = '\n';
    if (write(history, line, (size_t)n) != n)
        _exit(70);
}

/* Notes the end of a call; true if it did what was asked. */
static int ended(int32_t status, flx_error **error, const char *what, const char *argument)
{
    const char *message = "";
    flx_error *err = *error;
    size_t n = 0;

    if (status >= 0) {
        note('o', "%s %s", what, argument);
        return 1;
    }
    if (err)
        flx_error_view(err, FLX_ERROR_MESSAGE, &message, &n);
    note('f', "%s %s %s %.900s", what, argument, flx_status_name(status), message);
    flx_error_free(err);
    *error = NULL;
    return 0;
}

/* Submits the order of this number; its total is 19.99 and `mark`, so that the hub's order tells which content it has. */
static int send_in(const char *what, const char *number, unsigned mark, const char *argument)
{
    char order[2048];
    flx_error *err = NULL;
    int n = snprintf(
        order, sizeof order,
        "{\"orderNumber\":\"%s\",\"orderedAt\":\"2026-01-31T12:00:00Z\",\"orderTotal\":\"%u.99\",\"shippingText\":\"Standard\","
        "\"shippingAddress\":{\"name\":\"Ada Example\",\"addressLine1\":\"1 Test Street\",\"city\":\"Springfield\","
        "\"stateCode\":\"IL\",\"postal\":\"62701\",\"countryCode\":\"US\",\"email\":\"ada@example.com\"},"
        "\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":1,\"price\":\"19.99\"}]}",
        number, 19 + mark);

    note('i', "%s %s", what, argument);
    return ended(flx_order_submit(client, order, (size_t)n, NULL, &err), &err, what, argument);
}

static int submit(const char *number)
{
    return send_in("submit", number, 0, number);
}

/* The same number with other content, or with the content that it has. */
static int revise(const char *number, unsigned mark)
{
    char argument[192];

    snprintf(argument, sizeof argument, "%s %u", number, mark);
    return send_in("revise", number, mark, argument);
}

typedef int32_t (*change_fn)(flx_client *cl, const char *numbers, size_t n, flx_error **err);

static int change(const char *what, change_fn function, const char *number)
{
    char numbers[192];
    flx_error *err = NULL;

    snprintf(numbers, sizeof numbers, "[\"%s\"]", number);
    note('i', "%s %s", what, number);
    return ended(function(client, numbers, FLX_NUL, &err), &err, what, number);
}

static int purge(const char *number)
{
    char filter[192];
    flx_error *err = NULL;

    snprintf(filter, sizeof filter, "{\"numbers\":[\"%s\"]}", number);
    note('i', "purge %s", number);
    return ended(flx_outbox_purge(client, filter, FLX_NUL, NULL, &err), &err, "purge", number);
}

static int ack(const char *id, const char *mark)
{
    static char receipt[1 << 18];
    static ssize_t n = -1;
    char answers[512], argument[256];
    flx_error *err = NULL;

    if (n < 0) {
        int fd = open(receipt_file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            fd = open(receipt_file, O_RDONLY | O_CLOEXEC); /* the one error may have hit us */
        if (fd < 0 || (n = read(fd, receipt, sizeof receipt)) <= 0)
            _exit(71);
        close(fd);
    }
    snprintf(answers, sizeof answers, "[{\"id\":\"%s\",\"error\":\"%s\"}]", id, mark);
    snprintf(argument, sizeof argument, "%s %s", id, mark);
    note('i', "ack %s", argument);
    return ended(flx_ack(client, receipt, (size_t)n, answers, strlen(answers), &err), &err, "ack", argument);
}

/* When it makes sense to flush again, as the last flush said. */
static int64_t next_in_ms;

static int32_t flush(const char *ms)
{
    flx_error *err = NULL;
    int32_t status;

    note('i', "flush %s", ms);
    status = flush_reported(client, atoi(ms), &next_in_ms, &err);
    return ended(status, &err, "flush", ms) ? status : FLX_E_STATE;
}

/* Takes the results over: notes them, then settles. */
static int settle(void)
{
    static char numbers[1 << 20];
    flx_error *err = NULL;
    flx_blob *json = NULL;
    const void *p;
    size_t n, used = 1, taken = 0;
    int32_t status;

    note('i', "results");
    status = flx_outbox_results(client, 500, &json, &err);
    if (!ended(status, &err, "results", ""))
        return 0;
    flx_blob_view(json, &p, &n);
    numbers[0] = '[';
    for (const char *at = p; (at = strstr(at, "\"number\":\""));) {
        const char *end = strchr(at += 10, '"');
        if (!end || used + (size_t)(end - at) + 4 > sizeof numbers)
            break;
        if (taken++)
            numbers[used++] = ',';
        numbers[used++] = '"';
        memcpy(numbers + used, at, (size_t)(end - at));
        used += (size_t)(end - at);
        numbers[used++] = '"';
        at = end;
    }
    flx_blob_free(json);
    if (taken == 0)
        return 1;
    numbers[used++] = ']';
    err = NULL;
    note('i', "settle %zu", taken);
    return ended(flx_outbox_settle(client, numbers, used, &err), &err, "settle", "");
}

/* One walk over the shipments; each version that is given is noted, and its page committed. */
static int pull(const char *cursor)
{
    char spec[128], argument[1024];
    flx_pull *walk = NULL;
    flx_error *err = NULL;
    int good = 1;
    int n =
        snprintf(spec, sizeof spec, "{\"cursor\":\"%s\",\"page_size\":3,\"since\":\"2020-01-01T00:00:00Z\"}", cursor);

    note('i', "pull %s", cursor);
    if (!ended(flx_pull_open(client, FLX_FEED_SHIPMENTS, spec, (size_t)n, &walk, &err), &err, "pull", cursor))
        return 0;
    for (int turn = 0; turn < 200; turn++) {
        flx_page *page = NULL;
        int32_t status = flx_pull_next(walk, 500, &page, &err);

        if (status == FLX_DONE)
            break;
        if (status < 0) {
            good = ended(status, &err, "next", cursor);
            break;
        }
        if (status != FLX_OK)
            continue;
        size_t used = (size_t)snprintf(argument, sizeof argument, "%s", cursor);
        for (size_t i = 0; i < flx_page_count(page); i++) {
            const flx_shipment *row = flx_page_shipment(page, i);
            if (row)
                used +=
                    (size_t)snprintf(argument + used, sizeof argument - used, " %s@%lld/%s", row->id.p,
                                     (long long)row->updated_at, row->tracking_number.p ? row->tracking_number.p : "");
        }
        note('i', "commit %s", argument);
        good = ended(flx_pull_commit(walk, page, &err), &err, "commit", argument);
        flx_page_free(page);
        if (!good)
            break;
    }
    note('n', "pulled %s", cursor);
    flx_pull_close(walk);
    return good;
}

static int list(void)
{
    flx_error *err = NULL;
    flx_blob *json = NULL;
    const void *p;
    size_t n;

    note('i', "list");
    if (!ended(flx_outbox_list(client, "{\"limit\":10000}", FLX_NUL, &json, &err), &err, "list", ""))
        return 0;
    flx_blob_view(json, &p, &n);
    printf("%.*s\n", (int)n, (const char *)p);
    flx_blob_free(json);
    return 1;
}

static int drain(int ms)
{
    int64_t end = now_us() + (int64_t)ms * 1000;

    while (now_us() < end) {
        int32_t status = flush("1000");
        if (!settle())
            return 0;
        if (status == FLX_OK && next_in_ms < 0)
            return 1;
        if (status != FLX_AGAIN)
            usleep(next_in_ms > 20 && status == FLX_OK ? 100000 : 20000);
    }
    note('f', "drain %d FLX_? not over", ms);
    return 0;
}

/* People mend one of the last orders, whatever has become of it: most of that is refused, and all of it is allowed to be. */
static void mend(const char *prefix, unsigned last, unsigned *marks, unsigned *seed)
{
    char number[128];
    unsigned at = last - (unsigned)rand_r(seed) % (last < 48 ? last + 1 : 48), *mark = &marks[at % 64];

    snprintf(number, sizeof number, "%s-%u", prefix, at);
    switch (rand_r(seed) % 6) {
    case 0:
    case 1:
        *mark += (unsigned)revise(number, *mark + 1);
        break;
    case 2:
        /* Else a process that is killed after a few calls hardly ever comes to a purge. */
        if (change("discard", flx_outbox_discard, number) && rand_r(seed) % 2 &&
            change("settled", flx_outbox_settle, number))
            purge(number);
        break;
    case 3:
        change("retry", flx_outbox_retry, number);
        break;
    case 4:
        if (change("settled", flx_outbox_settle, number))
            purge(number);
        break;
    case 5:
        *mark ? revise(number, *mark) : submit(number);
        break;
    }
}

/* For ever, as a busy shop: orders and answers are taken in, and what waits is sent; with `mends` people mend beside it. */
static void shop(const char *prefix, unsigned seed, int mends)
{
    const char *pace = getenv("PACE_MS"), *slice = getenv("FLUSH_MS");
    unsigned marks[64];
    char number[128], id[32], mark[160], cursor[32], *ids[32], *text = strdup(getenv("IDS"));
    unsigned count = 0;

    while (count < 32 && (ids[count] = strsep(&text, ",")))
        count++;
    for (unsigned i = 0;; i++) {
        snprintf(number, sizeof number, "%s-%u", prefix, i);
        marks[i % 64] = 0;
        submit(number);
        if (mends && rand_r(&seed) % 2)
            mend(prefix, i, marks, &seed);
        if (rand_r(&seed) % 3 == 0) {
            snprintf(id, sizeof id, "%s", ids[(unsigned)rand_r(&seed) % count]);
            snprintf(mark, sizeof mark, "m-%s-%u", prefix, i);
            ack(id, mark);
        }
        if (rand_r(&seed) % 12 == 0) {
            snprintf(cursor, sizeof cursor, "c%d", rand_r(&seed) % 2);
            pull(cursor);
        }
        flush(slice ? slice : "60");
        if (mends && rand_r(&seed) % 2)
            mend(prefix, i, marks, &seed);
        if (rand_r(&seed) % 2)
            settle();
        if (pace)
            usleep((useconds_t)atoi(pace) * 1000);
    }
}

static int step(char *text)
{
    char *what = strsep(&text, ":");
    char *a = strsep(&text, ":"), *b = strsep(&text, ":"), *c = strsep(&text, ":");

    if (!strcmp(what, "submit") && a)
        return submit(a);
    if (!strcmp(what, "ack") && c)
        return receipt_file = a, ack(b, c);
    if (!strcmp(what, "flush") && a)
        return flush(a) >= 0;
    if (!strcmp(what, "settle"))
        return settle();
    if (!strcmp(what, "pull") && a)
        return pull(a);
    if (!strcmp(what, "list"))
        return list();
    if (!strcmp(what, "drain") && a)
        return drain(atoi(a));
    if (!strcmp(what, "sleep") && a)
        return usleep((useconds_t)atoi(a) * 1000) == 0;
    if (!strcmp(what, "shop") && b)
        return receipt_file = getenv("RECEIPT"), shop(a, (unsigned)atoi(b), 0), 1;
    if (!strcmp(what, "life") && b)
        return receipt_file = getenv("RECEIPT"), shop(a, (unsigned)atoi(b), 1), 1;
    fprintf(stderr, "driver: no step %s\n", what);
    _exit(64);
}

static int32_t open_client(const char *dir, const char *rate_limit, const char *url, const char *token, flx_error **err)
{
    flx_config *config = NULL;
    int is_server = !strncmp(dir, "postgresql:", 11);
    const char *settings[][2] = {{"channel", "shop"},
                                 {is_server ? "state.url" : "state_dir", dir},
                                 {"origin", url},
                                 {"token", token},
                                 {"http.attempt_ms", "1000"},
                                 {"log.level", "error"},
                                 {"rate_limit.dir", rate_limit}};
    size_t count = sizeof settings / sizeof *settings - (size_t)is_server;
    int32_t status = flx_config_new(&config, err);

    for (size_t i = 0; status == FLX_OK && i < count; i++)
        status = flx_config_set(config, settings[i][0], FLX_NUL, settings[i][1], FLX_NUL, err);
    if (status == FLX_OK)
        status = flx_client_open(config, &client, err);
    flx_config_free(config);
    return status;
}

static int work(int argc, char **argv)
{
    flx_error *err = NULL;
    int32_t status;
    int bad = 0, again = 0;

    history = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (history < 0)
        return 72;
    for (int tries = 0;; tries++) {
        note('i', "open %d", (int)getpid());
        status = open_client(argv[0], argv[1], argv[2], argv[3], &err);
        if (ended(status, &err, "open", ""))
            break;
        err = NULL;
        if (tries || argc < 6 || strcmp(argv[5], "again"))
            return 3;
    }
    for (int i = 5; i < argc; i++) {
        if (!strcmp(argv[i], "again")) {
            again = 1;
            continue;
        }
        char *copy = strdup(argv[i]);
        if (!step(copy)) {
            free(copy);
            copy = strdup(argv[i]);
            if (!again || !step(copy))
                bad = 1;
        }
        free(copy);
    }
    note('i', "close");
    flx_client_close(client);
    note('o', "close");
    return bad ? 4 : 0;
}

/* Opens every directory and tells what the library says of it: "0 <outbox> <answers> <cursors>", or the error. */
static int verify(const char *url, const char *token)
{
    char dir[4096];

    while (fgets(dir, sizeof dir, stdin)) {
        flx_error *err = NULL;
        flx_blob *orders = NULL, *stats = NULL;
        const void *p, *q;
        size_t n, m;
        int32_t status;

        dir[strcspn(dir, "\n")] = 0;
        client = NULL;
        status = open_client(dir, dir, url, token, &err);
        if (status == FLX_OK)
            status = flx_outbox_list(client, "{\"limit\":10000}", FLX_NUL, &orders, &err);
        if (status == FLX_OK)
            status = flx_client_stats(client, &stats, &err);
        if (status < 0) {
            const char *message = "";
            if (err)
                flx_error_view(err, FLX_ERROR_MESSAGE, &message, &n);
            printf("%d\t%s\t%s\n", status, flx_status_name(status), message);
        } else {
            flx_blob_view(orders, &p, &n);
            flx_blob_view(stats, &q, &m);
            printf("0\t%.*s\t%.*s\n", (int)n, (const char *)p, (int)m, (const char *)q);
        }
        fflush(stdout);
        flx_blob_free(orders);
        flx_blob_free(stats);
        flx_error_free(err);
        flx_client_close(client);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 8 && !strcmp(argv[1], "work"))
        return work(argc - 2, argv + 2);
    if (argc == 4 && !strcmp(argv[1], "verify"))
        return verify(argv[2], argv[3]);
    fprintf(stderr, "driver: see the comment at its top\n");
    return 64;
}
