/// `POST /orders`: a new order, or a repeat of one the hub has.
extension Hub {
    enum Creation {
        case created(Order)
        case repeated(Order)
    }

    func create(_ sent: JSONValue, channelId: Int) throws(Refusal) -> Creation {
        let body = renamed(sent)
        let number = try sentNumber(body), reference = body["referenceNumber"]?.looseText.map { keptForm($0) }
        let digest = SHA256.hex(body.canonical.bytes)
        if let first = firstOrder(number: keptForm(number), reference: reference, channelId: channelId) {
            if let answer = try repeated(first, digest: digest, body: body) { return answer }
        }
        let order = try newOrder(body, channelId: channelId, digest: digest)
        orders.add(order)
        return .created(order)
    }

    /// The member names this hub wants, turned back into the proposed ones.
    func renamed(_ body: JSONValue) -> JSONValue {
        let pairs = switches.list(.orderRename).map { $0.split(separator: ":").map(String.init) }.filter { $0.count == 2 }
        guard !pairs.isEmpty else { return body }
        let names = Dictionary(pairs.map { ($0[1], $0[0]) }, uniquingKeysWith: { first, _ in first })
        let replaced = Set(pairs.map { $0[0] })
        func rename(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): return .array(elements.map(rename))
            case .object(let members):
                return .object(
                    members.map { member in
                        let unknown = replaced.contains(member.key) ? "unknown." + member.key : member.key
                        return .init(key: names[member.key] ?? unknown, value: rename(member.value))
                    })
            default: return value
            }
        }
        return rename(body)
    }

    /// What a second POST of a key means; nil lets a second order come into being.
    private func repeated(_ first: Order, digest: String, body: JSONValue) throws(Refusal) -> Creation? {
        var rule = switches[.orderDuplicate]
        if digest != first.digest, switches[.orderChanged] != "as_duplicate" { rule = switches[.orderChanged] }
        switch rule {
        case "conflict": throw Refusal(status: 409, message: "order \(first.number) exists")
        case "bad_request": throw .badRequest("order number \(first.number) was already imported")
        case "second": return nil
        case "overwrite":
            var order = try newOrder(body, channelId: first.channelId, digest: digest)
            order.id = first.id
            (order.inserted, order.madeMicros) = (first.inserted, first.madeMicros)
            orders[first.id] = order
            return .repeated(order)
        default: return .repeated(first)
        }
    }

    private func newOrder(_ body: JSONValue, channelId: Int, digest: String) throws(Refusal) -> Order {
        let number = try sentNumber(body)
        guard let nodes = body["orderItems"]?.array, !nodes.isEmpty else { throw .badRequest("orderItems is missing or empty") }
        let address = try address(body["shippingAddress"], "shippingAddress", required: true)
        let billing = try self.address(body["billingAddress"], "billingAddress", required: false)
        if case .string? = body["orderTotal"] { throw .badRequest("orderTotal is not a number") }
        var items: [OrderItem] = []
        for (index, node) in nodes.enumerated() { items.append(try item(node, "orderItems[\(index)]")) }
        var ordered = now
        if let value = body["orderedAt"], !value.isNull {
            guard let text = value.text, let instant = Instant(iso: text) else {
                throw .badRequest("orderedAt is not a date-time with a zone")
            }
            ordered = instant
        }
        var order = Order(
            id: orders.newOrderId(), channelId: channelId, number: keptForm(number),
            referenceNumber: body["referenceNumber"]?.looseText.map { keptForm($0) }, sentNumber: number,
            total: body["orderTotal"] ?? .null, note: body["note"]?.text, ordered: ordered, inserted: now, updated: now,
            madeMicros: clock.nowMicros, shippingText: body["shippingText"]?.text, shippingAddress: address,
            billingAddress: billing, items: items,
            tags: (body["tags"]?.array ?? []).compactMap(\.text), customFields: body["customFields"]?.array ?? [],
            extra: try extra(body, known: Self.orderMembers), digest: digest)
        try route(&order)
        return order
    }

    func item(_ node: JSONValue, _ path: String) throws(Refusal) -> OrderItem {
        guard let quantity = node["quantity"]?.integer, (1...Self.largestQuantity).contains(quantity) else {
            throw .badRequest("\(path).quantity is missing or not a whole number from 1 to \(Self.largestQuantity)")
        }
        let price = node["price"] ?? .null
        guard price.isNull || price.numberText != nil else { throw .badRequest("\(path).price is not a number") }
        var item = OrderItem(
            id: orders.newItemId(), quantity: quantity, sku: node["sku"]?.looseText ?? "", title: node["title"]?.text,
            price: price, productVariantId: node["productVariantId"]?.integer,
            externalListingId: node["externalListingId"]?.looseText, customFields: node["customFields"]?.array ?? [],
            extra: try extra(node, known: Self.itemMembers))
        if let sent = node["shippingAddress"] {
            item.shippingAddress = try address(sent, "\(path).shippingAddress", required: false)
        }
        if let variant = match(node) {
            item.variantId = variant.id
            item.productVariantId = variant.productVariantId
            item.externalListingId = variant.externalId ?? item.externalListingId
            item.cost = variant.cost
            if item.sku.isEmpty { item.sku = variant.sku }
            if item.title == nil { item.title = variant.title }
        }
        return item
    }

    /// The listing an item means, by the first of its keys that finds one.
    private func match(_ node: JSONValue) -> Variant? {
        for key in switches.list(.orderMatch) {
            let found: Variant? =
                switch key {
                case "listingVariantId": node[key]?.integer.flatMap { catalogue.variant(id: $0) }
                case "productVariantId": node[key]?.integer.flatMap { catalogue.variant(id: $0 &- 1_000_000) }
                case "externalListingId": node[key]?.looseText.flatMap { catalogue.variant(externalId: $0) }
                case "sku": node[key]?.looseText.flatMap { catalogue.variant(sku: $0) }
                default: nil
                }
            if let found, found.parent.channelId == Hub.channelId { return found }
        }
        return nil
    }

    private func extra(_ body: JSONValue, known: Set<ByteText>) throws(Refusal) -> [JSONValue.Member] {
        let unknown = (body.members ?? []).filter { !known.contains($0.key) }
        if let first = unknown.first, switches[.orderUnknownFields] == "refuse" {
            throw .badRequest("unknown field \(first.key)")
        }
        return unknown
    }

    static let largestQuantity = 1_000_000

    private static let orderMembers: Set<ByteText> = [
        "orderNumber", "referenceNumber", "channelId", "orderedAt", "orderTotal", "note", "shippingText",
        "shippingAddress", "billingAddress", "orderItems", "tags", "customFields",
    ]
    private static let itemMembers: Set<ByteText> = [
        "quantity", "price", "sku", "externalListingId", "listingVariantId", "productVariantId", "title",
        "shippingAddress", "customFields",
    ]
}
