/* What a block of C in a README takes for granted: a shop, its order, and where the hub is. */
#include "flxchannel.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static int saved;

/* The shop keeps a variant. */
static inline void save(const flx_listing_variant *variant)
{
    saved += variant && variant->id.p && variant->sku.p;
}

/* The answers to a page: all of it was carried out. */
static inline const char *answers_for(flx_page *page)
{
    static char *text;
    json_t *answers = json_array();

    for (size_t i = 0; i < flx_page_count(page); i++) {
        const flx_listing_variant *variant = flx_page_listing_variant(page, i);
        json_t *answer = json_pack("{s:s}", "id", variant->id.p);
        if (variant->change_to)
            json_object_set_new(answer, "confirm", json_string(variant->change_to->handle.p));
        json_array_append_new(answers, answer);
    }
    free(text);
    text = json_dumps(answers, JSON_COMPACT);
    json_decref(answers);
    return text;
}

static inline const char *an_order(void)
{
    static char text[1024];

    snprintf(
        text, sizeof text,
        "{\"orderNumber\":\"A-1001\",\"orderedAt\":\"2026-01-31T12:00:00Z\",\"shippingText\":\"Standard\",\"shippingAddress\":{"
        "\"name\":\"Ada Example\",\"addressLine1\":\"1 Test Street\",\"city\":\"Springfield\",\"postal\":\"62701\",\"countryCode\":\"US\"},"
        "\"orderItems\":[{\"sku\":\"%s\",\"quantity\":1,\"price\":\"19.99\"}]}",
        getenv("FLX_SKU"));
    return text;
}
#define order_json an_order()

/* The settings of the block, with the hub and the folder of this run in place of those that it names. */
static inline int32_t staged(flx_config *config, const char *json, size_t n, flx_error **err)
{
    int32_t status = flx_config_set_json(config, json, n, err);
    const char *const here[][2] = {{"token", "FLX_TOKEN"}, {"state_dir", "FLX_STATE_DIR"}, {"origin", "FLX_URL"}};

    for (size_t i = 0; status == FLX_OK && i < 3; i++)
        status = flx_config_set(config, here[i][0], FLX_NUL, getenv(here[i][1]), FLX_NUL, err);
    return status;
}
#define flx_config_set_json staged
