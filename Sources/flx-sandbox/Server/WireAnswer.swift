/// One thing the connection does to answer a request.
enum WireStep: Equatable {
    case bytes([UInt8])
    /// The same bytes so many times, without holding them all in memory.
    case repeated([UInt8], count: Int)
    /// Bytes in slices of a size, with a pause after each.
    case drip([UInt8], size: Int, millis: Int)
    case pause(millis: Int)
    /// Nothing more is written and the connection stays open.
    case hang
    case close
    /// Closed with a TCP reset.
    case reset
    /// The writing half is closed, the reading half stays.
    case halfClose
    /// From here on events are written, as they happen, until one of the two ends it.
    case events
}

/// What a connection does with one request, and whether it takes another one afterwards.
struct WireAnswer: Equatable {
    var steps: [WireStep]
    var keepsOpen: Bool
    /// Bytes of the body that the client is meant to see.
    var bodyBytes = 0
    /// False when the client is not meant to see the whole answer.
    var isWhole = true
}

/// An answer in the parts faults may spoil, one step before it is bytes.
struct AnswerDraft {
    enum Framing: Equatable {
        case length
        case chunked(hasEnd: Bool)
        case untilClose
    }

    var status: Int
    var statusLine: String
    var headers: [Header]
    var body: [UInt8]
    var framing = Framing.length
    /// The Content-Length to announce, if not the true one.
    var announcedLength: Int?
    /// Bytes before the status line.
    var prefix: [UInt8] = []
    var keepsOpen = true
    /// Where the answer breaks off: bytes of the whole answer, or of the body.
    var wholeCut: Int?
    var bodyCut: Int?
    var ending: WireStep?
    var drip: (size: Int, millis: Int)?
    var delay = 0
    /// What follows the body, if it is too large to hold.
    var tail: WireStep?
    var afterTail: [UInt8] = []
    var rawBytes: [UInt8]?

    var answer: WireAnswer {
        var steps: [WireStep] = delay > 0 ? [.pause(millis: delay)] : []
        var bytes = rawBytes ?? (prefix + headBytes + framedBody)
        var isWhole = true
        if let wholeCut, wholeCut < bytes.count {
            bytes.removeLast(bytes.count - wholeCut)
            isWhole = false
        }
        if let drip {
            steps.append(.drip(bytes, size: max(1, drip.size), millis: drip.millis))
        } else if !bytes.isEmpty {
            steps.append(.bytes(bytes))
        }
        if let tail { steps += [tail, .bytes(afterTail)] }
        if let ending {
            steps.append(ending)
            if bodyCut != nil || wholeCut != nil || ending == .hang { isWhole = false }
        }
        let keepsOpen = keepsOpen && ending == nil && framing != .untilClose && rawBytes == nil
        if !keepsOpen, ending == nil { steps.append(.close) }
        return WireAnswer(steps: steps, keepsOpen: keepsOpen, bodyBytes: body.count, isWhole: isWhole)
    }

    /// Whether this status may have a body at all.
    private var hasBody: Bool { status >= 200 && status != 204 && status != 304 }

    private var headBytes: [UInt8] {
        var text = statusLine + "\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        switch framing {
        case .length: if hasBody { text += "Content-Length: \(announcedLength ?? body.count)\r\n" }
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        case .untilClose: break
        }
        if !keepsOpen || framing == .untilClose { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private var framedBody: [UInt8] {
        let sent = bodyCut.map { body.prefix($0) } ?? body[...]
        guard case .chunked(let hasEnd) = framing else { return Array(sent) }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: sent.count, by: 4096) {
            let chunk = sent[start..<min(start + 4096, sent.count)]
            bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
        }
        if hasEnd { bytes += Array("0\r\n\r\n".utf8) }
        return bytes
    }
}
