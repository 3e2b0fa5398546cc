/* The log: given to a function on the caller's own thread, or kept; never a secret, never a buyer. */
#define _GNU_SOURCE
#include "hub.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a log function saw. */
struct seen {
    pthread_t thread;
    int lines, wrong_thread, no_json, drops;
    char *text; /* all lines */
    size_t n;
};

static void on_log(void *ud, int32_t level, const char *line, size_t n)
{
    struct seen *seen = ud;
    json_t *json = json_loadb(line, n, 0, NULL);

    seen->lines++;
    seen->wrong_thread += !pthread_equal(seen->thread, pthread_self());
    seen->no_json += !json_is_object(json) || memchr(line, '\n', n) != NULL;
    seen->no_json += level < FLX_LOG_ERROR || level > FLX_LOG_DEBUG;
    seen->text = realloc(seen->text, seen->n + n + 1);
    memcpy(seen->text + seen->n, line, n);
    seen->n += n;
    seen->text[seen->n] = '\0';
    json_decref(json);
}

static void on_drop(void *ud)
{
    ((struct seen *)ud)->drops++;
}

static struct seen new_seen(void)
{
    return (struct seen){.thread = pthread_self()};
}

/* Some work that has something to tell. */
static void work(flx_client *client)
{
    char text[512];
    flx_blob *blob = NULL;

    CHECK_STATUS(FLX_OK, flx_client_probe(client, 10000, &blob, NULL));
    flx_blob_free(blob);
    CHECK_STATUS(FLX_OK, flx_order_submit(client, order(text, "L-1"), FLX_NUL, NULL, NULL));
    flush_all(client);
}

static flx_config *loud_config(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);

    set(config, "log.level", "debug");
    return config;
}

static void lines_come_on_the_calling_thread(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);
    struct seen seen = new_seen();
    flx_client *client;

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &seen, on_drop, NULL));
    client = open_config(config);
    work(client);
    CHECK(seen.lines > 0);
    CHECK_INT(0, seen.wrong_thread);
    CHECK_INT(0, seen.no_json);
    flx_client_close(client);
    free(seen.text);
}

static void no_line_holds_the_token_or_the_buyer(struct sandbox *hub)
{
    static const char *const secrets[] = {"Robin", "Sample Street", "Springfield", NULL};
    flx_config *config = loud_config(hub);
    struct seen seen = new_seen();
    flx_client *client;

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &seen, on_drop, NULL));
    client = open_config(config);
    work(client);
    REQUIRE(seen.text);
    CHECK(strstr(seen.text, hub->token) == NULL);
    for (size_t i = 0; secrets[i]; i++) {
        check_about("%s", secrets[i]);
        CHECK(strstr(seen.text, secrets[i]) == NULL);
    }
    flx_client_close(client);
    free(seen.text);
}

static void the_drop_comes_once_after_config_and_clients(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);
    struct seen seen = new_seen();
    flx_client *one = NULL, *two = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &seen, on_drop, NULL));
    REQUIRE_STATUS(FLX_OK, flx_client_open(config, &one, NULL));
    REQUIRE_STATUS(FLX_OK, flx_client_open(config, &two, NULL));
    flx_config_free(config);
    CHECK_INT(0, seen.drops);
    flx_client_close(one);
    CHECK_INT(0, seen.drops);
    flx_client_close(two);
    CHECK_INT(1, seen.drops);
    flx_client_close(two);
    flx_config_free(config);
    CHECK_INT(1, seen.drops);
    free(seen.text);
}

static void a_config_that_is_freed_first_drops_at_once(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);
    struct seen seen = new_seen();

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &seen, on_drop, NULL));
    flx_config_free(config);
    CHECK_INT(1, seen.drops);
    free(seen.text);
}

static void replacing_the_function_drops_the_old_one(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);
    struct seen first = new_seen(), second = new_seen();
    flx_client *client;

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &first, on_drop, NULL));
    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &second, on_drop, NULL));
    CHECK_INT(1, first.drops);
    client = open_config(config);
    work(client);
    flx_client_close(client);
    CHECK_INT(0, first.lines);
    CHECK(second.lines > 0);
    CHECK_INT(1, second.drops);
    free(second.text);
}

static void null_for_data_and_drop_is_fine(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);

    CHECK_STATUS(FLX_OK, flx_config_on_log(config, NULL, NULL, NULL, NULL));
    flx_client_close(open_config(config));
}

static void kept_lines_are_taken_once(struct sandbox *hub)
{
    flx_client *client = open_config(loud_config(hub));
    flx_blob *blob = NULL;
    const char *text;
    int lines = 0;

    work(client);
    REQUIRE_STATUS(FLX_OK, flx_client_logs(client, &blob, NULL));
    text = blob_text(blob);
    while (text && *text) {
        const char *end = strchr(text, '\n');
        size_t n = end ? (size_t)(end - text) : strlen(text);
        json_t *json = json_loadb(text, n, 0, NULL);
        CHECK(json_is_object(json));
        json_decref(json);
        lines++;
        text += n + (end != NULL);
    }
    CHECK(lines > 0);
    CHECK(strstr(blob_text(blob), hub->token) == NULL);
    flx_blob_free(blob);
    REQUIRE_STATUS(FLX_OK, flx_client_logs(client, &blob, NULL));
    CHECK_TEXT("", blob_text(blob));
    flx_blob_free(blob);
    flx_client_close(client);
}

static void a_function_takes_all_lines(struct sandbox *hub)
{
    flx_config *config = loud_config(hub);
    struct seen seen = new_seen();
    flx_client *client;
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_on_log(config, on_log, &seen, on_drop, NULL));
    client = open_config(config);
    work(client);
    REQUIRE_STATUS(FLX_OK, flx_client_logs(client, &blob, NULL));
    CHECK_TEXT("", blob_text(blob));
    flx_blob_free(blob);
    flx_client_close(client);
    free(seen.text);
}

const struct test callbacks_tests[] = {
    TEST(lines_come_on_the_calling_thread),
    TEST(no_line_holds_the_token_or_the_buyer),
    TEST(the_drop_comes_once_after_config_and_clients),
    TEST(a_config_that_is_freed_first_drops_at_once),
    TEST(replacing_the_function_drops_the_old_one),
    TEST(null_for_data_and_drop_is_fine),
    TEST(kept_lines_are_taken_once),
    TEST(a_function_takes_all_lines),
    END_OF_TESTS,
};
