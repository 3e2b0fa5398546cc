import CLibc

/// The members of one object, to look up many names one after the other.
///
/// A member is named by its node: a `JSONValue` would count references to the document at each step.
///
/// Invariant: `bytes` and `nodes` are those of the document, which holds them still; nodes that are asked for came from
/// here. `table` is empty, or a power of two long, at least twice the members: each key stands at its hash's slot or
/// behind it without a gap; 0 is a free slot, as the node 0 is no key.
struct JSONFields {
    private let document: JSONDocument
    private let bytes: UnsafeBufferPointer<UInt8>
    private let nodes: UnsafePointer<JSONNode>
    private let first: Int
    private let end: Int
    private var table: [UInt32] = []

    /// Below this a look at each member is quicker than a table.
    private static let few = 8
    private static let most = 4096

    init(of value: JSONValue) {
        document = value.document
        // Safe: the bytes of an array stay where they are while it is held and not changed.
        bytes = value.document.bytes.withUnsafeBufferPointer { $0 }
        nodes = UnsafePointer(value.document.nodes.start)
        first = value.node + 1
        end = value.kind == .object ? value.next : first
        let count = value.kind == .object ? value.count : 0
        guard count > JSONFields.few, count <= JSONFields.most else { return }
        var size = 32
        while size < 2 * count { size *= 2 }
        table = Array(repeating: 0, count: size)
        table.withUnsafeMutableBufferPointer { [nodes, first, end] table in
            var key = first
            while key < end {
                var slot = Int(nodes[key].link) & (size - 1)
                while table[slot] != 0 { slot = (slot + 1) & (size - 1) }  // Safe: a slot is below the size.
                table[slot] = UInt32(truncatingIfNeeded: key)
                key = Int(nodes[key + 1].link)
            }
        }
    }

    /// The node of the member called `name`; nil if there is none.
    @inline(__always)
    func node(_ name: StaticString) -> Int? {
        // Safe: a literal of the source lives forever.
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return key(wanted, JSONText.hash(wanted)).map { $0 &+ 1 }
    }

    func member(_ name: StaticString) -> JSONValue? { node(name).map { value($0) } }

    func value(_ node: Int) -> JSONValue { JSONValue(document: document, node: node) }

    @inline(__always)
    func kind(_ node: Int) -> JSONKind { JSONKind(firstByte: bytes[Int(nodes[node].start)]) }

    /// The JSON of a value as it was written.
    @inline(__always)
    func raw(_ node: Int) -> UnsafeBufferPointer<UInt8> {
        // Safe: a node lies inside the bytes.
        UnsafeBufferPointer(rebasing: bytes[Int(nodes[node].start)..<Int(nodes[node].end)])
    }

    /// What stands between the quotes of a string, and whether it holds an escape.
    @inline(__always)
    func quoted(_ node: Int) -> (raw: UnsafeBufferPointer<UInt8>, holdsEscape: Bool) {
        let whole = raw(node)
        // Safe: a string has two quotes at least.
        return (UnsafeBufferPointer(rebasing: whole[1..<max(1, whole.count - 1)]), nodes[node].count != 0)
    }

    /// Hands the text that a string spells to `body`; nil if it is no string.
    func withText<Result>(_ node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result?) -> Result? {
        guard kind(node) == .string else { return nil }
        let (raw, holdsEscape) = quoted(node)
        if !holdsEscape { return body(raw) }
        var text: [UInt8] = []
        JSONText.unescape(raw, into: &text)
        return text.withUnsafeBufferPointer(body)
    }

    private func key(_ name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int? {
        if table.isEmpty {
            var key = first
            while key < end {
                if isKey(key, name, hash) { return key }
                key = Int(nodes[key &+ 1].link)  // the value of a key stands right after it
            }
            return nil
        }
        return table.withUnsafeBufferPointer { table in
            var slot = Int(hash) & (table.count &- 1)
            while table[slot] != 0 {  // Safe: a slot is below the count, and half of them are free.
                let key = Int(table[slot])
                if isKey(key, name, hash) { return key }
                slot = (slot &+ 1) & (table.count &- 1)
            }
            return nil
        }
    }

    @inline(__always)
    private func isKey(_ key: Int, _ name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Bool {
        guard nodes[key].link == hash else { return false }
        let (raw, holdsEscape) = quoted(key)
        return holdsEscape ? document.isName(key, name) : JSONText.compare(raw, name) == 0
    }
}
