/// Answered records that are read once more together, and what was seen of them so far.
final class RereadBatch {
    enum Way {
        /// By ids or SKUs, in one list.
        case named
        /// One record that no list names, by its id.
        case alone
        /// All that changed since they were fetched, whoever it is.
        case everything
    }

    let way: Way
    let walk: PageWalk
    /// By record id.
    let rows: [ByteText: AnswerRow]
    private let skus: Set<ByteText>

    var unseen: Set<ByteText>
    var changed: Set<ByteText> = []
    /// There, and of no use.
    var unread: Set<ByteText> = []

    /// Bytes of the names in one request: addresses have bounds of their own everywhere.
    static let mostNameBytes = 3000
    private static let longestName = 200

    init(_ client: Client, feed: Feed, spec: PullSpec, way: Way, rows: [AnswerRow], lateMs: Int64) {
        self.way = way
        var byId: [ByteText: AnswerRow] = [:]
        for row in rows { byId[row.recordId] = row }
        self.rows = byId
        unseen = Set(byId.keys)
        skus = way == .named && feed == .listingsToPublish ? Set(rows.compactMap { $0.sku.map { ByteText($0) } }) : []
        var query = feed.shapeQuery(overriddenBy: spec.filters)
        switch way {
        case .alone:
            walk = PageWalk(client, record: rows.first?.recordId ?? "", operation: OperationTable.getListingParentById)
            return
        case .named:
            let names = client.settings.names.spelled(rows.compactMap { RereadBatch.name(of: $0, feed: feed) })
            for name in names { query.append((feed == .listingsToPublish ? "skus" : "ids", name)) }
        case .everything:
            let oldest = rows.map { $0.fetchedAt }.min() ?? 0
            // What was not to be seen when a record was fetched changed no earlier than the lateness before.
            if oldest > 0 { query.append(("updatedAfter", Instant(ms: oldest &- lateMs &- 1000).isoSeconds)) }
        }
        walk = PageWalk(
            client, operation: feed.operation, query: query, pageSize: spec.pageSize, emptiesNeeded: 1,
            isWitnessed: way == .everything)
    }

    /// What the list of the feed finds a record by (contract 3.3, 3.6); nil if nothing is sure to.
    static func name(of row: AnswerRow, feed: Feed) -> String? {
        guard feed == .listingsToPublish else { return row.recordId }
        // A hub may split a value at its commas (contract 1.6), and cut off what is blank.
        guard let sku = row.sku, (1...longestName).contains(sku.utf8.count) else { return nil }
        let isPlain = sku.utf8.allSatisfy { $0 != UInt8(ascii: ",") && $0 >= 0x20 && $0 != 0x7F }
        return isPlain && sku.utf8.first != 0x20 && sku.utf8.last != 0x20 ? sku : nil
    }

    /// Whether a record that is none of these was asked for nevertheless: a SKU may be that of a variant as well.
    func isNamed(_ record: JSONValue) -> Bool {
        guard !skus.isEmpty else { return false }
        if let sku = record.member("sku")?.string, skus.contains(sku) { return true }
        guard let variants = ListingFields(of: record).value(.variants) else { return false }
        return variants.elements.contains { $0.member("sku")?.string.map(skus.contains) ?? false }
    }
}
