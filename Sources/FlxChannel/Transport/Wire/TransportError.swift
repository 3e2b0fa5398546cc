/// Why an exchange has no answer, or why the transport could not be used.
///
/// Indirect, so that every `try` passes one word whatever a case carries.
indirect enum TransportError: Error, Equatable {
    /// The name has no address.
    case resolve(host: String)
    /// No connection: refused, no route, proxy.
    case connect(host: String, detail: String)
    case connectTimeout(host: String, afterMs: Int64)
    /// No trusted connection. `certificate`: it was made, and the hub's certificate was not accepted.
    case tls(host: String, detail: String, certificate: Bool)
    /// The connection broke while the request was being sent.
    case send(detail: String, mayHaveArrived: Bool)
    /// The connection broke before the answer was complete.
    case receive(detail: String)
    /// No byte moved either way for this long.
    case idleTimeout(afterMs: Int64)
    /// The whole attempt took this long.
    case attemptTimeout(afterMs: Int64, mayHaveArrived: Bool)
    /// Bytes that are not the HTTP we accept.
    case protocolViolation(String)
    case tooLarge(limit: Int)
    /// The hub answered with a redirect, which is never followed (H-10).
    case redirect(status: Int, toHost: String)
    /// The cancel was fired.
    case canceled
    /// `willSend` said no; nothing was sent.
    case canceledBySender
    /// The owner gave the exchange up, or the transport was closed.
    case abandoned(mayHaveArrived: Bool)
    case rateLimiter(RateLimitError)
    /// What cannot be used, in words; `at`: the setting that says so, if one does.
    case config(String, at: SettingName?)
    case forked
    case memory
    /// The hub answered, and there was no memory for a body of so many bytes.
    case memoryForAnswer(bytes: Int)
    /// libcurl refused something that it should not.
    case fault(String)

    /// Whether the hub may have received the whole request.
    var mayHaveArrived: Bool {
        switch self {
        case .resolve, .connect, .connectTimeout, .tls, .canceled, .canceledBySender, .rateLimiter, .config, .forked, .memory,
            .fault:
            false
        case .receive, .idleTimeout, .protocolViolation, .tooLarge, .redirect, .memoryForAnswer: true
        case .send(_, let may): may
        case .attemptTimeout(_, let may): may
        case .abandoned(let may): may
        }
    }

    /// The key of the config that is at fault; empty for anything else.
    var key: String {
        if case .config(_, let setting?) = self { setting.text } else { "" }
    }

    var message: String {
        switch self {
        case .resolve(let host): "host name \(host) has no address; check the origin and the name servers"
        case .connect(let host, let detail): "no connection to \(host): \(detail)"
        case .connectTimeout(let host, let after): "no connection to \(host) within \(after) ms"
        case .tls(let host, let detail, _): "no trusted connection to \(host): \(detail)"
        case .send(let detail, _): "connection broke while sending: \(detail)"
        case .receive(let detail): "connection broke before the answer was complete: \(detail)"
        case .idleTimeout(let after): "hub sent and took no byte for \(after) ms"
        case .attemptTimeout(let after, _): "request was not answered within \(after) ms"
        case .protocolViolation(let what): "answer is not proper HTTP: \(what)"
        case .tooLarge(let limit): "answer is larger than the \(limit) bytes allowed"
        case .redirect(let status, let host):
            "hub answered \(status), a redirect to \(host.isEmpty ? "nowhere" : host), which is never followed; check the origin"
        case .canceled: "the client's cancel was fired"
        case .canceledBySender: "request was taken back before it was sent"
        case .abandoned: "request was given up before it was answered"
        case .rateLimiter(let error): error.message
        case .config(let text, _): text
        case .forked: "client was opened before a fork; open one in this process"
        case .memory: "memory ran out while a request was prepared"
        case .memoryForAnswer(let bytes): "memory ran out with \(bytes) bytes of an answer; ask for fewer records a page"
        case .fault(let text): "libcurl did not work as it should: \(text)"
        }
    }
}
