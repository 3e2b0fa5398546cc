/// The answers that a host gives for rows of a receipt, checked and turned into rows for the wire (contract 3.4, 3.7).
struct AnswerDocument {
    /// One checked answer.
    struct Row {
        let id: String
        /// The member of the body's array, frozen, so that every attempt says the same (P-08).
        let wire: [UInt8]
        /// The row had changed by the fetch instant already: the answer is not sent, the row comes again (decision 16).
        let isHeld: Bool
        let pending: String?
        let contentAt: Instant?
        let fingerprint: String?
        /// The answer may hide a change, so that the record is to be read once more.
        let isReread: Bool
        let sku: String?
        let rereads: Int64
    }

    enum Refusal: Error {
        case json(JSONFault)
        case faults([Fault])
    }

    static func check(
        _ bytes: [UInt8], receipt: Receipt, lateMs: Int64 = 0, names: WireNames = WireNames()
    ) throws(Refusal) -> [Row] {
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw .json(error) }
        guard document.root.kind == .array else {
            throw .faults([Fault(path: "", message: "is not a list; give a list of answers")])
        }
        var checker = AnswerChecker(receipt: receipt, lateMs: lateMs, names: names)
        var index = 0
        for element in document.root.elements {
            checker.answer(element, "/\(index)")
            index += 1
        }
        guard checker.faults.isEmpty else { throw .faults(checker.faults) }
        return checker.rows
    }

    static let variantFields = ["id", "error", "confirm", "status", "isLinkedToRegularProduct"]
    static let parentFields = ["id", "error", "confirm", "externalId", "variants", "images"]
    static let publishedVariantFields = ["id", "error", "confirm", "externalId", "images"]
    static let imageFields = ["id", "externalId"]
    /// contract 3.2.
    static let statusHandles = [
        "not_listed", "listed", "hidden", "delisted", "published", "overwrite_data", "broken_link",
    ]
}

/// Finds every fault of a list of answers at once, and writes the good ones.
private struct AnswerChecker {
    let receipt: Receipt
    let lateMs: Int64
    let names: WireNames
    private(set) var faults: [Fault] = []
    private(set) var rows: [AnswerDocument.Row] = []
    private var seen: Set<ByteText> = []
    private var externalIds: Set<ByteText> = []

    init(receipt: Receipt, lateMs: Int64, names: WireNames) {
        self.receipt = receipt
        self.lateMs = lateMs
        self.names = names
    }

    mutating func answer(_ value: JSONValue, _ path: String) {
        let isPublish = receipt.feed == .listingsToPublish
        guard members(value, isPublish ? AnswerDocument.parentFields : AnswerDocument.variantFields, path) else { return }
        guard let id = identity(value, path) else { return }
        guard let row = receipt.row(id) else { return fault(path + "/id", "is not on the page of this receipt") }
        guard seen.insert(id).inserted else { return fault(path + "/id", "is answered twice") }

        var json = JSONWriter()
        json.beginObject()
        json.key(isPublish ? "listingParentId" : "listingVariantId")
        json.number(text: id)
        let isError = error(value, path, &json)
        let before = faults.count
        if isPublish {
            external(value, of: "parent", path, &json)
            variants(value, row, path, &json)
            images(value, of: "ListingParentAcknowledgement", path, &json)
        } else {
            if let at = syncedAt(row) {
                json.key("syncedAt")
                json.string(at.isoSeconds)
            }
            link(value, path, &json)
        }
        let forced = isPublish ? false : status(value, path, &json)
        let isAnswered = isError || forced
        confirmation(
            value, queued: row.pending, isNeeded: ListingRow.mustBeNamed(row.pending) && !isAnswered,
            isAnswered: isAnswered, path)
        json.endObject()
        guard faults.count == before else { return }
        rows.append(
            AnswerDocument.Row(
                id: id, wire: json.bytes, isHeld: row.isHeld, pending: row.pending, contentAt: row.contentAt,
                fingerprint: row.fingerprint,
                isReread: isPublish || (!row.isHeld && (row.fingerprint != nil || receipt.fetchInstant == nil)), sku: row.sku,
                rereads: row.rereads))
    }

    /// The latest instant up to which all changes were surely seen: the fetch instant, less what the hub may show late. Where
    /// that is not known, or the row is newer, it is the row's own instant; what changed in that very second is then found by
    /// reading it once more (contract 3.4, 9 row 29).
    private func syncedAt(_ row: Receipt.Row) -> Instant? {
        guard row.fingerprint == nil, let fetched = receipt.fetchInstant else { return row.contentAt }
        return Instant(ms: fetched.ms &- lateMs)
    }

    // MARK: members

    private mutating func error(_ value: JSONValue, _ path: String, _ json: inout JSONWriter) -> Bool {
        guard let member = value.member("error"), !member.isNull else { return false }
        guard let text = member.string, !text.isEmpty else {
            fault(path + "/error", "is not text that says what went wrong; leave it out for success")
            return true
        }
        if text.utf8.count > 2000 { fault(path + "/error", "has \(text.utf8.count) bytes; at most 2000 are allowed") }
        json.key("error")
        json.string(text)
        return true
    }

    /// Silence confirms a queued change (contract 8.6), so that a host which did not look must not be silent.
    private mutating func confirmation(
        _ value: JSONValue, queued: String?, isNeeded: Bool, isAnswered: Bool, _ path: String
    ) {
        guard let confirm = value.member("confirm"), !confirm.isNull else {
            if isNeeded, let queued {
                fault(
                    path + "/confirm",
                    "is missing: this listing is to become \"\(queued)\"; do that and answer \"confirm\":\"\(queued)\", or answer with \"error\""
                )
            }
            return
        }
        guard let handle = confirm.string else { return fault(path + "/confirm", "is not text") }
        if handle != queued {
            let found = queued.map { "\"\($0)\"" } ?? "nothing"
            fault(path + "/confirm", "is \"\(Redaction.clean(handle))\", but \(found) is queued")
        } else if isAnswered {
            fault(path + "/confirm", "and error or status exclude each other")
        }
    }

    private mutating func status(_ value: JSONValue, _ path: String, _ json: inout JSONWriter) -> Bool {
        guard let member = value.member("status"), !member.isNull else { return false }
        guard let handle = member.string, AnswerDocument.statusHandles.contains(handle) else {
            fault(path + "/status", "is not a status; one of \(AnswerDocument.statusHandles.joined(separator: ", "))")
            return true
        }
        json.key("overrideStatus")
        json.beginObject()
        json.key("handle")
        json.string(handle)
        json.endObject()
        return true
    }

    private mutating func link(_ value: JSONValue, _ path: String, _ json: inout JSONWriter) {
        guard let member = value.member("isLinkedToRegularProduct"), !member.isNull else { return }
        guard let isLinked = member.bool else { return fault(path + "/isLinkedToRegularProduct", "is not true or false") }
        json.key(names.field("ListingVariantAcknowledgement", "isLinkedToRegularProduct"))
        json.bool(isLinked)
    }

    private mutating func external(_ value: JSONValue, of kind: String, _ path: String, _ json: inout JSONWriter) {
        guard let member = value.member("externalId"), !member.isNull else { return }
        guard let id = member.string ?? member.integer.map({ "\($0)" }), !id.isEmpty, id.utf8.count <= 200 else {
            return fault(path + "/externalId", "is not text of 1 to 200 bytes")
        }
        // contract 3.7: unique per channel; a parent and its only variant may well share one id.
        if !externalIds.insert(kind + ":" + id).inserted {
            fault(path + "/externalId", "is used twice; each \(kind) needs its own")
        }
        json.key("externalListingId")
        json.string(id)
    }

    /// The wire needs every variant of the parent; those that the host left out are answered like the parent. Each that
    /// is named there without an error has its own queued change confirmed (contract 9, row 23).
    private mutating func variants(_ value: JSONValue, _ row: Receipt.Row, _ path: String, _ json: inout JSONWriter) {
        let page = PageAnswer(value)
        var given: Set<ByteText> = []
        json.key("variants")
        json.beginArray()
        if let list = value.member("variants"), !list.isNull {
            guard list.kind == .array else { return fault(path + "/variants", "is not a list") }
            var index = 0
            for element in list.elements {
                variant(element, row, page, path + "/variants/\(index)", &given, &json)
                index += 1
            }
        }
        for variant in row.variants where !given.contains(variant.id) {
            if page.error == nil, let queued = variant.pending, page.mustName(queued) {
                fault(
                    path + "/variants",
                    "leaves out variant \(variant.id), which is to become \"\(queued)\"; do that and give it \"confirm\":\"\(queued)\", or give it an \"error\""
                )
            }
            json.beginObject()
            json.key("listingVariantId")
            json.number(text: variant.id)
            if let error = page.error {
                json.key("error")
                json.string(error)
            }
            json.endObject()
        }
        json.endArray()
    }

    /// What an answer of a parent says for those of its variants that say nothing else.
    private struct PageAnswer {
        let error: String?
        let confirmed: String?

        init(_ value: JSONValue) {
            error = value.member("error")?.string
            confirmed = value.member("confirm")?.string
        }

        func mustName(_ queued: String?) -> Bool {
            ListingRow.mustBeNamed(queued) && queued != confirmed
        }
    }

    private mutating func variant(
        _ value: JSONValue, _ row: Receipt.Row, _ page: PageAnswer, _ path: String, _ given: inout Set<ByteText>,
        _ json: inout JSONWriter
    ) {
        guard members(value, AnswerDocument.publishedVariantFields, path), let id = identity(value, path) else { return }
        guard let known = row.variants.first(where: { $0.id == id }) else {
            return fault(path + "/id", "is not a variant of this parent")
        }
        guard given.insert(id).inserted else { return fault(path + "/id", "is answered twice") }
        json.beginObject()
        json.key("listingVariantId")
        json.number(text: id)
        let isError = error(value, path, &json)
        let isConfirmed = !(value.member("confirm")?.isNull ?? true)
        let inherited = isError || isConfirmed ? nil : page.error
        if let inherited {
            json.key("error")
            json.string(inherited)
        }
        confirmation(
            value, queued: known.pending ?? row.pending,
            isNeeded: page.mustName(known.pending) && !isError && inherited == nil, isAnswered: isError, path)
        external(value, of: "variant", path, &json)
        images(value, of: "ListingParentAcknowledgementVariant", path, &json)
        json.endObject()
    }

    /// On which level they belong is inferred: both are offered (contract 3.7).
    private mutating func images(_ value: JSONValue, of schema: String, _ path: String, _ json: inout JSONWriter) {
        guard let list = value.member("images"), !list.isNull else { return }
        guard list.kind == .array else { return fault(path + "/images", "is not a list") }
        json.key(names.field(schema, "images"))
        json.beginArray()
        var index = 0
        for element in list.elements {
            let here = path + "/images/\(index)"
            if members(element, AnswerDocument.imageFields, here), let id = identity(element, here) {
                json.beginObject()
                json.key("id")
                json.number(text: id)
                external(element, of: "image", here, &json)
                json.endObject()
            }
            index += 1
        }
        json.endArray()
    }

    // MARK: shared

    private mutating func members(_ value: JSONValue, _ known: [String], _ path: String) -> Bool {
        guard value.kind == .object else {
            fault(path, "is not an object")
            return false
        }
        for (key, _) in value.members where !known.contains(key) {
            let near = Text.suggestion(for: key, in: known)
            fault(path + "/" + Fault.pointerToken(key), "is not a member of an answer\(near)")
        }
        return true
    }

    private mutating func identity(_ value: JSONValue, _ path: String) -> String? {
        let id = value.member("id").flatMap(OrderField.givenId)
        if id == nil { fault(path + "/id", "is missing or no hub id") }
        return id
    }

    private mutating func fault(_ path: String, _ message: String) {
        guard faults.count < 100 else { return }
        faults.append(Fault(path: path, message: message))
    }
}
