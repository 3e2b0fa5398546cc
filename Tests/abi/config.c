/* Config: every key is checked when it is set, and the whole when a client is opened. */
#define _GNU_SOURCE
#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static flx_config *empty_config(void)
{
    flx_config *config = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_new(&config, NULL));
    return config;
}

static void an_unknown_key_names_the_nearest_one(struct sandbox *hub)
{
    static const char *const rows[][2] = {
        {"chanel", "channel"},
        {"tokn", "token"},
        {"state_dri", "state_dir"},
        {"orgin", "origin"},
        {"log.levle", "log.level"},
        {"rate_limit_dir", "rate_limit.dir"},
        {"hub.override", "hub.overrides"},
        {"state.waitms", "state.wait_ms"},
        {"pace.dir", "is now called rate_limit.dir"}, /* of 0.1.0 */
    };
    flx_config *config = empty_config();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;
        const char *message;

        check_about("%s", rows[i][0]);
        CHECK_STATUS(FLX_E_CONFIG, flx_config_set(config, rows[i][0], FLX_NUL, "1", FLX_NUL, &err));
        message = error_text(err, FLX_ERROR_MESSAGE);
        CHECK(message && strstr(message, rows[i][1]));
        CHECK_TEXT(rows[i][0], error_text(err, FLX_ERROR_PATH));
        flx_error_free(err);
    }
    flx_config_free(config);
}

static void a_value_out_of_its_range_is_refused_where_it_is_set(struct sandbox *hub)
{
    static const char *const rows[][2] = {
        {"channel", ""},
        {"channel", "Shop"},
        {"channel", "a shop"},
        {"channel", "../etc"},
        {"channel", "a/b"},
        {"channel", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, /* 65 */
        {"token", ""},
        {"token", "two words"},
        {"token", "line\nwords"},
        {"token", "line\r\nX-words: header"},
        {"token", "caf\xc3\xa9"},
        {"state_dir", ""},
        {"state_dir", "relative"},
        {"state_dir", "/a\n"},
        {"state_dir", " /a"},
        {"rate_limit.dir", "relative"},
        {"rate_limit.dir", "/a "},
        {"http.ca_file", "ca.pem"},
        {"http.proxy", "http://127.0.0.1:3128\n"},
        {"origin", ""},
        {"origin", "hub.example"},
        {"origin", "ftp://hub.example"},
        {"origin", "http://hub.example"}, /* plain http leaves this machine */
        {"origin", "http://127.0.0.1.example"},
        {"origin", "https://user:word@hub.example"},
        {"origin", "https://hub.example/path"},
        {"origin", "https://hub.example?x=1"},
        {"origin", "https://hub.example:0"},
        {"origin", "https://hub.example:65536"},
        {"origin", "https://hub.example\r\nX-Other: header"},
        {"state.wait_ms", "-1"},
        {"state.wait_ms", "1.5"},
        {"state.wait_ms", "1e3"},
        {"state.wait_ms", "0x10"},
        {"state.wait_ms", " 1"},
        {"state.wait_ms", ""},
        {"state.wait_ms", "99999999999999999999"},
        {"log.level", "loud"},
        {"hub.overrides", "{"},
    };
    flx_config *config = empty_config();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;

        check_about("%s = %.30s", rows[i][0], rows[i][1]);
        CHECK_STATUS(FLX_E_CONFIG, flx_config_set(config, rows[i][0], FLX_NUL, rows[i][1], FLX_NUL, &err));
        CHECK_TEXT(rows[i][0], error_text(err, FLX_ERROR_PATH));
        if (err && strcmp(rows[i][0], "token") == 0 && *rows[i][1]) /* a wrong token may be half of the right one */
            CHECK(!strstr(error_text(err, FLX_ERROR_JSON), "words"));
        flx_error_free(err);
    }
    flx_config_free(config);
}

static void good_values_are_taken(struct sandbox *hub)
{
    static const char *const rows[][2] = {
        {"channel", "a"},
        {"channel", "shop-1_b.c"},
        {"channel", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, /* 64 */
        {"token", "abc-123_XYZ.~"},
        {"origin", "https://api.flxpoint.com"},
        {"origin", "https://hub.example:8443"},
        {"origin", "http://127.0.0.1:8080"},
        {"origin", "http://localhost:8080"},
        {"origin", "http://[::1]:8080"},
        {"state.wait_ms", "0"},
        {"state.wait_ms", "1000"},
    };
    flx_config *config = empty_config();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_about("%s = %s", rows[i][0], rows[i][1]);
        CHECK_STATUS(FLX_OK, flx_config_set(config, rows[i][0], FLX_NUL, rows[i][1], FLX_NUL, NULL));
    }
    flx_config_free(config);
}

static void json_that_is_no_object_is_refused(struct sandbox *hub)
{
    static const char *const rows[] = {
        "",
        "{",
        "[1]",
        "1",
        "\"channel\"",
        "null",
        "{\"channel\":\"a\"} x",
        "{\"channel\":\"a\",\"channel\":\"b\"}",
        "{'channel':'a'}",
        "{\"channel\":\"a\",}",
        "{\"channel\":\"\\ud800\"}",
        "// no\n{}",
    };
    flx_config *config = empty_config();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;

        check_about("%s", rows[i]);
        CHECK_ERROR(FLX_E_JSON, flx_config_set_json(config, rows[i], FLX_NUL, &err), err);
    }
    flx_config_free(config);
}

static void nested_and_dotted_keys_are_the_same(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_config *config = new_config(hub, NULL);
    char json[512];

    snprintf(json, sizeof json, "{\"state\":{\"wait_ms\":250},\"rate_limit.dir\":\"%s\",\"state_dir\":\"%s\"}",
             hub->rate_limit, directory);
    CHECK_STATUS(FLX_OK, flx_config_set_json(config, json, FLX_NUL, NULL));
    snprintf(json, sizeof json, "{\"rate_limit\":{\"dir\":\"%s\"},\"state.wait_ms\":\"250\"}", hub->rate_limit);
    CHECK_STATUS(FLX_OK, flx_config_set_json(config, json, FLX_NUL, NULL));
    flx_client_close(open_config(config));
}

/* One fault, and nothing is set; all faults are told at once. */
static void bulk_setting_is_all_or_nothing(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);
    flx_error *err = NULL;
    char json[256];

    snprintf(json, sizeof json, "{\"channel\":\"other\",\"tokn\":\"x\",\"state\":{\"wait_ms\":-5}}");
    CHECK_STATUS(FLX_E_CONFIG, flx_config_set_json(config, json, FLX_NUL, &err));
    CHECK(names_fault(err, "tokn"));
    CHECK(names_fault(err, "state.wait_ms"));
    flx_error_free(err);

    flx_client *client = open_config(config);
    flx_blob *stats = NULL;
    CHECK_STATUS(FLX_OK, flx_client_stats(client, &stats, NULL));
    CHECK(strstr(blob_text(stats), "\"abi\"") != NULL); /* the channel is still the old one */
    flx_blob_free(stats);
    flx_client_close(client);
}

/* A host that reads a setting that is not there must not land in production. */
static void a_setting_that_is_no_value_is_not_its_default(struct sandbox *hub)
{
    static const char *const rows[] = {
        "{\"origin\":null}",
        "{\"origin\":\"\"}",
        "{\"origin\":{}}",
        "{\"origin\":[]}",
    };
    flx_config *config = empty_config();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flx_error *err = NULL;

        check_about("%s", rows[i]);
        CHECK_STATUS(FLX_E_CONFIG, flx_config_set_json(config, rows[i], FLX_NUL, &err));
        CHECK_TEXT("origin", error_text(err, FLX_ERROR_PATH));
        flx_error_free(err);
    }
    flx_config_free(config);
}

static void a_refused_token_is_told_by_byte_and_not_by_content(struct sandbox *hub)
{
    flx_client *client = open_client(hub);
    flx_config *config = empty_config();
    flx_error *err = NULL;

    CHECK_STATUS(FLX_E_CONFIG, flx_config_set(config, "token", FLX_NUL, "secretsecret\n", FLX_NUL, &err));
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), "byte 13 of 13 is a line break") != NULL);
    CHECK(!strstr(error_text(err, FLX_ERROR_JSON), "secret"));
    flx_error_free(err);
    CHECK_STATUS(FLX_E_ARGUMENT, flx_client_set_token(client, "secret token", FLX_NUL, &err));
    CHECK(strstr(error_text(err, FLX_ERROR_MESSAGE), "byte 7 of 12 is a blank") != NULL);
    CHECK(!strstr(error_text(err, FLX_ERROR_JSON), "secret"));
    flx_error_free(err);
    flx_config_free(config);
    flx_client_close(client);
}

/* Where the process stands later changes nothing. */
static void a_chdir_changes_neither_outbox_nor_budget(struct sandbox *hub)
{
    const char *directory = new_directory(hub);
    flx_client *client = open_config(new_config(hub, directory));
    char here[4096], text[512];

    REQUIRE(getcwd(here, sizeof here));
    REQUIRE(chdir("/") == 0);
    CHECK_STATUS(FLX_OK, flx_order_submit(client, order(text, "CHDIR-1"), FLX_NUL, NULL, NULL));
    CHECK_STATUS(FLX_OK, flx_client_set_token(client, hub->token, FLX_NUL, NULL));
    flush_all(client);
    CHECK_INT(1, hub_orders(hub, "CHDIR-1"));
    REQUIRE(chdir(here) == 0);
    flx_client_close(client);
}

static void a_client_needs_channel_token_and_directory(struct sandbox *hub)
{
    static const char *const keys[] = {"channel", "token", "state_dir"};

    for (size_t missing = 0; missing < 3; missing++) {
        flx_config *config = empty_config();
        flx_client *client = NULL;
        flx_error *err = NULL;

        for (size_t i = 0; i < 3; i++)
            if (i != missing)
                set(config, keys[i], i == 2 ? new_directory(hub) : "x");
        check_about("without %s", keys[missing]);
        CHECK_STATUS(FLX_E_CONFIG, flx_client_open(config, &client, &err));
        CHECK(client == NULL);
        CHECK_TEXT(keys[missing], error_text(err, FLX_ERROR_PATH));
        CHECK(error_text(err, FLX_ERROR_MESSAGE) && *error_text(err, FLX_ERROR_MESSAGE));
        flx_error_free(err);
        flx_config_free(config);
    }
}

static void opening_makes_no_request(struct sandbox *hub)
{
    int64_t before = hub_requests(hub, NULL, NULL);
    flx_client *client = open_client(hub);

    flx_pull_close(open_pull(client, FLX_FEED_ORDERS, NULL));
    flx_client_close(client);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
}

static void every_described_key_can_be_set_to_its_default(struct sandbox *hub)
{
    flx_config *config = empty_config();
    flx_blob *blob = NULL;
    json_t *keys, *key;
    size_t i, with_default = 0;

    REQUIRE_STATUS(FLX_OK, flx_describe("config", FLX_NUL, &blob, NULL));
    keys = take_json(blob);
    REQUIRE(json_is_array(keys));
    json_array_foreach(keys, i, key) {
        const char *name = member(key, "key");
        json_t *value = json_object_get(key, "default");
        char text[64] = "";

        REQUIRE(name);
        check_about("%s", name);
        if (json_is_string(value) && !*json_string_value(value))
            continue; /* none */
        if (json_is_integer(value))
            snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        else if (json_is_boolean(value))
            snprintf(text, sizeof text, "%s", json_is_true(value) ? "true" : "false");
        else if (json_is_string(value))
            snprintf(text, sizeof text, "%s", json_string_value(value));
        else
            continue;
        with_default++;
        CHECK_STATUS(FLX_OK, flx_config_set(config, name, FLX_NUL, text, FLX_NUL, NULL));
    }
    check_about(NULL);
    CHECK(with_default >= 5);
    json_decref(keys);
    flx_config_free(config);
}

/* Sets a number and gives the status. */
static int32_t set_number(flx_config *config, const char *key, int64_t value)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)value);
    return flx_config_set(config, key, FLX_NUL, text, FLX_NUL, NULL);
}

static void what_is_described_of_a_key_is_its_bound(struct sandbox *hub)
{
    flx_config *config = empty_config();
    flx_blob *blob = NULL;
    json_t *keys, *key, *choice;
    size_t i, j, numbers = 0, choices = 0;

    REQUIRE_STATUS(FLX_OK, flx_describe("config", FLX_NUL, &blob, NULL));
    keys = take_json(blob);
    json_array_foreach(keys, i, key) {
        const char *name = member(key, "key");
        int64_t least = json_integer_value(json_object_get(key, "least"));
        int64_t most = json_integer_value(json_object_get(key, "most"));

        REQUIRE(name);
        check_about("%s", name);
        if (json_object_get(key, "least")) {
            numbers++;
            CHECK_STATUS(FLX_OK, set_number(config, name, least));
            CHECK_STATUS(FLX_OK, set_number(config, name, most));
            CHECK_STATUS(FLX_E_CONFIG, set_number(config, name, least - 1));
            if (most < INT64_MAX)
                CHECK_STATUS(FLX_E_CONFIG, set_number(config, name, most + 1));
        }
        json_array_foreach(json_object_get(key, "choices"), j, choice) {
            choices++;
            CHECK_STATUS(FLX_OK, flx_config_set(config, name, FLX_NUL, json_string_value(choice), FLX_NUL, NULL));
            CHECK_STATUS(FLX_E_CONFIG, flx_config_set(config, name, FLX_NUL, "another", FLX_NUL, NULL));
        }
    }
    check_about(NULL);
    CHECK(numbers >= 15 && choices >= 6);
    json_decref(keys);
    flx_config_free(config);
}

const struct test config_tests[] = {
    TEST(an_unknown_key_names_the_nearest_one),
    TEST(a_value_out_of_its_range_is_refused_where_it_is_set),
    TEST(good_values_are_taken),
    TEST(json_that_is_no_object_is_refused),
    TEST(nested_and_dotted_keys_are_the_same),
    TEST(bulk_setting_is_all_or_nothing),
    TEST(a_setting_that_is_no_value_is_not_its_default),
    TEST(a_refused_token_is_told_by_byte_and_not_by_content),
    TEST(a_chdir_changes_neither_outbox_nor_budget),
    TEST(a_client_needs_channel_token_and_directory),
    TEST(opening_makes_no_request),
    TEST(every_described_key_can_be_set_to_its_default),
    TEST(what_is_described_of_a_key_is_its_bound),
    END_OF_TESTS,
};
