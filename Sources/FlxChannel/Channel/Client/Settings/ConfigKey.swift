/// One setting of a channel: its name, what it may be, and what it means.
struct ConfigKey: Sendable {
    enum Kind: Sendable {
        case text
        case channelName
        case token
        case origin
        /// An absolute path: what a relative one means changes with the working directory of each process.
        case directory
        case file
        case number(ClosedRange<Int64>)
        case choice([String])
        case json
    }

    let name: String
    let kind: Kind
    /// Text of the default; nil for a key that must be set or that is empty by nature.
    let standard: String?
    let unit: String
    let meaning: String

    init(_ name: String, _ kind: Kind, _ standard: String?, unit: String = "", _ meaning: String) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.unit = unit
        self.meaning = meaning
    }

    static func named(_ name: String) -> ConfigKey? { all.first { $0.name == name } }

    /// What a key of an earlier release is called now.
    static func renamed(_ name: String) -> String? {
        switch name {
        case "pace.dir": rateLimitDirectory.key.name
        default: nil
        }
    }

    /// Why `value` cannot be the value of this key, or nil.
    func refusal(of value: String) -> String? {
        if case .json = kind {} else if let pasted = PastedText.refusal(of: value) { return pasted }
        switch kind {
        case .channelName:
            return ConfigKey.isChannelName(value) ? nil : "is not a channel name; 1 to 64 of a-z 0-9 . _ - are allowed"
        case .token:
            return "is not set as text"  // see `token`
        case .origin:
            if value.isEmpty { return "is empty; leave the key out for \(standard ?? "its default")" }
            do { _ = try Origin(value) } catch { return "is not an origin: \(error.message)" }
            return nil
        case .directory, .file:
            if value.isEmpty { return "is empty" }
            if value.utf8.first != UInt8(ascii: "/") { return "is not an absolute path; write it from / on" }
            return value.utf8.count > 3000 ? "has \(value.utf8.count) bytes; at most 3000 are allowed" : nil
        case .text:
            return value.utf8.count > 4096 ? "has \(value.utf8.count) bytes; at most 4096 are allowed" : nil
        case .number(let range):
            guard let number = Int64(value) else { return "is not a whole number" }
            return range.contains(number) ? nil : "is \(number); \(range.lowerBound) to \(range.upperBound) is allowed"
        case .choice(let words):
            return words.contains(value) ? nil : "is none of \(words.joined(separator: ", "))"
        case .json:
            guard let document = try? JSONDocument.parse(Array(value.utf8)) else { return "is not JSON" }
            return document.root.isObject ? nil : "is not a JSON object"
        }
    }

    /// The value of "token", taken from where the host has it; `code` is the error for bytes that are no token.
    static func token(_ bytes: UnsafeRawBufferPointer, _ code: Int32) throws(ChannelError) -> Secret {
        guard let token = Secret(bytes) else { throw ChannelError(TransportError.memory) }
        if let refusal = PastedText.refusal(of: token) {
            throw ChannelError(code, faults: [Fault(path: hubToken.key.name, message: refusal)])
        }
        return token
    }

    /// It becomes part of file names.
    private static func isChannelName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isAllowed && (1...64).contains(text.utf8.count) && text != "." && text != ".."
    }
}
