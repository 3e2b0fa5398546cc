/// An order changed by somebody in the hub's app: its lines, its address, its total; or made at another time.
extension Hub {
    /// Applies `lines`, `address`, `total` and `inserted_at` of an admin call, all or none, and says whether there was one of them.
    func edit(_ order: inout Order, _ body: JSONValue) throws(Refusal) -> Bool {
        var edited = order, isEdited = false
        if let nodes = body["lines"] {
            guard let nodes = nodes.array else { throw .badRequest("lines is not an array") }
            for node in nodes { try editLine(of: &edited, node) }
            isEdited = true
        }
        if let changes = body["address"] {
            edited.shippingAddress = try changed(edited.shippingAddress, changes)
            isEdited = true
        }
        if let total = body["total"]?.looseText {
            guard Money(total) != nil else { throw .badRequest("total is not a decimal of up to four places") }
            edited.total = .number(total)
            isEdited = true
        }
        if let text = body["inserted_at"]?.text {
            guard let at = Instant(iso: text) else { throw .badRequest("inserted_at is not an instant") }
            edited.inserted = at
            isEdited = true
        }
        order = edited
        return isEdited
    }

    /// `{"add": {...}}` as in an order, `{"cancel": SKU or item id}`, or `{"sku": ..., "to": ...}`.
    private func editLine(of order: inout Order, _ node: JSONValue) throws(Refusal) {
        if let new = node["add"] {
            order.items.append(try item(new, "add"))
        } else if let name = node["cancel"]?.looseText {
            order.items[try line(name, of: order)].isTakenOut = true
        } else if let sku = node["sku"]?.looseText, let other = node["to"]?.looseText {
            order.items[try line(sku, of: order)].sku = other
        } else {
            throw .badRequest("a line has add, cancel, or sku and to")
        }
    }

    /// The first line with that SKU or item id that is not taken out already.
    private func line(_ name: String, of order: Order) throws(Refusal) -> Int {
        let found = order.items.firstIndex { !$0.isTakenOut && ($0.sku.hasBytes(of: name) || String($0.id) == name) }
        guard let found else { throw .badRequest("order \(order.number) has no line \(name)") }
        return found
    }

    /// An address with some members changed; what the hub made of the others is made anew.
    private func changed(_ address: JSONValue, _ changes: JSONValue) throws(Refusal) -> JSONValue {
        guard let changes = changes.members else { throw .badRequest("address is not an object") }
        let pairs = [["state", "stateCode"], ["country", "countryCode"], ["name", "firstName", "lastName"]]
        let stale = changes.flatMap { change in pairs.first { $0.contains(change.key) } ?? [change.key] }
        let kept = (address.members ?? []).filter { !stale.contains($0.key) && !["id", "redacted", "hash"].contains($0.key) }
        return try self.address(.object(kept + changes), "address", required: true)
    }
}
