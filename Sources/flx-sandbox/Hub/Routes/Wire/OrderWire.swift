/// Writes orders as the hub does under the present switches.
struct OrderWriter {
    private let switches: Switches
    private let hub: Hub
    private let dates: DateWriter

    init(_ hub: Hub) {
        self.hub = hub
        switches = hub.switches
        dates = DateWriter(switches[.dates])
    }

    func node(_ order: Order, tags: Bool = true) -> JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        add("id", .integer(order.id))
        add("accountId", .integer(Hub.accountId))
        if switches.bearChannelId("orders") { add("channelId", .integer(order.channelId)) }
        add("orderNumber", number(order.number))
        add("referenceNumber", order.referenceNumber.map { number($0) } ?? .null)
        add("orderTotal", money(order.total))
        add("note", .text(order.note))
        add("importedFrom", .integer(order.channelId))
        if switches[.orderInstants] == "told" {
            add("orderedAt", dates.value(order.ordered))
            add("insertedAt", dates.value(order.inserted))
            add("updatedAt", dates.value(order.updated))
        }
        add("shippingText", .text(order.shippingText))
        add("acknowledgedStatus", .string(order.acknowledged.rawValue))
        add("shippedStatus", .string(order.shipped.rawValue))
        add("orderStatus", .string(order.status.rawValue))
        add("shippingAddress", address(order.shippingAddress, of: order))
        add("billingAddress", address(order.billingAddress, of: order))
        add("orderItems", .array(lines(of: order).map { node($0, of: order) }))
        add("fulfillmentRequests", .array(order.requests.map { node($0, of: order) }))
        add("tags", .array(tags ? order.tags.map { .string($0) } : []))
        add("customFields", .array(fields(order.customFields, order.id)))
        if switches[.orderExtra] == "echo" { members += order.extra }
        return .object(members)
    }

    func node(_ item: OrderItem, of order: Order) -> JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        func trio(_ name: String, _ done: Int) {
            add(name + "Quantity", .integer(done))
            add(name + "Status", .string(Completion(done, of: item.quantity).rawValue))
        }
        add("id", .integer(item.id))
        add("orderId", .integer(order.id))
        add("sku", .string(sku(of: item)))
        add("quantity", .integer(item.quantity))
        add("title", .text(item.title))
        add("price", money(item.price))
        add("cost", item.cost.map { .number($0.text()) } ?? .null)
        add("listingVariantId", item.variantId.map { .integer($0) } ?? .null)
        add("productVariantId", item.productVariantId.map { .integer($0) } ?? .null)
        add("externalListingId", .text(item.externalListingId))
        trio("shipped", item.shipped)
        trio("allocated", item.allocated)
        trio("acknowledged", item.acknowledged)
        add("canceledQuantity", .integer(item.isTakenOut ? item.quantity - item.shipped : item.canceled))
        add("bundleComponents", [])
        add("customFields", .array(fields(item.customFields, item.id)))
        add("shippingAddress", item.shippingAddress.map { address($0, of: order) } ?? .null)
        if switches[.orderExtra] == "echo" { members += item.extra }
        return .object(members)
    }

    /// The lines of an order, and with `gift` one that the hub put in.
    private func lines(of order: Order) -> [OrderItem] {
        guard switches[.orderLines] == "gift" else { return order.items }
        let gift = OrderItem(id: order.id + 8_000_000, quantity: 1, sku: "GIFT", title: "Gift of the house", price: .number("0"))
        return order.items + [gift]
    }

    private func sku(of item: OrderItem) -> String {
        switch switches[.orderLines] {
        case "product_sku": "P-" + item.sku
        case "upper_sku": item.sku.uppercased()
        default: item.sku
        }
    }

    private func node(_ request: FulfillmentRequest, of order: Order) -> JSONValue {
        [
            "id": .integer(request.id), "fulfillmentRequestNumber": .string(request.number), "orderId": .integer(order.id),
            "sourceId": .integer(Hub.sourceId),
            "fulfillmentRequestStatus": [
                "name": .string(request.status), "handle": .string(request.status.lowercased()),
            ],
            "acknowledgedAt": dates.value(request.sent), "sentAt": dates.value(request.sent),
            "generatedAt": dates.value(request.generated), "voidedAt": nil,
        ]
    }

    /// A custom field as it was sent, with an id of the hub's.
    private func fields(_ sent: [JSONValue], _ base: Int) -> [JSONValue] {
        sent.enumerated().map { index, field in
            ["id": .integer(base * 10 + index), "name": field["name"] ?? "", "value": field["value"] ?? ""]
        }
    }

    private func address(_ address: JSONValue, of order: Order) -> JSONValue {
        let isRedacted =
            switch switches[.addressRedacted] {
            case "always": true
            case "closed": order.status == .closed
            case "old": order.ordered < hub.now - 30 * 86400
            default: false
            }
        return isRedacted ? hub.redacted(address) : address
    }

    private func number(_ kept: String) -> JSONValue {
        switches[.orderNumberForm] == "number" && Hub.isNumber(kept) ? .number(kept) : .string(kept)
    }

    private func money(_ value: JSONValue) -> JSONValue {
        guard let text = value.numberText else { return value }
        switch switches[.priceEcho] {
        case "two_places": return Money(text).map { .number($0.text(places: 2)) } ?? value
        case "text": return .string(text)
        default: return value
        }
    }
}
