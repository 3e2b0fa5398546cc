/// One setting of a channel: its name, what it may be, and what it means. The one table of all settings.
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

    private init(_ name: String, _ kind: Kind, _ standard: String?, unit: String = "", _ meaning: String) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.unit = unit
        self.meaning = meaning
    }

    static let all: [ConfigKey] = [
        ConfigKey("channel", .channelName, nil, "name of the channel, [a-z0-9._-]{1,64}; required"),
        ConfigKey("token", .token, nil, "the hub's channel token, 1 to 512 visible ASCII characters; required"),
        ConfigKey("state_dir", .directory, nil, "absolute path of the directory of the state file, on a disk of this machine; made with mode 0700 if its parent exists; wider modes are tightened at each opening, and a directory that serves others as well is refused; required"),
        ConfigKey("origin", .origin, "https://api.flxpoint.com", "where the hub is; http only to loopback"),
        ConfigKey("state.wait_ms", .number(0...600_000), "5000", unit: "ms", "longest wait for another process at the state file"),
        ConfigKey("state.keep_days", .number(60...36_500), "730", unit: "days", "how long it is remembered which orders and records were there, after their buyer data is gone"),
        ConfigKey("rate_limit.dir", .directory, nil, "absolute path of the directory of the rate limit file that all processes of a token share; default: state_dir"),
        ConfigKey("http.wait_ms", .number(1...600_000), "30000", unit: "ms", "deadline of calls that are given -1"),
        ConfigKey("http.connect_ms", .number(100...600_000), "10000", unit: "ms", "longest time to make a connection"),
        ConfigKey("http.attempt_ms", .number(100...600_000), "60000", unit: "ms", "longest time for one request"),
        ConfigKey("http.idle_ms", .number(100...600_000), "20000", unit: "ms", "longest silence within a request"),
        ConfigKey("http.ca_file", .file, nil, "absolute path of a file of certificate authorities; default: the system's"),
        ConfigKey("http.proxy", .text, nil, "proxy such as http://127.0.0.1:3128; the environment is not asked"),
        ConfigKey("http.user_agent", .text, nil, "the host's name and version, put before ours"),
        ConfigKey("http.body_bytes", .number(65_536...1_073_741_824), "33554432", unit: "bytes", "largest answer, inflated"),
        ConfigKey("page.size", .number(0...1000), "0", unit: "records", "records to ask for per page; 0: 50 for parents, else 100"),
        ConfigKey("page.first", .number(0...1), "1", "number of a list's first page; 0 for a hub that counts from 0"),
        ConfigKey("page.most", .number(1...10_000_000), "100000", unit: "pages", "pages after which a walk is stopped as endless"),
        ConfigKey("pull.give_up_ms", .number(1000...86_400_000), "120000", unit: "ms", "time without an answer after which a pull reports the failure"),
        ConfigKey("pull.idle_s", .number(1...86_400), "600", unit: "s", "time without a call into a pull, or an answer for its feed, after which another pull or flush may take its feed over"),
        ConfigKey("feeds.overlap_s", .number(0...86_400), "120", unit: "s", "how far before its cursor a walk starts; more once the hub has shown rows later than that"),
        ConfigKey("feeds.late_s", .number(0...3600), "4", unit: "s", "how late the hub may show a change, unless it was seen to be later: what was answered is read again so much later, and a second"),
        ConfigKey("feeds.reconcile_h", .number(0...8760), "24", unit: "h", "how often a cursor feed is read in full beside its walks, for what no cursor can see; 0: never"),
        ConfigKey("answers.batch", .number(1...50), "50", unit: "rows", "answers sent in one request"),
        ConfigKey("answers.keep_hours", .number(1...8760), "168", unit: "h", "how long results of answers are kept"),
        ConfigKey("orders.give_up_hours", .number(1...8760), "72", unit: "h", "age at which an order without a clear end is given up, with its evidence"),
        ConfigKey("orders.keep_hours", .number(0...87_600), "24", unit: "h", "how long buyer data of a settled order is kept"),
        ConfigKey("orders.reference_number", .choice(["order_number", "as_given"]), "order_number", "what goes to the hub as referenceNumber of an order that has none; as_given: nothing"),
        ConfigKey("log.level", .choice(["error", "warn", "info", "debug"]), "info", "least important records that are kept"),
        ConfigKey("hub.channel_id", .number(1...Int64.max), nil, "the hub's id of this channel; needed only if the hub shows rows of others and does not tell which are ours; default: learnt"),
        ConfigKey("hub.arrays", .choice(["repeated", "joined"]), "repeated", "how a list is written in a query: skus=A&skus=B, or skus=A,B"),
        ConfigKey("hub.overrides", .json, nil, "other wire names, such as {\"createOrder\":{\"orderNumber\":\"number\"}}"),
    ]

    static func named(_ name: String) -> ConfigKey? { all.first { $0.name == name } }

    /// What a key of an earlier release is called now.
    static func renamed(_ name: String) -> String? {
        switch name {
        case "pace.dir": "rate_limit.dir"
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
        if let refusal = PastedText.refusal(of: token) { throw ChannelError(code, faults: [Fault(path: "token", message: refusal)]) }
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
