import CCurl
import CLibc

/// One attempt on the wire: what was sent, what came back, and how much driven time it took.
///
/// Invariant: the request is written at most once. Bodies come from a callback that cannot rewind, and the callback
/// before the first byte says no the second time, so that libcurl never repeats a request by itself (N-10).
final class WireAttempt {
    /// Bytes that the answer may inflate to for each byte on the wire, beyond the first MiB (H-20).
    static let inflation: Int64 = 200
    /// Room for a body at first: most pages are not larger.
    private static let firstStep = 512 << 10

    let exchange: Exchange
    let rateLimiter: RateLimiter
    let ticket: Permit
    let requestId: String
    let startedMs: Int64
    let handle: CurlHandle
    let limit: Int

    private(set) var head = ReplyHead()
    private(set) var body: [UInt8] = []
    /// What we found wrong ourselves; it says more than libcurl's code for it.
    private(set) var fault: TransportError?
    /// The connection was ready and the request was released to it.
    private(set) var wentOut = false
    /// The slot had run out before the connection was ready: nothing was sent, and a new slot is needed.
    private(set) var slotWasLate = false
    var wasCounted = false
    var drivenMs: Int64 = 0
    /// The rate limiter was told that its host went away.
    var wasLeft = false

    private let headers: HeaderList
    private let sendByBootMs: Int64
    private var bytesGiven = 0
    private var activity: Int64 = 0
    private var idleMs: Int64 = 0

    init(
        _ exchange: Exchange, on handle: CurlHandle, rateLimiter: RateLimiter, ticket: Permit, sendByBootMs: Int64,
        requestId: String,
        headers: HeaderList, limit: Int
    ) {
        self.exchange = exchange
        self.rateLimiter = rateLimiter
        self.ticket = ticket
        self.sendByBootMs = sendByBootMs
        self.requestId = requestId
        self.headers = headers
        self.limit = limit
        self.handle = handle
        startedMs = Clock.monotonicMs()
    }

    var easy: UnsafeMutableRawPointer { handle.easy }

    /// Sets what of the options is of this attempt alone.
    func prepare(_ origin: Origin) throws(TransportError) {
        let context = Unmanaged.passUnretained(self).toOpaque()  // Safe: the transport holds self until easy is removed.
        handle.forgetError()
        var options = CurlOptions(easy)
        options.text(CURLOPT_URL, origin.text + exchange.request.target)
        if !handle.isForReads { options.apply(exchange.request) }
        options.list(CURLOPT_HTTPHEADER, headers.list(hasBody: exchange.request.body != nil))
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_PREREQDATA] {
            options.pointer(option, context)
        }
        try options.check()
    }

    /// Has libcurl call the attempt that a handle is prepared for.
    static func answerCalls(_ options: inout CurlOptions) {
        options.transfer(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            WireAttempt.call(context) { $0.received(bytes, size &* count) } ?? 0
        }
        options.transfer(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            WireAttempt.call(context) { $0.receivedHead(bytes, size &* count) } ?? 0
        }
        options.transfer(CURLOPT_READFUNCTION) { bytes, size, count, context in
            WireAttempt.call(context) { $0.give(bytes, size &* count) } ?? 0
        }
        options.prereq { context, _, _, _, _ in
            WireAttempt.call(context) { $0.mayGo() } ?? false ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }

    /// Adds driven time, and returns why the attempt has to end, if it has.
    func spend(_ ms: Int64, _ config: TransportConfig) -> TransportError? {
        drivenMs += ms
        idleMs += ms
        let moved = bytesOnWire.sent + bytesOnWire.received
        if moved != activity {
            activity = moved
            idleMs = 0
        }
        if !wentOut, drivenMs >= config.connectMs {
            return .connectTimeout(host: config.origin.host, afterMs: drivenMs)
        }
        if drivenMs >= config.attemptMs { return .attemptTimeout(afterMs: drivenMs, mayHaveArrived: mayHaveArrived) }
        if wentOut, idleMs >= config.idleMs { return .idleTimeout(afterMs: idleMs) }
        return nil
    }

    /// Driven time until `spend` may end the attempt.
    func remainingMs(_ config: TransportConfig) -> Int64 {
        let whole = config.attemptMs - drivenMs
        return max(0, min(whole, wentOut ? config.idleMs - idleMs : config.connectMs - drivenMs))
    }

    /// A byte of the request was written.
    var mayHaveArrived: Bool { wentOut && bytesOnWire.sent > 0 }

    /// All of the request was written.
    var isWritten: Bool { mayHaveArrived && bytesGiven == exchange.request.body?.count ?? 0 }

    /// Heads included, bodies as they travel. Before the request went out libcurl may still tell those of the last one.
    var bytesOnWire: (sent: Int64, received: Int64) {
        guard wentOut else { return (0, 0) }
        var head = 0
        var request = 0
        var down: curl_off_t = 0
        var up: curl_off_t = 0
        _ = flxc_get_long(easy, CURLINFO_HEADER_SIZE, &head)
        _ = flxc_get_long(easy, CURLINFO_REQUEST_SIZE, &request)
        _ = flxc_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T, &down)
        _ = flxc_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &up)
        return (Int64(request) &+ Int64(up), Int64(head) &+ Int64(down))
    }

    /// What libcurl says of the fault, in its words.
    func detail(_ code: CURLcode) -> String {
        let text = handle.errorText
        if !text.isEmpty { return text }
        guard let known = curl_easy_strerror(code) else { return "error \(code.rawValue)" }
        return String(cString: known)  // Safe: a literal of libcurl's.
    }

    // MARK: Called by libcurl

    private static func call<Result>(_ context: UnsafeMutableRawPointer?, _ body: (WireAttempt) -> Result) -> Result? {
        guard let context else { return nil }
        return Unmanaged<WireAttempt>.fromOpaque(context)._withUnsafeGuaranteedRef(body)  // Safe: see prepare.
    }

    /// The connection is ready. False ends the attempt with nothing (more) sent.
    private func mayGo() -> Bool {
        if wentOut {
            fault = .receive(detail: "the connection was closed without an answer")
            return false
        }
        if Clock.bootMs() > sendByBootMs {
            slotWasLate = true
            return false
        }
        wentOut = true
        idleMs = 0
        return true
    }

    private func give(_ bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let bytes, let body = exchange.request.body else { return 0 }
        let count = min(room, body.count - bytesGiven)
        guard count > 0 else { return 0 }
        body.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            memcpy(bytes, start + bytesGiven, count)  // Safe: count is within both the room and what is left.
        }
        bytesGiven += count
        return count
    }

    private func receivedHead(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return count }
        do throws(ReplyFault) {
            // Safe: libcurl gives count bytes.
            let line = UnsafeRawBufferPointer(start: bytes, count: count).bindMemory(to: UInt8.self)
            try head.read(line.span)
            if let length = head.contentLength, head.isComplete, length > Int64(limit) {
                fault = .tooLarge(limit: limit)
                return 0
            }
            return count
        } catch {
            fault = .protocolViolation(error.what)
            return 0
        }
    }

    /// Room for `count` more, in steps: what the hub says of a length is no reason to reserve it. Each step doubles the room,
    /// and what is not written of it costs nothing, so that with the copy beside it a body holds no more than the cap (H-20).
    /// False if there is no memory.
    private func makeRoom(_ count: Int) -> Bool {
        let wanted = body.count + count
        guard wanted > body.capacity else { return true }
        guard wanted > CurlOptions.bufferBytes else { return true }  // so little grows by itself
        let step = max(wanted, min(limit, max(2 * body.capacity, WireAttempt.firstStep)))
        let told = head.isCoded ? nil : head.contentLength.map { Int(clamping: $0) }
        guard var larger = told.map({ PageBytes.take(max(wanted, min($0, step))) }) ?? PageBytes.takeLargest(step) else {
            return false
        }
        larger.append(contentsOf: body)
        body = larger
        return true
    }

    private func isInflated(_ size: Int) -> Bool {
        let onWire = bytesOnWire.received + Int64(CurlOptions.bufferBytes)  // the buffer at hand may not be counted yet
        return Int64(size) > (1 << 20) + onWire &* WireAttempt.inflation
    }

    private func received(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return count }
        guard count <= limit - body.count else {
            fault = .tooLarge(limit: limit)
            return 0
        }
        guard body.count + count <= 1 << 20 || !isInflated(body.count + count) else {
            fault = .protocolViolation("it inflates to more than \(WireAttempt.inflation) times its size")
            return 0
        }
        guard makeRoom(count) else {
            fault = .memoryForAnswer(bytes: body.count + count)
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))  // Safe: libcurl gives count bytes.
        return count
    }
}
