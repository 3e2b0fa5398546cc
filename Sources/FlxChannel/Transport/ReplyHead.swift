/// The status line and headers of one answer, read line by line.
///
/// Invariant: what it holds is of one head, the last; heads of 1xx answers are read and forgotten. Whatever would let
/// two readers see two different answers is a fault: H-17, H-18, H-21, H-22, H-23, H-25.
struct ReplyHead {
    /// All heads of one answer together, in bytes.
    static let longest = 64 << 10

    private(set) var status = 0
    /// The empty line after the head of a final answer was read.
    private(set) var isComplete = false
    private(set) var contentType = ""
    private(set) var contentLength: Int64?
    private(set) var location: String?
    private(set) var date: String?
    private(set) var retryAfter: [String] = []

    private var bytes = 0
    private var isChunked = false
    private var hasDates = false
    private(set) var isCoded = false
    private var poolSizeMilli: Int64?
    private var poolUsedMilli: Int64?
    private var poolRefillMilli: Int64?

    /// Reads one line with its line end. The text of the fault is for `TransportError.protocolViolation`.
    mutating func read(_ line: [UInt8]) throws(ReplyFault) {
        bytes += line.count
        guard bytes <= ReplyHead.longest else { throw ReplyFault("head is over \(ReplyHead.longest) bytes") }
        if isComplete { return }  // trailers
        let text = ReplyHead.trimmed(line[...])
        if status == 0 {
            status = try ReplyHead.statusCode(text)
        } else if text.isEmpty {
            try end()
        } else if let first = line.first, first != 0x20, first != 0x09 {  // else a folded line: of no use to us
            try header(text)
        }
    }

    /// The `Date` in ms since 1970; nil if it is missing, twice there, or no date (H-23).
    var dateMs: Int64? { date.flatMap { HTTPDate.parse($0) } }

    var retryAfterMs: Int64? { RetryAfter.parse(retryAfter, dateMs: dateMs) }

    var pool: PoolHeaders? {
        guard let poolSizeMilli, let poolUsedMilli, let poolRefillMilli else { return nil }
        return PoolHeaders(size: poolSizeMilli / 1000, used: (poolUsedMilli + 999) / 1000, refillMilli: poolRefillMilli)
    }

    private mutating func end() throws(ReplyFault) {
        guard status < 200 else {
            isComplete = true
            return
        }
        guard status != 101 else { throw ReplyFault("status 101, which was not asked for") }
        let read = bytes
        self = ReplyHead()
        bytes = read
    }

    private mutating func header(_ text: ArraySlice<UInt8>) throws(ReplyFault) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: text[..<colon].map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
        let bytes = ReplyHead.trimmed(text[(colon + 1)...])
        switch name {
        case "content-length":
            guard contentLength == nil else { throw ReplyFault("Content-Length twice") }
            guard let length = ReplyHead.digits(bytes) else { throw ReplyFault("a Content-Length that is no length") }
            contentLength = length
            try checkFraming()
        case "transfer-encoding":
            let coding = ReplyHead.text(bytes).lowercased()
            guard coding == "chunked", !isChunked else { throw ReplyFault("a Transfer-Encoding other than chunked") }
            isChunked = true
            try checkFraming()
        case "content-encoding":
            let coding = ReplyHead.text(bytes).lowercased()
            guard ["gzip", "x-gzip", "deflate", "identity", ""].contains(coding), !isCoded else {
                throw ReplyFault("a Content-Encoding that was not offered")  // H-18, H-20
            }
            isCoded = true
        case "content-type": contentType = String(ReplyHead.text(bytes).prefix(200))
        case "location": location = ReplyHead.text(bytes)
        case "date":
            date = hasDates ? nil : ReplyHead.text(bytes)
            hasDates = true
        case "retry-after": if retryAfter.count < 8 { retryAfter.append(ReplyHead.text(bytes)) }
        case "x-auth-pool-size": poolSizeMilli = ReplyHead.milli(bytes)
        case "x-auth-pool-used": poolUsedMilli = ReplyHead.milli(bytes)
        case "x-auth-replenished-per-second": poolRefillMilli = ReplyHead.milli(bytes)
        default: break
        }
    }

    private func checkFraming() throws(ReplyFault) {
        if isChunked, contentLength != nil { throw ReplyFault("both Content-Length and chunked") }
    }

    /// `HTTP/1.1 200 OK`
    private static func statusCode(_ line: ArraySlice<UInt8>) throws(ReplyFault) -> Int {
        let line = Array(line)
        guard line.count >= 12, line[..<8].elementsEqual("HTTP/1.1".utf8) || line[..<8].elementsEqual("HTTP/1.0".utf8),
            line[8] == 0x20, line.count == 12 || line[12] == 0x20, let status = digits(line[9..<12])
        else { throw ReplyFault("no status line of HTTP/1.1") }
        guard (100...599).contains(status) else { throw ReplyFault("status \(status)") }
        return Int(status)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, [0x0A, 0x0D, 0x20, 0x09].contains(last) { line.removeLast() }
        while let first = line.first, first == 0x20 || first == 0x09 { line.removeFirst() }
        return line
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix(2048), as: UTF8.self)
    }

    /// Digits only, within Int64.
    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard (1...18).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// A number that may have a fraction, in thousandths, rounded down.
    private static func milli(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.count <= 12, let whole = digits(first) else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard digits(parts[1]) != nil else { return nil }
        let fraction = parts[1].prefix(3) + [0x30, 0x30, 0x30]
        return whole * 1000 + (digits(fraction.prefix(3)) ?? 0)
    }
}

/// What is wrong with an answer's head.
struct ReplyFault: Error, Equatable {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}
