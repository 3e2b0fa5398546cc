/*
 * Lists what the hub wants this channel to bring up to date: price and quantity of every variant in the sync queue.
 *
 * It only looks. Nothing is answered, so all of it comes again with the next pull.
 */
#include "channel.h"

#include <inttypes.h>
#include <stdio.h>

static void print_variant(const flx_listing_variant *variant)
{
    printf("%-20.*s %10.*s ", TEXT(variant->sku), TEXT(variant->price.text));
    if (variant->has & FLX_HAS_QUANTITY)
        printf("%10" PRId64, variant->quantity);
    else
        printf("%10s", "unchanged");
    printf("  %.*s", TEXT(variant->title));
    if (variant->change_to)
        printf(" -> %.*s", TEXT(variant->change_to->handle));
    printf("\n");
}

int main(void)
{
    flx_client *client = channel_open();
    flx_pull *pull = NULL;
    flx_page *page = NULL;
    flx_error *err = NULL;
    size_t total = 0;
    int32_t status;

    check(flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, &err), &err);
    /* Failures that pass are retried inside; one that lasts becomes an error, which ends this loop. */
    while ((status = check(flx_pull_next(pull, 5000, &page, &err), &err)) != FLX_DONE) {
        if (status == FLX_AGAIN)
            continue;
        for (size_t i = 0; i < flx_page_count(page); i++)
            print_variant(flx_page_listing_variant(page, i));
        total += flx_page_count(page);
        flx_page_free(page);
    }
    printf("%zu variants to sync\n", total);

    flx_pull_close(pull);
    flx_client_close(client);
    return 0;
}
