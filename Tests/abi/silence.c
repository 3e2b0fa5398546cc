/* A hub that says nothing, or is not there: calls keep their deadlines, and a pull tells it in time. */
#define _GNU_SOURCE
#include "hub.h"

#include <unistd.h>

static void a_pull_keeps_its_deadline_while_the_hub_is_silent(struct sandbox *hub)
{
    static const int32_t times[] = {0, 100, 700};
    char url[40];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    flx_pull *pull = open_pull(client, FLX_FEED_ORDERS, NULL);
    flx_page *page = NULL;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t start = now_ms(), took;

        check_about("%d ms", (int)times[i]);
        CHECK_STATUS(FLX_AGAIN, flx_pull_next(pull, times[i], &page, NULL));
        took = now_ms() - start;
        CHECK(page == NULL);
        CHECK(took <= times[i] + LATE_MS);
        CHECK(took >= times[i] - 20);
    }
    check_about(NULL);
    flx_pull_close(pull);
    flx_client_close(client);
    close(fd);
}

static void a_call_keeps_its_deadline_while_the_hub_is_silent(struct sandbox *hub)
{
    char url[40];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    flx_blob *out = NULL;
    flx_error *err = NULL;
    int64_t start = now_ms();

    CHECK_ERROR(FLX_E_TIMEOUT, flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 4000, &out, &err), err);
    CHECK(now_ms() - start <= 4000 + LATE_MS);
    start = now_ms();
    flx_client_close(client);
    CHECK(now_ms() - start <= LATE_MS);
    close(fd);
}

/* That the hub cannot be reached is what a probe is there to report. */
static void a_probe_keeps_its_deadline_while_the_hub_is_silent(struct sandbox *hub)
{
    char url[40];
    int fd = deaf_hub(url);
    flx_client *client = open_config(new_config_at(hub, NULL, url));
    flx_blob *out = NULL;
    int64_t start = now_ms();
    json_t *report;

    REQUIRE_STATUS(FLX_OK, flx_client_probe(client, 4000, &out, NULL));
    CHECK(now_ms() - start <= 4000 + LATE_MS);
    report = take_json(out);
    CHECK(json_is_false(json_object_get(report, "reachable")));
    CHECK_TEXT("unknown", member(report, "token"));
    CHECK(member(report, "advice") && *member(report, "advice"));
    json_decref(report);
    flx_client_close(client);
    close(fd);
}

static void a_failure_that_lasts_is_told_after_give_up(struct sandbox *hub)
{
    char url[40];
    flx_config *config;
    flx_client *client;
    flx_pull *pull;
    flx_page *page = NULL;
    flx_error *err = NULL;
    int32_t status = FLX_AGAIN;

    closed_hub(url);
    config = new_config_at(hub, NULL, url);
    set(config, "pull.give_up_ms", "1500");
    client = open_config(config);
    pull = open_pull(client, FLX_FEED_ORDERS, NULL);

    for (int i = 0; i < 40 && (status = flx_pull_next(pull, 500, &page, &err)) == FLX_AGAIN; i++)
        continue;
    CHECK_ERROR(FLX_E_CONNECT, status, err);
    flx_pull_close(pull);
    flx_client_close(client);
}

const struct test silence_tests[] = {
    TEST(a_pull_keeps_its_deadline_while_the_hub_is_silent),
    TEST(a_call_keeps_its_deadline_while_the_hub_is_silent),
    TEST(a_probe_keeps_its_deadline_while_the_hub_is_silent),
    TEST(a_failure_that_lasts_is_told_after_give_up),
    END_OF_TESTS,
};
