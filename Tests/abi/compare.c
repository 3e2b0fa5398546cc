#define _GNU_SOURCE
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t present_fields, absent_fields;

flx_text at_path(const struct record *record, const char *path)
{
    flx_text text = {NULL, 0};
    int32_t status = flx_record_get(record->page, record->index, path, FLX_NUL, &text.p, &text.n);

    CHECK(status == FLX_OK || status == FLX_E_NOT_FOUND);
    CHECK((status == FLX_OK) == (text.p != NULL));
    if (text.p)
        CHECK_INT(0, text.p[text.n]);
    return text;
}

static void compare_text(flx_text want, flx_text got)
{
    if ((want.p == NULL) != (got.p == NULL)) {
        CHECK((want.p == NULL) == (got.p == NULL));
        return;
    }
    CHECK_INT(want.n, got.n);
    if (got.p && want.n == got.n) {
        CHECK(memcmp(want.p, got.p, want.n) == 0);
        CHECK_INT(0, got.p[got.n]);
    }
}

/* A decimal read once more, by hand: digits without their point, and how many stood behind it. */
static void compare_decimal(flx_text want, const flx_decimal *got)
{
    int64_t unscaled = 0;
    int32_t scale = 0, behind = 0;
    size_t digits = 0;

    compare_text(want, got->text);
    if (!want.p) {
        CHECK(got->fits == 0 && got->unscaled == 0 && got->scale == 0);
        return;
    }
    for (size_t i = 0; i < want.n; i++)
        if (want.p[i] == '.')
            behind = 1;
        else if (want.p[i] >= '0' && want.p[i] <= '9')
            unscaled = unscaled * 10 + (want.p[i] - '0'), scale += behind, digits++;
    if (digits > 17 || memchr(want.p, 'e', want.n) || memchr(want.p, 'E', want.n))
        return; /* not for this little reader */
    if (want.p[0] == '-')
        unscaled = -unscaled;
    CHECK_INT(1, got->fits);
    /* 19.90 may be 1990 / 10^2 or 199 / 10^1: compare as the same number. */
    int64_t a = unscaled, b = got->unscaled;
    CHECK(got->scale >= 0 && got->scale <= 18);
    for (int32_t i = scale; i < got->scale; i++)
        a *= 10;
    for (int32_t i = got->scale; i < scale; i++)
        b *= 10;
    CHECK_INT(a, b);
}

static int64_t instant_of(flx_text text)
{
    struct tm tm = {0};

    REQUIRE(text.p && strptime(text.p, "%Y-%m-%dT%H:%M:%SZ", &tm));
    return (int64_t)timegm(&tm) * 1000;
}

static void compare_struct(const struct record *record, const char *prefix, const struct shape *shape,
                           const char *object);

static void compare_list(const struct record *record, const char *path, const struct field *field, const char *object)
{
    const void *const *elements = *(const void *const *const *)(const void *)(object + field->offset);
    size_t count = *(const size_t *)(const void *)(object + field->count_offset), there = 0;
    flx_text json = at_path(record, path);
    json_t *list = json.p ? json_loadb(json.p, json.n, 0, NULL) : NULL;

    there = json_array_size(list);
    json_decref(list);
    CHECK_INT(there, count);
    if (count == 0)
        return;
    present_fields++;
    REQUIRE(elements && there == count);
    for (size_t i = 0; i < count; i++) {
        char element[300];
        snprintf(element, sizeof element, "%s/%zu", path, i);
        if (!CHECK(elements[i] != NULL))
            continue;
        if (field->kind == TEXTS)
            compare_text(at_path(record, element), *(const flx_text *)elements[i]);
        else
            compare_struct(record, element, field->shape, elements[i]);
    }
}

/* An object with a handle; or plain text, which is the handle (contract 1.9); anything else counts as absent. */
static void compare_handle(const struct record *record, const char *path, flx_text want, const struct shape *shape,
                           const char *object)
{
    char handle[300];

    snprintf(handle, sizeof handle, "%s/handle", path);
    if (want.p && *want.p == '{') {
        if (CHECK((at_path(record, handle).p != NULL) == (object != NULL)) && object)
            compare_struct(record, path, shape, object);
        return;
    }
    CHECK((want.p != NULL) == (object != NULL));
    for (const struct field *field = shape->fields; object && field->name; field++)
        compare_text(strcmp(field->name, "handle") == 0 ? want : (flx_text){NULL, 0},
                     *(const flx_text *)(const void *)(object + field->offset));
}

static void compare_field(const struct record *record, const char *prefix, const struct field *field,
                          const char *object)
{
    const void *member = object + field->offset;
    uint32_t has = *(const uint32_t *)(const void *)(object + sizeof(uint32_t));
    char path[256];
    flx_text want;

    snprintf(path, sizeof path, "%s%s", prefix, field->pointer);
    check_about("record %zu, %s (%s)", record->index, path, field->name);
    if (field->kind == LIST || field->kind == TEXTS) {
        compare_list(record, path, field, object);
        return;
    }
    want = at_path(record, path);
    if (!want.p && field->or_pointer) {
        snprintf(path, sizeof path, "%s%s", prefix, field->or_pointer);
        want = at_path(record, path);
    }
    if (want.p)
        present_fields++;
    else
        absent_fields++;
    if (field->bit)
        CHECK_INT(want.p != NULL, (has & field->bit) != 0);
    switch (field->kind) {
    case TEXT:
        compare_text(want, *(const flx_text *)member);
        break;
    case DECIMAL:
        compare_decimal(want, member);
        break;
    case NUMBER:
        CHECK_INT(want.p ? strtoll(want.p, NULL, 10) : 0, *(const int64_t *)member);
        break;
    case FLAG:
        CHECK_INT(want.p ? strcmp(want.p, "true") == 0 : 0, *(const int32_t *)member);
        break;
    case INSTANT:
        CHECK_INT(want.p ? instant_of(want) : 0, *(const int64_t *)member);
        break;
    case HANDLE:
        compare_handle(record, path, want, field->shape, *(const char *const *)member);
        break;
    case OBJECT: {
        const char *nested = *(const char *const *)member;
        if (CHECK((want.p != NULL) == (nested != NULL)) && nested)
            compare_struct(record, path, field->shape, nested);
        break;
    }
    case LIST:
    case TEXTS:
        break;
    }
}

static void compare_struct(const struct record *record, const char *prefix, const struct shape *shape,
                           const char *object)
{
    uint32_t size = *(const uint32_t *)(const void *)object;
    uint32_t has = *(const uint32_t *)(const void *)(object + sizeof(uint32_t));

    check_about("record %zu, %s at '%s'", record->index, shape->name, prefix);
    CHECK_INT(shape->size, size);
    for (const struct field *field = shape->fields; field->name; field++) {
        compare_field(record, prefix, field, object);
        has &= ~field->bit;
    }
    check_about("record %zu, %s at '%s'", record->index, shape->name, prefix);
    CHECK_INT(0, has); /* no bit without its field */
}

/* The view of a record for its feed, and NULL for every other kind of view. */
static const void *view_of(const flx_page *page, size_t i, const struct shape *shape)
{
    const void *variant = flx_page_listing_variant(page, i), *parent = flx_page_listing_parent(page, i);
    const void *an_order = flx_page_order(page, i), *shipment = flx_page_shipment(page, i),
               *a_return = flx_page_return(page, i);
    const void *const views[] = {variant, parent, an_order, shipment, a_return};
    const void *wanted = shape == &variant_shape    ? variant
                         : shape == &parent_shape   ? parent
                         : shape == &order_shape    ? an_order
                         : shape == &shipment_shape ? shipment
                                                    : a_return;
    int made = 0;

    for (size_t j = 0; j < sizeof views / sizeof *views; j++)
        made += views[j] != NULL;
    CHECK_INT(1, made);
    return wanted;
}

size_t compare_page(const flx_page *page, int32_t feed, const struct shape *shape)
{
    const char *json = NULL;
    size_t n = 0, count = flx_page_count(page);
    json_t *list;

    CHECK_INT(feed, flx_page_feed(page));
    REQUIRE_STATUS(FLX_OK, flx_page_json(page, &json, &n));
    list = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
    REQUIRE(list);
    CHECK_INT(count, json_array_size(list));
    for (size_t i = 0; i < count; i++) {
        struct record record = {page, i};
        const char *text = NULL;
        const void *view = view_of(page, i, shape);
        json_t *one;

        check_about("record %zu", i);
        CHECK_STATUS(FLX_OK, flx_record_json(page, i, &text, &n));
        one = text ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
        CHECK(one && json_equal(one, json_array_get(list, i)));
        json_decref(one);
        REQUIRE(view);
        CHECK(view == view_of(page, i, shape)); /* made once */
        compare_struct(&record, "", shape, view);
        if (check_failures() > 20)
            check_give_up(); /* one wrong field would be told a thousand times */
    }
    json_decref(list);
    check_about(NULL);
    return count;
}
