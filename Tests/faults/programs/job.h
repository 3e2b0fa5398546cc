/* All a shop does, once, in C: pull, answer, submit, flush, take results, read shipments, call, ask. */
#ifndef FAULTS_JOB_H
#define FAULTS_JOB_H

#include "host.h"

/* Notes the first error that is neither a normal outcome nor `allowed` (0: none is); gives whether all was well. */
static int32_t job_first_error;
/* So many turns of at most two seconds a loop may take. */
static int job_turns = 50;

static inline int job_ok(int32_t status)
{
    if (status < 0 && !job_first_error)
        job_first_error = status;
    return status >= 0;
}

/* Pulls a feed to its end; answers the first page of a queue feed; commits the pages of a cursor feed. */
static inline int job_pull(flx_client *client, int32_t feed)
{
    flx_pull *pull = NULL;
    int pages = 0, answered = 0;
    if (!job_ok(flx_pull_open(client, feed, "{\"page_size\":20}", FLX_NUL, &pull, NULL)))
        return 0;
    for (int turn = 0; turn < job_turns; turn++) {
        flx_page *page = NULL;
        int32_t status = flx_pull_next(pull, 2000, &page, NULL);
        if (!job_ok(status) || status == FLX_DONE)
            break;
        if (!page)
            continue;
        pages++;
        if (feed == FLX_FEED_LISTINGS_TO_SYNC && !answered) {
            const char *receipt = NULL, *id = NULL;
            size_t receipt_length = 0, id_length = 0;
            char answer[128];
            if (job_ok(flx_page_receipt(page, &receipt, &receipt_length)) && flx_page_count(page) > 0 &&
                job_ok(flx_record_get(page, 0, "/id", FLX_NUL, &id, &id_length))) {
                snprintf(answer, sizeof answer, "[{\"id\":\"%.*s\"}]", (int)id_length, id);
                answered = job_ok(flx_ack(client, receipt, receipt_length, answer, FLX_NUL, NULL));
            }
        }
        if (feed >= FLX_FEED_LISTINGS)
            job_ok(flx_pull_commit(pull, page, NULL));
        flx_page_free(page);
    }
    flx_pull_close(pull);
    return pages;
}

/* Gives whether every call went well; `number` is the order that is submitted. */
static inline int job(flx_client *client, const char *number)
{
    flx_blob *blob = NULL;
    job_first_error = 0;
    int pages = job_pull(client, FLX_FEED_LISTINGS_TO_SYNC);
    job_ok(host_submit(client, number, NULL, NULL));
    for (int turn = 0; turn < job_turns; turn++) {
        int32_t status = flx_flush(client, 2000, NULL, NULL);
        if (!job_ok(status) || status == FLX_OK)
            break;
    }
    if (job_ok(flx_outbox_results(client, 10, &blob, NULL)))
        flx_blob_free(blob);
    pages += job_pull(client, FLX_FEED_SHIPMENTS);
    if (job_ok(flx_call(client, "getListingVariantsCount", FLX_NUL, "{}", 2, 5000, &blob, NULL)))
        flx_blob_free(blob);
    if (job_ok(flx_client_stats(client, &blob, NULL)))
        flx_blob_free(blob);
    return job_first_error == 0 && pages > 0;
}

#endif
