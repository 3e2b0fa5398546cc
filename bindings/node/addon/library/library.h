/*
 * The door to libflxchannel: every function of the header that the addon calls, by pointer.
 *
 * Node exports the symbols of its own OpenSSL and nghttp2, and a library that is linked or loaded as usual binds its libcurl to
 * them. RTLD_DEEPBIND gives the library its own, those of the system.
 */
#ifndef FLX_NODE_LIBRARY_H
#define FLX_NODE_LIBRARY_H

#include <stddef.h>
#include "flxchannel.h"

#define LIBRARY_FUNCTIONS(X)                                                                                           \
    X(flx_version)                                                                                                     \
    X(flx_version_string)                                                                                              \
    X(flx_require)                                                                                                     \
    X(flx_describe)                                                                                                    \
    X(flx_status_name)                                                                                                 \
    X(flx_error_view)                                                                                                  \
    X(flx_error_free)                                                                                                  \
    X(flx_blob_view)                                                                                                   \
    X(flx_blob_free)                                                                                                   \
    X(flx_cancel_new)                                                                                                  \
    X(flx_cancel_fire)                                                                                                 \
    X(flx_cancel_reset)                                                                                                \
    X(flx_cancel_free)                                                                                                 \
    X(flx_config_new)                                                                                                  \
    X(flx_config_set_json)                                                                                             \
    X(flx_config_on_log)                                                                                               \
    X(flx_config_free)                                                                                                 \
    X(flx_client_open)                                                                                                 \
    X(flx_client_probe)                                                                                                \
    X(flx_client_stats)                                                                                                \
    X(flx_client_holders)                                                                                              \
    X(flx_client_logs)                                                                                                 \
    X(flx_client_set_token)                                                                                            \
    X(flx_client_relearn)                                                                                              \
    X(flx_client_set_cancel)                                                                                           \
    X(flx_client_close)                                                                                                \
    X(flx_pull_open)                                                                                                   \
    X(flx_pull_next)                                                                                                   \
    X(flx_pull_commit)                                                                                                 \
    X(flx_pull_close)                                                                                                  \
    X(flx_snapshot_get)                                                                                                \
    X(flx_cursor_list)                                                                                                 \
    X(flx_cursor_set)                                                                                                  \
    X(flx_page_count)                                                                                                  \
    X(flx_page_feed)                                                                                                   \
    X(flx_page_left_out)                                                                                               \
    X(flx_page_json)                                                                                                   \
    X(flx_page_receipt)                                                                                                \
    X(flx_page_quarantine)                                                                                             \
    X(flx_page_facts)                                                                                                  \
    X(flx_record_json)                                                                                                 \
    X(flx_record_get)                                                                                                  \
    X(flx_page_free)                                                                                                   \
    X(flx_ack)                                                                                                         \
    X(flx_ack_results)                                                                                                 \
    X(flx_order_check)                                                                                                 \
    X(flx_order_submit)                                                                                                \
    X(flx_order_status)                                                                                                \
    X(flx_order_cancel)                                                                                                \
    X(flx_flush)                                                                                                       \
    X(flx_outbox_results)                                                                                              \
    X(flx_outbox_settle)                                                                                               \
    X(flx_outbox_list)                                                                                                 \
    X(flx_outbox_retry)                                                                                                \
    X(flx_outbox_discard)                                                                                              \
    X(flx_outbox_history)                                                                                              \
    X(flx_outbox_purge)                                                                                                \
    X(flx_sync_open)                                                                                                   \
    X(flx_sync_next)                                                                                                   \
    X(flx_sync_reply)                                                                                                  \
    X(flx_sync_close)                                                                                                  \
    X(flx_call)                                                                                                        \
    X(flx_preview)

/* The types are those of the header: a function that changes there no longer compiles here. */
typedef struct library {
#define LIBRARY_MEMBER(name) __typeof__(name) *name;
    LIBRARY_FUNCTIONS(LIBRARY_MEMBER)
#undef LIBRARY_MEMBER
} library;

extern library lib;

/**
 * Loads the library, once for the process: whoever comes later gets the one that is there.
 *
 * @param path  a file, or a name without a slash for the loader of the system to find
 * @param why   receives the reason, cut to `room` bytes, if it cannot be loaded
 * @return whether `lib` can be used
 */
int library_load(const char *path, char *why, size_t room);

#endif
