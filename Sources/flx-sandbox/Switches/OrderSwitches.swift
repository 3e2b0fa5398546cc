extension Switch {
    static let orderRename = Switch(
        "1", "order.rename", .list("proposed:wire"), "",
        "wire names the hub wants in an order instead of the proposed ones, e.g. orderItems:items,sku:itemSku")
    static let orderUnknownFields = Switch(
        "1", "order.unknown_fields", .words(["accept", "refuse"]), "accept", "members the contract does not name")
    static let orderCreatedStatus = Switch(
        "2", "order.created.status", .words(["201", "200", "202", "204"]), "201", "status of a new order; 204 has no body")
    static let orderRepeatStatus = Switch(
        "2", "order.repeat.status", .words(["200", "201", "202", "204"]), "200", "status of a repeated order")
    static let orderCreatedBody = Switch(
        "2", "order.created.body", .words(["order", "empty", "no_id", "id_only", "text_id", "html", "text", "error", "array"]),
        "order", "what a create answers with, new or repeated")
    static let orderExtra = Switch(
        "4", "order.extra", .words(["echo", "drop"]), "echo", "unknown members of an order on reading")
    static let queryIgnore = Switch(
        "5", "query.ignore", .list("parameter or operationId.parameter"), "",
        "query parameters the hub overlooks in silence, e.g. listOrders.orderedAfter,page,pageSize")
    static let queryRename = Switch(
        "5", "query.rename", .list("documented:wire"), "",
        "parameter names the hub knows instead of the documented ones, e.g. orderedAfter:createdAfter")
    static let orderFilterTime = Switch(
        "5", "orders.updated_after", .words(["filters", "needs_change"]), "filters",
        "updatedAfter on orders; needs_change leaves out orders never changed since they were made")
    static let orderMatch = Switch(
        "19", "order.match", .list("key in order of precedence"), "listingVariantId,externalListingId,sku,productVariantId",
        "by which key of an item the hub looks for the listing")
    static let orderUnmatched = Switch(
        "19", "order.unmatched", .words(["on_hold", "not_managed", "open", "refuse"]), "on_hold",
        "what an item without a listing does to its order")
    static let orderUnmapped = Switch(
        "19", "order.unmapped_shipping", .words(["no_shipping_method", "on_hold", "open"]), "no_shipping_method",
        "what a shippingText without a mapping does")
    static let shippingMapped = Switch(
        "19", "shipping.mapped", .list("shipping text"), "Standard,Express,Ground,Overnight,Economy,Pickup,Free Shipping",
        "the shipping texts that have a mapping; an order without text has one; any = every text")
    static let orderLines = Switch(
        "19", "order.lines", .words(["as_sent", "product_sku", "upper_sku", "gift"]), "as_sent",
        "lines of an order on reading: as sent, each SKU with P- before it or in capitals, or one more line, GIFT, of the hub's own"
    )
    static let orderNoStock = Switch(
        "19", "order.no_stock", .words(["open", "on_hold"]), "open", "an item ordered beyond its quantity")
    static let orderStock = Switch(
        "19", "order.stock", .words(["keep", "reduce"]), "keep",
        "reduce lowers the variant's quantity, which queues it for sync")
    static let cancelShipped = Switch(
        "20", "cancel.shipped", .words(["refuse", "accept"]), "refuse", "Canceled for an order whose items all shipped")
    static let cancelRequests = Switch(
        "20", "cancel.requests", .words(["cancel", "keep"]), "cancel", "fulfillment requests of a canceled order")
    static let statusCode = Switch(
        "20", "order.status.code", .words(["201", "200", "204"]), "201", "answer of a status change")
    static let addressRedacted = Switch(
        "-", "address.redacted", .words(["never", "always", "closed", "old"]), "never",
        "blank addresses on reading: of all orders, of closed ones, of those ordered over 30 days ago")
    static let foreignRows = Switch(
        "18", "foreign.rows", .list("listings, orders, shipments, returns"), "",
        "lists that also hold another channel's rows")
    static let channelDenied = Switch(
        "17", "channel.denied", .list("operationId"), "", "operations a Channel token may not call")
    static let syncedFlag = Switch(
        "21", "shipments.synced_flag", .words(["false", "true", "absent"]), "false", "syncedToChannel on reading")

    static let orderSwitches = [
        orderRename, orderUnknownFields, orderCreatedStatus, orderRepeatStatus, orderCreatedBody, orderExtra, queryIgnore,
        queryRename, orderFilterTime, channelDenied, foreignRows, orderMatch, orderUnmatched, orderUnmapped, shippingMapped,
        orderLines, orderNoStock, orderStock, cancelShipped, cancelRequests, statusCode, syncedFlag, addressRedacted,
    ]
}
