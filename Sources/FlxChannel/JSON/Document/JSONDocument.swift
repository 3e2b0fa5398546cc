/// What a JSON value is.
enum JSONKind: Equatable {
    case null, bool, number, string, array, object

    /// By the byte that a value begins with.
    @inline(__always)
    init(firstByte: UInt8) {
        switch firstByte {
        case JSONByte.quote: self = .string
        case JSONByte.openBrace: self = .object
        case JSONByte.openBracket: self = .array
        case JSONByte.t, JSONByte.f: self = .bool
        case JSONByte.n: self = .null
        default: self = .number
        }
    }
}

/// One value or key of a document: where it stands, and where its next neighbour is in the index.
struct JSONNode {
    /// Its first byte, which also says its kind.
    var start: UInt32
    /// One past its last byte.
    var end: UInt32
    /// The node after it and all it holds. Of a key: the hash of its name, as its value always follows it.
    var link: UInt32
    /// Elements of an array, members of an object. Of text: 1 if it holds an escape.
    var count: UInt32
}

/// A JSON text that was read to its end, and an index into it. Immutable; values borrow from it.
///
/// Invariant: `nodes` stands for well-formed JSON (RFC 8259) within the limits it was read with: every offset is inside
/// `bytes`, every link inside `nodes`; text is UTF-8 without zero characters; no object has two members of one name.
/// Only the bytes of a page may hold more than that: the records that were set aside.
final class JSONDocument: Sendable {
    let bytes: [UInt8]
    let nodes: JSONIndex
    private let origin: Origin

    enum Origin {
        /// A text of the host or of a file: it may hold secrets, so that its memory is nobody's afterwards.
        case text
        /// An answer of the hub, of which records were set aside or not.
        case page(isClean: Bool)
    }

    init(bytes: [UInt8], nodes: JSONIndex, origin: Origin = .text) {
        self.bytes = bytes
        self.nodes = nodes
        self.origin = origin
    }

    deinit {
        if case .page = origin { PageBytes.keep(bytes) }
    }

    /// Whether the bytes of the root are what its nodes say, with no record that was set aside.
    var isClean: Bool {
        if case .page(isClean: false) = origin { false } else { true }
    }

    var root: JSONValue { JSONValue(document: self, node: 0) }

    /// Reads one JSON value; a byte order mark before it is skipped. No recursion, whatever the depth.
    static func parse(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) -> JSONDocument {
        let nodes = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFault) -> JSONIndex in
            var scanner = try JSONScanner(buffer, limits: limits)
            try scanner.value(within: 0)
            try scanner.end()
            return scanner.nodes
        }
        return JSONDocument(bytes: bytes, nodes: nodes)
    }

    /// The name or text at `node` as written between its quotes.
    func withRawText<Result, Failure: Error>(
        _ node: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = Int(nodes[node].start) + 1..<Int(nodes[node].end) - 1
        return try bytes.withUnsafeBufferPointer { (all) throws(Failure) -> Result in
            try body(UnsafeBufferPointer(rebasing: all[range]))
        }
    }

    /// The name or text at `node` as it is meant.
    func unescaped(_ node: Int) -> [UInt8] {
        withRawText(node) { raw in
            guard holdsEscape(node) else { return Array(raw) }
            return [UInt8](unsafeUninitializedCapacity: raw.count) { room, count in
                if let start = room.baseAddress { count = JSONText.unescape(raw, to: start) }  // Safe: never longer than raw.
            }
        }
    }

    func name(_ key: Int) -> String {
        if holdsEscape(key) { return String(decoding: unescaped(key), as: UTF8.self) }
        return withRawText(key) { String(decoding: $0, as: UTF8.self) }
    }

    func holdsEscape(_ node: Int) -> Bool { nodes[node].count != 0 }
}
