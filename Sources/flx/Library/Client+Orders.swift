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

    func retry(orders numbers: [String]) throws {
        let text = JSON.texts(numbers).line
        try Call.run { flx_outbox_retry(handle, text, text.utf8.count, $0) }
    }

    func discard(orders numbers: [String]) throws {
        let text = JSON.texts(numbers).line
        try Call.run { flx_outbox_discard(handle, text, text.utf8.count, $0) }
    }
}
