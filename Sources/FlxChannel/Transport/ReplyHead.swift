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
        guard let field = ReplyHead.field(text[..<colon]) else { return }
        let bytes = ReplyHead.trimmed(text[(colon + 1)...])
        switch field {
        case .contentLength:
            guard contentLength == nil else { throw ReplyFault("Content-Length twice") }
            guard let length = ReplyHead.digits(bytes) else { throw ReplyFault("a Content-Length that is no length") }
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
        case .contentType: contentType = ReplyHead.text(bytes.prefix(200))
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
        case contentLength, transferEncoding, contentEncoding, contentType, location, date, retryAfter, poolSize, poolUsed, poolRefill
    }

    private static let fields: [(name: [UInt8], field: Field)] = [
        (Array("content-length".utf8), .contentLength), (Array("transfer-encoding".utf8), .transferEncoding),
        (Array("content-encoding".utf8), .contentEncoding), (Array("content-type".utf8), .contentType),
        (Array("location".utf8), .location), (Array("date".utf8), .date), (Array("retry-after".utf8), .retryAfter),
        (Array("x-auth-pool-size".utf8), .poolSize), (Array("x-auth-pool-used".utf8), .poolUsed),
        (Array("x-auth-replenished-per-second".utf8), .poolRefill),
    ]

    /// What the header of this name says, in letters of any size; nil if it says nothing to us.
    private static func field(_ name: ArraySlice<UInt8>) -> Field? {
        for known in fields where known.name.count == name.count {
            if known.name.elementsEqual(name, by: { $0 == ((0x41...0x5A).contains($1) ? $1 + 32 : $1) }) { return known.field }
        }
        return nil
    }

    private func checkFraming() throws(ReplyFault) {
        if isChunked, contentLength != nil { throw ReplyFault("both Content-Length and chunked") }
    }

    private static let versions = Array("HTTP/1.".utf8)

    /// `HTTP/1.1 200 OK`
    private static func statusCode(_ line: ArraySlice<UInt8>) throws(ReplyFault) -> Int {
        let at = line.startIndex
        guard line.count >= 12, line.starts(with: versions), line[at + 7] == 0x30 || line[at + 7] == 0x31,
            line[at + 8] == 0x20, line.count == 12 || line[at + 12] == 0x20, let status = digits(line[(at + 9)..<(at + 12)])
        else { throw ReplyFault("no status line of HTTP/1.1") }
        guard (100...599).contains(status) else { throw ReplyFault("status \(status)") }
        return Int(status)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var start = line.startIndex
        var end = line.endIndex
        while end > start, isBlank(line[end - 1]) || line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
        while start < end, isBlank(line[start]) { start += 1 }
        return line[start..<end]
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
        let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
        guard bytes[..<point].count <= 12, let whole = digits(bytes[..<point]) else { return nil }
        guard point < bytes.endIndex else { return whole * 1000 }
        let decimals = bytes[(point + 1)...]
        guard digits(decimals) != nil else { return nil }
        let fraction = decimals.prefix(3) + [0x30, 0x30, 0x30]
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
