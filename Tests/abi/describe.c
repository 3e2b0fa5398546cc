/* flx_describe(): JSON about the library, complete, and without any client. */
#include "hub.h"

#include <string.h>

static json_t *describe(const char *topic)
{
    flx_blob *blob = NULL;

    check_about("topic %s", topic);
    REQUIRE_STATUS(FLX_OK, flx_describe(topic, FLX_NUL, &blob, NULL));
    check_about(NULL);
    return take_json(blob);
}

/* The member of a list whose `key` is `text`, or NULL. */
static const json_t *with(const json_t *list, const char *key, const char *text)
{
    json_t *element;
    size_t i;

    json_array_foreach(list, i, element)
        if (member(element, key) && strcmp(member(element, key), text) == 0)
            return element;
    return NULL;
}

static void every_topic_is_json(struct sandbox *hub)
{
    static const char *const topics[] = {"build",        "config",        "errors",  "feeds",    "operations",
                                         "schema/order", "schema/answer", "metrics", "features", "topics"};
    json_t *list = describe("topics");

    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        json_t *json = describe(topics[i]), *topic;
        size_t j;
        int listed = 0;

        CHECK(json_is_object(json) || json_is_array(json));
        json_array_foreach(list, j, topic)
            listed |= json_is_string(topic) && strcmp(json_string_value(topic), topics[i]) == 0;
        check_about("topic %s", topics[i]);
        CHECK(listed);
        json_decref(json);
    }
    json_decref(list);
}

static void an_unknown_topic_is_told_the_known_ones(struct sandbox *hub)
{
    static const char *const wrong[] = {"", "bulid", "Build", "build ", "schema", "schema/", "errors/1"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        flx_blob *blob = NULL;
        flx_error *err = NULL;

        check_about("topic '%s'", wrong[i]);
        CHECK_STATUS(FLX_E_ARGUMENT, flx_describe(wrong[i], FLX_NUL, &blob, &err));
        CHECK(blob == NULL);
        CHECK(error_text(err, FLX_ERROR_MESSAGE) && strstr(error_text(err, FLX_ERROR_MESSAGE), "schema/order"));
        flx_error_free(err);
    }
}

static void every_code_of_the_header_is_described(struct sandbox *hub)
{
    static const struct {
        const char *name;
        int32_t code;
    } codes[] = {
#define CODE(name) {#name, name},
#include "codes.inc"
#undef CODE
    };
    json_t *list = describe("errors");

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const json_t *row = with(list, "name", codes[i].name);

        check_about("%s", codes[i].name);
        if (!CHECK(row != NULL))
            continue;
        CHECK_INT(codes[i].code, json_integer_value(json_object_get(row, "code")));
        CHECK(member(row, "class") && *member(row, "class"));
        CHECK(member(row, "meaning") && *member(row, "meaning"));
    }
    CHECK_INT(sizeof codes / sizeof *codes, json_array_size(list));
    json_decref(list);
}

static void every_config_key_is_described(struct sandbox *hub)
{
    static const char *const keys[] = {"channel",
                                       "token",
                                       "state_dir",
                                       "origin",
                                       "state.wait_ms",
                                       "http.wait_ms",
                                       "log.level",
                                       "rate_limit.dir",
                                       "hub.overrides",
                                       "answers.keep_hours",
                                       "orders.give_up_hours",
                                       "pull.give_up_ms"};
    json_t *list = describe("config");

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *row = with(list, "key", keys[i]);

        check_about("%s", keys[i]);
        if (!CHECK(row != NULL))
            continue;
        CHECK(member(row, "type") && *member(row, "type"));
        CHECK(member(row, "meaning") && *member(row, "meaning"));
        CHECK(json_object_get(row, "default") != NULL);
        CHECK(json_object_get(row, "unit") != NULL);
    }
    json_decref(list);
}

static void every_feed_is_described_with_its_filters(struct sandbox *hub)
{
    static const struct {
        const char *name, *kind;
        int32_t feed;
    } feeds[] = {
        {"listings_to_publish", "queue", FLX_FEED_LISTINGS_TO_PUBLISH},
        {"listings_to_sync", "queue", FLX_FEED_LISTINGS_TO_SYNC},
        {"listings", "cursor", FLX_FEED_LISTINGS},
        {"orders", "cursor", FLX_FEED_ORDERS},
        {"shipments", "cursor", FLX_FEED_SHIPMENTS},
        {"returns", "cursor", FLX_FEED_RETURNS},
    };
    json_t *list = describe("feeds");

    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        const json_t *row = with(list, "name", feeds[i].name);

        check_about("%s", feeds[i].name);
        if (!CHECK(row != NULL))
            continue;
        CHECK_INT(feeds[i].feed, json_integer_value(json_object_get(row, "feed")));
        CHECK_TEXT(feeds[i].kind, member(row, "kind"));
        CHECK(json_is_array(json_object_get(row, "filters")));
    }
    json_decref(list);
}

static void every_operation_has_arguments(struct sandbox *hub)
{
    static const char *const operations[] = {"getListingVariantsCount", "updateOrderStatus"};
    json_t *list = describe("operations");

    CHECK(json_array_size(list) >= 20);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        check_about("%s", operations[i]);
        CHECK(with(list, "id", operations[i]) != NULL || with(list, "operation", operations[i]) != NULL);
    }
    json_decref(list);
}

static void the_build_names_its_libraries(struct sandbox *hub)
{
    json_t *build = describe("build");
    const char *variant = member(build, "variant");

    CHECK_TEXT(flx_version_string(), member(build, "version"));
    CHECK_TEXT("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", member(build, "sha256_abc"));
    CHECK(variant && (strcmp(variant, "standard") == 0 || strcmp(variant, "slim") == 0));
    json_decref(build);
}

const struct test describe_tests[] = {
    TEST(every_topic_is_json),
    TEST(an_unknown_topic_is_told_the_known_ones),
    TEST(every_code_of_the_header_is_described),
    TEST(every_config_key_is_described),
    TEST(every_feed_is_described_with_its_filters),
    TEST(every_operation_has_arguments),
    TEST(the_build_names_its_libraries),
    END_OF_TESTS,
};
