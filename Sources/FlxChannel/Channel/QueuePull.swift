import CFlxChannel
import CLibc

/// A pull of a queue feed: rows come until they are answered, and the answer is the commit (decision 14).
///
/// Invariant: holds the feed's lock from the first moment to `close` or the proven end, so that one pull lives at a time.
final class QueuePull {
    private let client: Client
    private let feed: Feed
    private let number: Int64
    private let spec: PullSpec
    private let walk: PageWalk
    private let scope: ChannelScope
    private var leftOut = LeftOut()
    private var recheck: Recheck?
    private var didRecheck = false
    private var feedLock: ByteLock?
    private var seen = IdSet()
    /// A page of the hub that the state file did not let us hand out yet; the next call does.
    private var unfinished: FetchedPage?
    private var pages = 0

    init(_ client: Client, feed: Feed, spec: PullSpec, number: Int64) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.number = number
        client.stopAnswering(feed)
        feedLock = try client.lockFeed(feed, name: "")
        scope = try ChannelScope(client, feed: feed)
        walk = PageWalk(
            client, operation: feed.operation, query: feed.fixedQuery(overriddenBy: spec.filters), pageSize: spec.pageSize,
            emptiesNeeded: 1)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome {
        while true {
            if let fetched = unfinished {
                guard try scope.settle(fetched.body.records, by: deadline) else { return .again }
                let page = try page(fetched)
                unfinished = nil
                if let page { return .page(page) }
            }
            switch try walk.next(by: deadline) {
            case .waiting: return .again
            case .page(let fetched): unfinished = fetched
            case .end:
                try scope.end()
                if let page = try recheckNext(by: deadline) { return page }
                try leftOut.end(client, feed: feed)
                feedLock = nil
                return .done
            }
        }
    }

    func close() {
        walk.abandon()
        scope.abandon()
        recheck?.walk.abandon()
        leftOut.tell(client, feed: feed)
        feedLock = nil
    }

    // MARK: rows

    private func page(_ fetched: FetchedPage) throws(ChannelError) -> Page? {
        // What may go wrong comes first, so that a page can be gone through again.
        var records: [JSONValue] = []
        var rows: [Receipt.Row] = []
        var bad = client.setAside(fetched.body)
        records.reserveCapacity(fetched.body.records.count)
        rows.reserveCapacity(fetched.body.records.count)
        for (record, place) in zip(fetched.body.records, fetched.body.places) {
            if leftOut.takes(record, by: scope) { continue }
            do {
                let row = try ListingRow.read(record, feed: feed)
                rows.append(receiptRow(row, fetched.fetchInstant, fingerprint(record, row, fetched.fetchInstant)))
            } catch {
                bad.append(Page.Quarantined(record, index: place, fault: error))
                continue
            }
            records.append(record)
        }
        let answered = try answered(of: rows)
        try client.note(bad, feed: feed)
        leftOut.report(to: client)

        let isGiven = rows.indices.map { seen.insert(rows[$0].id) && !answered.contains(rows[$0].id) }
        if isGiven.contains(false) {
            records = zip(records, isGiven).filter { $0.1 }.map { $0.0 }
            rows = zip(rows, isGiven).filter { $0.1 }.map { $0.0 }
        }
        guard !records.isEmpty || !bad.isEmpty else { return nil }
        return make(records, rows, bad, fetched.fetchInstant)
    }

    private func make(
        _ records: [JSONValue], _ rows: [Receipt.Row], _ bad: [Page.Quarantined], _ fetchInstant: Instant?
    ) -> Page {
        pages += 1
        let feed = feed
        client.log.write(
            .info, "pull.page",
            [("feed", .text(feed.name)), ("records", .number(Int64(records.count))), ("quarantined", .number(Int64(bad.count)))])
        return Page(
            feed: feed, records: records, quarantined: bad, leftOut: leftOut.sincePage(),
            receipt: Receipt(feed: feed, fetchInstant: fetchInstant, rows: rows), key: client.store.key,
            pullNumber: number, position: pages)
    }

    /// The ids of the rows whose answer still waits to be sent.
    private func answered(of rows: [Receipt.Row]) throws(ChannelError) -> Set<String> {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var ids: Set<String> = []
                guard try client.store.answers.isAnyWaiting(feed: feed.rawValue) else { return ids }
                for row in rows where try client.store.answers.isWaiting(feed: feed.rawValue, id: row.id) { ids.insert(row.id) }
                return ids
            }
        }
    }

    /// A row that changed after the fetch instant cannot be answered: the answer would hide the change (decision 16).
    private func receiptRow(_ row: ListingRow, _ fetchInstant: Instant?, _ fingerprint: String? = nil) -> Receipt.Row {
        var isHeld = false
        if let fetchInstant, let contentAt = row.contentAt { isHeld = contentAt > fetchInstant }
        return Receipt.Row(
            id: row.id, isHeld: isHeld, pending: row.pending, contentAt: row.contentAt, variants: row.variants,
            fingerprint: fingerprint)
    }

    /// What to know a record by when it is read once more, if no instant tells whether it changed: a publish answer
    /// has none and the record neither, or a sync answer has none.
    private func fingerprint(_ record: JSONValue, _ row: ListingRow, _ fetchInstant: Instant?) -> String? {
        guard row.contentAt == nil, feed == .listingsToPublish || fetchInstant == nil else { return nil }
        return ListingFingerprint.of(record, feed: feed)
    }

    // MARK: what changed while it was being answered

    /// Answers without an instant hide what changed between fetch and answer. So their records are read once more from
    /// the oldest fetch instant, and those that changed since come again (decision 16). Where the hub tells no instant
    /// at all, that is a walk over everything.
    private struct Recheck {
        let walk: PageWalk
        let rows: [String: AnswerRow]
        /// Those that were given again. They stay marked until they are answered: the hub's queue has them no more.
        var given: Set<String> = []
    }

    private func recheckNext(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome? {
        if recheck == nil { try startRecheck() }
        guard let recheck else { return nil }
        while true {
            switch try recheck.walk.next(by: deadline) {
            case .waiting: return .again
            case .page(let fetched):
                if let page = changed(fetched, since: recheck.rows) { return .page(page) }
            case .end:
                try finish(self.recheck ?? recheck)
                return nil
            }
        }
    }

    private func startRecheck() throws(ChannelError) {
        guard !didRecheck else { return }
        didRecheck = true
        let pending = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.pendingRecheck(feed: feed.rawValue, limit: 10_000)
            }
        }
        let instants = pending.map { $0.fetchedAt }
        guard let oldest = instants.min() else { return }
        var rows: [String: AnswerRow] = [:]
        for row in pending { rows[row.recordId] = row }
        var query = feed.includeQuery(overriddenBy: spec.filters)
        if oldest > 0 { query.append(("updatedAfter", Instant(ms: oldest - 1000).isoSeconds)) }
        recheck = Recheck(
            walk: PageWalk(
                client, operation: feed.operation, query: query, pageSize: spec.pageSize, emptiesNeeded: 1),
            rows: rows)
    }

    private func changed(_ fetched: FetchedPage, since answered: [String: AnswerRow]) -> Page? {
        var records: [JSONValue] = []
        var rows: [Receipt.Row] = []
        for record in fetched.body.records {
            guard !scope.isForeign(record), let row = try? ListingRow.read(record, feed: feed), let answer = answered[row.id]
            else { continue }
            guard hasChanged(record, row, since: answer), seen.insert(row.id) else { continue }
            recheck?.given.insert(row.id)
            records.append(record)
            // Without a fingerprint: a hub that changes a record with each answer must not make it come for ever.
            rows.append(receiptRow(row, fetched.fetchInstant))
        }
        return records.isEmpty ? nil : make(records, rows, [], fetched.fetchInstant)
    }

    private func hasChanged(_ record: JSONValue, _ row: ListingRow, since answer: AnswerRow) -> Bool {
        if let known = answer.fingerprint { return ListingFingerprint.of(record, feed: feed) != known }
        return row.contentAt.map { $0.ms > answer.fetchedAt } ?? false
    }

    private func finish(_ recheck: Recheck) throws(ChannelError) {
        self.recheck = nil
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                for row in recheck.rows.values where !recheck.given.contains(row.recordId) {
                    var row = row
                    row.recheck = false
                    _ = try client.store.answers.save(row)
                }
            }
        }
    }
}
