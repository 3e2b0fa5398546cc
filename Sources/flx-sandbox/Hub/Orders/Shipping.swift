/// What a shipment is to be made of. Missing lines mean everything of the order that has not shipped.
struct ShipmentPlan {
    struct Line {
        var orderItemId: Int?
        var sku: String?
        var quantity: Int
    }

    enum Kind {
        case delivery
        case comingBack(rmaId: Int)
        case inbound(purchaseOrderId: Int)
    }

    var lines: [Line]?
    var kind = Kind.delivery
    var tracking: String?
    var carrier = "Sandbox Parcel"
    var method: String?
    var isSuppressed = false
    var note: String?
    var cost: JSONValue = .null
    var shipped: Instant?
}

extension Hub {
    /// Ships lines of an order; a delivery moves the order's shipped quantities and may close it.
    func ship(_ orderId: Int, _ plan: ShipmentPlan) throws(Refusal) -> Shipment {
        guard var order = orders[orderId] else { throw .notFound("order \(orderId)") }
        var rmaId: Int?, crossDockId: Int?, isDelivery = false
        switch plan.kind {
        case .delivery: isDelivery = true
        case .comingBack(let id): rmaId = id
        case .inbound(let id): crossDockId = id
        }
        let lines = try chosen(plan.lines, of: order, everything: !isDelivery)
        let id = shipments.newId()
        let items = lines.map { index, quantity in
            let item = order.items[index]
            return ShipmentItem(
                id: shipments.newItemId(), sku: sourceSku(item), quantity: quantity, orderItemId: item.id,
                inventoryVariantId: item.variantId.map { $0 + 2_000_000 }, requestItemId: item.id + 100_000,
                rmaItemId: rmaId.map { $0 * 10 + index }, isPartial: quantity < item.quantity)
        }
        if isDelivery {
            for (index, quantity) in lines { order.items[index].shipped += quantity }
            if order.shipped == .completed { order.status = .closed }
            order.updated = now
            orders[order.id] = order
        }
        let tracking = plan.tracking ?? shipments.newTracking()
        let shipment = Shipment(
            id: id, channelId: order.channelId, orderId: order.id, requestId: order.requests.first?.id, rmaId: rmaId,
            crossDockId: crossDockId, trackingNumber: tracking,
            trackingUrl: "https://track.example/\(tracking)", carrier: plan.carrier,
            method: plan.method ?? order.shippingText ?? "Standard", note: plan.note, cost: plan.cost,
            shipped: plan.shipped ?? now, inserted: now, updated: now,
            isPartial: isDelivery && order.shipped != .completed, isSuppressed: plan.isSuppressed, items: items)
        shipments.add(shipment)
        return shipment
    }

    /// The wanted lines as indices of the order's items, with quantities.
    private func chosen(
        _ lines: [ShipmentPlan.Line]?, of order: Order, everything: Bool
    ) throws(Refusal) -> [(Int, Int)] {
        guard let lines else {
            let rest = order.items.indices.map { ($0, everything ? order.items[$0].quantity : order.items[$0].open) }
            let open = rest.filter { $0.1 > 0 }
            guard !open.isEmpty else { throw .badRequest("order \(order.number) has nothing left to ship") }
            return open
        }
        var found: [(Int, Int)] = []
        for line in lines {
            guard let index = order.items.firstIndex(where: { isMeant($0, by: line) }) else {
                throw .badRequest("order \(order.number) has no such line")
            }
            let open = everything ? order.items[index].quantity : order.items[index].open
            guard line.quantity >= 1, line.quantity <= open else {
                throw .badRequest("quantity \(line.quantity) of \(order.items[index].sku), \(open) are open")
            }
            found.append((index, line.quantity))
        }
        return found
    }

    private func isMeant(_ item: OrderItem, by line: ShipmentPlan.Line) -> Bool {
        if let id = line.orderItemId { return id == item.id }
        return line.sku.hasBytes(of: item.sku) || line.sku.hasBytes(of: sourceSku(item))
    }

    /// The source has its own SKU, so an item can only be told by its `orderItemId`.
    private func sourceSku(_ item: OrderItem) -> String { "SRC-" + item.sku }
}
