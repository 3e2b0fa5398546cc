/// A value of a document. Asking it for what it is not gives nil, never a guess.
///
/// Invariant: `node` is in the document's index and is not a key.
struct JSONValue: Sendable {
    let document: JSONDocument
    let node: Int

    private var entry: JSONNode { document.nodes[node] }

    private var firstByte: UInt8 { document.bytes[Int(entry.start)] }

    var kind: JSONKind { JSONKind(firstByte: firstByte) }

    var isNull: Bool { kind == .null }

    /// Whether it is an object, or the empty list in which PHP writes an empty one.
    var isObject: Bool { kind == .object || kind == .array && count == 0 }

    /// Members of an object, elements of an array, else 0.
    var count: Int {
        switch kind {
        case .object, .array: Int(entry.count)
        default: 0
        }
    }

    /// Where it stands in the document's bytes, quotes and brackets included.
    var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

    /// Its JSON as it was written.
    var raw: ArraySlice<UInt8> { document.bytes[range] }

    /// Its JSON as it was written, without a copy.
    @inline(__always)
    func withRaw<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        document.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Its JSON as it was written.
    var text: String { String(decoding: raw, as: UTF8.self) }

    var bool: Bool? {
        kind == .bool ? firstByte == JSONByte.t : nil
    }

    /// A number as it was written.
    var numberText: String? {
        kind == .number ? text : nil
    }

    /// A whole number in plain spelling ("12", not "12.0" or "1e3") that fits 64 bits.
    var integer: Int64? {
        kind == .number ? JSONNumber.integer(raw) : nil
    }

    /// The whole number that a number or a text is the plain spelling of: 12, 12.000, "12".
    var whole: Int64? {
        if kind == .number { return withRaw { JSONNumber.whole($0) } }
        return withStringBytes { JSONNumber.whole($0) } ?? nil
    }

    /// The node after this value and all it holds.
    var next: Int { Int(entry.link) }

    /// The member called `name`; nil if there is none, or this is no object.
    func member(_ name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var name = name
        let nodes = JSONNodes(of: document)
        guard let found = name.withUTF8({ nodes.member(of: node, $0) }) else { return nil }
        return JSONValue(document: document, node: found)
    }

    /// The element at `index`; nil if there is none, or this is no array.
    func element(_ index: Int) -> JSONValue? {
        guard kind == .array, index >= 0, index < count else { return nil }
        var at = node + 1
        for _ in 0..<index { at = Int(document.nodes[at].link) }
        return JSONValue(document: document, node: at)
    }

    var elements: JSONElements { JSONElements(of: self) }

    var members: JSONMembers { JSONMembers(of: self) }
}
