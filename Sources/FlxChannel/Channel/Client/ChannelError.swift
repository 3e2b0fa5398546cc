import CFlxChannel

/// Why a call did not do what it was asked for: the errors of all rooms in the one form that the border knows.
///
/// A class because it passes through many hands: one pointer instead of fifteen words at each `try`.
/// Invariant: only who makes it changes it, before it is thrown.
final class ChannelError: Error, @unchecked Sendable {
    /// One of FLX_E_.
    var code: Int32
    /// What is so, the numbers found and allowed, and what to do. No secret, no buyer data.
    var message: String
    /// A JSON pointer, config key or parameter.
    var path = ""
    /// What the hub said, in its words: they may name a buyer, and stand in no message, log or report.
    var hubSaid = ""
    var operation = ""
    var requestId = ""
    var httpStatus = 0
    /// What is known of the request's effect, should it be one that can have any. Hosts see `verdict`.
    var effect = Verdict.none
    var retryAfterMs: Int64 = -1
    /// How long another process kept this call waiting in vain.
    var waitedMs: Int64 = 0
    var isFatal = false
    /// Every fault of bad input.
    var faults: [Fault] = []

    init(_ code: Int32, _ message: String, path: String = "", hubSaid: String = "") {
        self.code = code
        self.hubSaid = hubSaid
        self.message = message
        self.path = path
    }

    /// Bad input with one fault or more: the first one is the headline.
    convenience init(_ code: Int32, faults: [Fault]) {
        self.init(code, "", path: faults.first?.path ?? "")
        self.faults = faults
        guard let first = faults.first else { return }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        message = (first.path.isEmpty ? "it " : "\(first.path) ") + first.message + more
    }

    convenience init(_ error: StateError) {
        self.init(error.code, error.message)
        switch error {
        case .busy(let waited), .server(let waited, _): waitedMs = waited
        case .lost: isFatal = true
        default: break
        }
    }

    convenience init(_ error: TransportError, operation: String = "") {
        self.init(error.code, error.message, path: error.key)
        self.operation = operation
        effect = error.mayHaveArrived ? .possiblyApplied : .notApplied
    }

    /// The same failure told again later: an error that was thrown belongs to whoever caught it.
    convenience init(_ failure: ChannelError, retryAfterMs: Int64) {
        self.init(failure.code, failure.message, path: failure.path, hubSaid: failure.hubSaid)
        (operation, requestId, httpStatus, effect) = (failure.operation, failure.requestId, failure.httpStatus, failure.effect)
        self.retryAfterMs = retryAfterMs
    }

    /// The same request's failure, by another name.
    convenience init(_ code: Int32, _ message: String, like failure: ChannelError) {
        self.init(code, message, hubSaid: failure.hubSaid)
        (operation, requestId, httpStatus, effect) = (failure.operation, failure.requestId, failure.httpStatus, failure.effect)
    }

    /// Text that is not JSON: the path leads to the value in which that shows.
    convenience init(json fault: JSONFault, in bytes: [UInt8], what: String) {
        let path = JSONPlace.path(of: fault.offset, in: bytes)
        let place = path.isEmpty ? "" : "in \(path) "
        if fault.isMemory {
            self.init(FLX_E_MEMORY, "\(what) was not read: \(fault.reason)")
            return
        }
        self.init(FLX_E_JSON, "\(what) is not JSON: \(place)\(fault.reason)", path: path)
        faults = [Fault(path: path, message: fault.reason)]
    }

    /// What is known of the effect of a write. A read has none, whatever became of it, and neither has what is no request.
    var verdict: Verdict {
        OperationTable.named(operation)?.isWrite == true ? effect : .none
    }

    /// Whether the same call may succeed later without any change.
    var isRetryable: Bool {
        if isFatal { return false }
        return switch code {
        case FLX_E_STATE_BUSY, FLX_E_CLIENT_BUSY, FLX_E_CONNECT, FLX_E_NETWORK, FLX_E_TIMEOUT, FLX_E_THROTTLED,
            FLX_E_UNAVAILABLE, FLX_E_RATE_LIMIT:
            true
        case FLX_E_CONTRACT: !isFatal && retryAfterMs >= 0  // a pull that goes on asking
        case FLX_E_HUB: httpStatus == 408 || httpStatus == 425 || httpStatus >= 500
        default: false
        }
    }

    /// Whether the hub, or the way to it, is to blame: the ranges are those of the header.
    var isOfTheHub: Bool { (-499 ... -300).contains(code) }

    /// Whether it says what keeps every request from leaving.
    var isHold: Bool { httpStatus == 0 && (code == FLX_E_THROTTLED || code == FLX_E_UNAVAILABLE || code == FLX_E_TOKEN) }

    /// All of it as one JSON object (FLX_ERROR_JSON), but the words of the hub: it is what hosts log.
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("code", Int64(code))
        json.member("name", StatusName.of(code))
        json.member("message", message)
        json.member("path", path)
        json.member("operation", operation)
        json.member("request_id", requestId)
        json.member("http_status", Int64(httpStatus))
        json.member("verdict", verdict.name)
        json.member("retry_after_ms", retryAfterMs)
        json.member("retryable", isRetryable)
        json.member("fatal", isFatal)
        json.faults("faults", faults)
        json.endObject()
        return json.bytes
    }
}

extension JSONWriter {
    mutating func faults(_ name: String, _ faults: [Fault]) {
        key(name)
        beginArray()
        for fault in faults { self.fault(fault) }
        endArray()
    }

    mutating func fault(_ fault: Fault) {
        beginObject()
        member("path", fault.path)
        member("message", fault.message)
        endObject()
    }
}

extension Verdict {
    var name: String {
        switch self {
        case .none: ""
        case .notApplied: "not_applied"
        case .possiblyApplied: "possibly_applied"
        case .applied: "applied"
        case .refused: "refused"
        }
    }

    static func named(_ name: String) -> Verdict? {
        [.none, .notApplied, .possiblyApplied, .applied, .refused].first { $0.name == name }
    }
}

extension StateError {
    /// The code of the header for it.
    var code: Int32 {
        switch self {
        case .busy, .server, .silent: FLX_E_STATE_BUSY
        case .newer: FLX_E_STATE_NEWER
        case .corrupt: FLX_E_STATE_CORRUPT
        case .io, .full, .replaced, .random: FLX_E_STATE
        case .identity: FLX_E_IDENTITY
        case .files(let faults): faults.contains { $0.isOwner } ? FLX_E_IDENTITY : FLX_E_PATH
        case .path, .moved, .unfinished, .occupied, .absent: FLX_E_PATH
        case .used: FLX_E_STATE_BUSY
        case .atSource(let error), .atDestination(let error): error.code
        case .forked, .forkedInside: FLX_E_FORKED
        case .lost: FLX_E_CLIENT_BUSY
        case .closed: FLX_E_HANDLE
        case .memory: FLX_E_MEMORY
        case .exists, .misuse: FLX_E_INTERNAL
        }
    }
}

extension RateLimitError {
    /// The code of the header for it.
    var code: Int32 { self == .forked ? FLX_E_FORKED : FLX_E_RATE_LIMIT }
}
