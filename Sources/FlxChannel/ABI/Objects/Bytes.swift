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
