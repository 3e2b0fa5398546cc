/* Compares the views of a page with what flx_record_get() and the record's JSON say. */
#ifndef ABI_COMPARE_H
#define ABI_COMPARE_H

#include "hub.h"
#include "shapes.h"

struct record {
    const flx_page *page;
    size_t index;
};

/* How often a field was there, so that a feed which never has one is noticed. */
extern size_t present_fields, absent_fields;

/* Gives the text that the record has at a path, or {NULL, 0}. */
flx_text at_path(const struct record *record, const char *path);

/* The page as JSON, as records, and as views: three ways to the same thing. Gives the number of its records. */
size_t compare_page(const flx_page *page, int32_t feed, const struct shape *shape);

#endif
