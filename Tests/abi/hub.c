#define _GNU_SOURCE
#include "hub.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- The hub ---- */

static int connected(const char *url)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *colon = strrchr(url, ':');
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    REQUIRE(fd >= 0 && colon);
    address.sin_port = htons((uint16_t)atoi(colon + 1));
    REQUIRE(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

/* Everything that comes until the other side closes, NUL-terminated. */
static char *read_all(int fd)
{
    size_t n = 0, room = 65536;
    char *text = malloc(room);
    ssize_t got;

    while (text && (got = read(fd, text + n, room - n - 1)) > 0) {
        n += (size_t)got;
        if (room - n < 2)
            text = realloc(text, room *= 2);
    }
    REQUIRE(text);
    text[n] = '\0';
    return text;
}

/* Puts the chunks of a chunked body together, in place. */
static void join_chunks(char *body)
{
    char *from = body, *to = body;

    for (;;) {
        char *end;
        size_t n = strtoul(from, &end, 16);
        if (n == 0 || !(end = strstr(end, "\r\n")))
            break;
        memmove(to, end + 2, n);
        to += n;
        from = end + 2 + n + 2;
    }
    *to = '\0';
}

json_t *hub_ask(struct sandbox *hub, const char *method, const char *path, const char *body)
{
    int fd = connected(hub->url);
    char *answer, *at;
    json_t *json;

    if (!body)
        body = "";
    dprintf(fd,
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-TOKEN: %s\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            method, path, hub->token, strlen(body), body);
    answer = read_all(fd);
    close(fd);
    at = strstr(answer, "\r\n\r\n");
    check_about("sandbox %s %s -> %.60s", method, path, answer);
    REQUIRE(at && strncmp(answer, "HTTP/1.1 2", 10) == 0);
    *at = '\0';
    if (strcasestr(answer, "transfer-encoding: chunked"))
        join_chunks(at + 4);
    json = json_loads(at + 4, JSON_DECODE_ANY, NULL);
    check_about(NULL);
    free(answer);
    return json;
}

void hub_reset(struct sandbox *hub)
{
    json_decref(hub_ask(hub, "POST", "/_admin/reset", "{}"));
}

int64_t hub_requests(struct sandbox *hub, const char *method, const char *path)
{
    json_t *journal = hub_ask(hub, "GET", "/_admin/journal", NULL), *entry;
    int64_t requests = 0;
    size_t i;

    json_array_foreach(journal, i, entry)
        requests += (!method || strcmp(method, member(entry, "method")) == 0) &&
                    (!path || strcmp(path, member(entry, "path")) == 0);
    json_decref(journal);
    return requests;
}

int64_t hub_orders(struct sandbox *hub, const char *number)
{
    json_t *orders = hub_ask(hub, "GET", "/_admin/orders", NULL), *one;
    int64_t found = 0;
    size_t i;

    json_array_foreach(orders, i, one)
        found += strcmp(number, member(one, "order_number")) == 0;
    json_decref(orders);
    return found;
}

static int loopback_socket(char url[40])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    REQUIRE(getsockname(fd, (struct sockaddr *)&address, &n) == 0);
    snprintf(url, 40, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

int deaf_hub(char url[40])
{
    int fd = loopback_socket(url);

    REQUIRE(listen(fd, 16) == 0);
    return fd;
}

void closed_hub(char url[40])
{
    close(loopback_socket(url));
}

/* ---- The channel ---- */

const char *new_directory(struct sandbox *hub)
{
    char *path = malloc(96);

    REQUIRE(path);
    snprintf(path, 96, "%s/state-XXXXXX", hub->root);
    REQUIRE(mkdtemp(path));
    return path;
}

void set(flx_config *config, const char *key, const char *value)
{
    flx_error *err = NULL;

    check_about("%s = %s: %s", key, value, "the config is refused");
    REQUIRE_STATUS(FLX_OK, flx_config_set(config, key, FLX_NUL, value, FLX_NUL, &err));
    check_about(NULL);
}

flx_config *new_config_at(struct sandbox *hub, const char *directory, const char *origin)
{
    flx_config *config = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_new(&config, NULL));
    set(config, "channel", "abi");
    set(config, "origin", origin);
    set(config, "token", hub->token);
    set(config, "state_dir", directory ? directory : new_directory(hub));
    set(config, "rate_limit.dir", hub->rate_limit); /* one budget for the whole run, learnt once */
    return config;
}

flx_config *new_config(struct sandbox *hub, const char *directory)
{
    return new_config_at(hub, directory, hub->url);
}

flx_client *open_config(flx_config *config)
{
    flx_client *client = NULL;
    flx_error *err = NULL;
    int32_t status = flx_client_open(config, &client, &err);

    check_about("%s", err ? error_text(err, FLX_ERROR_MESSAGE) : "no error object");
    REQUIRE_STATUS(FLX_OK, status);
    check_about(NULL);
    REQUIRE(client);
    flx_config_free(config);
    return client;
}

flx_client *open_client_in(struct sandbox *hub, const char *directory)
{
    return open_config(new_config(hub, directory));
}

flx_client *open_client(struct sandbox *hub)
{
    return open_client_in(hub, NULL);
}

flx_pull *open_pull(flx_client *client, int32_t feed, const char *spec)
{
    flx_pull *pull = NULL;

    REQUIRE_STATUS(FLX_OK, flx_pull_open(client, feed, spec, spec ? FLX_NUL : 0, &pull, NULL));
    REQUIRE(pull);
    return pull;
}

flx_page *next_page(flx_pull *pull)
{
    flx_page *page = NULL;
    flx_error *err = NULL;
    int32_t status;

    do
        status = flx_pull_next(pull, 5000, &page, &err);
    while (status == FLX_AGAIN);
    check_about("%s", err ? error_text(err, FLX_ERROR_MESSAGE) : "no error object");
    REQUIRE(status == FLX_OK || status == FLX_DONE);
    check_about(NULL);
    CHECK((page != NULL) == (status == FLX_OK));
    return page;
}

void flush_all(flx_client *client)
{
    int32_t status;

    while ((status = flx_flush(client, 2000, NULL, NULL)) == FLX_AGAIN)
        continue;
    REQUIRE_STATUS(FLX_OK, status);
}

const char *order(char text[512], const char *number)
{
    snprintf(text, 512,
             "{\"orderNumber\":\"%s\",\"orderedAt\":\"2026-01-31T12:00:00Z\",\"shippingText\":\"Standard\","
             "\"shippingAddress\":{\"name\":\"Robin Example\",\"addressLine1\":\"1 Sample Street\","
             "\"city\":\"Springfield\",\"postal\":\"00000\",\"countryCode\":\"US\"},"
             "\"orderItems\":[{\"sku\":\"NO-SUCH-SKU\",\"quantity\":2,\"price\":\"19.99\"}]}",
             number);
    return text;
}

/* ---- Reading what the library gives ---- */

const char *blob_text(const flx_blob *blob)
{
    const void *text = NULL;
    size_t n = 0;

    flx_blob_view(blob, &text, &n);
    return text;
}

json_t *take_json(flx_blob *blob)
{
    const void *text = NULL;
    size_t n = 0;
    json_t *json;

    flx_blob_view(blob, &text, &n);
    REQUIRE(text);
    json = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    check_about("%.100s", (const char *)text);
    REQUIRE(json);
    check_about(NULL);
    flx_blob_free(blob);
    return json;
}

const char *error_text(const flx_error *err, int32_t part)
{
    const char *text = NULL;
    size_t n = 0;

    if (flx_error_view(err, part, &text, &n) != FLX_OK)
        return NULL;
    return text;
}

const char *member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int names_fault(const flx_error *err, const char *path)
{
    const char *text = error_text(err, FLX_ERROR_JSON);
    json_t *json = text ? json_loads(text, 0, NULL) : NULL, *fault;
    size_t i;
    int found = 0;

    json_array_foreach(json_object_get(json, "faults"), i, fault) {
        const char *at = member(fault, "path"), *message = member(fault, "message");
        found |= at && strcmp(at, path) == 0 && message && *message;
    }
    json_decref(json);
    return found;
}

int check_error(const char *file, int line, int32_t want, int32_t got, flx_error *err, const char *what)
{
    int holds = check_status(file, line, want, got, what);
    const char *message = error_text(err, FLX_ERROR_MESSAGE), *name = error_text(err, FLX_ERROR_NAME);

    if (got < 0) {
        holds &= check_true(file, line, err != NULL, "an error object is given");
        holds &= check_status(file, line, got, flx_error_code(err), "flx_error_code(err)");
        holds &= check_true(file, line, message && *message, "the error has a message");
        holds &= check_text(file, line, flx_status_name(got), name, SIZE_MAX, "name of the error");
    }
    flx_error_free(err);
    return holds;
}

int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
    struct timespec span = {ms / 1000, (ms % 1000) * 1000000L};

    while (nanosleep(&span, &span) < 0 && errno == EINTR)
        continue;
}
