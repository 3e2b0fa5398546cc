// Made from tables/operations.toml by `make generate`: edit there, not here.

extension OperationTable {
    static let returns: [Operation] = [
        listReturns,
        createReturn,
        getReturnById,
        updateReturn,
    ]

    static let listReturns = Operation(
        "listReturns", .get, "/returns", "6",
        "lists returns",
        [
            .query("orderId", .integer),
            .query("channelId", .integer),
            .query("pageSize", .integer, least: 1),
            .query("pageNumber", .integer, least: 1),
            .query("includeRmas", .boolean),
        ],
        pages: .pageNumber,
        tokensInferred: true)

    static let createReturn = Operation(
        "createReturn", .post, "/returns", "6",
        "announces goods that a buyer sends back; an answer with a warning is a partial failure",
        body: .object(OrderBodies.newReturn),
        tokensInferred: true)

    static let getReturnById = Operation(
        "getReturnById", .get, "/returns/{id}", "6",
        "reads one return",
        [.id("id")],
        tokensInferred: true)

    static let updateReturn = Operation(
        "updateReturn", .patch, "/returns/{id}", "6",
        "changes a return, such as closing it",
        [.id("id")],
        body: .object(OrderBodies.returnChange),
        tokensInferred: true,
        repeatable: true,
        inferred: true)
}
