/*
 * The layout of every public struct, as programs compiled against 0.1 know it.
 *
 * flx_text and flx_decimal are frozen: offsets and size never change. The others only grow at their end: add a line for
 * a new member, and never change one. The numbers are those of 64-bit targets.
 */
#include "flxchannel.h"

#include <limits.h>

#if UINTPTR_MAX != UINT64_MAX
#error "the layouts are recorded for 64-bit targets; record those of this one before shipping there"
#endif

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "the size of " #type " changed")
#define AT(type, member, offset)                                                                                       \
    _Static_assert(offsetof(type, member) == (offset), "the place of " #member " in " #type " changed")

_Static_assert(CHAR_BIT == 8 && sizeof(size_t) == 8 && sizeof(void *) == 8, "a 64-bit target");

SIZE(flx_text, 16);
AT(flx_text, p, 0);
AT(flx_text, n, 8);

SIZE(flx_decimal, 32);
AT(flx_decimal, text, 0);
AT(flx_decimal, unscaled, 16);
AT(flx_decimal, scale, 24);
AT(flx_decimal, fits, 28);

SIZE(flx_listing_status, 40);
AT(flx_listing_status, size, 0);
AT(flx_listing_status, has, 4);
AT(flx_listing_status, handle, 8);
AT(flx_listing_status, name, 24);

SIZE(flx_listing_image, 96);
AT(flx_listing_image, size, 0);
AT(flx_listing_image, has, 4);
AT(flx_listing_image, id, 8);
AT(flx_listing_image, url, 24);
AT(flx_listing_image, original_url, 40);
AT(flx_listing_image, hash, 56);
AT(flx_listing_image, external_listing_id, 72);
AT(flx_listing_image, sort_order, 88);

SIZE(flx_name_value, 56);
AT(flx_name_value, size, 0);
AT(flx_name_value, has, 4);
AT(flx_name_value, id, 8);
AT(flx_name_value, name, 24);
AT(flx_name_value, value, 40);

SIZE(flx_listing_variant, 632);
AT(flx_listing_variant, size, 0);
AT(flx_listing_variant, has, 4);
AT(flx_listing_variant, id, 8);
AT(flx_listing_variant, sku, 24);
AT(flx_listing_variant, title, 40);
AT(flx_listing_variant, upc, 56);
AT(flx_listing_variant, ean, 72);
AT(flx_listing_variant, mpn, 88);
AT(flx_listing_variant, external_listing_id, 104);
AT(flx_listing_variant, product_variant_id, 120);
AT(flx_listing_variant, listing_parent_id, 136);
AT(flx_listing_variant, price, 152);
AT(flx_listing_variant, cost, 184);
AT(flx_listing_variant, msrp, 216);
AT(flx_listing_variant, map, 248);
AT(flx_listing_variant, weight, 280);
AT(flx_listing_variant, length, 312);
AT(flx_listing_variant, width, 344);
AT(flx_listing_variant, height, 376);
AT(flx_listing_variant, weight_unit, 408);
AT(flx_listing_variant, dimension_unit, 424);
AT(flx_listing_variant, description, 440);
AT(flx_listing_variant, sync_error, 456);
AT(flx_listing_variant, publish_error, 472);
AT(flx_listing_variant, quantity, 488);
AT(flx_listing_variant, archived, 496);
AT(flx_listing_variant, paused, 500);
AT(flx_listing_variant, linked_to_regular_product, 504);
AT(flx_listing_variant, reserved, 508);
AT(flx_listing_variant, inserted_at, 512);
AT(flx_listing_variant, updated_at, 520);
AT(flx_listing_variant, dynamic_content_updated_at, 528);
AT(flx_listing_variant, dynamic_content_synced_at, 536);
AT(flx_listing_variant, static_content_updated_at, 544);
AT(flx_listing_variant, static_content_synced_at, 552);
AT(flx_listing_variant, status, 560);
AT(flx_listing_variant, change_to, 568);
AT(flx_listing_variant, images, 576);
AT(flx_listing_variant, image_count, 584);
AT(flx_listing_variant, options, 592);
AT(flx_listing_variant, option_count, 600);
AT(flx_listing_variant, custom_fields, 608);
AT(flx_listing_variant, custom_field_count, 616);
AT(flx_listing_variant, parent, 624);

SIZE(flx_listing_parent, 296);
AT(flx_listing_parent, size, 0);
AT(flx_listing_parent, has, 4);
AT(flx_listing_parent, id, 8);
AT(flx_listing_parent, sku, 24);
AT(flx_listing_parent, title, 40);
AT(flx_listing_parent, description, 56);
AT(flx_listing_parent, manufacturer, 72);
AT(flx_listing_parent, category_one, 88);
AT(flx_listing_parent, category_two, 104);
AT(flx_listing_parent, category_three, 120);
AT(flx_listing_parent, external_listing_id, 136);
AT(flx_listing_parent, publish_error, 152);
AT(flx_listing_parent, archived, 168);
AT(flx_listing_parent, reserved, 172);
AT(flx_listing_parent, inserted_at, 176);
AT(flx_listing_parent, updated_at, 184);
AT(flx_listing_parent, static_content_updated_at, 192);
AT(flx_listing_parent, static_content_synced_at, 200);
AT(flx_listing_parent, change_to, 208);
AT(flx_listing_parent, images, 216);
AT(flx_listing_parent, image_count, 224);
AT(flx_listing_parent, options, 232);
AT(flx_listing_parent, option_count, 240);
AT(flx_listing_parent, attributes, 248);
AT(flx_listing_parent, attribute_count, 256);
AT(flx_listing_parent, custom_fields, 264);
AT(flx_listing_parent, custom_field_count, 272);
AT(flx_listing_parent, variants, 280);
AT(flx_listing_parent, variant_count, 288);

SIZE(flx_address, 240);
AT(flx_address, size, 0);
AT(flx_address, has, 4);
AT(flx_address, name, 8);
AT(flx_address, first_name, 24);
AT(flx_address, last_name, 40);
AT(flx_address, company_name, 56);
AT(flx_address, address_line_1, 72);
AT(flx_address, address_line_2, 88);
AT(flx_address, city, 104);
AT(flx_address, state, 120);
AT(flx_address, state_code, 136);
AT(flx_address, postal, 152);
AT(flx_address, country, 168);
AT(flx_address, country_code, 184);
AT(flx_address, email, 200);
AT(flx_address, phone, 216);
AT(flx_address, redacted, 232);
AT(flx_address, reserved, 236);

SIZE(flx_order_item, 200);
AT(flx_order_item, size, 0);
AT(flx_order_item, has, 4);
AT(flx_order_item, id, 8);
AT(flx_order_item, sku, 24);
AT(flx_order_item, title, 40);
AT(flx_order_item, listing_variant_id, 56);
AT(flx_order_item, product_variant_id, 72);
AT(flx_order_item, external_listing_id, 88);
AT(flx_order_item, shipped_status, 104);
AT(flx_order_item, acknowledged_status, 120);
AT(flx_order_item, price, 136);
AT(flx_order_item, quantity, 168);
AT(flx_order_item, shipped_quantity, 176);
AT(flx_order_item, acknowledged_quantity, 184);
AT(flx_order_item, canceled_quantity, 192);

SIZE(flx_order, 256);
AT(flx_order, size, 0);
AT(flx_order, has, 4);
AT(flx_order, id, 8);
AT(flx_order, order_number, 24);
AT(flx_order, reference_number, 40);
AT(flx_order, channel_id, 56);
AT(flx_order, order_status, 72);
AT(flx_order, shipped_status, 88);
AT(flx_order, acknowledged_status, 104);
AT(flx_order, shipping_text, 120);
AT(flx_order, note, 136);
AT(flx_order, order_total, 152);
AT(flx_order, ordered_at, 184);
AT(flx_order, inserted_at, 192);
AT(flx_order, updated_at, 200);
AT(flx_order, shipping_address, 208);
AT(flx_order, billing_address, 216);
AT(flx_order, items, 224);
AT(flx_order, item_count, 232);
AT(flx_order, tags, 240);
AT(flx_order, tag_count, 248);

SIZE(flx_shipment_item, 64);
AT(flx_shipment_item, size, 0);
AT(flx_shipment_item, has, 4);
AT(flx_shipment_item, id, 8);
AT(flx_shipment_item, order_item_id, 24);
AT(flx_shipment_item, sku, 40);
AT(flx_shipment_item, quantity, 56);

SIZE(flx_shipment, 248);
AT(flx_shipment, size, 0);
AT(flx_shipment, has, 4);
AT(flx_shipment, kind, 8);
AT(flx_shipment, partial, 12);
AT(flx_shipment, id, 16);
AT(flx_shipment, order_id, 32);
AT(flx_shipment, order_number, 48);
AT(flx_shipment, tracking_number, 64);
AT(flx_shipment, tracking_url, 80);
AT(flx_shipment, carrier, 96);
AT(flx_shipment, method, 112);
AT(flx_shipment, note, 128);
AT(flx_shipment, fulfillment_request_id, 144);
AT(flx_shipment, rma_id, 160);
AT(flx_shipment, shipping_cost, 176);
AT(flx_shipment, shipped_at, 208);
AT(flx_shipment, inserted_at, 216);
AT(flx_shipment, updated_at, 224);
AT(flx_shipment, items, 232);
AT(flx_shipment, item_count, 240);

SIZE(flx_return_item, 176);
AT(flx_return_item, size, 0);
AT(flx_return_item, has, 4);
AT(flx_return_item, id, 8);
AT(flx_return_item, order_item_id, 24);
AT(flx_return_item, sku, 40);
AT(flx_return_item, title, 56);
AT(flx_return_item, reason, 72);
AT(flx_return_item, condition, 88);
AT(flx_return_item, sales_price, 104);
AT(flx_return_item, refunded_amount, 136);
AT(flx_return_item, quantity, 168);

SIZE(flx_return, 88);
AT(flx_return, size, 0);
AT(flx_return, has, 4);
AT(flx_return, id, 8);
AT(flx_return, order_id, 24);
AT(flx_return, return_number, 40);
AT(flx_return, status, 56);
AT(flx_return, items, 72);
AT(flx_return, item_count, 80);
