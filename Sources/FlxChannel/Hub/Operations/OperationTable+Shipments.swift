// Made from tables/operations.toml by `make generate`: edit there, not here.

extension OperationTable {
    static let shipments: [Operation] = [
        listShipments,
        createShipment,
        patchShipment,
        getShipmentById,
        flagShipmentsWithErrors,
    ]

    static let listShipments = Operation(
        "listShipments", .get, "/shipments", "5.1",
        "lists shipments, oldest first",
        [
            .query("findByOrderId", .integer),
            .query("findByPurchaseOrderId", .integer),
            .query("filterCreatedAfter", .instant),
            .query("filterPageNumber", .integer, least: 1),
            .query("filterPageSize", .integer, least: 1, most: 100),
            .query("filterUpdatedAfter", .instant),
        ],
        pages: .filterPage,
        tokens: [.account, .source, .channel],
        tokensInferred: true)

    static let createShipment = Operation(
        "createShipment", .post, "/shipments", "5.4",
        "creates a shipment; the work of a source",
        body: .object(OrderBodies.newShipment),
        tokens: [.account, .source])

    static let patchShipment = Operation(
        "patchShipment", .patch, "/shipments", "5.4",
        "changes a shipment; the work of a source",
        body: .object(OrderBodies.shipmentChange),
        tokens: [.account, .source],
        repeatable: true)

    static let getShipmentById = Operation(
        "getShipmentById", .get, "/shipments/{id}", "5.2",
        "reads one shipment",
        [.id("id")],
        tokens: [.account, .source, .channel],
        tokensInferred: true)

    static let flagShipmentsWithErrors = Operation(
        "flagShipmentsWithErrors", .put, "/shipments/flag-with-errors", "5.3",
        "tells the merchant which shipments the channel could not take",
        body: .list(of: OrderBodies.flaggedShipment),
        tokensInferred: true,
        repeatable: true)
}
