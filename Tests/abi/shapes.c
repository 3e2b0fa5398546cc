#include "shapes.h"

#include "flxchannel.h"

#define T(type, member, pointer) {#member, TEXT, offsetof(type, member), pointer, NULL, 0, NULL, 0}
#define T2(type, member, pointer, other) {#member, TEXT, offsetof(type, member), pointer, other, 0, NULL, 0}
#define D(type, member, pointer) {#member, DECIMAL, offsetof(type, member), pointer, NULL, 0, NULL, 0}
#define N(type, member, pointer, bit) {#member, NUMBER, offsetof(type, member), pointer, NULL, bit, NULL, 0}
#define F(type, member, pointer, bit) {#member, FLAG, offsetof(type, member), pointer, NULL, bit, NULL, 0}
#define I(type, member, pointer, bit) {#member, INSTANT, offsetof(type, member), pointer, NULL, bit, NULL, 0}
#define O(type, member, pointer, shape) {#member, OBJECT, offsetof(type, member), pointer, NULL, 0, shape, 0}
#define L(type, member, count, pointer, shape)                                                                         \
    {#member, LIST, offsetof(type, member), pointer, NULL, 0, shape, offsetof(type, count)}
#define END {NULL, TEXT, 0, NULL, NULL, 0, NULL, 0}

static const struct field status_fields[] = {
    T(flx_listing_status, handle, "/handle"),
    T(flx_listing_status, name, "/name"),
    END,
};
static const struct shape status_shape = {"flx_listing_status", sizeof(flx_listing_status), 0, status_fields};

static const struct field image_fields[] = {
    T(flx_listing_image, id, "/id"),
    T(flx_listing_image, url, "/url"),
    T(flx_listing_image, original_url, "/originalUrl"),
    T(flx_listing_image, hash, "/hash"),
    T(flx_listing_image, external_listing_id, "/externalListingId"),
    N(flx_listing_image, sort_order, "/sortOrder", FLX_HAS_SORT_ORDER),
    END,
};
static const struct shape image_shape = {"flx_listing_image", sizeof(flx_listing_image), FLX_HAS_SORT_ORDER, image_fields};

static const struct field name_value_fields[] = {
    T(flx_name_value, id, "/id"),
    T(flx_name_value, name, "/name"),
    T(flx_name_value, value, "/value"),
    END,
};
static const struct shape name_value_shape = {"flx_name_value", sizeof(flx_name_value), 0, name_value_fields};

static const struct field variant_fields[] = {
    T(flx_listing_variant, id, "/id"),
    T(flx_listing_variant, sku, "/sku"),
    T(flx_listing_variant, title, "/title"),
    T(flx_listing_variant, upc, "/upc"),
    T(flx_listing_variant, ean, "/ean"),
    T(flx_listing_variant, mpn, "/mpn"),
    T(flx_listing_variant, external_listing_id, "/externalListingId"),
    T(flx_listing_variant, product_variant_id, "/productVariantId"),
    T(flx_listing_variant, listing_parent_id, "/listingParentId"),
    D(flx_listing_variant, price, "/price"),
    D(flx_listing_variant, cost, "/cost"),
    D(flx_listing_variant, msrp, "/msrp"),
    D(flx_listing_variant, map, "/map"),
    D(flx_listing_variant, weight, "/weight"),
    D(flx_listing_variant, length, "/length"),
    D(flx_listing_variant, width, "/width"),
    D(flx_listing_variant, height, "/height"),
    T2(flx_listing_variant, weight_unit, "/weightUnit/handle", "/weightUnit"),
    T2(flx_listing_variant, dimension_unit, "/dimensionUnit/handle", "/dimensionUnit"),
    T(flx_listing_variant, description, "/description"),
    T(flx_listing_variant, sync_error, "/syncError"),
    T(flx_listing_variant, publish_error, "/publishError"),
    N(flx_listing_variant, quantity, "/quantity", FLX_HAS_QUANTITY),
    F(flx_listing_variant, archived, "/archived", FLX_HAS_ARCHIVED),
    F(flx_listing_variant, paused, "/paused", FLX_HAS_PAUSED),
    F(flx_listing_variant, linked_to_regular_product, "/linkedToRegularProduct", FLX_HAS_LINKED),
    I(flx_listing_variant, inserted_at, "/insertedAt", FLX_HAS_INSERTED_AT),
    I(flx_listing_variant, updated_at, "/updatedAt", FLX_HAS_UPDATED_AT),
    I(flx_listing_variant, dynamic_content_updated_at, "/dynamicContentUpdatedAt", FLX_HAS_DYNAMIC_UPDATED_AT),
    I(flx_listing_variant, dynamic_content_synced_at, "/dynamicContentSyncedAt", FLX_HAS_DYNAMIC_SYNCED_AT),
    I(flx_listing_variant, static_content_updated_at, "/staticContentUpdatedAt", FLX_HAS_STATIC_UPDATED_AT),
    I(flx_listing_variant, static_content_synced_at, "/staticContentSyncedAt", FLX_HAS_STATIC_SYNCED_AT),
    O(flx_listing_variant, status, "/listingStatus", &status_shape),
    O(flx_listing_variant, change_to, "/changeToListingStatus", &status_shape),
    L(flx_listing_variant, images, image_count, "/images", &image_shape),
    L(flx_listing_variant, options, option_count, "/options", &name_value_shape),
    L(flx_listing_variant, custom_fields, custom_field_count, "/customFields", &name_value_shape),
    O(flx_listing_variant, parent, "/parent", &parent_shape),
    END,
};
const struct shape variant_shape = {
    "flx_listing_variant", sizeof(flx_listing_variant),
    FLX_HAS_QUANTITY | FLX_HAS_ARCHIVED | FLX_HAS_PAUSED | FLX_HAS_LINKED | FLX_HAS_INSERTED_AT | FLX_HAS_UPDATED_AT |
        FLX_HAS_DYNAMIC_UPDATED_AT | FLX_HAS_DYNAMIC_SYNCED_AT | FLX_HAS_STATIC_UPDATED_AT | FLX_HAS_STATIC_SYNCED_AT,
    variant_fields};

static const struct field parent_fields[] = {
    T(flx_listing_parent, id, "/id"),
    T(flx_listing_parent, sku, "/sku"),
    T(flx_listing_parent, title, "/title"),
    T(flx_listing_parent, description, "/description"),
    T(flx_listing_parent, manufacturer, "/manufacturer"),
    T2(flx_listing_parent, category_one, "/categoryOne/name", "/categoryOne"),
    T2(flx_listing_parent, category_two, "/categoryTwo/name", "/categoryTwo"),
    T2(flx_listing_parent, category_three, "/categoryThree/name", "/categoryThree"),
    T(flx_listing_parent, external_listing_id, "/externalListingId"),
    T(flx_listing_parent, publish_error, "/publishError"),
    F(flx_listing_parent, archived, "/archived", FLX_HAS_ARCHIVED),
    I(flx_listing_parent, inserted_at, "/insertedAt", FLX_HAS_INSERTED_AT),
    I(flx_listing_parent, updated_at, "/updatedAt", FLX_HAS_UPDATED_AT),
    I(flx_listing_parent, static_content_updated_at, "/staticContentUpdatedAt", FLX_HAS_STATIC_UPDATED_AT),
    I(flx_listing_parent, static_content_synced_at, "/staticContentSyncedAt", FLX_HAS_STATIC_SYNCED_AT),
    O(flx_listing_parent, change_to, "/changeToListingStatus", &status_shape),
    L(flx_listing_parent, images, image_count, "/images", &image_shape),
    L(flx_listing_parent, options, option_count, "/options", &name_value_shape),
    L(flx_listing_parent, attributes, attribute_count, "/attributes", &name_value_shape),
    L(flx_listing_parent, custom_fields, custom_field_count, "/customFields", &name_value_shape),
    L(flx_listing_parent, variants, variant_count, "/variants", &variant_shape),
    END,
};
const struct shape parent_shape = {
    "flx_listing_parent", sizeof(flx_listing_parent),
    FLX_HAS_ARCHIVED | FLX_HAS_INSERTED_AT | FLX_HAS_UPDATED_AT | FLX_HAS_STATIC_UPDATED_AT | FLX_HAS_STATIC_SYNCED_AT,
    parent_fields};

static const struct field address_fields[] = {
    T(flx_address, name, "/name"),
    T(flx_address, first_name, "/firstName"),
    T(flx_address, last_name, "/lastName"),
    T(flx_address, company_name, "/companyName"),
    T(flx_address, address_line_1, "/addressLine1"),
    T(flx_address, address_line_2, "/addressLine2"),
    T(flx_address, city, "/city"),
    T(flx_address, state, "/state"),
    T(flx_address, state_code, "/stateCode"),
    T(flx_address, postal, "/postal"),
    T(flx_address, country, "/country"),
    T(flx_address, country_code, "/countryCode"),
    T(flx_address, email, "/email"),
    T(flx_address, phone, "/phone"),
    F(flx_address, redacted, "/redacted", FLX_HAS_REDACTED),
    END,
};
static const struct shape address_shape = {"flx_address", sizeof(flx_address), FLX_HAS_REDACTED, address_fields};

static const struct field item_fields[] = {
    T(flx_order_item, id, "/id"),
    T(flx_order_item, sku, "/sku"),
    T(flx_order_item, title, "/title"),
    T(flx_order_item, listing_variant_id, "/listingVariantId"),
    T(flx_order_item, product_variant_id, "/productVariantId"),
    T(flx_order_item, external_listing_id, "/externalListingId"),
    T(flx_order_item, shipped_status, "/shippedStatus"),
    T(flx_order_item, acknowledged_status, "/acknowledgedStatus"),
    D(flx_order_item, price, "/price"),
    N(flx_order_item, quantity, "/quantity", FLX_HAS_QUANTITY),
    N(flx_order_item, shipped_quantity, "/shippedQuantity", FLX_HAS_SHIPPED_QUANTITY),
    N(flx_order_item, acknowledged_quantity, "/acknowledgedQuantity", FLX_HAS_ACKNOWLEDGED_QUANTITY),
    N(flx_order_item, canceled_quantity, "/canceledQuantity", FLX_HAS_CANCELED_QUANTITY),
    END,
};
static const struct shape item_shape = {
    "flx_order_item", sizeof(flx_order_item),
    FLX_HAS_QUANTITY | FLX_HAS_SHIPPED_QUANTITY | FLX_HAS_ACKNOWLEDGED_QUANTITY | FLX_HAS_CANCELED_QUANTITY, item_fields};

static const struct field order_fields[] = {
    T(flx_order, id, "/id"),
    T(flx_order, order_number, "/orderNumber"),
    T(flx_order, reference_number, "/referenceNumber"),
    T(flx_order, channel_id, "/channelId"),
    T(flx_order, order_status, "/orderStatus"),
    T(flx_order, shipped_status, "/shippedStatus"),
    T(flx_order, acknowledged_status, "/acknowledgedStatus"),
    T(flx_order, shipping_text, "/shippingText"),
    T(flx_order, note, "/note"),
    D(flx_order, order_total, "/orderTotal"),
    I(flx_order, ordered_at, "/orderedAt", FLX_HAS_ORDERED_AT),
    I(flx_order, inserted_at, "/insertedAt", FLX_HAS_INSERTED_AT),
    I(flx_order, updated_at, "/updatedAt", FLX_HAS_UPDATED_AT),
    O(flx_order, shipping_address, "/shippingAddress", &address_shape),
    O(flx_order, billing_address, "/billingAddress", &address_shape),
    L(flx_order, items, item_count, "/orderItems", &item_shape),
    {"tags", TEXTS, offsetof(flx_order, tags), "/tags", NULL, 0, NULL, offsetof(flx_order, tag_count)},
    END,
};
const struct shape order_shape = {
    "flx_order", sizeof(flx_order), FLX_HAS_ORDERED_AT | FLX_HAS_INSERTED_AT | FLX_HAS_UPDATED_AT, order_fields};

static const struct field shipment_item_fields[] = {
    T(flx_shipment_item, id, "/id"),
    T(flx_shipment_item, order_item_id, "/orderItemId"),
    T(flx_shipment_item, sku, "/sku"),
    N(flx_shipment_item, quantity, "/quantity", FLX_HAS_QUANTITY),
    END,
};
static const struct shape shipment_item_shape = {
    "flx_shipment_item", sizeof(flx_shipment_item), FLX_HAS_QUANTITY, shipment_item_fields};

static const struct field shipment_fields[] = {
    F(flx_shipment, partial, "/partial", FLX_HAS_PARTIAL),
    T(flx_shipment, id, "/id"),
    T(flx_shipment, order_id, "/orderId"),
    T(flx_shipment, tracking_number, "/trackingNumber"),
    T(flx_shipment, tracking_url, "/trackingUrl"),
    T(flx_shipment, carrier, "/carrier"),
    T(flx_shipment, method, "/method"),
    T(flx_shipment, note, "/note"),
    T(flx_shipment, fulfillment_request_id, "/fulfillmentRequestId"),
    T(flx_shipment, rma_id, "/rmaId"),
    D(flx_shipment, shipping_cost, "/shippingCost"),
    I(flx_shipment, shipped_at, "/shippedAt", FLX_HAS_SHIPPED_AT),
    I(flx_shipment, inserted_at, "/insertedAt", FLX_HAS_INSERTED_AT),
    I(flx_shipment, updated_at, "/updatedAt", FLX_HAS_UPDATED_AT),
    L(flx_shipment, items, item_count, "/shipmentItems", &shipment_item_shape),
    END,
};
const struct shape shipment_shape = {
    "flx_shipment", sizeof(flx_shipment),
    FLX_HAS_PARTIAL | FLX_HAS_SHIPPED_AT | FLX_HAS_INSERTED_AT | FLX_HAS_UPDATED_AT | FLX_HAS_SUPPRESSED, shipment_fields};

static const struct field return_item_fields[] = {
    T(flx_return_item, id, "/id"),
    T(flx_return_item, order_item_id, "/orderItemId"),
    T(flx_return_item, sku, "/sku"),
    T(flx_return_item, title, "/title"),
    T(flx_return_item, reason, "/returnReason"),
    T(flx_return_item, condition, "/returnCondition"),
    D(flx_return_item, sales_price, "/salesPrice"),
    D(flx_return_item, refunded_amount, "/refundedAmount"),
    N(flx_return_item, quantity, "/returnQuantity", FLX_HAS_QUANTITY),
    END,
};
static const struct shape return_item_shape = {
    "flx_return_item", sizeof(flx_return_item), FLX_HAS_QUANTITY, return_item_fields};

static const struct field return_fields[] = {
    T(flx_return, id, "/id"),
    T(flx_return, order_id, "/orderId"),
    T(flx_return, return_number, "/returnNumber"),
    T(flx_return, status, "/returnStatus"),
    L(flx_return, items, item_count, "/items", &return_item_shape),
    END,
};
const struct shape return_shape = {"flx_return", sizeof(flx_return), 0, return_fields};
