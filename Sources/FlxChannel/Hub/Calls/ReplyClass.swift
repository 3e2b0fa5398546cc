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
    /// 408, 425, 5xx and what is no status at all, or none that a standard knows: it may pass. Gateways have numbers of their
    /// own for a connection that went away, such as 460 and 499, and the hub may have done what was asked.
    case passing

    init(status: Int) {
        switch status {
        case 200...299: self = .success
        case 429: self = .throttled
        case 401, 403: self = .unauthorized
        case 408, 425: self = .passing
        case 400...418, 421...431, 451: self = .refused
        default: self = .passing  // other 4xx, 5xx, 3xx without a target, and numbers outside 100-599 (H-17)
        }
    }
}

/// The part of an error answer that a person should see (contract 1.7: empty, text, JSON or HTML).
enum ErrorBody {
    /// One line of at most 300 bytes, without control characters and without `secret`.
    static func message(_ body: [UInt8], hiding secret: Secret) -> String {
        if let said = said(body, hiding: secret) { return said }
        if looksLikeHTML(body) { return "the answer is an HTML page" }
        return body.withUnsafeBufferPointer { Redaction.clean($0, hiding: secret, longest: mostBytes) }
    }

    /// What its members that are meant for errors say, all of them, each thing once; nil if there are none. Unlike
    /// `message` it holds no data.
    static func said(_ body: [UInt8], hiding secret: Secret) -> String? {
        guard let document = try? JSONDocument.parse(body) else { return nil }
        return said(document.root, hiding: secret)
    }

    /// The same of an object that is part of a body.
    static func said(_ value: JSONValue, hiding secret: Secret) -> String? {
        var words: [String] = []
        collect(value, depth: 0, hiding: secret, into: &words)
        return words.isEmpty ? nil : clean(words.joined(separator: ": "), secret)
    }

    /// Spring's `error` is only the reason phrase, and `message` says what is wrong; others have but one of them, or a
    /// list.
    private static let names = ["error", "message", "errorMessage", "detail", "errors"]
    private static let deepest = 3
    private static let mostBytes = 300
    private static let mostWords = 10

    private static func collect(_ value: JSONValue, depth: Int, hiding secret: Secret, into words: inout [String]) {
        guard depth <= deepest, words.count < mostWords else { return }
        switch value.kind {
        case .object:
            let field = depth > 0 ? value.member("field")?.string : nil
            for name in names {
                guard let member = value.member(name) else { continue }
                var found: [String] = []
                collect(member, depth: depth + 1, hiding: secret, into: &found)
                for word in found { add(field.map { "\($0) \(word)" } ?? word, to: &words) }
            }
        case .array:
            for element in value.elements { collect(element, depth: depth + 1, hiding: secret, into: &words) }
        case .string:
            if depth > 0, let text = value.string { add(clean(text, secret), to: &words) }
        case .number, .bool, .null: break
        }
    }

    /// What another one says already, as a whole or in part, is not said again.
    private static func add(_ word: String, to words: inout [String]) {
        guard !word.isEmpty, words.count < mostWords, !words.contains(where: { Text.contains($0, word) }) else { return }
        words.removeAll { Text.contains(word, $0) }
        words.append(word)
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
        Redaction.clean(text, hiding: secret, longest: mostBytes)
    }
}
