/// A pull of a queue feed: rows come until they are answered, and the answer is the commit (decision 14).
/// Its `Pull` holds the feed, so that one pull lives at a time.
final class QueuePull {
    private let client: Client
    private let feed: Feed
    private let number: Int64
    private let spec: PullSpec
    private let walk: PageWalk
    private let scope: ChannelScope
    private(set) var leftOut = LeftOut()
    private var reread: Reread
    private var machine = QueuePullMachine()
    private let lateMs: Int64
    private var seen = IdSet()
    private var pages = 0

    init(_ client: Client, feed: Feed, spec: PullSpec, number: Int64) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.number = number
        lateMs = try client.lateMs()
        reread = Reread(client, feed: feed, spec: spec, lateMs: lateMs)
        scope = try ChannelScope(client, feed: feed)
        walk = PageWalk(
            client, operation: feed.operation, query: feed.fixedQuery(overriddenBy: spec.filters), pageSize: spec.pageSize,
            emptiesNeeded: 1)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome {
        guard try scope.settleKept(by: deadline) else { return .again }
        while true {
            switch machine.step {
            case .lookForOverdue: machine.looked(isOverdue: try reread.isOverdue())
            case .reread(let isLast):
                guard try readOn(isLast, by: deadline) else { return .again }
            case .ask:
                guard try ask(by: deadline) else { return .again }
            // A page that the state file does not let us hand out stays in hand; the next call does.
            case .giveReading(let reading):
                let page = try page(reading)
                machine.gave()
                if let page { return .page(page) }
            case .give(let fetched):
                guard try scope.settle(fetched.body.records, by: deadline) else { return .again }
                let page = try page(fetched)
                machine.gave()
                if let page { return .page(page) }
            case .judgeEnd:
                try leftOut.end(client, feed: feed)
                machine.ended()
            case .done: return .done
            }
        }
    }

    /// Why nothing comes.
    var trouble: ChannelError? { walk.trouble }

    func close() {
        walk.abandon()
        scope.abandon()
        reread.abandon()
        leftOut.tell(client, feed: feed)
    }

    /// Works towards the next page of the queue; false if the deadline came first.
    private func ask(by deadline: Deadline) throws(ChannelError) -> Bool {
        switch try walk.next(by: deadline) {
        case .waiting: return false
        case .page(let fetched): machine.came(fetched)
        case .end:
            try scope.end()
            machine.ended()
        }
        return true
    }

    /// Works towards the next page of answered records that changed in a moment which their answer hid; false if the deadline
    /// came first. The queue does not wait for readings at which the hub fails.
    private func readOn(_ isLast: Bool, by deadline: Deadline) throws(ChannelError) -> Bool {
        do throws(ChannelError) {
            switch try reread.next(by: deadline) {
            case .waiting: return false
            case .reading(let reading): machine.came(reading)
            case .end: machine.ended()
            }
        } catch {
            guard !isLast, error.isOfTheHub, !error.isHold else { throw error }
            reread.abandon()
            reread = Reread(client, feed: feed, spec: spec, lateMs: lateMs)
            machine.ended()
        }
        return true
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
            if leftOut.take(record, by: scope) { continue }
            do {
                let row = try ListingRow.read(record, feed: feed)
                rows.append(receiptRow(record, row, fetched.sureInstant))
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
        return make(records, rows, bad, fetched.sureInstant)
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
    private func answered(of rows: [Receipt.Row]) throws(ChannelError) -> Set<ByteText> {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var ids: Set<ByteText> = []
                guard try client.store.answers.isAnyWaiting(feed: feed.rawValue) else { return ids }
                for row in rows where try client.store.answers.isWaiting(feed: feed.rawValue, id: row.id) { ids.insert(row.id) }
                return ids
            }
        }
    }

    /// What an answer of the row must know of it later.
    private func receiptRow(
        _ record: JSONValue, _ row: ListingRow, _ fetchInstant: Instant?, since answer: AnswerRow? = nil
    ) -> Receipt.Row {
        var isHeld = false
        // A row that changed after the fetch instant cannot be answered: the answer would hide the change (decision 16). But
        // one that came by a reading is in no queue: its answer goes, and it is read again after that.
        if answer == nil, let fetchInstant, let contentAt = row.contentAt { isHeld = contentAt > fetchInstant }
        // The same instant as before the last answer: its second was over when it was read now, so that it tells all.
        let isKnown = row.contentAt != nil && row.contentAt?.ms == answer?.contentAt
        let isDoubtful = !isKnown && isInDoubt(row.contentAt, fetchInstant)
        return Receipt.Row(
            id: row.id, isHeld: isHeld, pending: row.pending, contentAt: row.contentAt, variants: row.variants,
            fingerprint: isDoubtful ? ListingFingerprint.of(record, feed: feed) : nil,
            sku: feed == .listingsToPublish ? row.sku : nil, rereads: answer.map { $0.rereads + 1 } ?? 0)
    }

    /// Whether the content may have changed once more without another instant: the second that it names may have gone on
    /// after the row was read, for all we know of the hub's time and lateness. A sync answer then has that instant, else an
    /// earlier one than anything that was not seen.
    private func isInDoubt(_ contentAt: Instant?, _ fetchInstant: Instant?) -> Bool {
        guard let fetchInstant else { return true }
        guard let contentAt else { return feed == .listingsToPublish }
        return contentAt.ms > fetchInstant.ms - lateMs
    }

    private func page(_ reading: Reread.Reading) throws(ChannelError) -> Page? {
        try client.note(reading.unread, feed: feed)
        let given = reading.changed.filter { seen.insert($0.row.id) }
        guard !given.isEmpty || !reading.unread.isEmpty else { return nil }
        let instant = reading.fetched.sureInstant
        let rows = given.map { receiptRow($0.record, $0.row, instant, since: $0.answer) }
        return make(given.map { $0.record }, rows, reading.unread, instant)
    }
}
