// Made from tables/operations.toml by `make generate`: edit there, not here.

extension OperationTable {
    static let orders: [Operation] = [
        listOrders,
        createOrder,
        getOrderById,
        updateOrderStatus,
        updateOrderTags,
        syncOrderAccounting,
        createOrderItem,
        linkUnmanagedOrders,
    ]

    static let listOrders = Operation(
        "listOrders", .get, "/orders", "4.5",
        "lists orders of the channel",
        [
            .query("page", .integer, least: 1),
            .query("pageSize", .integer, least: 1, most: 100),
            .query("orderedAfter", .instant),
            .query("status", .text, of: OrderBodies.orderStatusesRead),
            .query("includeTags", .boolean),
            .query("createdSince", .instant),
            .query("createdUntil", .instant),
            .query("updatedAfter", .instant, inferred: true),
            .query("orderNumber", .text, inferred: true),
            .query("channelId", .integer, inferred: true),
        ],
        pages: .page,
        inferred: true)

    static let createOrder = Operation(
        "createOrder", .post, "/orders", "4.3",
        "creates an order",
        body: .object(OrderBodies.order),
        inferred: true,
        reservedFor: "flx_order_submit")

    static let getOrderById = Operation(
        "getOrderById", .get, "/orders/{id}", "4.6",
        "reads one order",
        [.id("id")],
        tokensInferred: true)

    static let updateOrderStatus = Operation(
        "updateOrderStatus", .patch, "/orders/{id}/status", "4.7",
        "changes the status of an order, also to Canceled",
        [
            .id("id"),
            .query("status", .text, required: true, of: OrderBodies.orderStatuses),
            .query("updateNote", .text),
        ],
        tokensInferred: true,
        repeatable: true)

    static let updateOrderTags = Operation(
        "updateOrderTags", .patch, "/orders/{id}/tags", "4.7",
        "adds tags to an order and takes others away",
        [.id("id")],
        body: .object(OrderBodies.orderTags),
        tokensInferred: true,
        repeatable: true)

    static let syncOrderAccounting = Operation(
        "syncOrderAccounting", .patch, "/orders/{id}/accounting-sync", "4.7",
        "stores what an accounting system made of an order",
        [.id("id")],
        body: .object(OrderBodies.orderAccounting),
        tokensInferred: true,
        repeatable: true)

    static let createOrderItem = Operation(
        "createOrderItem", .post, "/orders/{orderId}/items", "4.7",
        "adds a line to an order",
        [.id("orderId")],
        body: .object(OrderBodies.addedOrderItem),
        tokensInferred: true)

    static let linkUnmanagedOrders = Operation(
        "linkUnmanagedOrders", .patch, "/orders/link", "4.7",
        "links lines to products that were not known at import; give exactly one of the two lists",
        [
            .query("orderIds", .list(.integer), inferred: true),
            .query("orderItemIds", .list(.integer), inferred: true),
        ],
        tokensInferred: true,
        repeatable: true,
        exactlyOneOf: ["orderIds", "orderItemIds"])
}
