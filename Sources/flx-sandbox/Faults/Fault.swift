/// Which requests a fault is for. A part that is absent fits every request.
struct FaultMatch {
    var method: String?
    /// The beginning of the path.
    var path: String?
    var operation: String?
    /// A part of the query.
    var query: String?
    var orderNumber: String?
    /// The number of the request in the journal of this run, from 1.
    var request: Int?
    /// The number of the connection, from 1.
    var connection: Int?
    /// Only the n-th request that fits all the rest, from 1.
    var nth: Int?
    /// Every k-th request that fits all the rest.
    var every: Int?

    func fits(_ request: Request, number: Int, operation: String?, orderNumber: String?) -> Bool {
        if let method, method != request.method { return false }
        if let path, !request.path.begins(path) { return false }
        if let wanted = self.operation, wanted != operation { return false }
        if let query, !request.queryText.contains(query) { return false }
        if let wanted = self.orderNumber, !orderNumber.hasBytes(of: wanted) { return false }
        if let wanted = self.request, wanted != number { return false }
        if let connection, connection != request.connection { return false }
        return true
    }
}

/// What goes wrong, with its parameters.
struct FaultAction {
    enum Kind: String, CaseIterable {
        // Before the hub acts; the request has no effect.
        case cutBefore = "cut_before"
        case hangBefore = "hang_before"
        case delayBefore = "delay_before"
        case commitLate = "commit_late"
        case status
        case refuse
        case redirect
        case early
        // After the hub acted.
        case cutAfter = "cut_after"
        case hang
        case delay
        case truncate
        case contentLength = "content_length"
        case pad
        case chunkCut = "chunk_cut"
        case closeCut = "close_cut"
        case drip
        case informational
        case headerFlood = "header_flood"
        case header
        case statusLine = "status_line"
        case replay
        case gzip
        case huge
        case endless
        case deep
        case body
        case mutate
        case raw
        // When a connection is accepted.
        case acceptReset = "accept_reset"
        case acceptClose = "accept_close"
        case acceptStall = "accept_stall"

        var isOnAccept: Bool { self == .acceptReset || self == .acceptClose || self == .acceptStall }

        /// Whether it may happen before the hub acts; such a fault is not part of shaping the answer.
        var isBefore: Bool {
            switch self {
            case .cutBefore, .hangBefore, .delayBefore, .commitLate, .status, .refuse, .redirect, .early: true
            default: false
            }
        }
    }

    var kind: Kind
    var parameters: JSONValue

    /// A parameter, kept within what this machine can hold.
    func number(_ name: String, or usual: Int) -> Int {
        let number = parameters[name]?.integer ?? parameters[name]?.text.flatMap { Int($0) } ?? usual
        return max(-1 << 40, min(1 << 40, number))
    }

    /// The same for something that is counted.
    func count(_ name: String, or usual: Int) -> Int { max(0, number(name, or: usual)) }

    func text(_ name: String) -> String? { parameters[name]?.looseText }

    func flag(_ name: String) -> Bool { (parameters[name]?.looseText).spells("true") }

    /// Bytes from `text` or, in hex, from `hex`.
    var bytes: [UInt8] {
        if let hex = text("hex") {
            let digits = Array(hex.utf8)
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
        }
        return Array((text("text") ?? "").utf8)
    }
}

/// A fault waiting for its requests.
struct Fault {
    var id: Int
    var match: FaultMatch
    var action: FaultAction
    /// How often it happens; 0 = until it is removed.
    var times: Int
    /// Requests that fitted, and how often it happened.
    var seen = 0
    var done = 0

    var isSpent: Bool { times > 0 && done >= times }
}

/// The faults of this run, asked for each request.
struct FaultPlan {
    private(set) var faults: [Fault] = []
    private var nextId = 1

    mutating func add(_ match: FaultMatch, _ action: FaultAction, times: Int) -> Int {
        let id = nextId.taken()
        faults.append(Fault(id: id, match: match, action: action, times: times))
        return id
    }

    mutating func remove(id: Int) -> Bool {
        let count = faults.count
        faults.removeAll { $0.id == id }
        return faults.count < count
    }

    mutating func clear() {
        faults = []
    }

    /// The faults that happen to a request now; each is counted.
    mutating func take(where fits: (Fault) -> Bool) -> [FaultAction] {
        var taken: [FaultAction] = []
        for index in faults.indices where !faults[index].isSpent && fits(faults[index]) {
            faults[index].seen += 1
            let seen = faults[index].seen
            if let nth = faults[index].match.nth, seen != nth { continue }
            if let every = faults[index].match.every, every > 0, seen % every != 0 { continue }
            faults[index].done += 1
            taken.append(faults[index].action)
        }
        return taken
    }
}
