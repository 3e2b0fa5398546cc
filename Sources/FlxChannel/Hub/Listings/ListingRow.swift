/// What the channel needs to know of a record of a queue feed; everything else stays in the hub's bytes.
struct ListingRow {
    /// The hub's id, as digits.
    let id: String
    let sku: String
    /// When the content that this feed is about changed last, if the hub says so (contract 3.1). For a parent that is
    /// never `updatedAt`, which moves with each answer.
    let contentAt: Instant?
    /// Handle of the queued status change, or nil (contract 3.2).
    let pending: String?
    /// The variants of a parent; empty for a variant.
    let variants: [Variant]

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
        let fields = ListingFields(of: record)
        let id = try identity(record, fields.value(.id))
        guard let sku = fields[.sku], fields.nodes.kind(sku) == .string else {
            throw Fault(path: "/sku", message: "is missing or no text")  // contract 9, row 22: id and sku are required
        }
        try checkNumbers(fields)
        let isParent = feed == .listingsToPublish
        let content = try fields.instant(isParent ? .staticContentUpdatedAt : .dynamicContentUpdatedAt)
        let any = try fields.instant(.updatedAt)
        return ListingRow(
            id: id, sku: fields.value(.sku)?.string ?? "", contentAt: isParent ? content : content ?? any,
            pending: try pending(fields), variants: isParent ? try variants(fields) : [])
    }

    /// The id that every record must have: an exact integer, or its digits as text (J-06).
    static func identity(_ record: JSONValue) throws(Fault) -> String {
        try identity(record, record.member("id"))
    }

    private static func identity(_ record: JSONValue, _ value: JSONValue?) throws(Fault) -> String {
        guard record.kind == .object else { throw Fault(path: "", message: "is not an object") }
        guard let value, !value.isNull else { throw Fault(path: "/id", message: "is missing") }
        guard let id = OrderField.idText(value) else { throw Fault(path: "/id", message: "is not an exact id") }
        return id
    }

    /// Money and quantity of a variant, and of the variants of a parent: absent, or beyond doubt (J-07, J-08).
    static func checkNumbers(_ fields: ListingFields) throws(Fault) {
        try fields.checkNumbers(at: "")
        guard let variants = fields.value(.variants), variants.kind == .array else { return }
        var index = 0
        for variant in variants.elements {
            try ListingFields(of: variant).checkNumbers(at: "/variants/\(index)")
            index += 1
        }
    }

    /// The queued status change of a record of any feed, nil also if it cannot be read.
    static func pending(of record: JSONValue) -> String? { try? pending(ListingFields(of: record)) }

    private static func pending(_ fields: ListingFields) throws(Fault) -> String? {
        if let own = try queued(fields, at: "") { return own }
        return try fields.value(.parent).flatMap { parent throws(Fault) in try queued(ListingFields(of: parent), at: "/parent") }
    }

    /// contract 9, row 23: it may stand on the variant, on the parent or on both. One that is there and cannot be read is not none:
    /// an answer would confirm it.
    private static func queued(_ fields: ListingFields, at path: String) throws(Fault) -> String? {
        guard let value = fields.value(.changeToListingStatus) else { return nil }
        if let handle = value.member("handle")?.string ?? value.string { return handle.isEmpty ? nil : handle }
        if value.isObject, value.members.allSatisfy({ $0.1.isNull }) { return nil }
        throw Fault(path: "\(path)/changeToListingStatus", message: "is a queued status change without a handle")
    }

    private static func variants(_ fields: ListingFields) throws(Fault) -> [Variant] {
        guard let list = fields.value(.variants), list.kind == .array else { return [] }
        var variants: [Variant] = []
        for (index, variant) in list.elements.enumerated() {
            guard let id = variant.member("id").flatMap(OrderField.idText) else { continue }
            let pending = try queued(ListingFields(of: variant), at: "/variants/\(index)")
            variants.append(Variant(id: id, pending: pending))
        }
        return variants
    }
}
