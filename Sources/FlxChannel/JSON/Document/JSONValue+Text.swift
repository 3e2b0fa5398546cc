extension JSONValue {
    /// Whether nothing is in it: null, "", [], or an object whose members are all empty.
    var isEmpty: Bool {
        var objects = [self]  // no recursion: the depth is a stranger's
        while let object = objects.popLast() {
            switch object.kind {
            case .null: continue
            case .string: if object.range.count > 2 { return false }
            case .array: if object.count > 0 { return false }
            case .object: for (_, member) in object.members { objects.append(member) }
            case .bool, .number: return false
            }
        }
        return true
    }

    /// The text that this string spells; nil if it is no string.
    var string: String? {
        withStringBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The text that this string spells, as bytes; nil if it is no string.
    var unescapedBytes: [UInt8]? {
        withStringBytes { Array($0) }
    }

    /// Hands the text that this string spells to `body`, without a copy where it holds no escape.
    func withStringBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard kind == .string else { return nil }
        if document.holdsEscape(node) {
            return try document.unescaped(node).withUnsafeBufferPointer(body)
        }
        return try document.withRawText(node, body)
    }
}

/// The elements of an array, in order. Empty for any other value.
struct JSONElements: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var node: Int
    private let end: Int

    init(of value: JSONValue) {
        document = value.document
        node = value.node + 1
        end = value.kind == .array ? value.next : node
    }

    mutating func next() -> JSONValue? {
        guard node < end else { return nil }
        let value = JSONValue(document: document, node: node)
        node = value.next
        return value
    }
}

/// The members of an object, in the order they were written. Empty for any other value.
struct JSONMembers: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var node: Int
    private let end: Int

    init(of value: JSONValue) {
        document = value.document
        node = value.node + 1
        end = value.kind == .object ? value.next : node
    }

    mutating func next() -> (key: String, value: JSONValue)? {
        guard node < end else { return nil }
        let key = document.name(node)
        let value = JSONValue(document: document, node: node + 1)
        node = value.next
        return (key, value)
    }
}
