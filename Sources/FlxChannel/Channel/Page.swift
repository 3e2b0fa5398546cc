/// One answer of the hub to a pull: the records that the host has not had, in the hub's own bytes.
///
/// Invariant: immutable.
final class Page: @unchecked Sendable {
    /// A record that could not be read.
    struct Quarantined {
        let index: Int
        let id: String
        let fault: Fault
    }

    /// A version of a record of a cursor feed, as `VersionTable` keeps it.
    struct Version {
        let id: String
        let updatedAt: Int64
        let hash: [UInt8]
    }

    let feed: Feed
    let records: [JSONValue]
    let quarantined: [Quarantined]
    let receipt: String
    let versions: [Version]
    /// The pull that made it, and its position in that pull's pages.
    let pullNumber: Int64
    let position: Int
    /// The host's order numbers by the hub's order ids, for shipments of orders that went through the outbox.
    let orderNumbers: [String: String]

    init(
        feed: Feed, records: [JSONValue], quarantined: [Quarantined], receipt: String, versions: [Version] = [],
        pullNumber: Int64, position: Int, orderNumbers: [String: String] = [:]
    ) {
        self.feed = feed
        self.records = records
        self.quarantined = quarantined
        self.receipt = receipt
        self.versions = versions
        self.pullNumber = pullNumber
        self.position = position
        self.orderNumbers = orderNumbers
    }

    /// The records as one JSON array, each in the hub's own bytes.
    func jsonArray() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for record in records { json.raw(record.raw) }
        json.endArray()
        return json.bytes
    }

    func quarantineJSON() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for record in quarantined {
            json.beginObject()
            json.member("index", Int64(record.index))
            json.member("id", record.id)
            json.member("path", record.fault.path)
            json.member("reason", record.fault.message)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
