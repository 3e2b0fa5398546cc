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
    private(set) var contentLength: Int64?
    private(set) var location: String?
    /// The `Date` in ms since 1970; nil if it is missing, twice there, or no date (H-23).
    private(set) var dateMs: Int64?
    private(set) var retryAfter: [String] = []

    private var bytes = 0
    private var isChunked = false
    private var hasDates = false
    private(set) var isCoded = false
    private var poolSizeMilli: Int64?
    private var poolUsedMilli: Int64?
    private var poolRefillMilli: Int64?

    /// Reads one line with its line end. The text of the fault is for `TransportError.protocolViolation`.
    mutating func read(_ line: Span<UInt8>) throws(ReplyFault) {
        bytes += line.count
        guard bytes <= ReplyHead.longest else { throw ReplyFault("head is over \(ReplyHead.longest) bytes") }
        if isComplete { return }  // trailers
        let text = line.extracting(ReplyHead.inner(line, line.indices))
        if status == 0 {
            status = try ReplyHead.statusCode(text)
        } else if line.isEmpty || line[0] == 0x0D || line[0] == 0x0A {
            try end()
        } else if !text.isEmpty, line[0] != 0x20, line[0] != 0x09 {  // else a folded line: of no use to us
            try header(text)
        }
    }

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

    private mutating func header(_ text: Span<UInt8>) throws(ReplyFault) {
        var colon = 0
        while colon < text.count, text[colon] != UInt8(ascii: ":") { colon += 1 }
        guard colon < text.count, let field = ReplyHead.field(text.extracting(..<colon)) else { return }
        let bytes = text.extracting(ReplyHead.inner(text, (colon + 1)..<text.count))
        switch field {
        case .contentLength:
            guard contentLength == nil else { throw ReplyFault("Content-Length twice") }
            guard let length = ReplyHead.digits(bytes, bytes.indices) else {
                throw ReplyFault("a Content-Length that is not a length")
            }
            contentLength = length
            try checkFraming()
        case .transferEncoding:
            let coding = ReplyHead.text(bytes).lowercased()
            guard coding == "chunked", !isChunked else { throw ReplyFault("a Transfer-Encoding other than chunked") }
            isChunked = true
            try checkFraming()
        case .contentEncoding:
            let coding = ReplyHead.text(bytes).lowercased()
            guard ["gzip", "x-gzip", "deflate", "identity", ""].contains(coding), !isCoded else {
                throw ReplyFault("a Content-Encoding that was not offered")  // H-18, H-20
            }
            isCoded = true
        case .location: location = ReplyHead.text(bytes)
        case .date:
            dateMs = hasDates ? nil : HTTPDate.parse(bytes)
            hasDates = true
        case .retryAfter: if retryAfter.count < 8 { retryAfter.append(ReplyHead.text(bytes)) }
        case .poolSize: poolSizeMilli = ReplyHead.milli(bytes)
        case .poolUsed: poolUsedMilli = ReplyHead.milli(bytes)
        case .poolRefill: poolRefillMilli = ReplyHead.milli(bytes)
        }
    }

    private enum Field {
        case contentLength, transferEncoding, contentEncoding, location, date, retryAfter, poolSize, poolUsed, poolRefill
    }

    /// What the header of this name says; nil if it says nothing to us.
    private static func field(_ name: Span<UInt8>) -> Field? {
        switch name.count {
        case 4: isSame(name, "date") ? .date : nil
        case 8: isSame(name, "location") ? .location : nil
        case 11: isSame(name, "retry-after") ? .retryAfter : nil
        case 14: isSame(name, "content-length") ? .contentLength : nil
        case 16 where isSame(name, "content-encoding"): .contentEncoding
        case 16 where isSame(name, "x-auth-pool-size"): .poolSize
        case 16 where isSame(name, "x-auth-pool-used"): .poolUsed
        case 17: isSame(name, "transfer-encoding") ? .transferEncoding : nil
        case 29: isSame(name, "x-auth-replenished-per-second") ? .poolRefill : nil
        default: nil
        }
    }

    /// In letters of any size.
    private static func isSame(_ name: Span<UInt8>, _ small: StaticString) -> Bool {
        guard name.count == small.utf8CodeUnitCount else { return false }
        for at in name.indices {
            let byte = name[at]
            // Safe: see the count.
            guard small.utf8Start[at] == ((0x41...0x5A).contains(byte) ? byte + 32 : byte) else { return false }
        }
        return true
    }

    private func checkFraming() throws(ReplyFault) {
        if isChunked, contentLength != nil { throw ReplyFault("both Content-Length and chunked") }
    }

    private static let version: StaticString = "HTTP/1."

    /// `HTTP/1.1 200 OK`
    private static func statusCode(_ line: Span<UInt8>) throws(ReplyFault) -> Int {
        guard line.count >= 12, (0..<7).allSatisfy({ line[$0] == version.utf8Start[$0] }),  // Safe: it has seven.
            line[7] == 0x30 || line[7] == 0x31, line[8] == 0x20, line.count == 12 || line[12] == 0x20,
            let status = digits(line, 9..<12)
        else { throw ReplyFault("no status line of HTTP/1.1") }
        guard (100...599).contains(status) else { throw ReplyFault("status \(status)") }
        return Int(status)
    }

    /// Where `line` has no white space around it, within `range`.
    private static func inner(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var start = range.lowerBound
        var end = range.upperBound
        while end > start, isBlank(line[end - 1]) || line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
        while start < end, isBlank(line[start]) { start += 1 }
        return start..<end
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        bytes.extracting(first: 2048).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Digits only, within Int64.
    private static func digits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        guard (1...18).contains(range.count) else { return nil }
        var number: Int64 = 0
        for at in range {
            guard (0x30...0x39).contains(bytes[at]) else { return nil }
            number = number * 10 + Int64(bytes[at] - 0x30)
        }
        return number
    }

    /// A number that may have a fraction, in thousandths, rounded down.
    private static func milli(_ bytes: Span<UInt8>) -> Int64? {
        let point = bytes.indices.first { bytes[$0] == UInt8(ascii: ".") } ?? bytes.count
        guard point <= 12, let whole = digits(bytes, 0..<point) else { return nil }
        guard point < bytes.count else { return whole * 1000 }
        let decimals = (point + 1)..<bytes.count
        guard digits(bytes, decimals) != nil, var fraction = digits(bytes, decimals.prefix(3)) else { return nil }
        for _ in decimals.prefix(3).count..<3 { fraction *= 10 }
        return whole * 1000 + fraction
    }
}

/// What is wrong with an answer's head.
struct ReplyFault: Error, Equatable {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}
