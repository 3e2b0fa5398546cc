extension OperationTable {
    /// Contract 5.
    static let shipments: [Operation] = [
        listShipments,
        Operation(
            "createShipment", .post, "/shipments", "5.4", "creates a shipment; the work of a source",
            body: .object(ShipmentShapes.created), tokens: [.account, .source]),
        Operation(
            "patchShipment", .patch, "/shipments", "5.4", "changes a shipment; the work of a source",
            body: .object(ShipmentShapes.patched), tokens: [.account, .source], repeatable: true),
        Operation(
            "getShipmentById", .get, "/shipments/{id}", "5.2", "reads one shipment", [.id("id")],
            tokens: [.account, .source, .channel], tokensInferred: true),
        Operation(
            "flagShipmentsWithErrors", .put, "/shipments/flag-with-errors", "5.3",
            "tells the merchant which shipments the channel could not take", body: .list(of: ShipmentShapes.flagged),
            tokensInferred: true, repeatable: true),
    ]

    static let listShipments = Operation(
        "listShipments", .get, "/shipments", "5.1", "lists shipments, oldest first",
        [
            .query("findByOrderId", .integer), .query("findByPurchaseOrderId", .integer),
            .query("filterCreatedAfter", .instant), .query("filterPageNumber", .integer, least: 1),
            .query("filterPageSize", .integer, least: 1, most: 100), .query("filterUpdatedAfter", .instant),
        ], pages: .filterPage, tokens: [.account, .source, .channel], tokensInferred: true)
}

/// Request bodies of the shipment operations (contract 5.3, 5.4).
enum ShipmentShapes {
    /// A shipment as the hub gave it, with `syncError`: what a later release adds to it must pass.
    static let flagged = BodyShape(
        [
            .field("id", .integer), .field("insertedAt", .instant), .field("accountId", .integer),
            .field("partial", .boolean), .field("suppressed", .boolean), .field("syncedToChannel", .boolean),
            .field("updatedAt", .instant), .field("accountingSynced", .boolean),
            .field("shippedAt", .instant, null: true), .field("shippingCost", .decimal, null: true),
        ]
            + ["note", "trackingUrl", "trackingNumber", "carrier", "method", "syncError"].map {
                .field($0, .text, null: true)
            }
            + [
                "orderId", "purchaseOrderId", "fulfillmentRequestId", "rmaId", "sourceId", "crossDockPurchaseOrderId",
            ].map { .field($0, .integer, null: true) }
            + [
                .field("shipmentItems", .list(.object(readItem))), .field("customFields", .list(.object(readField))),
            ], open: true)

    static let created = BodyShape([
        .field("purchaseOrderId", .integer), .field("purchaseOrderNumber", .text), .field("sourceId", .integer),
        .field("allowDuplicateTrackingNumbers", .boolean), .field("fulfillmentRequestId", .integer),
        .field(
            "shipment",
            .object(
                BodyShape([
                    .field("trackingNumber", .text, required: true), .field("trackingUrl", .text),
                    .field("carrier", .text), .field("method", .text), .field("note", .text),
                    .field("shippedAt", .instant),
                    .field("shippingCost", .decimal), .field("suppressed", .boolean),
                    .field("shipmentItems", .list(.object(createdItem)), least: 1),
                    .field("customFields", .list(.object(namedValue))),
                ])), required: true),
    ])

    static let patched = BodyShape([
        .field("id", .integer, required: true), .field("fulfillmentRequestId", .integer), .field("note", .text),
        .field("trackingUrl", .text), .field("trackingNumber", .text), .field("carrier", .text),
        .field("method", .text), .field("shippedAt", .instant), .field("shippingCost", .decimal),
        .field("suppressed", .boolean), .field("shipmentItems", .list(.any)),
        .field("customFields", .list(.object(readField))),
    ])

    private static let createdItem = BodyShape([
        .field("sku", .text), .field("quantity", .integer, required: true), .field("inventoryVariantId", .integer),
        .field("orderItemId", .integer), .field("purchaseOrderItemId", .integer), .field("rmaItemId", .integer),
        .field("customFields", .list(.object(namedValue))),
    ])

    private static let readItem = BodyShape(
        [
            .field("id", .integer), .field("sku", .text), .field("quantity", .integer), .field("shipmentId", .integer),
            .field("partial", .boolean),
        ]
            + [
                "inventoryVariantId", "orderItemId", "purchaseOrderItemId", "fulfillmentRequestItemId",
                "committedStockReleasedQuantity", "rmaItemId",
            ].map { .field($0, .integer, null: true) }
            + [.field("customFields", .list(.object(readField)))], open: true)

    private static let readField = BodyShape(
        [.field("id", .integer), .field("name", .text), .field("value", .text)], open: true)

    private static let namedValue = BodyShape([.field("name", .text), .field("value", .text)])
}
