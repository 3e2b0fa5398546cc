/// Orders, shipments and returns moved by hand, as a source or somebody in the hub's app would.
extension Hub {
    /// Ships one order, or with `all` every open one.
    ///
    /// `split` true makes a parcel of each line; `lines` names quantities; `rma` and `cross_dock` make the other two kinds.
    func shipByHand(_ body: JSONValue) throws(Refusal) -> JSONValue {
        var made: [JSONValue] = []
        if body["all"]?.bool == true {
            for order in orders.orders
            where order.channelId == Hub.channelId && order.status == .open && order.shipped != .completed {
                for shipment in try ship(order, body) { made.append(node(shipment)) }
            }
        } else {
            for shipment in try ship(try orderNamed(body), body) { made.append(node(shipment)) }
        }
        return .array(made)
    }

    private func ship(_ order: Order, _ body: JSONValue) throws(Refusal) -> [Shipment] {
        var plan = ShipmentPlan(tracking: body["tracking_number"]?.looseText)
        plan.carrier = body["carrier"]?.text ?? plan.carrier
        plan.method = body["method"]?.text
        plan.note = body["note"]?.text
        plan.isSuppressed = body["suppressed"]?.bool ?? false
        if body["rma"]?.bool == true { plan.kind = .comingBack(rmaId: returns.newRmaId()) }
        if body["cross_dock"]?.bool == true { plan.kind = .inbound(purchaseOrderId: 45_000 + order.id) }
        if let lines = body["lines"]?.array { plan.lines = try handLines(lines) }
        guard body["split"]?.bool == true else { return [try ship(order.id, plan)] }
        var made: [Shipment] = []
        for item in order.items where item.open > 0 {
            plan.lines = [.init(orderItemId: item.id, sku: nil, quantity: item.open)]
            made.append(try ship(order.id, plan))
            plan.tracking = nil
        }
        return made
    }

    private func handLines(_ nodes: [JSONValue]) throws(Refusal) -> [ShipmentPlan.Line] {
        var lines: [ShipmentPlan.Line] = []
        for node in nodes {
            lines.append(
                .init(
                    orderItemId: node["order_item_id"]?.integer, sku: node["sku"]?.looseText,
                    quantity: node["quantity"]?.integer ?? 1))
        }
        return lines
    }

    /// Amends a shipment by `id` with the members of `PATCH /shipments`.
    func amendByHand(_ body: JSONValue) throws(Refusal) -> JSONValue {
        guard let id = body["id"]?.integer, let shipment = amend(id, with: body) else { throw .notFound("shipment") }
        return node(shipment)
    }

    /// Changes an order: status and note, its fulfillment request (`generate`), or what `edit` knows.
    func changeOrder(_ body: JSONValue) throws(Refusal) -> JSONValue {
        var order = try orderNamed(body)
        if let text = body["status"]?.text {
            guard let status = OrderStatus(rawValue: text) else { throw .badRequest("no order status \(text)") }
            try change(&order, to: status, note: body["note"]?.text)
        }
        if body["generate"]?.bool == true {
            guard order.status == .open else { throw .badRequest("order \(order.number) is \(order.status.rawValue)") }
            generateRequest(for: &order)
            order.updated = now
        }
        if try edit(&order, body) || body["touch"]?.bool == true { order.updated = now }
        orders[order.id] = order
        return report(order)
    }

    /// Makes a return of an order with the members of `POST /returns`; `rma` true gives it an RMA.
    func returnByHand(_ body: JSONValue) throws(Refusal) -> JSONValue {
        let order = try orderNamed(body)
        var members = (body.members ?? []).filter { $0.key != "order_number" && $0.key != "orderId" }
        members.append(.init(key: "orderId", value: .integer(order.id)))
        if body["items"] == nil {
            members.append(
                .init(
                    key: "items",
                    value: .array(
                        order.items.prefix(1).map {
                            [
                                "orderItemId": .integer($0.id), "returnQuantity": 1, "returnReason": "Changed mind",
                                "returnCondition": "New",
                            ]
                        })))
        }
        var (made, _) = try createReturn(.object(members), channelId: nil)
        if body["rma"]?.bool == true {
            made.rmaIds = [returns.newRmaId()]
            returns[made.id] = made
        }
        return node(made, rmas: true)
    }

    func orderNamed(_ body: JSONValue) throws(Refusal) -> Order {
        if let id = body["id"]?.integer, let order = orders[id] { return order }
        guard let number = body["order_number"]?.looseText else { throw .badRequest("order_number is missing") }
        guard let order = orderMeant(by: number) else { throw .notFound("order \(number)") }
        return order
    }

    func report(_ order: Order) -> JSONValue {
        [
            "id": .integer(order.id), "order_number": .string(order.sentNumber), "kept_number": .string(order.number),
            "reference_number": .text(order.referenceNumber),
            "channel_id": .integer(order.channelId), "status": .string(order.status.rawValue), "hold": .text(order.hold),
            "shipped": .string(order.shipped.rawValue), "pushed": .bool(order.isPushed),
            "attempts": .integer(orders.attempts[order.sentNumber] ?? 0), "sha256": .string(order.digest), "total": order.total,
            "inserted_at": .string(order.inserted.iso), "updated_at": .string(order.updated.iso),
            "items": .array(
                order.items.map {
                    [
                        "id": .integer($0.id), "sku": .string($0.sku), "quantity": .integer($0.quantity),
                        "shipped": .integer($0.shipped),
                        "canceled": .bool($0.isTakenOut),
                        "price": $0.price, "variant_id": $0.variantId.map { .integer($0) } ?? .null,
                    ]
                }),
            "shipments": .array(
                shipments.shipments.filter { $0.orderId == order.id }.map {
                    [
                        "id": .integer($0.id), "tracking_number": .text($0.trackingNumber), "suppressed": .bool($0.isSuppressed),
                        "rma": .bool($0.rmaId != nil), "cross_dock": .bool($0.crossDockId != nil),
                    ]
                }),
        ]
    }
}
