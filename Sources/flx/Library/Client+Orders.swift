import CFlxChannel

/// The outbox.
extension Client {
    /// Checks an order without a client.
    static func check(order: [UInt8]) throws -> JSON {
        try order.withText { text, count in try Call.json { flx_order_check(text, count, $0, $1) } }
    }

    func submit(order: [UInt8]) throws -> JSON {
        try order.withText { text, count in try Call.json { flx_order_submit(handle, text, count, $0, $1) } }
    }

    /// The order as the hub shows it now, in its own bytes.
    func status(order number: String, waitMs: Int32) throws -> [UInt8] {
        var page: OpaquePointer?
        try Call.run { flx_order_status(handle, number, number.utf8.count, waitMs, &page, $0) }
        defer { flx_page_free(page) }
        return Call.bytes { flx_record_json(page, 0, $0, $1) }
    }

    func cancel(order number: String, waitMs: Int32) throws -> JSON {
        try Call.json { flx_order_cancel(handle, number, number.utf8.count, waitMs, $0, $1) }
    }

    func history(order number: String) throws -> JSON {
        try Call.json { flx_outbox_history(handle, number, number.utf8.count, $0, $1) }
    }

    func outbox(filter: JSON) throws -> JSON {
        let text = filter.line
        return try Call.json { flx_outbox_list(handle, text, text.utf8.count, $0, $1) }
    }

    /// Orders that have no verdict, the oldest first: queued ones, and those that are being sent, among which is also one whose
    /// process ended in the middle until another goes on with it.
    func unsent(most: Int) throws -> [JSON] {
        let orders = try ["queued", "sending"].flatMap { state in
            try outbox(
                filter: .object([.init(key: "state", value: .text(state)), .init(key: "limit", value: .integer(most))])
            ).elements
        }
        func age(_ order: JSON) -> Int64 { order["submitted_at"]?.string.flatMap(Instant.ms) ?? 0 }
        return Array(orders.sorted { (age($0), $0["row"]?.integer ?? 0) < (age($1), $1["row"]?.integer ?? 0) }.prefix(most))
    }

    func retry(orders numbers: [String]) throws {
        let text = JSON.texts(numbers).line
        try Call.run { flx_outbox_retry(handle, text, text.utf8.count, $0) }
    }

    func discard(orders numbers: [String]) throws {
        let text = JSON.texts(numbers).line
        try Call.run { flx_outbox_discard(handle, text, text.utf8.count, $0) }
    }

    func purge(orders numbers: [String]) throws -> JSON {
        let text = JSON.object([.init(key: "numbers", value: .texts(numbers))]).line
        return try Call.json { flx_outbox_purge(handle, text, text.utf8.count, $0, $1) }
    }
}
