extension OperationTable {
    /// Contract 6.
    static let returns: [Operation] = [
        listReturns,
        Operation(
            "createReturn", .post, "/returns", "6",
            "announces goods that a buyer sends back; an answer with a warning is a partial failure",
            body: .object(created), tokensInferred: true),
        Operation("getReturnById", .get, "/returns/{id}", "6", "reads one return", [.id("id")], tokensInferred: true),
        Operation(
            "updateReturn", .patch, "/returns/{id}", "6", "changes a return, such as closing it", [.id("id")],
            body: .object(BodyShape([.field("returnStatus", .text)], open: true)), tokensInferred: true,
            repeatable: true, inferred: true),
    ]

    static let listReturns = Operation(
        "listReturns", .get, "/returns", "6", "lists returns",
        [
            .query("orderId", .integer), .query("channelId", .integer), .query("pageSize", .integer, least: 1),
            .query("pageNumber", .integer, least: 1), .query("includeRmas", .boolean),
        ], pages: .pageNumber, tokensInferred: true)

    private static let created = BodyShape(
        [
            .field("orderId", .integer), .field("orderNumber", .text), .field("returnNumber", .text),
            .field("refundAdjustment", .decimal), .field("syncRefundChangesToOrder", .boolean),
            .field("items", .list(.object(createdItem)), required: true, least: 1),
        ], oneOf: ["orderId", "orderNumber"])

    private static let createdItem = BodyShape(
        [
            .field("orderItemId", .integer), .field("sku", .text), .field("title", .text),
            .field("salesPrice", .decimal), .field("returnQuantity", .integer, required: true),
            .field("returnReason", .text, required: true), .field("returnCondition", .text, required: true),
            .field("refundedAmount", .decimal),
        ], oneOf: ["orderItemId", "sku"])
}
