/* The header is complete and the library has all of it: every function's address, every status code. */
#define _GNU_SOURCE
#include "hub.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Object and function pointers have the same size wherever dlsym() exists; ISO C does not let one cast. */
typedef void (*any_function)(void);

static const struct {
    const char *name;
    any_function address;
} functions[] = {
#define FUNCTION(name) {#name, (any_function)(name)},
#include "functions.inc"
#undef FUNCTION
};

static const struct {
    const char *name;
    int32_t code;
} codes[] = {
#define CODE(name) {#name, name},
#include "codes.inc"
#undef CODE
};

/* Every declaration has an implementation, and this program got it from the library and nowhere else. */
static void every_function_comes_from_the_library(struct sandbox *hub)
{
    CHECK(sizeof functions / sizeof *functions >= 60);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        Dl_info home = {0};
        void *address;

        memcpy(&address, &functions[i].address, sizeof address);
        check_about("%s", functions[i].name);
        CHECK(address != NULL);
        CHECK(dladdr(address, &home) != 0 && strstr(home.dli_fname, "libflxchannel.so"));
    }
}

static void every_code_has_its_name(struct sandbox *hub)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        check_about("%s", codes[i].name);
        CHECK_TEXT(codes[i].name, flx_status_name(codes[i].code));
    }
}

static void an_unknown_code_has_a_name_too(struct sandbox *hub)
{
    static const int32_t unknown[] = {4, 99, -1, -100, -199, -299, -999, INT32_MIN, INT32_MAX};

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_TEXT("FLX_?", flx_status_name(unknown[i]));
}

static void codes_stand_in_the_bands_of_their_class(struct sandbox *hub)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        check_about("%s", codes[i].name);
        if (codes[i].code < 0)
            CHECK(-codes[i].code / 100 >= 1 && -codes[i].code / 100 <= 5);
        for (size_t j = 0; j < i; j++)
            CHECK(codes[i].code != codes[j].code);
    }
}

static void the_version_is_that_of_the_header(struct sandbox *hub)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%d.%d", FLX_VERSION / 1000000, FLX_VERSION / 1000 % 1000, FLX_VERSION % 1000);
    CHECK_INT(FLX_VERSION, flx_version());
    CHECK_TEXT(text, flx_version_string());
}

static void another_minor_version_is_refused_before_1_0(struct sandbox *hub)
{
    CHECK_STATUS(FLX_OK, flx_require(FLX_VERSION));
    CHECK_STATUS(FLX_E_VERSION, flx_require(FLX_VERSION + 1000));
    CHECK_STATUS(FLX_E_VERSION, flx_require(FLX_VERSION + 1000000));
    CHECK_STATUS(FLX_E_VERSION, flx_require(1000)); /* 0.1.0 */
    CHECK_STATUS(FLX_E_VERSION, flx_require(0));
    CHECK_STATUS(FLX_E_VERSION, flx_require(UINT32_MAX));
}

const struct test exports_tests[] = {
    TEST(every_function_comes_from_the_library),
    TEST(every_code_has_its_name),
    TEST(an_unknown_code_has_a_name_too),
    TEST(codes_stand_in_the_bands_of_their_class),
    TEST(the_version_is_that_of_the_header),
    TEST(another_minor_version_is_refused_before_1_0),
    END_OF_TESTS,
};
