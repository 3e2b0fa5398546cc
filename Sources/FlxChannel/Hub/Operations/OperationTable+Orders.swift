extension OperationTable {
    /// Contract 4.
    static let orders: [Operation] = [
        listOrders,
        Operation(
            "createOrder", .post, "/orders", "4.3", "creates an order", body: .object(OrderShapes.order),
            inferred: true, reservedFor: "flx_order_submit"),
        Operation(
            "getOrderById", .get, "/orders/{id}", "4.6", "reads one order", [.id("id")], tokensInferred: true),
        Operation(
            "updateOrderStatus", .patch, "/orders/{id}/status", "4.7",
            "changes the status of an order, also to Canceled",
            [
                .id("id"), .query("status", .text, required: true, of: OrderShapes.statuses),
                .query("updateNote", .text),
            ], tokensInferred: true, repeatable: true),
        Operation(
            "updateOrderTags", .patch, "/orders/{id}/tags", "4.7", "adds tags to an order and takes others away",
            [.id("id")], body: .object(OrderShapes.tags), tokensInferred: true, repeatable: true),
        Operation(
            "syncOrderAccounting", .patch, "/orders/{id}/accounting-sync", "4.7",
            "stores what an accounting system made of an order", [.id("id")], body: .object(OrderShapes.accounting),
            tokensInferred: true, repeatable: true),
        Operation(
            "createOrderItem", .post, "/orders/{orderId}/items", "4.7", "adds a line to an order", [.id("orderId")],
            body: .object(OrderShapes.addedItem), tokensInferred: true),
        Operation(
            "linkUnmanagedOrders", .patch, "/orders/link", "4.7",
            "links lines to products that were not known at import; give exactly one of the two lists",
            [
                .query("orderIds", .list(.integer), inferred: true),
                .query("orderItemIds", .list(.integer), inferred: true),
            ], tokensInferred: true, repeatable: true, exactlyOneOf: ["orderIds", "orderItemIds"]),
    ]

    static let listOrders = Operation(
        "listOrders", .get, "/orders", "4.5", "lists orders of the channel",
        [
            .query("page", .integer, least: 1), .query("pageSize", .integer, least: 1, most: 100),
            .query("orderedAfter", .instant), .query("status", .text, of: OrderShapes.statuses + ["Draft"]),
            .query("includeTags", .boolean), .query("createdSince", .instant), .query("createdUntil", .instant),
            .query("updatedAfter", .instant, inferred: true), .query("orderNumber", .text, inferred: true),
            .query("channelId", .integer, inferred: true),
        ], pages: .page, inferred: true)
}

/// Request bodies of the order operations (contract 4.3, 4.7).
enum OrderShapes {
    /// What an order's status may be set to. `Draft` can only be read.
    static let statuses = ["Open", "Closed", "Canceled", "On Hold", "Failed", "No Shipping Method", "Not Managed"]

    static let address = BodyShape(
        [
            "name", "firstName", "lastName", "addressLine1", "addressLine2", "city", "postal", "state", "stateCode",
            "country", "countryCode", "email", "phone", "companyName",
        ].map { .field($0, .text) })

    static let order = BodyShape(
        [
            .field("orderNumber", .text, required: true), .field("referenceNumber", .text),
            .field("channelId", .integer), .field("orderedAt", .instant), .field("orderTotal", .decimal),
            .field("note", .text), .field("shippingText", .text),
            .field("shippingAddress", .object(address), required: true), .field("billingAddress", .object(address)),
            .field("orderItems", .list(.object(item)), required: true, least: 1), .field("tags", .list(.text)),
            .field("customFields", .list(.object(customField))),
        ], open: true)

    static let tags = BodyShape([.field("add", .list(.text)), .field("remove", .list(.text))])

    static let addedItem = BodyShape([
        .field("price", .decimal), .field("quantity", .integer, required: true), .field("productVariantId", .integer),
        .field("listingVariantId", .integer), .field("shippingAddress", .object(address)),
    ])

    static let accounting = BodyShape([
        .field("accountingSynced", .boolean, null: true), .field("externalAccountingId", .text, null: true),
        .field("accountingSyncError", .text),
        .field(
            "items",
            .list(
                .object(
                    BodyShape([
                        .field("id", .integer, required: true), .field("externalAccountingId", .text, null: true),
                        .field(
                            "orderItemAccountingItems",
                            .list(
                                .object(
                                    BodyShape([.field("externalAccountingId", .text), .field("quantity", .integer)])))),
                    ])))),
    ])

    private static let item = BodyShape(
        [
            .field("quantity", .integer, required: true, least: 1), .field("price", .decimal, null: true),
            .field("sku", .text), .field("externalListingId", .text), .field("listingVariantId", .integer),
            .field("productVariantId", .integer), .field("title", .text), .field("shippingAddress", .object(address)),
            .field("customFields", .list(.object(customField))),
        ], open: true)

    private static let customField = BodyShape([
        .field("name", .text, required: true), .field("value", .text, required: true),
    ])
}
