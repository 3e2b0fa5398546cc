/* Text in: NULL, lengths that no text has, and bytes that are not UTF-8, for every text parameter of the library. */
#define _GNU_SOURCE
#include "probes.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Calls one probe with and without an error pointer; gives the status. */
static int32_t call(const struct fixture *with, const struct text_probe *probe, const char *p, size_t n)
{
    flx_error *err = NULL;
    int32_t status = probe->call(with, p, n, &err);

    CHECK_STATUS(status, probe->call(with, p, n, NULL));
    if (probe->has_err)
        check_error(__FILE__, __LINE__, status, status, err, "with an error pointer");
    return status;
}

static void null_with_a_length_is_refused(struct sandbox *hub)
{
    static const size_t lengths[] = {1, 5, 4096, FLX_NUL};
    struct fixture with = new_fixture(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (const struct text_probe *probe = text_probes; probe->function; probe++)
        for (size_t i = 0; !probe->optional && i < sizeof lengths / sizeof *lengths; i++) {
            check_about("%s(%s = NULL, %zu)", probe->function, probe->parameter, lengths[i]);
            CHECK_STATUS(FLX_E_ARGUMENT, call(&with, probe, NULL, lengths[i]));
        }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    free_fixture(&with);
}

static void null_stands_for_none_where_text_is_optional(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);

    for (const struct text_probe *probe = text_probes; probe->function; probe++)
        if (probe->optional) {
            int32_t none = call(&with, probe, NULL, 0);
            check_about("%s(%s = NULL)", probe->function, probe->parameter);
            CHECK(none == FLX_OK || none == FLX_E_OPERATION); /* flx_call: this operation has required arguments */
            CHECK_STATUS(none, call(&with, probe, NULL, FLX_NUL));
        }
    free_fixture(&with);
}

/* A length that came from a negative number, or that no memory holds, is refused before a byte is read. */
static void a_huge_length_is_refused_unread(struct sandbox *hub)
{
    static const size_t lengths[] = {SIZE_MAX - 1, SIZE_MAX - 4095, (size_t)PTRDIFF_MAX + 1,
                                     PTRDIFF_MAX,  (size_t)1 << 40, (size_t)UINT32_MAX + 1};
    struct fixture with = new_fixture(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (const struct text_probe *probe = text_probes; probe->function; probe++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            int32_t status;
            check_about("%s(%s, %zu)", probe->function, probe->parameter, lengths[i]);
            status = call(&with, probe, "{}", lengths[i]);
            CHECK(status == FLX_E_ARGUMENT || status == FLX_E_TOO_LARGE);
        }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    free_fixture(&with);
}

static void bytes_that_are_not_utf8_are_refused(struct sandbox *hub)
{
    static const char *const wrong[] = {
        "\x80",             /* a continuation alone */
        "a\xc3",            /* cut off */
        "\xc0\x80",         /* NUL, too long */
        "\xe0\x80\xaf",     /* a slash, too long */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "caf\xe9",          /* Latin-1 */
        "\xff\xfe{\x01",    /* UTF-16 */
    };
    struct fixture with = new_fixture(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (const struct text_probe *probe = text_probes; probe->function; probe++)
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            int32_t status;
            check_about("%s(%s), bytes of row %zu", probe->function, probe->parameter, i);
            status = call(&with, probe, wrong[i], FLX_NUL);
            CHECK(status == FLX_E_UTF8 || status == probe->other);
        }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    free_fixture(&with);
}

/* Text ends where its length says: the byte after it may not even be mapped. */
static void text_is_not_read_beyond_its_length(struct sandbox *hub)
{
    static const char *const texts[] = {"{}", "[]", "orders", "{\"a\":", "\"\\u00", "12", "-", "nul", "/", "~"};
    struct fixture with = new_fixture(hub);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    REQUIRE(memory != MAP_FAILED && mprotect(memory + page, page, PROT_NONE) == 0);
    for (const struct text_probe *probe = text_probes; probe->function; probe++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            size_t n = strlen(texts[i]);
            char *p = memory + page - n;
            memcpy(p, texts[i], n);
            probe->call(&with, p, n, NULL);
            probe->call(&with, memory + page, 0, NULL); /* empty text at an address that cannot be read */
        }
    munmap(memory, 2 * page);
    free_fixture(&with);
}

/* A NUL inside a text with a length is a character that no name, number or JSON may have; it ends nothing. */
static void a_nul_inside_is_not_the_end(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    flx_blob *out = NULL;
    flx_order_builder *builder = NULL;

    CHECK_STATUS(FLX_E_ARGUMENT, flx_describe("build\0x", 7, &out, NULL));
    CHECK_STATUS(FLX_E_CONFIG, flx_config_set(with.config, "channel\0x", 9, "a", 1, NULL));
    CHECK_STATUS(FLX_E_CONFIG, flx_config_set(with.config, "channel", 7, "a\0b", 3, NULL));
    CHECK_STATUS(FLX_E_JSON, flx_config_set_json(with.config, "{}\0", 3, NULL));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_client_set_token(with.client, "a\0b", 3, NULL));
    CHECK_STATUS(FLX_E_JSON, flx_order_submit(with.client, "{}\0", 3, NULL, NULL));
    CHECK_STATUS(FLX_E_JSON, flx_outbox_settle(with.client, "[]\0", 3, NULL));
    CHECK_STATUS(FLX_E_ARGUMENT, flx_order_builder_new("A\0B", 3, &builder, NULL));
    free_fixture(&with);
}

static void a_null_out_pointer_is_refused(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    int64_t before = hub_requests(hub, NULL, NULL);

    for (const struct out_probe *probe = out_probes; probe->function; probe++) {
        flx_error *err = NULL;
        int32_t status;

        check_about("%s", probe->function);
        CHECK_STATUS(FLX_E_ARGUMENT, probe->call(&with, NULL));
        status = probe->call(&with, &err);
        CHECK_STATUS(FLX_E_ARGUMENT, status);
        if (probe->has_err)
            check_error(__FILE__, __LINE__, FLX_E_ARGUMENT, status, err, "with an error pointer");
    }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    free_fixture(&with);
}

/* A report that nobody wants need not be taken. */
static void an_optional_out_pointer_may_be_null(struct sandbox *hub)
{
    struct fixture with = new_fixture(hub);
    char text[512];
    const void *bytes = NULL;
    size_t n = 0;

    CHECK_STATUS(FLX_OK, flx_order_submit(with.client, order(text, "T-NULL"), FLX_NUL, NULL, NULL));
    CHECK(flx_flush(with.client, 0, NULL, NULL) >= 0);
    CHECK_STATUS(FLX_OK, flx_outbox_purge(with.client, "{\"numbers\":[]}", FLX_NUL, NULL, NULL));
    flx_blob_view(with.blob, &bytes, NULL);
    CHECK(bytes != NULL);
    flx_blob_view(with.blob, NULL, &n);
    CHECK(n > 0);
    flx_blob_view(with.blob, NULL, NULL);
    free_fixture(&with);
}

static void a_number_out_of_its_range_is_refused(struct sandbox *hub)
{
    static const int32_t feeds[] = {0, -1, 7, 100, INT32_MIN, INT32_MAX};
    static const size_t limits[] = {0, 10001, SIZE_MAX, (size_t)PTRDIFF_MAX + 1};
    static const size_t indexes[] = {5, 6, SIZE_MAX, (size_t)PTRDIFF_MAX, (size_t)PTRDIFF_MAX + 1, (size_t)1 << 32};
    struct fixture with = new_fixture(hub);
    flx_pull *pull = NULL;
    flx_blob *out = NULL;
    flx_error *err = NULL;
    const char *p;
    size_t n;

    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        check_about("feed %d", (int)feeds[i]);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_pull_open(with.client, feeds[i], NULL, 0, &pull, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_cursor_set(with.client, feeds[i], NULL, 0, "", 0, &err), err);
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        check_about("max %zu", limits[i]);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_outbox_results(with.client, limits[i], &out, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_ack_results(with.client, 0, limits[i], &out, &err), err);
    }
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        check_about("record %zu", indexes[i]);
        CHECK_STATUS(FLX_E_ARGUMENT, flx_record_json(with.page, indexes[i], &p, &n));
        CHECK_STATUS(FLX_E_ARGUMENT, flx_record_get(with.page, indexes[i], "/id", FLX_NUL, &p, &n));
        CHECK(flx_page_listing_variant(with.page, indexes[i]) == NULL);
        CHECK(flx_page_listing_parent(with.page, indexes[i]) == NULL);
        CHECK(flx_page_order(with.page, indexes[i]) == NULL);
        CHECK(flx_page_shipment(with.page, indexes[i]) == NULL);
        CHECK(flx_page_return(with.page, indexes[i]) == NULL);
    }
    check_about(NULL);
    CHECK_ERROR(FLX_E_ARGUMENT, flx_ack_results(with.client, -1, 10, &out, &err), err);
    CHECK_ERROR(FLX_E_ARGUMENT, flx_ack_results(with.client, INT64_MIN, 10, &out, &err), err);
    free_fixture(&with);
}

static void a_time_below_minus_one_is_refused(struct sandbox *hub)
{
    static const int32_t times[] = {-2, -1000, INT32_MIN};
    struct fixture with = new_fixture(hub);
    int64_t before = hub_requests(hub, NULL, NULL);
    flx_blob *out = NULL;
    flx_page *page = NULL;
    flx_error *err = NULL;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        check_about("%d ms", (int)times[i]);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_client_probe(with.client, times[i], &out, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_pull_next(with.pull, times[i], &page, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_flush(with.client, times[i], &out, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT, flx_order_status(with.client, "P-1", FLX_NUL, times[i], &page, &err), err);
        CHECK_ERROR(FLX_E_ARGUMENT,
                    flx_call(with.client, "getListingVariantsCount", FLX_NUL, NULL, 0, times[i], &out, &err), err);
    }
    check_about(NULL);
    CHECK_INT(before, hub_requests(hub, NULL, NULL));
    free_fixture(&with);
}

const struct test text_tests[] = {
    TEST(null_with_a_length_is_refused),
    TEST(null_stands_for_none_where_text_is_optional),
    TEST(a_huge_length_is_refused_unread),
    TEST(bytes_that_are_not_utf8_are_refused),
    TEST(text_is_not_read_beyond_its_length),
    TEST(a_nul_inside_is_not_the_end),
    TEST(a_null_out_pointer_is_refused),
    TEST(an_optional_out_pointer_may_be_null),
    TEST(a_number_out_of_its_range_is_refused),
    TEST(a_time_below_minus_one_is_refused),
    END_OF_TESTS,
};
