// Made from tables/order_bodies.toml by `make generate`: edit there, not here.

/// The objects in bodies of requests, and the only values of some texts.
enum OrderBodies {
    static let orderStatuses = ["Open", "Closed", "Canceled", "On Hold", "Failed", "No Shipping Method", "Not Managed"]
    static let orderStatusesRead = [
        "Open",
        "Closed",
        "Canceled",
        "On Hold",
        "Failed",
        "No Shipping Method",
        "Not Managed",
        "Draft",
    ]

    static let address = BodyShape([
        .field("name", .text),
        .field("firstName", .text),
        .field("lastName", .text),
        .field("addressLine1", .text),
        .field("addressLine2", .text),
        .field("city", .text),
        .field("postal", .text),
        .field("state", .text),
        .field("stateCode", .text),
        .field("country", .text),
        .field("countryCode", .text),
        .field("email", .text),
        .field("phone", .text),
        .field("companyName", .text),
    ])

    static let orderItem = BodyShape(
        [
            .field("quantity", .integer, required: true, least: 1),
            .field("price", .decimal, null: true),
            .field("sku", .text),
            .field("externalListingId", .text),
            .field("listingVariantId", .integer),
            .field("productVariantId", .integer),
            .field("title", .text),
            .field("shippingAddress", .object(address)),
            .field("customFields", .list(.object(ListingBodies.namedValue))),
        ], open: true)

    static let order = BodyShape(
        [
            .field("orderNumber", .text, required: true),
            .field("referenceNumber", .text),
            .field("channelId", .integer),
            .field("orderedAt", .instant),
            .field("orderTotal", .decimal),
            .field("note", .text),
            .field("shippingText", .text),
            .field("shippingAddress", .object(address), required: true),
            .field("billingAddress", .object(address)),
            .field("orderItems", .list(.object(orderItem)), required: true, least: 1),
            .field("tags", .list(.text)),
            .field("customFields", .list(.object(ListingBodies.namedValue))),
        ], open: true)

    static let orderTags = BodyShape([
        .field("add", .list(.text)),
        .field("remove", .list(.text)),
    ])

    static let accountingPart = BodyShape([
        .field("externalAccountingId", .text),
        .field("quantity", .integer),
    ])

    static let accountingItem = BodyShape([
        .field("id", .integer, required: true),
        .field("externalAccountingId", .text, null: true),
        .field("orderItemAccountingItems", .list(.object(accountingPart))),
    ])

    static let orderAccounting = BodyShape([
        .field("accountingSynced", .boolean, null: true),
        .field("externalAccountingId", .text, null: true),
        .field("accountingSyncError", .text),
        .field("items", .list(.object(accountingItem))),
    ])

    static let addedOrderItem = BodyShape([
        .field("price", .decimal),
        .field("quantity", .integer, required: true),
        .field("productVariantId", .integer),
        .field("listingVariantId", .integer),
        .field("shippingAddress", .object(address)),
    ])

    static let looseValue = BodyShape([
        .field("name", .text),
        .field("value", .text),
    ])

    static let newShipmentItem = BodyShape([
        .field("sku", .text),
        .field("quantity", .integer, required: true),
        .field("inventoryVariantId", .integer),
        .field("orderItemId", .integer),
        .field("purchaseOrderItemId", .integer),
        .field("rmaItemId", .integer),
        .field("customFields", .list(.object(looseValue))),
    ])

    static let newParcel = BodyShape([
        .field("trackingNumber", .text, required: true),
        .field("trackingUrl", .text),
        .field("carrier", .text),
        .field("method", .text),
        .field("note", .text),
        .field("shippedAt", .instant),
        .field("shippingCost", .decimal),
        .field("suppressed", .boolean),
        .field("shipmentItems", .list(.object(newShipmentItem)), least: 1),
        .field("customFields", .list(.object(looseValue))),
    ])

    static let newShipment = BodyShape([
        .field("purchaseOrderId", .integer),
        .field("purchaseOrderNumber", .text),
        .field("sourceId", .integer),
        .field("allowDuplicateTrackingNumbers", .boolean),
        .field("fulfillmentRequestId", .integer),
        .field("shipment", .object(newParcel), required: true),
    ])

    static let readValue = BodyShape(
        [
            .field("id", .integer),
            .field("name", .text),
            .field("value", .text),
        ], open: true)

    static let shipmentChange = BodyShape([
        .field("id", .integer, required: true),
        .field("fulfillmentRequestId", .integer),
        .field("note", .text),
        .field("trackingUrl", .text),
        .field("trackingNumber", .text),
        .field("carrier", .text),
        .field("method", .text),
        .field("shippedAt", .instant),
        .field("shippingCost", .decimal),
        .field("suppressed", .boolean),
        .field("shipmentItems", .list(.any)),
        .field("customFields", .list(.object(readValue))),
    ])

    static let shipmentItem = BodyShape(
        [
            .field("id", .integer),
            .field("sku", .text),
            .field("quantity", .integer),
            .field("shipmentId", .integer),
            .field("partial", .boolean),
            .field("inventoryVariantId", .integer, null: true),
            .field("orderItemId", .integer, null: true),
            .field("purchaseOrderItemId", .integer, null: true),
            .field("fulfillmentRequestItemId", .integer, null: true),
            .field("committedStockReleasedQuantity", .integer, null: true),
            .field("rmaItemId", .integer, null: true),
            .field("customFields", .list(.object(readValue))),
        ], open: true)

    static let flaggedShipment = BodyShape(
        [
            .field("id", .integer),
            .field("insertedAt", .instant),
            .field("accountId", .integer),
            .field("partial", .boolean),
            .field("suppressed", .boolean),
            .field("syncedToChannel", .boolean),
            .field("updatedAt", .instant),
            .field("accountingSynced", .boolean),
            .field("shippedAt", .instant, null: true),
            .field("shippingCost", .decimal, null: true),
            .field("note", .text, null: true),
            .field("trackingUrl", .text, null: true),
            .field("trackingNumber", .text, null: true),
            .field("carrier", .text, null: true),
            .field("method", .text, null: true),
            .field("syncError", .text, null: true),
            .field("orderId", .integer, null: true),
            .field("purchaseOrderId", .integer, null: true),
            .field("fulfillmentRequestId", .integer, null: true),
            .field("rmaId", .integer, null: true),
            .field("sourceId", .integer, null: true),
            .field("crossDockPurchaseOrderId", .integer, null: true),
            .field("shipmentItems", .list(.object(shipmentItem))),
            .field("customFields", .list(.object(readValue))),
        ], open: true)

    static let newReturnItem = BodyShape(
        [
            .field("orderItemId", .integer),
            .field("sku", .text),
            .field("title", .text),
            .field("salesPrice", .decimal),
            .field("returnQuantity", .integer, required: true),
            .field("returnReason", .text, required: true),
            .field("returnCondition", .text, required: true),
            .field("refundedAmount", .decimal),
        ], oneOf: ["orderItemId", "sku"])

    static let newReturn = BodyShape(
        [
            .field("orderId", .integer),
            .field("orderNumber", .text),
            .field("returnNumber", .text),
            .field("refundAdjustment", .decimal),
            .field("syncRefundChangesToOrder", .boolean),
            .field("items", .list(.object(newReturnItem)), required: true, least: 1),
        ], oneOf: ["orderId", "orderNumber"])

    static let returnChange = BodyShape([.field("returnStatus", .text)], open: true)
}
