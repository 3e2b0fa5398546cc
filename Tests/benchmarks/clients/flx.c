/* This library from C: pages, each taken raw and as typed views.   flx start|pages|small URL STATE_DIR [TIMES] */
#include "flxchannel.h"
#include "sums.h"

/* `err` is read here, after the call: a value beside the call may be taken before the call fills it. */
static void need(int32_t status, flx_error **err)
{
    if (status >= 0)
        return;
    const char *message = NULL;
    size_t n = 0;
    if (err && *err)
        flx_error_view(*err, FLX_ERROR_MESSAGE, &message, &n);
    fprintf(stderr, "%s: %.*s\n", flx_status_name(status), message ? (int)n : 0, message ? message : "");
    exit(1);
}

static int64_t cents(const flx_decimal *price)
{
    if (!price->text.p)
        return 0;
    int64_t value = price->unscaled;
    if (!price->fits || price->scale > 2)
        die("a price that is not in cents");
    for (int32_t scale = price->scale; scale < 2; scale++)
        value *= 10;
    return value;
}

static sums pages(flx_client *client)
{
    sums found = {0};
    flx_error *err = NULL;
    flx_pull *pull = NULL;
    need(flx_pull_open(client, FLX_FEED_LISTINGS_TO_SYNC, NULL, 0, &pull, &err), &err);
    for (;;) {
        flx_page *page = NULL;
        int32_t status = flx_pull_next(pull, 10000, &page, &err);
        need(status, &err);
        if (status == FLX_DONE)
            break;
        if (status != FLX_OK)
            continue;
        const char *raw = NULL;
        size_t bytes = 0, count = flx_page_count(page);
        need(flx_page_json(page, &raw, &bytes), NULL);
        if (bytes < 2 || raw[0] != '[')
            die("a page that is no array");
        for (size_t i = 0; i < count; i++) {
            const flx_listing_variant *listing = flx_page_listing_variant(page, i);
            if (!listing)
                die("a record that is no variant");
            found.listings++;
            found.ids += strtoll(listing->id.p, NULL, 10);
            found.cents += cents(&listing->price);
            found.quantity += listing->quantity;
        }
        flx_page_free(page);
    }
    flx_pull_close(pull);
    return found;
}

static sums small(flx_client *client, long times)
{
    static const char ok[] = "{\"status\":200,\"body\":";
    sums found = {0};
    for (long i = 0; i < times; i++) {
        flx_error *err = NULL;
        flx_blob *json = NULL;
        need(flx_call(client, "getListingVariantsCount", FLX_NUL, NULL, 0, 10000, &json, &err), &err);
        const void *text = NULL;
        size_t n = 0;
        flx_blob_view(json, &text, &n);
        if (n < sizeof ok || memcmp(text, ok, sizeof ok - 1))
            die("an answer of another shape");
        found.listings += strtoll((const char *)text + sizeof ok - 1, NULL, 10);
        flx_blob_free(json);
    }
    return found;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        die("usage: flx start|pages|small URL STATE_DIR [TIMES]");
    long before_kb = peak_kb(), opened_kb;
    flx_error *err = NULL;
    flx_config *config = NULL;
    flx_client *client = NULL;
    const char *keys[][2] = {
        {"channel", "bench"}, {"token", "bench-token"}, {"origin", argv[2]}, {"state_dir", argv[3]}};
    need(flx_config_new(&config, &err), &err);
    for (size_t i = 0; i < 4; i++)
        need(flx_config_set(config, keys[i][0], FLX_NUL, keys[i][1], FLX_NUL, &err), &err);
    need(flx_client_open(config, &client, &err), &err);
    flx_config_free(config);
    opened_kb = peak_kb();
    sums found = {0};
    if (strcmp(argv[1], "start"))
        small(client, 1); /* connects; the answer tells the pool */
    double cpu = cpu_seconds(), wall = wall_seconds();
    if (!strcmp(argv[1], "pages"))
        found = pages(client);
    if (!strcmp(argv[1], "small"))
        found = small(client, atol(argv[4]));
    found.before_kb = before_kb;
    found.opened_kb = opened_kb;
    report(cpu, wall, found);
    flx_client_close(client);
    return 0;
}
