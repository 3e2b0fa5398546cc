/// `/shipments`: what a channel reads, and what a source writes.
extension Hub {
    func getShipments(_ call: Call) throws(Refusal) -> Reply {
        let paging = try Paging(call, .filter, resource: "shipments", switches)
        let order = try call.integer("findByOrderId"), request = try call.integer("findByPurchaseOrderId")
        let createdAfter = try call.instant("filterCreatedAfter"), updatedAfter = try call.instant("filterUpdatedAfter")
        let rows = try page(of: shown(shipments.shipments), order: .sortShipments, paging) { shipment throws(Refusal) in
            if let order, shipment.orderId != order { return false }
            if let request, shipment.requestId != request { return false }
            return self.isInScope(shipment.channelId, call, asked: nil, resource: "shipments")
                && self.isAfter(shipment.inserted, createdAfter) && self.isAfter(shipment.updated, updatedAfter)
        }
        return Reply.json(reserving: rows.count * 900 + 16) { out in
            out.array(rows) { out, shipment in out.value(self.node(shipment)) }
        }.having(.read(rows.count))
    }

    func getShipment(_ call: Call) throws(Refusal) -> Reply {
        let id = try call.id("id")
        guard let shipment = shipments[id], call.caller.channelId.map({ $0 == shipment.channelId }) ?? true else {
            throw .notFound("shipment \(id)")
        }
        return Reply.json(200, node(shipment)).having(.read(1))
    }

    func flagShipments(_ call: Call) throws(Refusal) -> Reply {
        guard let rows = try call.needBody().array else { throw .badRequest("the body is not an array") }
        for row in rows {
            guard let id = row["id"]?.integer, let known = shipments[id],
                call.caller.channelId.map({ $0 == known.channelId }) ?? true
            else { throw .badRequest("id is missing or no shipment of this channel") }
            shipments[id]?.syncError = row["syncError"]?.text
        }
        return Reply.json(200, []).having(.did("shipments_flagged", rows: rows.count))
    }

    /// A source reports a shipment.
    func postShipment(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        guard let node = body["shipment"], node.members != nil else { throw .badRequest("shipment is missing") }
        guard let tracking = node["trackingNumber"]?.looseText else { throw .badRequest("shipment.trackingNumber is missing") }
        if body["allowDuplicateTrackingNumbers"]?.bool != true, shipments.has(tracking: tracking) {
            throw .badRequest("tracking number \(tracking) exists")
        }
        let request = body["fulfillmentRequestId"]?.integer ?? body["purchaseOrderId"]?.integer
        let number = body["purchaseOrderNumber"]?.looseText
        guard
            let order = orders.orders.first(where: { $0.requests.contains { $0.id == request || number.hasBytes(of: $0.number) } })
        else {
            throw .notFound("fulfillment request")
        }
        var plan = ShipmentPlan(tracking: tracking)
        plan.carrier = node["carrier"]?.text ?? plan.carrier
        plan.method = node["method"]?.text
        plan.isSuppressed = node["suppressed"]?.bool ?? false
        plan.note = node["note"]?.text
        plan.cost = node["shippingCost"] ?? .null
        plan.shipped = node["shippedAt"]?.text.flatMap { Instant(iso: $0) }
        plan.lines = try node["shipmentItems"]?.array.map { nodes throws(Refusal) in try shipmentLines(nodes) }
        let shipment = try ship(order.id, plan)
        return Reply.json(200, self.node(shipment)).having(.did("shipped", order: order.sentNumber))
    }

    func patchShipment(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        guard let id = body["id"]?.integer, shipments[id] != nil else { throw .notFound("shipment") }
        guard let shipment = amend(id, with: body) else { throw .notFound("shipment") }
        return Reply.json(200, node(shipment)).having(.did("shipment_amended"))
    }

    /// Takes over the members that are there and not null.
    func amend(_ id: Int, with body: JSONValue) -> Shipment? {
        guard var shipment = shipments[id] else { return nil }
        if let text = body["trackingNumber"]?.looseText {
            shipment.trackingNumber = text
            shipment.trackingUrl = "https://track.example/\(text)"
        }
        if let text = body["trackingUrl"]?.text { shipment.trackingUrl = text }
        if let text = body["carrier"]?.text { shipment.carrier = text }
        if let text = body["method"]?.text { shipment.method = text }
        if let text = body["note"]?.text { shipment.note = text }
        if let flag = body["suppressed"]?.bool { shipment.isSuppressed = flag }
        if let cost = body["shippingCost"], !cost.isNull { shipment.cost = cost }
        if let text = body["shippedAt"]?.text, let instant = Instant(iso: text) { shipment.shipped = instant }
        shipment.updated = now
        shipments[id] = shipment
        return shipment
    }

    func shipmentLines(_ nodes: [JSONValue]) throws(Refusal) -> [ShipmentPlan.Line] {
        var lines: [ShipmentPlan.Line] = []
        for node in nodes {
            guard let quantity = node["quantity"]?.integer else { throw .badRequest("quantity of a shipment item is missing") }
            lines.append(.init(orderItemId: node["orderItemId"]?.integer, sku: node["sku"]?.looseText, quantity: quantity))
        }
        return lines
    }

    func node(_ shipment: Shipment) -> JSONValue {
        let dates = DateWriter(switches[.dates])
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        func id(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
        add("id", .integer(shipment.id))
        add("accountId", .integer(Hub.accountId))
        add("orderId", id(shipment.orderId))
        add("purchaseOrderId", id(shipment.requestId))
        add("fulfillmentRequestId", id(shipment.requestId))
        add("rmaId", id(shipment.rmaId))
        add("crossDockPurchaseOrderId", id(shipment.crossDockId))
        add("sourceId", .integer(Hub.sourceId))
        add("trackingNumber", .text(shipment.trackingNumber))
        add("trackingUrl", .text(shipment.trackingUrl))
        add("carrier", .text(shipment.carrier))
        add("method", .text(shipment.method))
        add("note", .text(shipment.note))
        add("shippingCost", shipment.cost)
        add("shippedAt", dates.value(shipment.shipped))
        add("insertedAt", dates.value(shipment.inserted))
        add("updatedAt", dates.value(shipment.updated))
        add("partial", .bool(shipment.isPartial))
        add("suppressed", .bool(shipment.isSuppressed))
        if switches[.syncedFlag] != "absent" { add("syncedToChannel", .bool(switches[.syncedFlag] == "true")) }
        add("syncError", .text(shipment.syncError))
        add("accountingSynced", false)
        add(
            "shipmentItems",
            .array(
                shipment.items.map { item in
                    [
                        "id": .integer(item.id), "sku": .string(item.sku), "quantity": .integer(item.quantity),
                        "shipmentId": .integer(shipment.id), "inventoryVariantId": id(item.inventoryVariantId),
                        "partial": .bool(item.isPartial), "orderItemId": id(item.orderItemId),
                        "purchaseOrderItemId": id(item.requestItemId), "fulfillmentRequestItemId": id(item.requestItemId),
                        "committedStockReleasedQuantity": .integer(item.quantity), "rmaItemId": id(item.rmaItemId),
                        "customFields": [],
                    ]
                }))
        add(
            "customFields",
            .array(
                shipment.customFields.map {
                    ["id": .integer($0.id), "name": .string($0.name), "value": .string($0.value)]
                }))
        return .object(members)
    }
}
