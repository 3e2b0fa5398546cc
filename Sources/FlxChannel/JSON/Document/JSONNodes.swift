/// The nodes of a document and their bytes, for who reads many of them: a `JSONValue` counts references at each step.
///
/// Invariant: whoever has it holds the document, so that bytes and nodes stay; nodes that are asked for came from here.
struct JSONNodes {
    private let bytes: UnsafePointer<UInt8>
    private let nodes: UnsafePointer<JSONNode>

    init(of document: JSONDocument) {
        nodes = UnsafePointer(document.nodes.start)
        // Safe: the bytes of an array stay where they are while it is held and not changed. A document has some.
        bytes =
            document.bytes.withUnsafeBufferPointer { $0.baseAddress }
            ?? UnsafePointer(UnsafeRawPointer(nodes).assumingMemoryBound(to: UInt8.self))
    }

    @inline(__always)
    func kind(_ node: Int) -> JSONKind { JSONKind(firstByte: bytes[start(node)]) }

    @inline(__always)
    func start(_ node: Int) -> Int { Int(nodes[node].start) }

    /// Of an array or object: the elements or members.
    @inline(__always)
    func count(_ node: Int) -> Int { Int(nodes[node].count) }

    /// The node after a value and all it holds.
    @inline(__always)
    func next(_ node: Int) -> Int { Int(nodes[node].link) }

    /// Of a key: the hash of its name.
    @inline(__always)
    func hash(_ key: Int) -> UInt32 { nodes[key].link }

    /// The JSON of a value as it was written.
    @inline(__always)
    func raw(_ node: Int) -> UnsafeBufferPointer<UInt8> {
        let (start, end) = (Int(nodes[node].start), Int(nodes[node].end))
        return UnsafeBufferPointer(start: bytes + start, count: end &- start)  // Safe: a node lies inside the bytes.
    }

    /// What stands between the quotes of a string or key, and whether it holds an escape.
    @inline(__always)
    func quoted(_ node: Int) -> (raw: UnsafeBufferPointer<UInt8>, holdsEscape: Bool) {
        let (start, end) = (Int(nodes[node].start), Int(nodes[node].end))
        // Safe: a node lies inside the bytes, and a string has two quotes at least.
        return (UnsafeBufferPointer(start: bytes + (start &+ 1), count: end &- start &- 2), nodes[node].count != 0)
    }

    /// Hands the text that a string or key spells to `body`; nil if it is no string.
    @inline(__always)
    func withText<Result>(_ node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result?) -> Result? {
        guard kind(node) == .string else { return nil }
        let (raw, holdsEscape) = quoted(node)
        if !holdsEscape { return body(raw) }
        var text: [UInt8] = []
        JSONText.unescape(raw, into: &text)
        return text.withUnsafeBufferPointer(body)
    }

    /// The value of the member of an object that is called `name`; nil if there is none.
    @inline(__always)
    func member(of object: Int, _ name: UnsafeBufferPointer<UInt8>) -> Int? {
        let hash = JSONText.hash(name, .ours)
        var key = object &+ 1
        let end = next(object)
        while key < end {
            if nodes[key].link == hash, isName(key, name) { return key &+ 1 }
            key = next(key &+ 1)  // the value of a key stands right after it
        }
        return nil
    }

    func member(of object: Int, _ name: StaticString) -> Int? {
        guard kind(object) == .object else { return nil }
        // Safe: a literal of the source lives for ever.
        return member(of: object, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Whether the key spells `name`.
    @inline(__always)
    func isName(_ key: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let (raw, holdsEscape) = quoted(key)
        return holdsEscape ? withText(key) { JSONText.compare($0, name) == 0 } ?? false : JSONText.isSame(raw, name)
    }

    /// Hands each member of an object whose name is in `names` to `body`: the name's place there, and the value's node.
    @inline(__always)
    func members<Failure: Error>(
        of object: Int, _ names: JSONNames, _ body: (_ place: Int, _ value: Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard kind(object) == .object else { return }
        var key = object &+ 1
        let end = next(object)
        while key < end {
            if let place = names.place(of: key, in: self) { try body(place, key &+ 1) }
            key = next(key &+ 1)  // the value of a key stands right after it
        }
    }
}
