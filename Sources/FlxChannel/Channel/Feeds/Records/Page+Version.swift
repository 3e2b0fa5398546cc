/// Versions are read off the hub's records.
extension Page.Version {
    /// - Parameter order: one whose number was not told makes another version than one whose number was.
    init(_ record: JSONValue, feed: Feed, of order: ParcelOrder?) throws(Fault) {
        let id = try ListingRow.identity(record)
        let fields = ListingFields(of: record)
        if feed == .listings { try ListingRow.checkNumbers(fields) }
        let updatedAt = try Page.Version.changedAt(fields, feed: feed)
        let version = Page.Version(
            id: id, updatedAt: updatedAt?.ms ?? 0, hash: Array(SHA256.hash(Array(record.document.bytes[record.range])).prefix(16)))
        if case .untold = order { self = version.untold } else { self = version }
    }

    /// When a record changed last, as far as it tells. When it was made says nothing of that, but must be an instant.
    static func changedAt(_ fields: ListingFields, feed: Feed) throws(Fault) -> Instant? {
        _ = try fields.instant(.insertedAt)
        var changedAt = try fields.instant(.updatedAt)
        for name in feed == .listings ? [ListingFields.Name.dynamicContentUpdatedAt, .staticContentUpdatedAt] : [] {
            // contract 3.3: the bound is on any change; whether `updatedAt` tells of each is INFERRED
            guard let content = try fields.instant(name) else { continue }
            changedAt = max(changedAt ?? content, content)
        }
        return changedAt
    }
}
