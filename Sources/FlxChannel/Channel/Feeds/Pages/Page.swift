/// One answer of the hub to a pull: the records that the host has not had, in the hub's own bytes.
///
/// Invariant: immutable.
final class Page: @unchecked Sendable {
    /// A record that could not be read.
    struct Quarantined {
        /// Its place in the hub's answer.
        let index: Int
        /// As the hub wrote it; empty if it has none that is clear.
        let id: String
        let fault: Fault
        /// Tells it from others, however often and wherever it comes: its id, or a hash of its content.
        let key: String

        init(index: Int, id: String?, fault: Fault, content: ArraySlice<UInt8>) {
            self.index = index
            self.id = id ?? ""
            self.fault = fault
            key = id ?? "sha256:" + Text.hex(Array(SHA256.hash(Array(content)).prefix(16)))
        }

        init(_ record: JSONValue, index: Int, fault: Fault) {
            let id = record.member("id").flatMap { $0.kind == .number || $0.kind == .string ? $0.text : nil }
            let isShort = id.map { (1...64).contains($0.utf8.count) } == true
            self.init(index: index, id: isShort ? id : nil, fault: fault, content: record.document.bytes[record.range])
        }
    }

    /// A version of a record of a cursor feed, as `VersionTable` keeps it.
    struct Version {
        let id: String
        let updatedAt: Int64
        let hash: [UInt8]

        /// The same record without the number of its order, which the hub did not tell: no version that comes with the number.
        var untold: Version {
            Version(id: id, updatedAt: updatedAt, hash: Array(SHA256.hash(hash + [UInt8(ascii: "?")]).prefix(16)))
        }
    }

    let feed: Feed
    let records: [JSONValue]
    let quarantined: [Quarantined]
    /// Rows before its end, and after the page before, that are of another channel.
    let leftOut: Int
    private let makeReceipt: () -> Receipt
    private let key: [UInt8]
    let versions: [Version]
    /// The pull that made it, and its position in that pull's pages.
    let pullNumber: Int64
    let position: Int
    /// The host's order numbers by the hub's order ids, as far as they are known.
    let orderNumbers: [ByteText: String]

    init(
        feed: Feed, records: [JSONValue], quarantined: [Quarantined], leftOut: Int = 0,
        receipt: @escaping @autoclosure () -> Receipt, key: [UInt8],
        versions: [Version] = [], pullNumber: Int64, position: Int, orderNumbers: [ByteText: String] = [:]
    ) {
        self.feed = feed
        self.records = records
        self.quarantined = quarantined
        self.leftOut = leftOut
        makeReceipt = receipt
        self.key = key
        self.versions = versions
        self.pullNumber = pullNumber
        self.position = position
        self.orderNumbers = orderNumbers
    }

    /// Made anew each time: not every host asks for it.
    var receiptRows: Receipt { makeReceipt() }
    var receipt: String { makeReceipt().text(key: key) }

    /// The hub's whole answer, if no record of it was left out: then it is the array already.
    var whole: JSONValue? {
        guard let document = records.first?.document, document.isClean, document.root.kind == .array else { return nil }
        return document.root.count == records.count ? document.root : nil
    }

    /// Of the records together.
    var jsonBytes: Int { records.reduce(0) { $0 &+ $1.range.count } }

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
