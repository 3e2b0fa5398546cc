import CLibc

/// The members of one object, to look up many names one after the other.
///
/// Invariant: `table` is empty, or a power of two long, at least twice the members: each key stands at its hash's slot or
/// behind it without a gap; 0 is a free slot, as the node 0 is no key.
struct JSONFields {
    private let document: JSONDocument
    private let first: Int
    private let end: Int
    private var table: [UInt32] = []

    /// Below this a look at each member is quicker than a table.
    private static let few = 8
    private static let most = 4096

    init(of value: JSONValue) {
        document = value.document
        first = value.node + 1
        end = value.kind == .object ? value.next : first
        let count = value.kind == .object ? value.count : 0
        guard count > JSONFields.few, count <= JSONFields.most else { return }
        var size = 32
        while size < 2 * count { size *= 2 }
        table = Array(repeating: 0, count: size)
        table.withUnsafeMutableBufferPointer { table in
            var key = first
            while key < end {
                var slot = Int(document.nodes[key].link) & (size - 1)
                while table[slot] != 0 { slot = (slot + 1) & (size - 1) }  // Safe: a slot is below the size.
                table[slot] = UInt32(truncatingIfNeeded: key)
                key = Int(document.nodes[key + 1].link)
            }
        }
    }

    /// The member called `name`; nil if there is none.
    @inline(__always)
    func member(_ name: StaticString) -> JSONValue? {
        // Safe: a literal of the source lives forever.
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return key(wanted, JSONText.hash(wanted)).map { JSONValue(document: document, node: $0 + 1) }
    }

    @inline(never)
    private func key(_ name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int? {
        guard !table.isEmpty else { return document.key(name, hash, from: first, to: end) }
        return table.withUnsafeBufferPointer { table in
            var slot = Int(hash) & (table.count - 1)
            while table[slot] != 0 {  // Safe: a slot is below the count, and half of them are free.
                let key = Int(table[slot])
                if document.nodes[key].link == hash, document.isName(key, name) { return key }
                slot = (slot + 1) & (table.count - 1)
            }
            return nil
        }
    }
}
