/// A record that was set aside, and why. Its bytes are never handed out as JSON.
struct BadRecord {
    /// Its place among all records of the page, good and bad.
    let index: Int
    let range: Range<Int>
    let fault: JSONFault
    /// Its `id` as written, if one could be made out beyond doubt. For people and counting, not for calls.
    let id: String?
}

/// An array as the hub answers it, cut into records.
///
/// Invariant: the array was complete to the end of the input, and each element is in `records` or in `bad`.
final class JSONPage: Sendable {
    /// The whole answer; its root counts the good records only, and its bytes hold the others too.
    let document: JSONDocument
    let records: [JSONValue]
    let bad: [BadRecord]
    /// For each good record its place among all records of the page.
    let places: [Int]

    init(document: JSONDocument, bad: [BadRecord]) {
        self.document = document
        self.records = Array(document.root.elements)
        self.bad = bad
        var places: [Int] = []
        var taken = bad.makeIterator()
        var next = taken.next()
        var place = 0
        while places.count < records.count {
            if next?.index == place { next = taken.next() } else { places.append(place) }
            place += 1
        }
        self.places = places
    }
}

extension JSONDocument {
    /// Cuts an array into records, each read strictly: a bad one is set aside, and its neighbours go on.
    ///
    /// Throws if the array itself is not sound to the end of the input, so that a cut-off answer is never a short page.
    static func parsePage(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) -> JSONPage {
        let reader = try JSONPageReader(bytes, limits: limits)
        while true {
            if let page = try reader.read(while: { true }) { return page }
        }
    }
}

/// A page that is being read, in slices as long as there is time.
final class JSONPageReader {
    private let bytes: [UInt8]
    private var scanner: JSONScanner
    private var progress = JSONPageProgress()

    init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) {
        self.bytes = bytes
        // Safe: the bytes of an array stay where they are while it is held and not changed.
        scanner = try JSONScanner(bytes.withUnsafeBufferPointer { $0 }, limits: limits)
    }

    /// Reads on while `goesOn`, and a slice at least; nil if the page is not at its end. After a page or an error it is of no
    /// more use.
    func read(while goesOn: () -> Bool) throws(JSONFault) -> JSONPage? {
        guard try scanner.page(&progress, while: goesOn) else { return nil }
        let document = JSONDocument(bytes: bytes, nodes: scanner.nodes, origin: .page(isClean: progress.bad.isEmpty))
        return JSONPage(document: document, bad: progress.bad)
    }
}
