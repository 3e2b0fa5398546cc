/// What happens to an order after it was taken: held, or sent on to a source.
extension Hub {
    func route(_ order: inout Order) throws(Refusal) {
        let unmatched = order.items.filter { $0.variantId == nil }
        if let item = unmatched.first, switches[.orderUnmatched] == "refuse" {
            throw .badRequest("no listing for item \(item.sku)")
        }
        if let item = unmatched.first, switches[.orderUnmatched] != "open" {
            order.hold = "item \(item.sku) is Not Managed"
            order.status = switches[.orderUnmatched] == "not_managed" ? .notManaged : .onHold
        } else if !isMapped(order.shippingText), switches[.orderUnmapped] != "open" {
            order.hold = "no mapping for shipping text \(order.shippingText ?? "")"
            order.status = switches[.orderUnmapped] == "on_hold" ? .onHold : .noShippingMethod
        } else if let item = order.items.first(where: lacksStock), switches[.orderNoStock] == "on_hold" {
            order.hold = "not enough of \(item.sku)"
            order.status = .onHold
        } else {
            order.status = .open
            order.hold = nil
            if generatesRequests { generateRequest(for: &order) }
        }
        if switches[.orderStock] == "reduce" { reduceStock(for: order) }
    }

    /// Whether the channel's settings let a request come into being without a person.
    private var generatesRequests: Bool {
        switches[.generateOnImport] == "true" && ["Paid", "Deferred"].contains(switches[.invoiceStatus])
    }

    /// Sends the items on to the source, which acknowledges them at once.
    func generateRequest(for order: inout Order) {
        guard order.requests.isEmpty else { return }
        let id = orders.newRequestId()
        order.requests.append(
            FulfillmentRequest(id: id, number: "\(order.number)-1", status: "Acknowledged", generated: now, sent: now))
        for index in order.items.indices {
            order.items[index].allocated = order.items[index].quantity
            order.items[index].acknowledged = order.items[index].quantity
        }
    }

    private func isMapped(_ text: String?) -> Bool {
        guard let text, !text.isEmpty else { return true }
        let mapped = switches.list(.shippingMapped)
        return mapped.contains("any") || mapped.contains { $0.lowercased() == text.lowercased() }
    }

    private func lacksStock(_ item: OrderItem) -> Bool {
        guard let id = item.variantId, let variant = catalogue.variant(id: id) else { return false }
        return item.quantity > variant.quantity ?? 0
    }

    private func reduceStock(for order: Order) {
        for item in order.items {
            guard let id = item.variantId, let variant = catalogue.variant(id: id), let quantity = variant.quantity else {
                continue
            }
            keepPast(of: variant.parent)
            variant.quantity = max(0, quantity - item.quantity)
            touchDynamic(variant)
        }
    }

    /// A status change by the channel or by hand.
    func change(_ order: inout Order, to status: OrderStatus, note: String?) throws(Refusal) {
        if status == .canceled {
            if order.shipped == .completed, switches[.cancelShipped] == "refuse" {
                throw .badRequest("order \(order.number) has shipped")
            }
            if switches[.cancelRequests] == "cancel" {
                for index in order.requests.indices { order.requests[index].status = "Canceled" }
                for index in order.items.indices {
                    order.items[index].canceled = order.items[index].quantity - order.items[index].shipped
                }
            }
        }
        order.status = status
        if status == .open {
            order.hold = nil
            if generatesRequests { generateRequest(for: &order) }
        }
        if let note, !note.isEmpty { order.note = [order.note, note].compactMap { $0 }.joined(separator: "\n") }
        order.updated = now
    }
}
