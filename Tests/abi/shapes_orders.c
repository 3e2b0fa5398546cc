/* Made from tables/orders.toml by `make generate`: edit there, not here. */
#include "shape_rows.h"

#define STRUCT flx_address
static const struct field address_fields[] = {
    T(id, "/id"),
    T(hash, "/hash"),
    T(name, "/name"),
    T(first_name, "/firstName"),
    T(last_name, "/lastName"),
    T(company_name, "/companyName"),
    T(address_line_1, "/addressLine1"),
    T(address_line_2, "/addressLine2"),
    T(city, "/city"),
    T(state, "/state"),
    T(state_code, "/stateCode"),
    T(postal, "/postal"),
    T(country, "/country"),
    T(country_code, "/countryCode"),
    T(email, "/email"),
    T(phone, "/phone"),
    F(redacted, "/redacted", REDACTED),
    END,
};
static const struct shape address_shape = SHAPE(STRUCT, address_fields);
#undef STRUCT

#define STRUCT flx_bundle_component
static const struct field bundle_component_fields[] = {
    T(id, "/id"),
    T(order_item_id, "/orderItemId"),
    T(component_virtual_variant_id, "/componentVirtualVariantId"),
    T(sku, "/sku"),
    T(shipped_status, "/shippedStatus"),
    T(allocated_status, "/allocatedStatus"),
    T(acknowledged_status, "/acknowledgedStatus"),
    D(cost, "/cost"),
    N(component_quantity, "/componentQuantity", COMPONENT_QUANTITY),
    N(quantity, "/quantity", QUANTITY),
    N(shipped_quantity, "/shippedQuantity", SHIPPED_QUANTITY),
    N(allocated_quantity, "/allocatedQuantity", ALLOCATED_QUANTITY),
    N(acknowledged_quantity, "/acknowledgedQuantity", ACKNOWLEDGED_QUANTITY),
    END,
};
static const struct shape bundle_component_shape = SHAPE(STRUCT, bundle_component_fields);
#undef STRUCT

#define STRUCT flx_order_item
static const struct field order_item_fields[] = {
    T(id, "/id"),
    T(order_id, "/orderId"),
    T(sku, "/sku"),
    T(title, "/title"),
    T(listing_variant_id, "/listingVariantId"),
    T(product_variant_id, "/productVariantId"),
    T(external_listing_id, "/externalListingId"),
    T(shipped_status, "/shippedStatus"),
    T(allocated_status, "/allocatedStatus"),
    T(acknowledged_status, "/acknowledgedStatus"),
    D(price, "/price"),
    D(cost, "/cost"),
    N(quantity, "/quantity", QUANTITY),
    N(shipped_quantity, "/shippedQuantity", SHIPPED_QUANTITY),
    N(allocated_quantity, "/allocatedQuantity", ALLOCATED_QUANTITY),
    N(acknowledged_quantity, "/acknowledgedQuantity", ACKNOWLEDGED_QUANTITY),
    N(canceled_quantity, "/canceledQuantity", CANCELED_QUANTITY),
    O(shipping_address, "/shippingAddress", address_shape),
    L(bundle_components, bundle_component_count, "/bundleComponents", bundle_component_shape),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    END,
};
static const struct shape order_item_shape = SHAPE(STRUCT, order_item_fields);
#undef STRUCT

#define STRUCT flx_fulfillment_request
static const struct field fulfillment_request_fields[] = {
    T(id, "/id"),
    T(number, "/fulfillmentRequestNumber"),
    T(order_id, "/orderId"),
    T(source_id, "/sourceId"),
    T(status, "/fulfillmentRequestStatus/handle"),
    T(status_name, "/fulfillmentRequestStatus/name"),
    I(acknowledged_at, "/acknowledgedAt", ACKNOWLEDGED_AT),
    I(sent_at, "/sentAt", SENT_AT),
    I(generated_at, "/generatedAt", GENERATED_AT),
    I(voided_at, "/voidedAt", VOIDED_AT),
    END,
};
static const struct shape fulfillment_request_shape = SHAPE(STRUCT, fulfillment_request_fields);
#undef STRUCT

#define STRUCT flx_order
static const struct field order_fields[] = {
    T(id, "/id"),
    T(account_id, "/accountId"),
    T(channel_id, "/channelId"),
    T(order_number, "/orderNumber"),
    T(reference_number, "/referenceNumber"),
    T(imported_from, "/importedFrom"),
    T(order_status, "/orderStatus"),
    T(shipped_status, "/shippedStatus"),
    T(acknowledged_status, "/acknowledgedStatus"),
    T(shipping_text, "/shippingText"),
    T(note, "/note"),
    D(order_total, "/orderTotal"),
    I(ordered_at, "/orderedAt", ORDERED_AT),
    I(inserted_at, "/insertedAt", INSERTED_AT),
    I(updated_at, "/updatedAt", UPDATED_AT),
    O(shipping_address, "/shippingAddress", address_shape),
    O(billing_address, "/billingAddress", address_shape),
    L(items, item_count, "/orderItems", order_item_shape),
    L(fulfillment_requests, fulfillment_request_count, "/fulfillmentRequests", fulfillment_request_shape),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    S(tags, tag_count, "/tags"),
    END,
};
const struct shape order_shape = SHAPE(STRUCT, order_fields);
#undef STRUCT

#define STRUCT flx_shipment_item
static const struct field shipment_item_fields[] = {
    T(id, "/id"),
    T(shipment_id, "/shipmentId"),
    T(order_item_id, "/orderItemId"),
    T(purchase_order_item_id, "/purchaseOrderItemId"),
    T(fulfillment_request_item_id, "/fulfillmentRequestItemId"),
    T(inventory_variant_id, "/inventoryVariantId"),
    T(rma_item_id, "/rmaItemId"),
    T(sku, "/sku"),
    N(quantity, "/quantity", QUANTITY),
    N(committed_stock_released_quantity, "/committedStockReleasedQuantity", COMMITTED_STOCK_RELEASED_QUANTITY),
    F(partial, "/partial", PARTIAL),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    END,
};
static const struct shape shipment_item_shape = SHAPE(STRUCT, shipment_item_fields);
#undef STRUCT

#define STRUCT flx_shipment
static const struct field shipment_fields[] = {
    F(partial, "/partial", PARTIAL),
    T(id, "/id"),
    T(order_id, "/orderId"),
    T(account_id, "/accountId"),
    T(source_id, "/sourceId"),
    T(purchase_order_id, "/purchaseOrderId"),
    T(fulfillment_request_id, "/fulfillmentRequestId"),
    T(rma_id, "/rmaId"),
    T(cross_dock_purchase_order_id, "/crossDockPurchaseOrderId"),
    T(tracking_number, "/trackingNumber"),
    T(tracking_url, "/trackingUrl"),
    T(carrier, "/carrier"),
    T(method, "/method"),
    T(note, "/note"),
    T(sync_error, "/syncError"),
    D(shipping_cost, "/shippingCost"),
    F(suppressed, "/suppressed", SUPPRESSED),
    F(synced_to_channel, "/syncedToChannel", SYNCED_TO_CHANNEL),
    F(accounting_synced, "/accountingSynced", ACCOUNTING_SYNCED),
    I(shipped_at, "/shippedAt", SHIPPED_AT),
    I(inserted_at, "/insertedAt", INSERTED_AT),
    I(updated_at, "/updatedAt", UPDATED_AT),
    L(items, item_count, "/shipmentItems", shipment_item_shape),
    L(custom_fields, custom_field_count, "/customFields", name_value_shape),
    END,
};
const struct shape shipment_shape = SHAPE(STRUCT, shipment_fields);
#undef STRUCT

#define STRUCT flx_return_item
static const struct field return_item_fields[] = {
    T(id, "/id"),
    T(return_id, "/returnId"),
    T(order_item_id, "/orderItemId"),
    T(sku, "/sku"),
    T(title, "/title"),
    T(reason, "/returnReason"),
    T(condition, "/returnCondition"),
    D(sales_price, "/salesPrice"),
    D(refunded_amount, "/refundedAmount"),
    N(quantity, "/returnQuantity", QUANTITY),
    L(bundle_components, bundle_component_count, "/bundleComponents", bundle_component_shape),
    END,
};
static const struct shape return_item_shape = SHAPE(STRUCT, return_item_fields);
#undef STRUCT

#define STRUCT flx_rma_item
static const struct field rma_item_fields[] = {
    T(id, "/id"),
    T(return_item_id, "/returnItemId"),
    END,
};
static const struct shape rma_item_shape = SHAPE(STRUCT, rma_item_fields);
#undef STRUCT

#define STRUCT flx_rma
static const struct field rma_fields[] = {
    T(id, "/id"),
    T(return_id, "/returnId"),
    T(account_id, "/accountId"),
    T(source_id, "/sourceId"),
    T(number, "/rmaNumber"),
    O(return_to_address, "/returnToAddress", address_shape),
    L(items, item_count, "/items", rma_item_shape),
    END,
};
static const struct shape rma_shape = SHAPE(STRUCT, rma_fields);
#undef STRUCT

#define STRUCT flx_return
static const struct field return_fields[] = {
    T(id, "/id"),
    T(account_id, "/accountId"),
    T(channel_id, "/channelId"),
    T(order_id, "/orderId"),
    T(return_number, "/returnNumber"),
    T(status, "/returnStatus"),
    N(total_return_items, "/totalReturnItems", TOTAL_RETURN_ITEMS),
    N(total_rmas, "/totalRmas", TOTAL_RMAS),
    L(items, item_count, "/items", return_item_shape),
    L(rmas, rma_count, "/rmas", rma_shape),
    END,
};
const struct shape return_shape = SHAPE(STRUCT, return_fields);
#undef STRUCT
