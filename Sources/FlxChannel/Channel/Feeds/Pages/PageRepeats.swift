/// The pages that a walk had, as far as it takes to see that one came twice (P-02), and that a hub which ignores the page
/// number answers with the same rows again and again (P-03, contract 8.10).
struct PageRepeats {
    enum Answer {
        case new
        /// The walk had it already. One may be an accident of the hub.
        case repeated
        /// Two in a row: the hub does not turn pages.
        case stuck
    }

    private var first: [UInt8] = []
    private var previous: [UInt8] = []
    private var isRepeat = false
    /// A page came twice, so that another one may have been missed.
    private(set) var hasAny = false

    /// A page with rows came, of which these are the ids.
    mutating func came(_ ids: [UInt8]) -> Answer {
        if !previous.isEmpty, ids == previous || ids == first {
            guard !isRepeat else { return .stuck }
            (isRepeat, hasAny) = (true, true)
            return .repeated
        }
        isRepeat = false
        if first.isEmpty { first = ids }
        previous = ids
        return .new
    }

    /// The walk starts again with pages of another size.
    mutating func restarted() {
        (first, previous, isRepeat) = ([], [], false)
    }

    /// The ids of a page, each as it stands.
    static func ids(of body: JSONPage) -> [UInt8] {
        var ids: [UInt8] = []
        let nodes = JSONNodes(of: body.document)
        for record in body.records {
            let id = nodes.member(of: record.node, "id") ?? record.node
            add(nodes.raw(id), to: &ids)
        }
        for bad in body.bad {
            body.document.bytes[bad.range].withUnsafeBufferPointer { add($0, to: &ids) }
        }
        return ids
    }

    /// Of what is longer than any id its hash, so that a page is not kept a second time.
    private static func add(_ bytes: UnsafeBufferPointer<UInt8>, to ids: inout [UInt8]) {
        if bytes.count <= 64 { ids.append(contentsOf: bytes) } else { ids.append(contentsOf: SHA256.hash(Array(bytes))) }
        ids.append(0)  // no JSON has it
    }
}
