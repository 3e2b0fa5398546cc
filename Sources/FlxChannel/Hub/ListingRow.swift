/// What the channel needs to know of a record of a queue feed; everything else stays in the hub's bytes.
struct ListingRow {
    /// The hub's id, as digits.
    let id: String
    /// When the content that this feed is about changed last, if the hub says so (contract 3.1). For a parent that is
    /// never `updatedAt`, which moves with each answer.
    let contentAt: Instant?
    /// Handle of the queued status change, or nil (contract 3.2).
    let pending: String?
    /// The variants of a parent; empty for a variant.
    let variants: [Variant]
    /// The hub's id of the channel, if the record has it.
    let channelId: String?

    /// A variant inside its parent, as far as an answer is concerned.
    struct Variant: Equatable {
        let id: String
        /// Its own queued status change; one that stands on the parent alone is the parent's.
        let pending: String?
    }

    /// A status change that the hub would take for done unless the host says otherwise (contract 8.6). What a publish
    /// is about anyway, publishing and overwriting, is answered by the publish itself.
    static func mustBeNamed(_ pending: String?) -> Bool {
        guard let pending else { return false }
        return pending != "published" && pending != "overwrite_data"
    }

    /// Reads a record, or says why it cannot be answered.
    static func read(_ record: JSONValue, feed: Feed) throws(Fault) -> ListingRow {
        let id = try identity(record)
        guard let sku = record.member("sku"), sku.kind == .string else {
            throw Fault(path: "/sku", message: "is missing or no text")  // contract 9, row 22: id and sku are required
        }
        try checkNumbers(record)
        let isParent = feed == .listingsToPublish
        let contentName = isParent ? "staticContentUpdatedAt" : "dynamicContentUpdatedAt"
        let content = try instant(record, contentName)
        let any = try instant(record, "updatedAt")
        return ListingRow(
            id: id,
            contentAt: isParent ? content : content ?? any,
            pending: queued(record) ?? record.member("parent").flatMap(queued),
            variants: isParent ? variants(record) : [],
            channelId: record.member("channelId").flatMap(OrderField.idText))
    }

    /// The id that every record must have: an exact integer, or its digits as text (J-06).
    static func identity(_ record: JSONValue) throws(Fault) -> String {
        guard record.kind == .object else { throw Fault(path: "", message: "is no object") }
        guard let value = record.member("id"), !value.isNull else { throw Fault(path: "/id", message: "is missing") }
        guard let id = OrderField.idText(value) else { throw Fault(path: "/id", message: "is no exact id") }
        return id
    }

    /// Money and quantity of a variant, and of the variants of a parent: absent, or beyond doubt (J-07, J-08).
    static func checkNumbers(_ record: JSONValue) throws(Fault) {
        try checkNumbers(record, at: "")
        guard let variants = record.member("variants"), variants.kind == .array else { return }
        var index = 0
        for variant in variants.elements {
            try checkNumbers(variant, at: "/variants/\(index)")
            index += 1
        }
    }

    private static func checkNumbers(_ record: JSONValue, at path: String) throws(Fault) {
        for name in ["price", "cost", "msrp", "map"] {
            guard let value = record.member(name), !value.isNull, value.kind != .number else { continue }
            guard let text = value.string, JSONNumber(text.utf8) != nil else {
                throw Fault(path: "\(path)/\(name)", message: "is no decimal number")
            }
        }
        guard let quantity = record.member("quantity"), !quantity.isNull, quantity.integer == nil else { return }
        throw Fault(path: "\(path)/quantity", message: "is no whole number")
    }

    /// An instant that may be absent but not unclear (J-10).
    static func instant(_ record: JSONValue, _ name: String) throws(Fault) -> Instant? {
        guard let value = record.member(name), !value.isNull else { return nil }
        guard let text = value.string, let instant = Instant(iso: text) else {
            throw Fault(path: "/\(name)", message: "is no instant with a zone")
        }
        return instant
    }

    /// contract 9, row 23: it may stand on the variant, on the parent or on both.
    private static func queued(_ record: JSONValue) -> String? {
        let node = record.member("changeToListingStatus")
        guard let handle = node?.member("handle")?.string ?? node?.string, !handle.isEmpty else { return nil }
        return handle
    }

    private static func variants(_ record: JSONValue) -> [Variant] {
        guard let list = record.member("variants"), list.kind == .array else { return [] }
        var variants: [Variant] = []
        for variant in list.elements {
            guard let id = variant.member("id").flatMap(OrderField.idText) else { continue }
            variants.append(Variant(id: id, pending: queued(variant)))
        }
        return variants
    }
}
