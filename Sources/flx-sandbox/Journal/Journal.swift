#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One request the hub received. It never holds a token or a body.
struct JournalEntry {
    var number: Int
    /// Microseconds since the sandbox started, when the last byte of the request was there.
    var arrival: Int
    /// Wall time in milliseconds since 1970.
    var wallMillis: Int
    /// `channel`, `account`, `source`, `none` or `unknown`.
    var token: String
    var method: String
    var path: String
    var query: String
    var operation: String?
    var status: Int
    var effect: Effect
    /// Which POST of its order number this was, from 1.
    var attempt: Int?
    var requestBytes: Int
    /// SHA-256 of the request body, empty without one.
    var requestDigest: String
    var answerBytes: Int
    var connection: Int
    var numberOnConnection: Int
    /// The faults that were done to it.
    var faults: [String]
    /// Whether the whole answer was meant to reach the client.
    var isAnswered: Bool

    var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        add("n", .integer(number))
        add("at_us", .integer(arrival))
        add("wall_ms", .integer(wallMillis))
        add("token", .string(token))
        add("method", .string(method))
        add("path", .string(path))
        add("query", .string(query))
        add("operation", .text(operation))
        add("status", .integer(status))
        add("accepted", .bool(effect.isAccepted))
        add("effect", .string(effect.kind))
        add("rows", .integer(effect.rows))
        add("order_number", .text(effect.orderNumber))
        add("attempt", attempt.map { .integer($0) } ?? .null)
        add("request_bytes", .integer(requestBytes))
        add("request_sha256", .string(requestDigest))
        add("answer_bytes", .integer(answerBytes))
        add("connection", .integer(connection))
        add("on_connection", .integer(numberOnConnection))
        add("faults", .array(faults.map { .string($0) }))
        add("answered", .bool(isAnswered))
        return .object(members)
    }
}

/// Every request in the order it was handled, in memory and, if asked, one JSON line each in a file.
///
/// Invariant: an entry is in the file before the first byte of its answer leaves.
final class Journal {
    struct FileError: Error, CustomStringConvertible {
        var description: String
    }

    /// Counts over all entries, kept so that nobody has to go through them.
    struct Counts {
        fileprivate(set) var requests = 0
        fileprivate(set) var byStatus: [Int: Int] = [:]
        fileprivate(set) var orderPosts = 0
        fileprivate(set) var orderPostsAccepted = 0
    }

    private(set) var entries: [JournalEntry] = []
    private(set) var counts = Counts()
    /// How often the entries were forgotten.
    private(set) var clearings = 0
    private let file: CInt?

    init() {
        file = nil
    }

    /// Appends to a file, which is made if it does not exist.
    init(appendingTo path: String) throws(FileError) {
        let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw FileError(description: "journal \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        file = opened
    }

    deinit {
        if let file { close(file) }
    }

    func record(_ entry: JournalEntry) {
        entries.append(entry)
        count(entry)
        guard let file else { return }
        let line = entry.json.bytes + [0x0A]
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    func clear() {
        entries = []
        counts = Counts()
        clearings += 1
    }

    private func count(_ entry: JournalEntry) {
        counts.requests += 1
        counts.byStatus[entry.status, default: 0] += 1
        guard entry.operation.spells("createOrder") else { return }
        counts.orderPosts += 1
        if entry.effect.isAccepted { counts.orderPostsAccepted += 1 }
    }
}
