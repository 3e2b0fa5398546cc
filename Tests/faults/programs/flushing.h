/* A flush with what its report says of the next: hosts without a JSON library read that one number. */
#ifndef FLUSHING_H
#define FLUSHING_H

#include <stdlib.h>
#include <string.h>

#include "flxchannel.h"

/* Flushes for `ms`. `next_in_ms` receives when it makes sense to call again: -1 if nothing is left, 0 after an error. */
static inline int32_t flush_reported(flx_client *client, int ms, int64_t *next_in_ms, flx_error **err)
{
    flx_blob *report = NULL;
    const void *text;
    const char *member;
    size_t n;
    int32_t status = flx_flush(client, ms, &report, err);

    *next_in_ms = 0;
    flx_blob_view(report, &text, &n);
    member = text ? strstr(text, "\"next_in_ms\":") : NULL;
    if (member)
        *next_in_ms = strtoll(member + strlen("\"next_in_ms\":"), NULL, 10);
    flx_blob_free(report);
    return status;
}

#endif
