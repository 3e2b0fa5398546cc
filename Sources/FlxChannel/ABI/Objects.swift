import CFlxChannel

/// Bytes at an address that stays, for views that a host holds.
///
/// Invariant: `start` has `count` initialised bytes from `init` to `deinit`; its own copy has a NUL behind them.
final class Bytes: @unchecked Sendable {
    let start: UnsafePointer<CChar>
    let count: Int
    private let memory: UnsafeMutablePointer<UInt8>?
    private let document: JSONDocument?

    init(_ bytes: [UInt8]) {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
        bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
        }
        (memory + bytes.count).initialize(to: 0)  // Safe: the capacity is one more.
        self.memory = memory
        document = nil
        count = bytes.count
        start = UnsafeRawPointer(memory).assumingMemoryBound(to: CChar.self)
    }

    /// The JSON of a value where it stands in its document, without a copy and without a NUL.
    static func of(_ value: JSONValue) -> Bytes {
        // Safe: the bytes of an array stay where they are while it is held and not changed; the document holds it.
        guard let start = value.withRaw({ $0.baseAddress }) else { return Bytes([]) }
        return Bytes(value.document, start, value.range.count)
    }

    private init(_ document: JSONDocument, _ start: UnsafePointer<UInt8>, _ count: Int) {
        self.document = document
        self.count = count
        self.start = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
        memory = nil
    }

    deinit {
        memory?.deallocate()
    }

    /// Gives the view to the host.
    func view(_ p: UnsafeMutablePointer<UnsafePointer<CChar>?>, _ n: UnsafeMutablePointer<Int>) {
        p.pointee = start
        n.pointee = count
    }
}

/// Bytes that the host owns.
enum Blob {
    /// Hands a new blob to the host.
    static func give(_ bytes: [UInt8], _ out: OutHandle) throws(ChannelError) {
        out.pointee = try Handles.blobs.insert(Bytes(bytes))  // Safe: `need` checked it.
    }
}

/// An error as the host holds it, its texts laid out once.
final class ErrorObject: @unchecked Sendable {
    let error: ChannelError
    private let parts: [Bytes]

    init(_ error: ChannelError) {
        self.error = error
        let texts = [error.message, error.path, error.operation, error.requestId, StatusName.of(error.code)]
        parts = texts.map { Bytes(Array($0.utf8)) } + [Bytes(error.json()), Bytes(Array(error.hubSaid.utf8))]
    }

    func part(_ part: Int32) -> Bytes? {
        let index = Int(part) - 1
        return parts.indices.contains(index) ? parts[index] : nil
    }
}

/// A page as the host holds it: its JSON and views are laid out when they are asked for.
final class PageObject: @unchecked Sendable {
    let page: Page
    let views: RecordViews
    private let lock = Lock()
    private var array: Bytes?
    private var receipt: Bytes?
    /// By the record's place and the value's node: what is asked for twice is laid out once.
    private var values: [UInt64: Bytes] = [:]
    private var records: [Int: Bytes] = [:]

    /// A page whose views have at most `mostViewBytes`.
    init(_ page: Page, mostViewBytes: Int64) {
        self.page = page
        views = RecordViews(page, mostBytes: Int(clamping: mostViewBytes))
    }

    func json() throws(ChannelError) -> Bytes {
        try lock.holding { () throws(ChannelError) in
            if let array { return array }
            let made: Bytes
            if let whole = page.whole {
                made = Bytes.of(whole)
            } else {
                // The array as it grows, a larger one beside it, and the copy that stays.
                guard Memory.has(4 * page.jsonBytes) else {
                    throw ChannelError(FLX_E_MEMORY, "there is no memory for the page's JSON")
                }
                made = Bytes(page.jsonArray())
            }
            array = made
            return made
        }
    }

    func receiptText() -> Bytes {
        lock.holding {
            if let receipt { return receipt }
            let made = Bytes(Array(page.receipt.utf8))
            receipt = made
            return made
        }
    }

    func record(_ i: Int) -> Bytes? {
        guard page.records.indices.contains(i) else { return nil }
        return lock.holding {
            if let known = records[i] { return known }
            let made = Bytes.of(page.records[i])
            records[i] = made
            return made
        }
    }

    /// A value of record `i`, for as long as the page lives: text as it is meant, anything else as the hub wrote it.
    func value(_ value: JSONValue, of i: Int) throws(ChannelError) -> Bytes {
        try lock.holding { () throws(ChannelError) in
            let key = UInt64(truncatingIfNeeded: i) << 32 | UInt64(truncatingIfNeeded: value.node)
            if let known = values[key] { return known }
            guard Memory.has(2 * value.range.count) else { throw ChannelError(FLX_E_MEMORY, "there is no memory for the value") }
            let made = Bytes(value.unescapedBytes ?? Array(value.raw))
            values[key] = made
            return made
        }
    }
}
