/* Made from tables/listings.toml by `make generate`: edit there, not here. */
#include "shape_rows.h"

#define STRUCT flx_listing_status
static const struct field status_fields[] = {
    T(id, "/id"),
    T(handle, "/handle"),
    T(name, "/name"),
    END,
};
static const struct shape status_shape = SHAPE(STRUCT, status_fields);
#undef STRUCT

#define STRUCT flx_unit
static const struct field unit_fields[] = {
    T(id, "/id"),
    T(handle, "/handle"),
    T(name, "/name"),
    END,
};
static const struct shape unit_shape = SHAPE(STRUCT, unit_fields);
#undef STRUCT

#define STRUCT flx_listing_image
static const struct field image_fields[] = {
    T(id, "/id"),
    T(channel_id, "/channelId"),
    T(listing_parent_id, "/listingParentId"),
    T(listing_variant_id, "/listingVariantId"),
    T(url, "/url"),
    T(original_url, "/originalUrl"),
    T(hash, "/hash"),
    T(external_listing_id, "/externalListingId"),
    N(sort_order, "/sortOrder", SORT_ORDER),
    END,
};
static const struct shape image_shape = SHAPE(STRUCT, image_fields);
#undef STRUCT

#define STRUCT flx_name_value
static const struct field name_value_fields[] = {
    T(id, "/id"),
    T(listing_parent_id, "/listingParentId"),
    T(attribute_id, "/attributeId"),
    T(attribute_value_id, "/attributeValueId"),
    T(name, "/name"),
    T(value, "/value"),
    END,
};
const struct shape name_value_shape = SHAPE(STRUCT, name_value_fields);
#undef STRUCT

#define STRUCT flx_price_overwrite
static const struct field price_overwrite_fields[] = {
    F(price_overwritten, "/priceOverwritten", PRICE_OVERWRITTEN),
    F(cost_overwritten, "/costOverwritten", COST_OVERWRITTEN),
    F(msrp_overwritten, "/msrpOverwritten", MSRP_OVERWRITTEN),
    F(map_overwritten, "/mapOverwritten", MAP_OVERWRITTEN),
    F(shipping_cost_overwritten, "/shippingCostOverwritten", SHIPPING_COST_OVERWRITTEN),
    F(dropship_fee_overwritten, "/dropshipFeeOverwritten", DROPSHIP_FEE_OVERWRITTEN),
    D(dynamic_price, "/dynamicPrice"),
    D(dynamic_cost, "/dynamicCost"),
    D(dynamic_msrp, "/dynamicMsrp"),
    D(dynamic_map, "/dynamicMap"),
    END,
};
static const struct shape price_overwrite_shape = SHAPE(STRUCT, price_overwrite_fields);
#undef STRUCT

#define STRUCT flx_quantity_overwrite
static const struct field quantity_overwrite_fields[] = {
    F(quantity_overwritten, "/quantityOverwritten", QUANTITY_OVERWRITTEN),
    F(locked_by_order_volume_protection, "/isLockedByOrderVolumeProtection", LOCKED_BY_ORDER_VOLUME_PROTECTION),
    N(dynamic_quantity, "/dynamicQuantity", DYNAMIC_QUANTITY),
    END,
};
static const struct shape quantity_overwrite_shape = SHAPE(STRUCT, quantity_overwrite_fields);
#undef STRUCT

#define STRUCT flx_category
static const struct shape category_shape;
static const struct field category_fields[] = {
    T(id, "/id"),
    T(name, "/name"),
    T(account_id, "/accountId"),
    T(channel_id, "/channelId"),
    T(source_id, "/sourceId"),
    T(parent_category_id, "/parentCategoryId"),
    T(product_category_id, "/productCategoryId"),
    F(customized, "/customized", CUSTOMIZED),
    F(excluded, "/excluded", EXCLUDED),
    I(inserted_at, "/insertedAt", INSERTED_AT),
    I(updated_at, "/updatedAt", UPDATED_AT),
    O(product_category, "/productCategory", category_shape),
    O(inventory_category, "/inventoryCategory", category_shape),
    END,
};
static const struct shape category_shape = SHAPE(STRUCT, category_fields);
#undef STRUCT

#define STRUCT flx_listing_variant
static const struct field variant_fields[] = {
    T(id, "/id"),
    T(account_id, "/accountId"),
    T(channel_id, "/channelId"),
    T(listing_parent_id, "/listingParentId"),
    T(product_variant_id, "/productVariantId"),
    T(sku, "/sku"),
    T(master_sku, "/masterSku"),
    T(title, "/title"),
    T(description, "/description"),
    T(upc, "/upc"),
    T(ean, "/ean"),
    T(gtin, "/gtin"),
    T(mpn, "/mpn"),
    T(asin, "/asin"),
    T(reference_identifier, "/referenceIdentifier"),
    T(external_listing_id, "/externalListingId"),
    T(external_reference_id, "/externalReferenceId"),
    T(external_reference_id_type, "/externalReferenceIdType"),
    D(price, "/price"),
    D(cost, "/cost"),
    D(msrp, "/msrp"),
    D(map, "/map"),
    D(shipping_cost, "/shippingCost"),
    D(dropship_fee, "/dropshipFee"),
    D(weight, "/weight"),
    D(length, "/length"),
    D(width, "/width"),
    D(height, "/height"),
    H(weight_unit, "/weightUnit", NULL, unit_shape),
    H(dimension_unit, "/dimensionUnit", NULL, unit_shape),
    T(sync_error, "/syncError"),
    T(publish_error, "/publishError"),
    N(quantity, "/quantity", QUANTITY),
    F(archived, "/archived", ARCHIVED),
    F(paused, "/paused", PAUSED),
    F(linked_to_regular_product, "/linkedToRegularProduct", LINKED),
    I(link_attempted_at, "/linkAttemptedAt", LINK_ATTEMPTED_AT),
    I(inserted_at, "/insertedAt", INSERTED_AT),
    I(updated_at, "/updatedAt", UPDATED_AT),
    I(dynamic_content_updated_at, "/dynamicContentUpdatedAt", DYNAMIC_UPDATED_AT),
    I(dynamic_content_synced_at, "/dynamicContentSyncedAt", DYNAMIC_SYNCED_AT),
    I(static_content_updated_at, "/staticContentUpdatedAt", STATIC_UPDATED_AT),
    I(static_content_synced_at, "/staticContentSyncedAt", STATIC_SYNCED_AT),
    H(status, "/listingStatus", NULL, status_shape),
    H(change_to, "/changeToListingStatus", "/parent/changeToListingStatus", status_shape),
    O(price_overwrite, "/priceOverwrite", price_overwrite_shape),
    O(quantity_overwrite, "/quantityOverwrite", quantity_overwrite_shape),
    L(images, image_count, "/images", image_shape),
    L(options, option_count, "/options", name_value_shape),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    S(tags, tag_count, "/tags"),
    O(parent, "/parent", parent_shape),
    END,
};
const struct shape variant_shape = SHAPE(STRUCT, variant_fields);
#undef STRUCT

#define STRUCT flx_listing_parent
static const struct field parent_fields[] = {
    T(id, "/id"),
    T(account_id, "/accountId"),
    T(channel_id, "/channelId"),
    T(sku, "/sku"),
    T(title, "/title"),
    T(description, "/description"),
    T(manufacturer, "/manufacturer"),
    T(external_listing_id, "/externalListingId"),
    T(external_reference_id, "/externalReferenceId"),
    T(external_reference_id_type, "/externalReferenceIdType"),
    T(sync_error, "/syncError"),
    T(publish_error, "/publishError"),
    F(archived, "/archived", ARCHIVED),
    F(linked_to_regular_product, "/linkedToRegularProduct", LINKED),
    I(link_attempted_at, "/linkAttemptedAt", LINK_ATTEMPTED_AT),
    I(inserted_at, "/insertedAt", INSERTED_AT),
    I(updated_at, "/updatedAt", UPDATED_AT),
    I(dynamic_content_updated_at, "/dynamicContentUpdatedAt", DYNAMIC_UPDATED_AT),
    I(dynamic_content_synced_at, "/dynamicContentSyncedAt", DYNAMIC_SYNCED_AT),
    I(static_content_updated_at, "/staticContentUpdatedAt", STATIC_UPDATED_AT),
    I(static_content_synced_at, "/staticContentSyncedAt", STATIC_SYNCED_AT),
    H(change_to, "/changeToListingStatus", NULL, status_shape),
    O(category_one, "/categoryOne", category_shape),
    O(category_two, "/categoryTwo", category_shape),
    O(category_three, "/categoryThree", category_shape),
    L(images, image_count, "/images", image_shape),
    L(options, option_count, "/options", name_value_shape),
    L(attributes, attribute_count, "/attributes", name_value_shape),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    S(tags, tag_count, "/tags"),
    L(variants, variant_count, "/variants", variant_shape),
    END,
};
const struct shape parent_shape = SHAPE(STRUCT, parent_fields);
#undef STRUCT
