import Foundation

@testable import FlxChannel

/// A hub as a channel meets it: its stamps have whole seconds, its lists may show the past, and its catalogue never rests.
///
/// A row waits while its content is newer than what was answered. A sync answer names that instant, a publish answer is
/// the second in which it arrived (contract 3.1, 3.4, 3.7).
final class StampingHub: @unchecked Sendable {
    struct Traits: Sendable, CustomStringConvertible {
        enum Dates: Sendable { case told, absent, doubled }
        enum Stamps: Sendable { case content, updatedAt, none }

        var feed = Feed.listingsToPublish
        var dates = Dates.told
        var lagS = 0.0
        var stamps = Stamps.content
        var isInclusive = false
        /// Knows `ids` and `skus`.
        var takesNames = true
        /// An answer changes something of the row that the contract does not know.
        var isRestless = false
        /// The shop comes but now and then, so that what the lists showed late is over between two of its pulls.
        var isSlow = false

        var description: String {
            "\(feed.name), Date \(dates), lag \(lagS) s, stamps \(stamps)\(isInclusive ? ", inclusive" : "")\(takesNames ? "" : ", no names")"
                + (isRestless ? ", restless" : "") + (isSlow ? ", slow" : "")
        }
    }

    /// What a row was from a moment on.
    private struct Moment {
        let at: Double
        var content: Int
        var updated: Int  // of the content
        var touched: Int  // of anything
        var synced: Int
        var answers = 0
    }

    let traits: Traits
    // A test without a hub is none.
    // swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
    private(set) var rig: HubRig!
    private let lock = NSLock()
    private var rows: [Int: [Moment]] = [:]
    private var random = SystemRandomNumberGenerator()
    /// The hub's clock is not that of the host.
    private let offset = 5_000.0 + Double.random(in: 0..<1)
    private var isChanging = true
    private let isCalm: Bool

    /// - Parameter isCalm: nothing changes but by `touch`.
    init(_ traits: Traits, rows count: Int = 30, isCalm: Bool = false) {
        self.traits = traits
        self.isCalm = isCalm
        let start = now - 100
        for id in 1...count {
            rows[id] = [Moment(at: start, content: 0, updated: Int(start), touched: Int(start), synced: 0)]
        }
        rig = HubRig { [unowned self] request in lock.withLock { answer(request) } }
    }

    private var now: Double { Date().timeIntervalSince1970 + offset }

    /// Changes rows by chance from now on, until told to stop.
    func churn(everyMs: UInt32) {
        Thread { [weak self] in
            while let self, lock.withLock({ isChanging }) {
                lock.withLock { change(rows.keys.randomElement(using: &random) ?? 1) }
                usleep(everyMs * 1000)
            }
        }.start()
    }

    func rest() { lock.withLock { isChanging = false } }

    /// What each row is.
    var contents: [Int: Int] { lock.withLock { rows.mapValues { $0.last?.content ?? -1 } } }

    /// Changes a row now.
    func touch(_ id: Int) { lock.withLock { write(id) } }

    /// The second of the hub's clock, and how much of it is over.
    var second: (Int, part: Double) { (Int(now), now - now.rounded(.down)) }

    private func change(_ id: Int) {
        if isChanging, !isCalm { write(id) }
    }

    private func write(_ id: Int) {
        guard var row = rows[id]?.last else { return }
        row = Moment(
            at: now, content: row.content + 1, updated: Int(now), touched: Int(now), synced: row.synced, answers: row.answers)
        rows[id]?.append(row)
    }

    // MARK: requests

    private func answer(_ request: HubRequest) -> HubAnswer {
        if request.isWrite {
            take((try? parsed(request.body).elements.map { $0 }) ?? [])
            return reply("[]")
        }
        let size = Int(request.query["pageSize"] ?? "") ?? 20
        let seen = now - traits.lagS
        let ids = Set((request.values("ids") + request.values("skus").map { String($0.dropFirst()) }).compactMap { Int($0) })
        let after = request.query["updatedAfter"].flatMap { Instant(iso: $0) }.map { Int($0.ms / 1000) }
        var found: [Int] = []
        for id in rows.keys.sorted() {
            guard let row = row(id, at: seen) else { continue }
            if request.isOfQueue, row.updated <= row.synced { continue }
            if traits.takesNames, !ids.isEmpty, !ids.contains(id) { continue }
            if let after, traits.isInclusive ? row.touched < after : row.touched <= after { continue }
            found.append(id)
        }
        let page = found.dropFirst((request.page - 1) * size).prefix(size)
        let body = "[" + page.compactMap { id in row(id, at: seen).map { json(id, $0) } }.joined(separator: ",") + "]"
        for id in page where Int.random(in: 0..<8, using: &random) == 0 { change(id) }  // in the second of the fetch
        return reply(body)
    }

    /// As the lists show it.
    private func row(_ id: Int, at moment: Double) -> Moment? { rows[id]?.last { $0.at <= moment } }

    private func take(_ answers: [JSONValue]) {
        for answer in answers {
            guard let id = (answer.member("listingVariantId") ?? answer.member("listingParentId"))?.integer.map({ Int($0) }) else {
                continue
            }
            if Int.random(in: 0..<8, using: &random) == 0 { change(id) }  // just before the answer
            guard var row = rows[id]?.last else { continue }
            let told = answer.member("syncedAt")?.string.flatMap { Instant(iso: $0) }.map { min(Int($0.ms / 1000), Int(now)) }
            row = Moment(
                at: now, content: row.content, updated: row.updated, touched: Int(now), synced: told ?? Int(now),
                answers: row.answers + 1)
            rows[id]?.append(row)
            if Int.random(in: 0..<8, using: &random) == 0 { change(id) }  // just after it
        }
    }

    private func json(_ id: Int, _ row: Moment) -> String {
        let name = traits.feed == .listingsToPublish ? "staticContentUpdatedAt" : "dynamicContentUpdatedAt"
        func iso(_ second: Int) -> String { Instant(ms: Int64(second) * 1000).isoSeconds }
        let stamps =
            switch traits.stamps {
            case .content: #","\#(name)":"\#(iso(row.updated))","updatedAt":"\#(iso(row.touched))""#
            case .updatedAt: #","updatedAt":"\#(iso(row.touched))""#
            case .none: ""
            }
        let more = traits.isRestless ? #","published":\#(row.answers)"# : ""
        return #"{"id":\#(id),"sku":"S\#(id)","title":"\#(row.content)"\#(stamps)\#(more),"variants":[{"id":\#(id)0}]}"#
    }

    private func reply(_ body: String) -> HubAnswer {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = format.string(from: Date(timeIntervalSince1970: now))
        return switch traits.dates {
        case .told: .reply(body, date: date)
        case .absent: .reply(body, date: nil)
        case .doubled: .reply(body, status: "200 OK\r\nDate: \(date)", date: date)
        }
    }
}

/// A shop at such a hub, which takes over what it is given and answers all of it.
final class StampedShop {
    let hub: StampingHub
    let client: Client
    /// The content of each row as the shop has it.
    private(set) var contents: [Int: Int] = [:]
    private(set) var deliveries = 0
    private(set) var answeredPages = 0
    /// Reads answered records again at once, as the library once did.
    private let isHasty: Bool

    init(_ traits: StampingHub.Traits, config: [String: String] = [:], isHasty: Bool = false, isCalm: Bool = false) throws {
        hub = StampingHub(traits, isCalm: isCalm)
        client = try hub.rig.client(config)
        self.isHasty = isHasty
    }

    var rereads: Int { hub.rig.requests.count { $0.isReread } }

    /// Rows that the shop has in another form than the hub.
    var stale: Int {
        let theirs = hub.contents
        return theirs.count { contents[$0.key] != $0.value }
    }

    /// Pulls to the end, answers all, flushes; gives how many records came.
    @discardableResult
    func turn() throws -> Int {
        if isHasty { try client.passRereads() }
        let before = deliveries
        let pull = try client.open(hub.traits.feed, #"{"page_size":10}"#)
        while let page = try pull.page() {
            for record in page.records {
                guard let id = record.member("id")?.integer, let title = record.member("title")?.string else { continue }
                contents[Int(id)] = Int(title)
                deliveries += 1
            }
            try client.acknowledge(page, "[\(page.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]")
            answeredPages += 1
        }
        pull.close()
        try client.flushNow(1000)
        return deliveries - before
    }

    /// On a busy machine a turn may take as long as all of the quiet.
    private static let leastEmpties = 5

    /// Works under a catalogue that keeps changing, then until nothing more comes, and as long as a late change may take.
    func work(busyMs: Int64, quietMs: Int64) throws {
        hub.churn(everyMs: 40)
        let busy = Deadline.after(ms: busyMs)
        while !busy.isOver {
            try turn()
            usleep(UInt32.random(in: hub.traits.isSlow ? 2_500_000..<4_000_000 : 0..<400_000))
        }
        hub.rest()
        var (quiet, empties) = (Deadline.after(ms: quietMs), 0)
        let end = Deadline.after(ms: 120_000)
        while !(quiet.isOver && empties >= StampedShop.leastEmpties), !end.isOver {
            if try turn() > 0 { (quiet, empties) = (.after(ms: quietMs), 0) } else { empties += 1 }
            usleep(hub.traits.isSlow ? 3_300_000 : 200_000)
        }
    }
}
