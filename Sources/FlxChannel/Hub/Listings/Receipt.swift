/// Names the rows of a page and the instant at which they were fetched, as text that a host stores and gives back.
///
/// Invariant: `text` carries a keyed hash of itself, so that a receipt of another channel, or one that was edited, is
/// recognised. It holds ids, SKUs, instants, queued changes and fingerprints only.
struct Receipt {
    struct Row {
        let id: String
        /// Changed after the fetch instant: cannot be answered without losing that change (decision 16).
        let isHeld: Bool
        let pending: String?
        let contentAt: Instant?
        let variants: [ListingRow.Variant]
        /// Of the content, where no instant can tell whether it changed before its answer arrived (decision 16).
        var fingerprint: String?
        /// What the hub's list finds the record by, where it does not take ids.
        var sku: String?
        /// Readings in a row after an answer that brought the record again.
        var rereads: Int64 = 0
    }

    let feed: Feed
    /// By the hub's clock; nil if the hub told no time.
    let fetchInstant: Instant?
    let rows: [Row]
    private let index: [ByteText: Int]

    init(feed: Feed, fetchInstant: Instant?, rows: [Row]) {
        self.feed = feed
        self.fetchInstant = fetchInstant
        self.rows = rows
        var index: [ByteText: Int] = [:]
        for (position, row) in rows.enumerated() { index[row.id] = position }
        self.index = index
    }

    func row(_ id: String) -> Row? {
        guard let position = index[id], position < rows.count else { return nil }
        return rows[position]
    }

    func text(key: [UInt8]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.key("feed")
        json.string(feed.name)
        json.key("at")
        if let fetchInstant { json.string(fetchInstant.isoSeconds) } else { json.null() }
        json.key("rows")
        json.beginArray()
        for row in rows {
            json.beginArray()
            json.number(text: row.id)
            json.integer(row.isHeld ? 1 : 0)
            json.string(row.pending ?? "")
            json.string(row.contentAt?.isoSeconds ?? "")
            // An object before the ids has what was added later; a text before them is the fingerprint, one after an id
            // that variant's change. Releases that knew none of them take the numbers alone.
            if row.sku != nil || row.rereads > 0 {
                json.beginObject()
                if let sku = row.sku { json.member("sku", sku) }
                if row.rereads > 0 { json.member("rereads", row.rereads) }
                json.endObject()
            }
            if let fingerprint = row.fingerprint { json.string(fingerprint) }
            for variant in row.variants {
                json.number(text: variant.id)
                if let pending = variant.pending { json.string(pending) }
            }
            json.endArray()
        }
        json.endArray()
        json.endObject()
        return "flx1." + Receipt.seal(json.bytes, key: key) + "." + String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads a receipt of this channel, or nil.
    static func read(_ text: String, key: [UInt8]) -> Receipt? {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, Text.isSame(String(parts[0]), "flx1") else { return nil }
        let body = Array(parts[2].utf8)
        guard Text.isSame(Receipt.seal(body, key: key), String(parts[1])) else { return nil }
        guard let document = try? JSONDocument.parse(body) else { return nil }
        guard let name = document.root.member("feed")?.string, let feed = Feed.named(name) else { return nil }
        guard let list = document.root.member("rows"), list.kind == .array else { return nil }
        var rows: [Row] = []
        for element in list.elements {
            guard let id = element.element(0)?.numberText else { return nil }
            var variants: [ListingRow.Variant] = []
            var fingerprint: String?
            var more: JSONValue?
            var position = 4
            while position < element.count {
                let item = element.element(position)
                if item?.kind == .object {
                    more = item
                } else if let id = item?.numberText {
                    variants.append(ListingRow.Variant(id: id, pending: nil))
                } else if let variant = variants.popLast() {
                    variants.append(ListingRow.Variant(id: variant.id, pending: item?.string))
                } else {
                    fingerprint = item?.string
                }
                position += 1
            }
            let pending = element.element(2)?.string ?? ""
            rows.append(
                Row(
                    id: id, isHeld: element.element(1)?.integer == 1, pending: pending.isEmpty ? nil : pending,
                    contentAt: element.element(3)?.string.flatMap { Instant(iso: $0) }, variants: variants,
                    fingerprint: fingerprint, sku: more?.member("sku")?.string, rereads: more?.member("rereads")?.integer ?? 0))
        }
        return Receipt(feed: feed, fetchInstant: document.root.member("at")?.string.flatMap { Instant(iso: $0) }, rows: rows)
    }

    private static func seal(_ body: [UInt8], key: [UInt8]) -> String {
        Text.hex(Array(SHA256.hmac(key: key, body).prefix(16)))
    }
}
