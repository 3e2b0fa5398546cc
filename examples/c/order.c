/*
 * Pushes one order: order NUMBER SKU QUANTITY PRICE
 *
 * Run it twice with the same arguments: the second run sends nothing and still ends well, because the number is the
 * key. Run it with the same number and another SKU: FLX_E_CONFLICT. Kill it anywhere: the next run goes on.
 */
#include "channel.h"

#include <stdio.h>
#include <stdlib.h>

static void submit(flx_client *client, char **argv)
{
    static const char *const address[][2] = {
        {"/shippingText", "Standard"},
        {"/shippingAddress/name", "Robin Example"},
        {"/shippingAddress/addressLine1", "1 Sample Street"},
        {"/shippingAddress/city", "Springfield"},
        {"/shippingAddress/postal", "00000"},
        {"/shippingAddress/countryCode", "US"},
    };
    flx_order_builder *order = NULL;
    flx_error *err = NULL;

    check(flx_order_builder_new(argv[1], FLX_NUL, &order, &err), &err);
    for (size_t i = 0; i < sizeof address / sizeof *address; i++)
        check(flx_order_builder_set(order, address[i][0], FLX_NUL, address[i][1], FLX_NUL, &err), &err);
    check(flx_order_builder_add_item(order, argv[2], FLX_NUL, atoll(argv[3]), argv[4], FLX_NUL, &err), &err);
    check(flx_order_builder_submit(client, order, NULL, &err), &err);
    flx_order_builder_free(order);
    /* From here on the order is safe on this disk, whatever happens to this process or the network. */
}

/** Sends what is queued until nothing is left that could be sent now or soon. */
static void flush(flx_client *client)
{
    flx_error *err = NULL;

    for (int slice = 0; slice < 30; slice++)
        if (check(flx_flush(client, 1000, NULL, &err), &err) == FLX_OK)
            return;
    fputs("the hub takes its time; run me again later\n", stderr);
}

static void print_and_free(flx_blob *blob)
{
    const void *text;
    size_t n;

    flx_blob_view(blob, &text, &n);
    printf("%.*s\n", (int)n, (const char *)text);
    flx_blob_free(blob);
}

int main(int argc, char **argv)
{
    flx_client *client;
    flx_blob *history = NULL;
    flx_error *err = NULL;

    if (argc != 5) {
        fprintf(stderr, "usage: %s NUMBER SKU QUANTITY PRICE\n", argv[0]);
        return 2;
    }
    client = channel_open();
    submit(client, argv);
    flush(client);
    /* All that is known of it: every attempt, and the verdict. */
    check(flx_outbox_history(client, argv[1], FLX_NUL, &history, &err), &err);
    print_and_free(history);
    flx_client_close(client);
    return 0;
}
