import CFlxChannel

/// The last seen listings, for a page view that is to cost no request (config key `snapshots.keep_days`).
extension Client {
    /// Keeps the variants of a page as they are, but for the parent that some feeds put into each of them.
    func remember(_ records: [JSONValue], feed: Feed) throws(ChannelError) {
        guard settings.snapshotsKeepDays > 0, feed == .listings || feed == .listingsToSync else { return }
        let now = store.clock.wallMs()
        let rows = records.compactMap { record in
            record.member("id").flatMap(OrderField.idText).map { id in
                Snapshot(id: id, sku: record.member("sku")?.string ?? "", at: now, record: Client.alone(record))
            }
        }
        guard !rows.isEmpty else { return }
        try write { store throws(StateError) in try store.snapshots.put(rows) }
    }

    private static func alone(_ record: JSONValue) -> [UInt8] {
        guard record.member("parent") != nil else { return Array(record.raw) }
        var json = JSONWriter(reserving: record.range.count)
        json.beginObject()
        for (key, value) in record.members where key != "parent" { json.member(key, value) }
        json.endObject()
        return json.bytes
    }

    /// The listing that `query` names by "id" or "sku", with its age.
    func snapshot(_ query: [UInt8]) throws(ChannelError) -> [UInt8] {
        let filter = try Filter(query, known: ["id", "sku"])
        let (id, sku) = (try filter.id("id"), try filter.text("sku"))
        guard (id == nil) != (sku == nil) else {
            throw ChannelError(FLX_E_OPERATION, "the query needs one of id and sku")
        }
        guard settings.snapshotsKeepDays > 0 else {
            throw ChannelError(FLX_E_USE, "no listings are kept: set the config key \(ConfigKey.snapshotsKeepDays.key.name)")
        }
        let found = try stored { store throws(StateError) in
            if let id { return try store.snapshots.get(id: id) }
            return try store.snapshots.get(sku: sku ?? "")
        }
        guard let found else { throw ChannelError(FLX_E_NOT_FOUND, "no listing of this name was seen yet") }
        var json = JSONWriter(reserving: found.record.count + 128)
        json.beginObject()
        json.member("id", found.id)
        json.member("sku", found.sku)
        json.member("at", Instant(ms: found.at).isoSeconds)
        json.member("age_ms", max(0, store.clock.wallMs() &- found.at))
        json.member("record", raw: found.record)
        json.endObject()
        return json.bytes
    }
}
