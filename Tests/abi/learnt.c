/* What was learnt from the hub: shown with its source, and forgotten when a person asks for it. */
#include "hub.h"

#include <string.h>

static json_t *stats(flx_client *client)
{
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_stats(client, &blob, NULL));
    return take_json(blob);
}

/* The fact of this name, or NULL; it borrows from `all`. */
static json_t *fact(json_t *all, const char *name)
{
    json_t *list = json_object_get(all, "learnt"), *one;
    size_t i;

    CHECK(json_is_array(list));
    json_array_foreach(list, i, one) {
        if (strcmp(member(one, "fact"), name) == 0)
            return one;
    }
    return NULL;
}

static void probe(flx_client *client)
{
    flx_blob *blob = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_probe(client, 10000, &blob, NULL));
    flx_blob_free(blob);
}

static void what_was_learnt_is_shown_with_its_source(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    json_t *all = stats(client), *pool, *clock, *report;
    flx_blob *blob = NULL;

    CHECK(fact(all, "clock") == NULL);
    json_decref(all);
    probe(client);
    REQUIRE_STATUS(FLX_OK, flx_client_probe(client, 10000, &blob, NULL));
    report = take_json(blob);
    all = stats(client);
    clock = fact(all, "clock");
    pool = fact(all, "pool");
    REQUIRE(clock && pool);
    CHECK_TEXT("Date", member(clock, "source"));
    CHECK(json_is_integer(json_object_get(clock, "value")));
    CHECK(json_integer_value(json_object_get(clock, "witnesses")) >= 2);
    CHECK(member(clock, "at") != NULL);
    CHECK_TEXT("headers", member(pool, "source"));
    CHECK(json_equal(json_object_get(json_object_get(report, "pool"), "size"),
                     json_object_get(json_object_get(pool, "value"), "size")));
    CHECK(json_equal(json_object_get(json_object_get(report, "pool"), "refill"),
                     json_object_get(json_object_get(pool, "value"), "refill")));
    json_decref(report);
    json_decref(all);
    flx_client_close(client);
}

static void a_named_fact_is_forgotten_and_the_others_are_not(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    json_t *all;

    probe(client);
    CHECK_STATUS(FLX_OK, flx_client_relearn(client, "[\"clock\"]", FLX_NUL, NULL));
    all = stats(client);
    CHECK(fact(all, "clock") == NULL);
    CHECK(fact(all, "pool") != NULL);
    json_decref(all);
    CHECK_STATUS(FLX_OK, flx_client_relearn(client, NULL, 0, NULL));
    all = stats(client);
    CHECK(fact(all, "pool") == NULL);
    json_decref(all);
    flx_client_close(client);
}

static void an_unknown_fact_is_refused_with_the_known_ones(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_error *err = NULL;

    probe(client);
    CHECK_STATUS(FLX_E_ARGUMENT, flx_client_relearn(client, "[\"clock\",\"weather\"]", FLX_NUL, &err));
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), "clock, pool, hold, filters, channel") != NULL);
    flx_error_free(err);
    err = NULL;
    CHECK_ERROR(FLX_E_JSON, flx_client_relearn(client, "\"clock\"", FLX_NUL, &err), err);
    CHECK_ERROR(FLX_E_JSON, flx_client_relearn(client, "clock", FLX_NUL, &err), err);
    CHECK_STATUS(FLX_OK, flx_client_relearn(client, "[]", FLX_NUL, NULL));
    json_t *all = stats(client);
    CHECK(fact(all, "clock") != NULL); /* nothing was forgotten */
    json_decref(all);
    flx_client_close(client);
}

/* The hub says 429 and an hour; a person knows better. */
static void a_wait_that_the_hub_asked_for_is_lifted(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_config *config = new_config(hub, directory);
    flx_client *client;
    char text[512];
    json_t *all;

    set(config, "rate_limit.dir", directory); /* others do not wait with us */
    client = open_config(config);
    json_decref(hub_ask(
        hub, "POST", "/_admin/faults",
        "{\"do\":\"status\",\"status\":429,\"retry_after\":\"seconds\",\"retry_after_s\":500000,\"operation\":\"createOrder\",\"times\":1}"));
    REQUIRE_STATUS(FLX_OK, flx_order_submit(client, order(text, "W-1"), FLX_NUL, NULL, NULL));
    all = stats(client);
    for (int64_t start = now_ms(); !fact(all, "hold") && now_ms() - start < 20000;) {
        flx_flush(client, 500, NULL, NULL);
        json_decref(all);
        all = stats(client);
    }
    CHECK_TEXT("throttled", member(json_object_get(all, "rate_limit"), "paused"));
    CHECK_TEXT("429", member(fact(all, "hold"), "source"));
    CHECK(json_integer_value(json_object_get(json_object_get(all, "rate_limit"), "paused_ms")) > 0);
    json_decref(all);

    CHECK_STATUS(FLX_OK, flx_client_relearn(client, "[\"hold\"]", FLX_NUL, NULL));
    all = stats(client);
    CHECK_TEXT("", member(json_object_get(all, "rate_limit"), "paused"));
    json_decref(all);
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "W-1"));
    flx_client_close(client);
}

const struct test learnt_tests[] = {
    TEST(what_was_learnt_is_shown_with_its_source),
    TEST(a_named_fact_is_forgotten_and_the_others_are_not),
    TEST(an_unknown_fact_is_refused_with_the_known_ones),
    TEST(a_wait_that_the_hub_asked_for_is_lifted),
    END_OF_TESTS,
};
