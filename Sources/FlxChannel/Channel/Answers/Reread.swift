import CFlxChannel

/// Reads answered records once more whose answer may have hidden a change, and finds those that changed (decision 16).
///
/// They are asked for by their ids or SKUs, as many in one request as a page holds, so that an answered page costs one
/// request at most; a hub that ignores these names is asked for everything that changed since.
///
/// Invariant: a record stays marked in the state until a reading that was due showed it as it was answered, or the host
/// answers it again. Whoever dies in between, or does not come to the end, loses none.
final class Reread {
    /// A page of answered records as they stand now.
    struct Reading {
        let fetched: FetchedPage
        let changed: [(record: JSONValue, row: ListingRow, answer: AnswerRow)]
        let unread: [Page.Quarantined]
    }

    enum Step {
        case reading(Reading)
        case waiting
        case end
    }

    private let client: Client
    private let feed: Feed
    private let spec: PullSpec
    private let lateMs: Int64
    private var batch: RereadBatch?
    private var hasBegun = false
    private var mark = AnswerTable.RereadMark()
    /// Up to when what is due is taken, by the boot clock.
    private var dueBy: Int64 = 0
    private var isNaming = true
    private var canReadAlone = true
    /// Those that no list names.
    private var alone: [AnswerRow] = []
    /// Those that are left to a walk over everything.
    private var rest: [AnswerRow] = []
    private var isOver = false

    /// Answers that a walk over everything takes on.
    private static let mostInWalk = 10_000
    /// A variant that is missing in so many readings is gone.
    private static let mostMissing: Int64 = 3
    /// Rows that become due within this are read together with those that are due.
    private static let togetherMs: Int64 = 1000
    private static let overdueMs: Int64 = 60_000

    init(_ client: Client, feed: Feed, spec: PullSpec, lateMs: Int64) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.lateMs = lateMs
    }

    /// Whether the first of them has been due for so long that an earlier pull should have read it.
    func isOverdue() throws(ChannelError) -> Bool {
        let (now, boot) = (client.store.clock.bootMs(), client.store.boot)
        let ready = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.rereads(feed: feed.rawValue, boot: boot, dueBy: now &- Reread.overdueMs)
            }
        }
        return ready.count > 0
    }

    /// Only under the client's `driverLock`.
    func next(by deadline: Deadline) throws(ChannelError) -> Step {
        if !hasBegun { try begin() }
        while !isOver {
            if batch == nil { batch = try nextBatch() }
            guard let batch else {
                isOver = true
                break
            }
            switch try step(batch, by: deadline) {
            case .waiting: return .waiting
            case .page(let fetched):
                guard let reading = look(fetched, batch) else {
                    try stopNaming(batch)
                    continue
                }
                try learn(from: reading)
                if batch.unseen.isEmpty, batch.way != .everything { batch.walk.abandon() }
                if !reading.changed.isEmpty || !reading.unread.isEmpty { return .reading(reading) }
            case .end: try finish(batch)
            }
        }
        return .end
    }

    func abandon() {
        batch?.walk.abandon()
        isOver = true
    }

    /// A refusal is one of the way in which records were asked for, not of the pull: there is another. The batch is over
    /// then, and finishing it is for nobody.
    private func step(_ batch: RereadBatch, by deadline: Deadline) throws(ChannelError) -> PageWalk.Step {
        do throws(ChannelError) { return try batch.walk.next(by: deadline) } catch {
            switch batch.way {
            case .named where error.code == FLX_E_REFUSED: try stopNaming(batch)
            case .alone where error.code == FLX_E_REFUSED || error.code == FLX_E_TOKEN && error.httpStatus != 0:
                canReadAlone = false
                rest += Array(batch.rows.values) + alone
                alone = []
                self.batch = nil
            default: throw error
            }
            return .end
        }
    }

    // MARK: what is due

    private func begin() throws(ChannelError) {
        let now = client.store.clock.bootMs()
        try heedHub(now: now)
        let (feed, boot) = (feed.rawValue, client.store.boot)
        let (latest, due) = (RereadDue.latest(now: now), RereadDue.after(0, lateMs: lateMs, now: now))
        let store = client.store
        let (isNaming, isUnstamped, ready, soon) = try client.state { () throws(StateError) in
            try store.read { () throws(StateError) in
                (
                    try NamedListings.ignored(store.meta, self.feed) == nil,
                    try store.answers.isAnyRereadUnstamped(feed: feed, boot: boot, latest: latest),
                    try store.answers.rereads(feed: feed, boot: boot, dueBy: now),
                    try store.answers.rereads(feed: feed, boot: boot, dueBy: now &+ Reread.togetherMs)
                )
            }
        }
        if isUnstamped {
            try client.state { () throws(StateError) in
                try store.write { () throws(StateError) in
                    try store.answers.stampRereads(feed: feed, boot: boot, latest: latest, at: due)
                }
            }
        }
        (hasBegun, self.isNaming, dueBy) = (true, isNaming, now)
        // One page's answers go in several requests, so that some of it may be due and the rest in a moment.
        let isWorthIt = soon.count == ready.count || ready.count >= batchSize || ready.first <= now &- 3 * Reread.togetherMs
        isOver = ready.count == 0 || !isWorthIt
    }

    /// What was answered so long ago by the hub's own clock is due, however little time went by here.
    private func heedHub(now: Int64) throws(ChannelError) {
        guard let hub = client.clock.instant(requestStartedMs: Clock.monotonicMs()), hub.isSure else { return }
        let (feed, boot, store) = (feed.rawValue, client.store.boot, client.store)
        let answeredBy = hub.ms &- lateMs &- RereadDue.secondMs
        let isAny = try client.state { () throws(StateError) in
            try store.read { () throws(StateError) in
                try store.answers.isAnyRereadAhead(feed: feed, boot: boot, answeredBy: answeredBy, now: now)
            }
        }
        guard isAny else { return }
        try client.state { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.answers.bringRereadsForward(feed: feed, boot: boot, answeredBy: answeredBy, now: now)
            }
        }
    }

    private var batchSize: Int64 {
        min(spec.pageSize, feed == .listingsToPublish ? PageSize.parents : PageSize.others)  // contract 3.3, 3.6
    }

    private func due(limit: Int64) throws(ChannelError) -> [AnswerRow] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.rereads(
                    feed: feed.rawValue, boot: client.store.boot, dueBy: dueBy, after: mark, limit: Int(clamping: limit))
            }
        }
    }

    private func nextBatch() throws(ChannelError) -> RereadBatch? {
        while isNaming {
            if let row = alone.popLast() { return batch(.alone, [row]) }
            let rows = try due(limit: batchSize)
            guard !rows.isEmpty else { break }
            var named: [AnswerRow] = []
            var room = RereadBatch.mostNameBytes
            for row in rows {
                guard let name = RereadBatch.name(of: row, feed: feed) else {
                    if canReadAlone { alone.append(row) } else { rest.append(row) }
                    pass(row)
                    continue
                }
                room -= name.utf8.count
                guard room >= 0 || named.isEmpty else { break }
                named.append(row)
                pass(row)
            }
            if !named.isEmpty { return batch(.named, named) }
        }
        if !isNaming {
            let rows = try due(limit: Int64(max(0, Reread.mostInWalk - rest.count)))
            if let last = rows.last { pass(last) }
            rest += rows + alone
            alone = []
        }
        guard !rest.isEmpty else { return nil }
        defer { rest = [] }
        return batch(.everything, rest)
    }

    private func pass(_ row: AnswerRow) {
        mark = AnswerTable.RereadMark(at: row.rereadAt ?? mark.at, seq: row.seq)
    }

    private func batch(_ way: RereadBatch.Way, _ rows: [AnswerRow]) -> RereadBatch {
        RereadBatch(client, feed: feed, spec: spec, way: way, rows: rows, lateMs: lateMs)
    }

    // MARK: what is read

    /// Nil if rows came that were not asked for: the hub ignores the names.
    private func look(_ fetched: FetchedPage, _ batch: RereadBatch) -> Reading? {
        var changed: [(record: JSONValue, row: ListingRow, answer: AnswerRow)] = []
        var unread: [Page.Quarantined] = []
        for (record, place) in zip(fetched.body.records, fetched.body.places) {
            guard let id = try? ListingRow.identity(record) else { continue }
            guard let answer = batch.rows[id] else {
                guard batch.way != .named || batch.isNamed(record) else { return nil }
                continue
            }
            batch.unseen.remove(id)
            do {
                let row = try ListingRow.read(record, feed: feed)
                guard Reread.isNews(record, row, since: answer, feed: feed) else { continue }
                batch.changed.insert(id)
                changed.append((record, row, answer))
            } catch {
                batch.unread.insert(id)
                unread.append(Page.Quarantined(record, index: place, fault: error))
            }
        }
        for bad in client.setAside(fetched.body) where batch.unseen.remove(bad.id) != nil {
            batch.unread.insert(bad.id)
            unread.append(bad)
        }
        return Reading(fetched: fetched, changed: changed, unread: unread)
    }

    /// Whether a record is another one than that which was answered. Where the second of its content may have gone on after
    /// it was read, its instant does not tell, and its fingerprint does.
    private static func isNews(_ record: JSONValue, _ row: ListingRow, since answer: AnswerRow, feed: Feed) -> Bool {
        if let queued = row.pending, queued != answer.pending { return true }
        if let known = answer.fingerprint { return ListingFingerprint.of(record, feed: feed) != known }
        guard let then = answer.contentAt else { return false }
        return row.contentAt.map { $0.ms != then } ?? false
    }

    /// A change from before the fetch instant was not there when the record was fetched.
    private func learn(from reading: Reading) throws(ChannelError) {
        var worst: Int64 = 0
        for (_, row, answer) in reading.changed {
            guard let now = row.contentAt, let then = answer.contentAt, answer.fetchedAt != then else { continue }
            if now.ms > then, now.ms <= answer.fetchedAt { worst = max(worst, answer.fetchedAt &- now.ms &+ 1000) }
        }
        if worst > 0 { try client.noteLate(worst, feed: feed) }
    }

    // MARK: what is settled

    private func finish(_ batch: RereadBatch) throws(ChannelError) {
        guard self.batch === batch else { return }  // its rows are read in another way
        var rows: [AnswerRow] = []
        var missing: [AnswerRow] = []
        for var row in batch.rows.values where !batch.changed.contains(row.recordId) {
            let isMissing = batch.way == .named && batch.unseen.contains(row.recordId)
            if isMissing, feed == .listingsToPublish {
                missing.append(row)  // its SKU may be another one now
                continue
            }
            let isGone = isMissing && row.rereads + 1 >= Reread.mostMissing
            if (isMissing && !isGone) || batch.unread.contains(row.recordId) {
                row.rereads += 1
                (row.rereadAt, row.answeredHub) = (
                    RereadDue.again(row.rereads, lateMs: lateMs, now: client.store.clock.bootMs()), nil
                )
            } else {
                row.recheck = false
            }
            rows.append(row)
        }
        let settled = rows
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                for row in settled { try client.store.answers.save(row) }
            }
        }
        if canReadAlone { alone += missing } else { rest += missing }
        self.batch = nil
    }

    // MARK: a hub that ignores names

    private func stopNaming(_ batch: RereadBatch) throws(ChannelError) {
        batch.walk.abandon()
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try NamedListings.note(client.store.meta, feed, feed == .listingsToPublish ? "skus" : "ids")
            }
        }
        client.log.write(.warn, "pull.names_ignored", [("feed", .text(feed.name)), ("operation", .text(feed.operation.id))])
        rest += batch.rows.values
        isNaming = false
        self.batch = nil
    }
}
