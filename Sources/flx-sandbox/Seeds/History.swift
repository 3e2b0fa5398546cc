/// Earlier orders with every kind of shipment, and a few rows of another channel.
enum History {
    static func plant(in hub: Hub) {
        let units = hub.catalogue.variants.filter { $0.price != nil && !$0.paused }.prefix(24)
        guard units.count >= 12 else { return }
        let orders = (0..<6).compactMap {
            order(hub, number: "OLD-\(1001 + $0)", channel: Hub.channelId, Array(units.dropFirst($0 * 2).prefix(2)), $0)
        }
        guard orders.count == 6 else { return }
        ship(hub, orders[0], ShipmentPlan())
        ship(hub, orders[1], ShipmentPlan(isSuppressed: true))
        ship(hub, orders[2], ShipmentPlan())
        ship(hub, orders[2], ShipmentPlan(kind: .comingBack(rmaId: 40_001)))
        ship(hub, orders[3], ShipmentPlan(kind: .inbound(purchaseOrderId: 45_001)))
        ship(hub, orders[3], ShipmentPlan())
        split(hub, orders[4])
        if let id = ship(hub, orders[5], ShipmentPlan()) {
            _ = hub.amend(id, with: ["carrier": "Sandbox Express", "note": "carrier corrected"])
        }
        if let other = order(hub, number: "OTHER-1", channel: Hub.otherChannelId, Array(units.suffix(1)), 9) {
            ship(hub, other, ShipmentPlan())
        }
        _ = try? hub.createReturn(
            [
                "orderNumber": "OLD-1003", "returnNumber": "RET-1",
                "items": [
                    [
                        "sku": .string(units[units.startIndex + 4].sku), "returnQuantity": 1, "returnReason": "Too small",
                        "returnCondition": "New",
                    ]
                ],
            ], channelId: nil)
        age(hub)
        plantForeignListings(in: hub)
    }

    private static func order(_ hub: Hub, number: String, channel: Int, _ units: [Variant], _ index: Int) -> Order? {
        let items: [JSONValue] = units.map {
            ["listingVariantId": .integer($0.id), "sku": .string($0.sku), "quantity": 2, "price": .number($0.price?.text() ?? "0")]
        }
        let body: JSONValue = [
            "orderNumber": .string(number), "shippingText": "Standard", "orderTotal": .number("49.90"),
            "orderedAt": .string((hub.now - 86400 * (12 - index)).iso),
            "shippingAddress": [
                "name": "Robin Example", "addressLine1": "1 Sample Street", "city": "Springfield", "stateCode": "OR",
                "postal": "97477", "countryCode": "US", "email": "robin@example.com",
            ],
            "orderItems": .array(items),
        ]
        guard case .created(var order)? = try? hub.create(body, channelId: channel) else { return nil }
        order.isPushed = false
        hub.orders[order.id] = order
        return order
    }

    @discardableResult
    private static func ship(_ hub: Hub, _ order: Order, _ plan: ShipmentPlan) -> Int? {
        (try? hub.ship(order.id, plan))?.id
    }

    /// One of each line first, the rest in a second parcel.
    private static func split(_ hub: Hub, _ order: Order) {
        ship(hub, order, ShipmentPlan(lines: order.items.map { .init(orderItemId: $0.id, sku: nil, quantity: 1) }))
        ship(hub, order, ShipmentPlan())
    }

    /// Moves what was just made into the past, an hour between one shipment and the next.
    private static func age(_ hub: Hub) {
        for (index, order) in hub.orders.orders.enumerated() {
            var order = order
            order.inserted = order.ordered + 300
            order.madeMicros = order.inserted.seconds * 1_000_000
            order.updated = hub.now - 86400 + index * 3600
            hub.orders[order.id] = order
        }
        let count = hub.shipments.shipments.count
        for (index, shipment) in hub.shipments.shipments.enumerated() {
            var shipment = shipment
            shipment.inserted = hub.now - 86400 - (count - index) * 3600
            shipment.shipped = shipment.inserted - 600
            shipment.updated = shipment.note == nil ? shipment.inserted : shipment.inserted + 5400
            hub.shipments[shipment.id] = shipment
        }
    }

    private static func plantForeignListings(in hub: Hub) {
        let made = hub.now - 86400 * 90
        let parent = Parent(
            id: hub.catalogue.nextParentId, channelId: Hub.otherChannelId, sku: "OTHER-1", title: "Listing of another channel",
            description: "<p>Not yours.</p>", inserted: made)
        hub.catalogue.add(parent)
        for index in 1...3 {
            let variant = Variant(
                id: hub.catalogue.nextVariantId, parent: parent, sku: "OTHER-1-\(index)", title: parent.title, inserted: made)
            variant.price = Money(cents: 1000 * index)
            variant.quantity = index
            variant.dynamic.updated = made
            variant.content.updated = made
            hub.catalogue.add(variant)
        }
        parent.content.updated = made
    }
}
