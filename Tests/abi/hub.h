/*
 * The sandbox hub as the tests see it, and what nearly every test needs: a directory, a config, a client, a page.
 */
#ifndef ABI_HUB_H
#define ABI_HUB_H

#include "check.h"
#include "flxchannel.h"

#include <jansson.h>
#include <stdint.h>

/* A sandbox serves one test after another; each test has a channel state of its own. */
struct sandbox {
    const char *url;
    const char *token;
    char root[64];       /* directory of this run, removed at its end */
    char rate_limit[80]; /* directory of the rate limit file that all tests of this sandbox share */
};

/* ---- The hub ---- */

/* Sends a request to the sandbox and gives the body of a 2xx answer as JSON, which json_decref() frees. */
json_t *hub_ask(struct sandbox *hub, const char *method, const char *path, const char *body);
/* Puts the seed back: listings in their queues, no orders, no faults. */
void hub_reset(struct sandbox *hub);
/* The number of requests of channels since the reset, with this method and path; NULL stands for any. */
int64_t hub_requests(struct sandbox *hub, const char *method, const char *path);
/* The number of orders at the hub that bear `number`. */
int64_t hub_orders(struct sandbox *hub, const char *number);

/* A listening socket on loopback that takes connections and never answers. `url` receives its origin. */
int deaf_hub(char url[40]);
/* An origin on loopback where nothing listens. */
void closed_hub(char url[40]);

/* ---- The channel ---- */

/* A new empty directory below the root of this run, mode 0700. The text is never freed. */
const char *new_directory(struct sandbox *hub);
/* Sets a key; the test ends if the library refuses it. */
void set(flx_config *config, const char *key, const char *value);
/* A config for channel "abi" of the sandbox with its state in `directory` (NULL: a new one). */
flx_config *new_config(struct sandbox *hub, const char *directory);
/* The same with another origin. */
flx_config *new_config_at(struct sandbox *hub, const char *directory, const char *origin);
flx_client *open_config(flx_config *config);
/* A client for a new directory. */
flx_client *open_client(struct sandbox *hub);
/* A client for a directory that others use too. */
flx_client *open_client_in(struct sandbox *hub, const char *directory);

flx_pull *open_pull(flx_client *client, int32_t feed, const char *spec);
/* The next page, or NULL at the proven end; waits for as long as the hub takes. */
flx_page *next_page(flx_pull *pull);
/* Flushes until nothing is left that could be sent now or soon. */
void flush_all(flx_client *client);

/* An order with one line that the sandbox's demo catalogue knows. `text` receives it. */
const char *order(char text[512], const char *number);

/* ---- Reading what the library gives ---- */

/* The text of a blob; it borrows from the blob. */
const char *blob_text(const flx_blob *blob);
/* A blob as JSON, which is then freed. NULL, and a failed check, if it is none. */
json_t *take_json(flx_blob *blob);
/* A text of an error, or NULL. */
const char *error_text(const flx_error *err, int32_t part);
/* The text at a key of an object, or NULL. */
const char *member(const json_t *object, const char *key);
/* Whether `faults` of an error's JSON lists a fault at `path`. */
int names_fault(const flx_error *err, const char *path);

/* Checks that `err` is a complete error of that status, then frees it. */
int check_error(const char *file, int line, int32_t want, int32_t got, flx_error *err, const char *what);
/* A call that must fail: CHECK_ERROR(FLX_E_ORDER, flx_order_submit(..., &err), err). */
#define CHECK_ERROR(want, call, err)                                                                                   \
    do {                                                                                                               \
        int32_t got_ = (call);                                                                                         \
        check_error(__FILE__, __LINE__, (want), got_, (err), #call);                                                   \
        (err) = NULL;                                                                                                  \
    } while (0)

/* Milliseconds of the monotonic clock. */
int64_t now_ms(void);
void sleep_ms(int ms);

#endif
