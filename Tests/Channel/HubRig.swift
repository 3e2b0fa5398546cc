import Foundation
import Testing

@testable import FlxChannel

/// A request as the hub reads it.
struct HubRequest: Sendable {
    let method: String
    let path: String
    let query: [String: String]
    /// A parameter may come more than once.
    let parameters: [(name: String, value: String)]
    let body: String

    init(_ text: String) {
        let head = text.prefix { $0 != "\r\n" }.split(separator: " ")
        method = String(head.first ?? "")
        let target = head.count > 1 ? head[1].split(separator: "?", maxSplits: 1) : []
        path = String(target.first ?? "")
        parameters = (target.count > 1 ? target[1].split(separator: "&") : []).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts.last ?? "").removingPercentEncoding ?? "")
        }
        query = Dictionary(parameters.map { ($0.name, $0.value) }) { $1 }
        body = text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }

    var page: Int { Int(query["page"] ?? query["filterPageNumber"] ?? query["pageNumber"] ?? "") ?? 0 }
    var isWrite: Bool { method != "GET" }
    var isOfQueue: Bool { query["sync"] == "true" || query["publish"] == "true" }
    /// Reads answered records once more.
    var isReread: Bool { !isWrite && !isOfQueue && path.hasPrefix("/listing/") }

    func values(_ name: String) -> [String] { parameters.filter { $0.name == name }.map { $0.value } }
}

/// What a hub of a test does with a request.
enum HubAnswer {
    case reply(String, status: String = "200 OK", date: String? = HubRig.date)
    /// Closes the connection without a byte, after the request was read.
    case hangUp
    /// Never answers.
    case silence

    static let empty = HubAnswer.reply("[]")

    static func status(_ line: String, _ body: String = "") -> HubAnswer { .reply(body, status: line) }

    /// Page 1 has these records, every other page none.
    static func onlyPage(_ records: String, of request: HubRequest) -> HubAnswer {
        request.page == 1 ? .reply("[\(records)]") : .empty
    }
}

/// A hub that answers as a test says, and clients of channel "shop" whose request budget is as good as endless.
final class HubRig: @unchecked Sendable {
    /// The hub's clock stands still: fetch instants are 1 to 3 s before this.
    static let date = "Sat, 31 Jan 2026 12:00:00 GMT"
    static let pool = ["X-Auth-Pool-Size: 10000", "X-Auth-Pool-Used: 0", "X-Auth-Replenished-Per-Second: 1000"]
    static let token = "secret-token"

    let scratch = Scratch()
    let server: RawServer

    init(_ answer: @escaping @Sendable (HubRequest) -> HubAnswer) {
        server = RawServer { connection in
            while let text = connection.request() {
                switch answer(HubRequest(text)) {
                case .reply(let body, let status, let date):
                    connection.answer(body, status: status, headers: HubRig.pool + (date.map { ["Date: \($0)"] } ?? []))
                case .hangUp: return
                case .silence: return connection.drain()
                }
            }
        }
    }

    deinit { server.stop() }

    var requests: [HubRequest] { server.requests.map { HubRequest($0) } }
    var writes: [HubRequest] { requests.filter { $0.isWrite } }

    /// The body of the write at `index`, empty if there were not so many.
    func written(_ index: Int) -> String { writes.count > index ? writes[index].body : "" }

    /// A client, which knows the hub's clock already unless a test is about that: this machine's says something else.
    func client(_ more: [String: String] = [:], isTimeKnown: Bool = true) throws -> Client {
        var values = [
            "channel": "shop", "state_dir": scratch.at("state"), "log.level": "debug",
            "origin": "http://127.0.0.1:\(server.port)",
        ]
        values.merge(more) { $1 }
        let client = try Client(try Settings(values, token: Secret(text: HubRig.token)), sink: nil)
        try openRateLimit()
        if isTimeKnown { HubRig.tellTime(client) }
        client.jitter = { $0 }  // waits before another attempt are as long as they may be, unless a test wants none
        return client
    }

    /// Two answers that agree on the hub's clock.
    static func tellTime(_ client: Client) {
        guard let date = HTTPDate.parse(date) else { return }
        for _ in 0..<2 { client.clock.observe(dateMs: date, answeredMs: Clock.monotonicMs()) }
    }

    /// Takes away whatever holds requests back.
    func openRateLimit(token: String = HubRig.token) throws {
        let rateLimiter = try RateLimitFile(
            directory: scratch.at("state"), origin: "http://127.0.0.1:\(server.port)", token: Secret(text: token))
        try rateLimiter.update(by: .after(ms: 5000)) { state in
            state = RateLimit()
            state.pool = TokenBucket(size: 10_000, refillMilli: 1_000_000, usedMilli: 0, at: Clock.bootMs())
        }
    }

    /// Holds every request back.
    func closeRateLimit(_ change: (inout RateLimit) -> Void = { $0.pausedUntil = Clock.bootMs() + 600_000 }) throws {
        let rateLimiter = try RateLimitFile(
            directory: scratch.at("state"), origin: "http://127.0.0.1:\(server.port)", token: Secret(text: HubRig.token))
        try rateLimiter.update(by: .after(ms: 5000), change)
    }
}

extension Client {
    /// As if a feed had been read in full so long ago.
    func readInFull(_ feed: Feed, hoursAgo hours: Int64) throws {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                guard var row = try store.cursors.get(feed: feed.rawValue, name: "default") else { return }
                var note = CursorNote(row.note)
                note.reconciledAt = Clock.wallMs() - hours * 3_600_000
                row.note = note.text
                try store.cursors.put(row)
            }
        }
    }

    /// Makes everything due that waits for another attempt, as time would.
    func passTime() throws {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.outbox.database.change("UPDATE outbox SET next_at = 0, sent_at = 0 WHERE state < 3").run()
                for feed in Feed.all where feed.isQueue {
                    for row in try store.answers.waiting(feed: feed.rawValue, now: Clock.wallMs() + 7 * 86_400_000, limit: 100) {
                        var row = row
                        row.nextAt = 0
                        try store.answers.save(row)
                    }
                }
            }
        }
    }

    /// Makes every answered record due to be read once more, as time would.
    func passRereads() throws {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                for feed in Feed.all where feed.isQueue {
                    try store.answers.stampRereads(feed: feed.rawValue, boot: 0, latest: 0, at: 0)
                }
                for feed in Feed.all where feed.isQueue {
                    try store.answers.stampRereads(feed: feed.rawValue, boot: Int64(bitPattern: Boot.id), latest: Int64.max, at: 0)
                }
            }
        }
    }

    @discardableResult
    func flushNow(_ ms: Int64 = 5000) throws -> FlushReport { try flush(by: .after(ms: ms)) }

    @discardableResult
    func submit(_ text: String) throws -> JSONValue { try parsed(submit(Array(text.utf8))) }

    func order(_ number: String) throws -> OutboxRow? {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.outbox.row(numberHash: hash(of: number)) }
        }
    }

    /// What happened to an order, oldest first.
    func happened(to number: String) throws -> [String] {
        try parsed(outboxHistory(number)).member("events")?.elements.compactMap { $0.member("what")?.string } ?? []
    }

    func open(_ feed: Feed, _ spec: String? = nil) throws -> Pull {
        try Pull(self, feed: feed, spec: try PullSpec.read(spec.map { Array($0.utf8) }, feed: feed, settings: settings))
    }

    func acknowledge(_ page: Page, _ answers: String) throws {
        try acknowledge(receipt: page.receipt, answers: Array(answers.utf8))
    }

    /// Verdict by record id.
    func verdicts() throws -> [String: String] {
        var found: [String: String] = [:]
        for row in try parsed(answerResults(after: 0, most: 10_000)).elements {
            found[row.member("id")?.string ?? ""] = row.member("verdict")?.string
        }
        return found
    }

    /// Where a cursor stands, or nil.
    func cursor(_ feed: Feed, _ name: String = "default") throws -> Instant? {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.cursors.get(feed: feed.rawValue, name: name) }
        }?.at.map { Instant(ms: $0) }
    }
}

extension Pull {
    /// The next page, or nil at the proven end; at most a minute.
    func page() throws -> Page? {
        let deadline = Deadline.after(ms: 60_000)
        while !deadline.isOver {
            switch try next(by: deadline) {
            case .page(let page): return page
            case .done: return nil
            case .again: continue
            }
        }
        throw Late()
    }

    /// All pages to the proven end, not committed.
    func pages() throws -> [Page] {
        var pages: [Page] = []
        while let page = try page() { pages.append(page) }
        return pages
    }

    struct Late: Error {}
}

extension Page {
    var ids: [String] { records.compactMap { $0.member("id")?.text } }
}

func parsed(_ bytes: [UInt8]) throws -> JSONValue { try JSONDocument.parse(bytes).root }

func parsed(_ text: String) throws -> JSONValue { try parsed(Array(text.utf8)) }

/// The error that a call of the channel throws, or nil.
func refusal<R>(_ body: () throws -> R) -> ChannelError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? ChannelError }
}

/// Something that changes between requests.
final class Box<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value {
        get { lock.withLock { stored } }
        set { lock.withLock { stored = newValue } }
    }

    func change<R>(_ body: (inout Value) -> R) -> R { lock.withLock { body(&stored) } }
}

extension Settings {
    /// Tests write plain dictionaries.
    init(_ values: [String: String], token: Secret?) throws(ChannelError) {
        try self.init(Dictionary(uniqueKeysWithValues: values.map { (ByteText($0.key), $0.value) }), token: token)
    }
}
