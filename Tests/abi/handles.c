/* Handles are names: a wrong one is an error, never a crash, and objects may be freed in any order. */
#include "probes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Calls every probe of `type` with a handle that is none, with and without an error pointer. */
static void expect_no_handle(const struct fixture *with, enum object type, void *handle, const char *what)
{
    for (const struct handle_probe *probe = handle_probes; probe->function; probe++) {
        flx_error *err = NULL;
        int32_t status;

        if (probe->takes != type)
            continue;
        check_about("%s given %s", probe->function, what);
        CHECK_STATUS(FLX_E_HANDLE, probe->call(with, handle, NULL));
        status = probe->call(with, handle, &err);
        CHECK_STATUS(FLX_E_HANDLE, status);
        if (probe->has_err)
            check_error(__FILE__, __LINE__, FLX_E_HANDLE, status, err, "with an error pointer");
    }
    check_about(NULL);
}

static void expect_no_handle_of_any_type(const struct fixture *with, void *handle, const char *what)
{
    for (int type = 0; type < OBJECT_TYPES; type++)
        expect_no_handle(with, (enum object)type, handle, what);
}

static void null_is_no_handle(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);

    expect_no_handle_of_any_type(&with, NULL, "NULL");
    free_fixture(&with);
}

static void an_address_is_no_handle(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    static char in_data[4096];
    char on_stack[4096];
    char *on_heap = malloc(4096);

    REQUIRE(on_heap);
    memset(on_stack, 0x5a, sizeof on_stack);
    memset(on_heap, 0xff, 4096);
    expect_no_handle_of_any_type(&with, on_stack, "a stack address");
    expect_no_handle_of_any_type(&with, on_heap, "a heap address");
    expect_no_handle_of_any_type(&with, in_data, "a static address");
    expect_no_handle_of_any_type(&with, (void *)(uintptr_t)&null_is_no_handle, "a function address");
    free(on_heap);
    free_fixture(&with);
}

static void a_made_up_number_is_no_handle(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    char what[64];

    for (int bit = 0; bit < 64; bit++) {
        snprintf(what, sizeof what, "bit %d", bit);
        expect_no_handle_of_any_type(&with, (void *)(uintptr_t)((uint64_t)1 << bit), what);
    }
    expect_no_handle_of_any_type(&with, (void *)UINTPTR_MAX, "all bits");
    free_fixture(&with);
}

/* A handle with one bit turned names nothing, or an object of another type. */
static void a_handle_with_a_bit_turned_is_none(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    char what[64];

    for (int type = 0; type < OBJECT_TYPES; type++)
        for (int bit = 0; bit < 64; bit++) {
            uintptr_t handle = (uintptr_t)handle_of(&with, (enum object)type);
            snprintf(what, sizeof what, "its handle, bit %d turned", bit);
            expect_no_handle(&with, (enum object)type, (void *)(handle ^ ((uintptr_t)1 << bit)), what);
        }
    free_fixture(&with);
}

static void a_handle_of_another_type_is_none(struct sandbox *hub)
{
    static const char *const names[OBJECT_TYPES] = {"a config",  "a client", "a pull",  "a page",
                                                    "a builder", "a blob",   "an error"};
    struct fixture with = new_fixture(hub);

    for (int type = 0; type < OBJECT_TYPES; type++)
        for (int other = 0; other < OBJECT_TYPES; other++)
            if (other != type)
                expect_no_handle(&with, (enum object)type, handle_of(&with, (enum object)other), names[other]);

    /* Frees and closes of the wrong type freed nothing. */
    CHECK_INT(5, flx_page_count(with.page));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_error_code(with.error));
    CHECK(blob_text(with.blob) != NULL);
    CHECK_STATUS(FLX_OK, flx_order_builder_set(with.builder, "/note", FLX_NUL, "x", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_config_set(with.config, "channel", FLX_NUL, "x", FLX_NUL, NULL));
    CHECK_STATUS(FLX_OK, flx_pull_commit(with.pull, with.page, NULL));
    free_fixture(&with);
}

static void a_cancel_is_no_handle_of_another_type(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    flx_cancel *cancel = flx_cancel_new();

    REQUIRE(cancel);
    expect_no_handle_of_any_type(&with, cancel, "a cancel");
    flx_cancel_fire(cancel); /* still whole */
    flx_cancel_free(cancel);
    free_fixture(&with);
}

static void a_freed_handle_is_none(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub), freed = new_fixture(hub);

    free_fixture(&freed);
    for (int type = 0; type < OBJECT_TYPES; type++)
        expect_no_handle(&with, (enum object)type, handle_of(&freed, (enum object)type), "a freed handle");
    free_fixture(&with);
}

static void freeing_twice_does_nothing(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub), other;

    free_fixture(&with);
    other = new_fixture(hub); /* takes the places of the freed ones */
    free_fixture(&with);
    CHECK_INT(5, flx_page_count(other.page));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_error_code(other.error));
    CHECK(blob_text(other.blob) != NULL);
    CHECK_STATUS(FLX_OK, flx_pull_commit(other.pull, other.page, NULL));
    free_fixture(&other);
}

/* A name is not given again soon, also when its place is. */
static void a_freed_handle_stays_freed_while_thousands_are_made(struct sandbox *hub)
{
    flx_config *first = NULL, *next = NULL;

    REQUIRE_STATUS(FLX_OK, flx_config_new(&first, NULL));
    flx_config_free(first);
    for (int i = 0; i < 20000; i++) {
        REQUIRE_STATUS(FLX_OK, flx_config_new(&next, NULL));
        if (!CHECK(next != first))
            break;
        if (flx_config_set_json(first, "{}", FLX_NUL, NULL) != FLX_E_HANDLE) {
            CHECK(!"the freed handle works again");
            break;
        }
        flx_config_free(next);
    }
}

static void thousands_of_objects_live_at_once(struct sandbox *hub)
{
    enum { count = 20000 };
    flx_config **configs = calloc(count, sizeof *configs);
    int good = 0;

    REQUIRE(configs);
    for (int i = 0; i < count; i++)
        good += flx_config_new(&configs[i], NULL) == FLX_OK;
    CHECK_INT(count, good);
    good = 0;
    for (int i = 0; i < count; i++)
        good += flx_config_set(configs[i], "channel", FLX_NUL, "x", FLX_NUL, NULL) == FLX_OK;
    CHECK_INT(count, good);
    for (int i = 0; i < count; i += 2)
        flx_config_free(configs[i]);
    good = 0;
    for (int i = 0; i < count; i++)
        good += flx_config_set(configs[i], "channel", FLX_NUL, "x", FLX_NUL, NULL) == FLX_OK;
    CHECK_INT(count / 2, good);
    for (int i = 0; i < count; i++)
        flx_config_free(configs[i]);
    free(configs);
}

static void a_page_outlives_its_pull_and_client(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    const char *json = NULL;
    size_t n = 0;

    flx_client_close(with.client);
    flx_pull_close(with.pull);

    CHECK_INT(5, flx_page_count(with.page));
    CHECK_STATUS(FLX_OK, flx_page_json(with.page, &json, &n));
    CHECK(json && n > 2 && json[0] == '[');
    CHECK(flx_page_listing_variant(with.page, 4) != NULL);
    free_fixture(&with);
}

static void a_pull_of_a_closed_client_is_a_stale_handle(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    flx_page *page = NULL;

    flx_client_close(with.client);

    CHECK_STATUS(FLX_E_HANDLE, flx_pull_next(with.pull, 0, &page, NULL));
    CHECK_STATUS(FLX_E_HANDLE, flx_pull_commit(with.pull, with.page, NULL));
    free_fixture(&with);
}

static void a_client_outlives_its_config(struct sandbox *hub)
{
    flx_config *config = new_config(hub, NULL);
    flx_client *client = NULL;
    flx_blob *stats = NULL;

    REQUIRE_STATUS(FLX_OK, flx_client_open(config, &client, NULL));
    CHECK_STATUS(FLX_OK, flx_config_set(config, "channel", FLX_NUL, "other", FLX_NUL, NULL));
    flx_config_free(config);

    CHECK_STATUS(FLX_OK, flx_client_stats(client, &stats, NULL));
    flx_blob_free(stats);
    flx_client_close(client);
}

static void every_function_is_probed(struct sandbox *hub)
{
    static const char *const without_a_fault[] = {
        /* nothing can be wrong with their arguments, or cancel.c has them */
        "flx_version",    "flx_version_string", "flx_require",      "flx_status_name",
        "flx_cancel_new", "flx_cancel_fire",    "flx_cancel_reset", "flx_cancel_free",
    };
    static const char *const functions[] = {
#define FUNCTION(name) #name,
#include "functions.inc"
#undef FUNCTION
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int probed = 0;
        for (const struct handle_probe *probe = handle_probes; probe->function; probe++)
            probed |= strcmp(probe->function, functions[i]) == 0;
        for (const struct text_probe *probe = text_probes; probe->function; probe++)
            probed |= strcmp(probe->function, functions[i]) == 0;
        for (const struct out_probe *probe = out_probes; probe->function; probe++)
            probed |= strcmp(probe->function, functions[i]) == 0;
        for (size_t j = 0; j < sizeof without_a_fault / sizeof *without_a_fault; j++)
            probed |= strcmp(without_a_fault[j], functions[i]) == 0;
        check_about("%s", functions[i]);
        CHECK(probed);
    }
}

const struct test handles_tests[] = {
    TEST(null_is_no_handle),
    TEST(an_address_is_no_handle),
    TEST(a_made_up_number_is_no_handle),
    TEST(a_handle_with_a_bit_turned_is_none),
    TEST(a_handle_of_another_type_is_none),
    TEST(a_cancel_is_no_handle_of_another_type),
    TEST(a_freed_handle_is_none),
    TEST(freeing_twice_does_nothing),
    TEST(a_freed_handle_stays_freed_while_thousands_are_made),
    TEST(thousands_of_objects_live_at_once),
    TEST(a_page_outlives_its_pull_and_client),
    TEST(a_pull_of_a_closed_client_is_a_stale_handle),
    TEST(a_client_outlives_its_config),
    TEST(every_function_is_probed),
    END_OF_TESTS,
};
