import CFlxChannel
import CLibc

public typealias OutHandle = UnsafeMutablePointer<OpaquePointer?>

/// Whatever a host calls runs in here, but for what a signal handler may call and what only reads a constant. A host finds its
/// errno as it was: SQLite asks for files that are not there.
@inline(__always)
func hostCall<Result>(_ body: () -> Result) -> Result {
    let ofHost = flxc_errno()
    defer { flxc_set_errno(ofHost) }
    return ForkGate.run { FloatGuard.run(body) }
}

/// Runs an exported call: a thrown error becomes a status and, if the host asked for it, an error object.
func boundary(_ err: OutHandle?, _ body: () throws(ChannelError) -> Int32) -> Int32 {
    err?.pointee = nil  // Safe: the header requires NULL or a writable pointer.
    return hostCall {
        do throws(ChannelError) {
            return try body()
        } catch {
            if let err { err.pointee = try? Handles.errors.insert(ErrorObject(error)) }  // Safe: as above.
            return error.code
        }
    }
}

/// Clears an out handle, or says that it is needed.
func need(_ out: OutHandle?, _ name: StaticString) throws(ChannelError) -> OutHandle {
    guard let out else { throw ChannelError(FLX_E_ARGUMENT, "the out parameter \(name) is NULL", path: "\(name)") }
    out.pointee = nil  // Safe: checked against NULL; the header requires a writable pointer.
    return out
}

/// Text and bytes as hosts give them.
enum Given {
    /// FLX_NUL, `SIZE_MAX`, as Swift sees a `size_t`.
    static let untilNul = -1
    /// Longest text that any call reads.
    static let most = 64 << 20

    /// Where the host has its bytes, during the call; nil for NULL with length 0 or FLX_NUL.
    private static func optionalPlace(
        _ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString
    ) throws(ChannelError) -> UnsafeRawBufferPointer? {
        guard let p else {
            if n == 0 || n == untilNul { return nil }
            throw ChannelError(FLX_E_ARGUMENT, "\(name) is NULL but its length is not 0", path: "\(name)")
        }
        let count: Int
        if n == untilNul {
            count = strnlen(p, most + 1)
        } else {
            guard n >= 0 else {
                throw ChannelError(FLX_E_ARGUMENT, "the length of \(name) is over the address space", path: "\(name)")
            }
            count = n
        }
        guard count <= most else {
            throw ChannelError(FLX_E_TOO_LARGE, "\(name) is over \(most) bytes", path: "\(name)")
        }
        // Safe: not NULL, and the header requires that so many bytes are readable.
        return UnsafeRawBufferPointer(start: p, count: count)
    }

    /// Where the host has its bytes, during the call: for what must not be copied to where it stays.
    static func place(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> UnsafeRawBufferPointer {
        guard let place = try optionalPlace(p, n, name) else {
            throw ChannelError(FLX_E_ARGUMENT, "\(name) is NULL", path: "\(name)")
        }
        return place
    }

    static func optionalBytes(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> [UInt8]? {
        try optionalPlace(p, n, name).map { Array($0) }
    }

    static func bytes(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> [UInt8] {
        Array(try place(p, n, name))
    }

    /// UTF-8 text.
    static func text(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> String {
        let bytes = try place(p, n, name).bindMemory(to: UInt8.self)
        do { return String(copying: try UTF8Span(validating: bytes.span)) } catch {
            throw ChannelError(FLX_E_UTF8, "\(name) is not UTF-8 at byte \(error.byteOffsets.lowerBound)", path: "\(name)")
        }
    }

    /// UTF-8 bytes that are JSON of some kind; the reader checks the rest.
    static func json(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> [UInt8] {
        let bytes = try bytes(p, n, name)
        try checkUTF8(bytes, name)
        return bytes
    }

    static func optionalJSON(_ p: UnsafePointer<CChar>?, _ n: Int, _ name: StaticString) throws(ChannelError) -> [UInt8]? {
        guard let bytes = try optionalBytes(p, n, name) else { return nil }
        try checkUTF8(bytes, name)
        return bytes
    }

    private static func checkUTF8(_ bytes: [UInt8], _ name: StaticString) throws(ChannelError) {
        do { _ = try UTF8Span(validating: bytes.span) } catch {
            let at = error.byteOffsets.lowerBound
            let path = JSONPlace.path(of: at, in: bytes)
            let place = path.isEmpty ? "" : "in \(path) "
            let what = isHalfPair(bytes, at) ? "half of a surrogate pair stands" : "text is not UTF-8"
            throw ChannelError(
                FLX_E_UTF8, "\(name) is not UTF-8: \(place)\(what) at byte \(at)", path: path.isEmpty ? "\(name)" : path)
        }
    }

    /// Whether a surrogate stands at `at`, as a host with text of 16-bit units may write it.
    private static func isHalfPair(_ bytes: [UInt8], _ at: Int) -> Bool {
        at + 1 < bytes.count && bytes[at] == 0xED && bytes[at + 1] >= 0xA0
    }

    static func count(_ most: Int) throws(ChannelError) -> Int {
        guard (1...10_000).contains(most) else {
            throw ChannelError(FLX_E_ARGUMENT, "max is \(most); 1 to 10000 is allowed", path: "max")
        }
        return most
    }

    static func feed(_ feed: Int32) throws(ChannelError) -> Feed {
        guard let known = Feed(rawValue: feed) else {
            throw ChannelError(FLX_E_ARGUMENT, "\(feed) is not a feed; one of FLX_FEED_ is needed", path: "feed")
        }
        return known
    }
}
