/// What the status of an answer means for every operation (contract 1.2, 1.3, 1.7).
enum ReplyClass {
    /// 2xx.
    case success
    /// 429: nothing was done, later it may be.
    case throttled
    /// 401, 403: a fault of configuration; asking again changes nothing (H-12).
    case unauthorized
    /// 4xx that will be the same next time.
    case refused
    /// 408, 425, 5xx and what is no status at all: may pass.
    case passing

    init(status: Int) {
        switch status {
        case 200...299: self = .success
        case 429: self = .throttled
        case 401, 403: self = .unauthorized
        case 408, 425: self = .passing
        case 400...499: self = .refused
        default: self = .passing  // 5xx, 3xx without a target, and numbers outside 100-599 (H-17)
        }
    }
}

/// The part of an error answer that a person should see (contract 1.7: empty, text, JSON or HTML).
enum ErrorBody {
    /// One line of at most 300 bytes, without control characters and without `secret`.
    static func message(_ body: [UInt8], hiding secret: Secret) -> String {
        if let said = said(body, hiding: secret) { return said }
        if looksLikeHTML(body) { return "the answer is an HTML page" }
        return clean(String(decoding: body.prefix(1000), as: UTF8.self), secret)
    }

    /// What a member of it that is meant for errors says; nil if there is none. Unlike `message` it holds no data.
    static func said(_ body: [UInt8], hiding secret: Secret) -> String? {
        guard let document = try? JSONDocument.parse(body) else { return nil }
        for name in ["error", "message", "errorMessage", "detail"] {
            if let text = document.root.member(name)?.string, !text.isEmpty { return clean(text, secret) }
        }
        return nil
    }

    /// Whether a body is markup: an error page in front of the hub (contract 1.2, H-06).
    static func looksLikeHTML(_ body: [UInt8]) -> Bool {
        for byte in body.prefix(64) {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: continue  // white space, byte order mark
            default: return byte == UInt8(ascii: "<")
            }
        }
        return false
    }

    private static func clean(_ text: String, _ secret: Secret) -> String {
        Redaction.clean(text, hiding: secret, longest: 300)
    }
}
