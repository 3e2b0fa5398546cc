/*
 * One call for every parameter that can be wrong: handles, text and out pointers.
 *
 * A probe puts one bad value in, and good ones everywhere else. The tests that use these tables also check that no
 * function of the header is missing from them.
 */
#ifndef ABI_PROBES_H
#define ABI_PROBES_H

#include "hub.h"

/* One live object of each type. */
struct fixture {
    flx_config *config;
    flx_client *client;
    flx_pull *pull; /* FLX_FEED_LISTINGS */
    flx_page *page; /* of that pull */
    flx_order_builder *builder;
    flx_sync *sync;
    flx_blob *blob;
    flx_error *error;
};

struct fixture new_fixture(struct sandbox *hub);
void free_fixture(struct fixture *with);

enum object { A_CONFIG, A_CLIENT, A_PULL, A_PAGE, A_BUILDER, A_SYNC, A_BLOB, AN_ERROR, OBJECT_TYPES };

/* Leaves every event for later. */
int32_t no_more(void *user, flx_sync *sync, int64_t event, const char *json, size_t n);

/* The live handle of that type. */
void *handle_of(const struct fixture *with, enum object type);

/* A function that takes a handle. Those without a status give FLX_E_HANDLE when they answered as for a stale one. */
struct handle_probe {
    const char *function;
    enum object takes;
    int32_t (*call)(const struct fixture *with, void *handle, flx_error **err);
    int has_err;
};
extern const struct handle_probe handle_probes[];

/* A function that takes text. */
struct text_probe {
    const char *function;
    const char *parameter;
    int32_t (*call)(const struct fixture *with, const char *p, size_t n, flx_error **err);
    int optional;  /* NULL stands for "none" */
    int32_t other; /* what it says of bytes that are not UTF-8, if not FLX_E_UTF8 */
    int has_err;
};
extern const struct text_probe text_probes[];

/* A function whose out pointer may not be NULL. */
struct out_probe {
    const char *function;
    int32_t (*call)(const struct fixture *with, flx_error **err);
    int has_err;
};
extern const struct out_probe out_probes[];

/* What stands in an out parameter before a call, so that leaving it alone is noticed. */
extern char probe_poison;
#define POISON ((void *)&probe_poison)

/* Give `status` back, and check that an error left NULL or 0 in its out parameters. */
int32_t cleared(const void *out, int32_t status);
int32_t view_cleared(const char *p, size_t n, int32_t status);

#endif
