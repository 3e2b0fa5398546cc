/// A pull of a cursor feed: new versions of records since the cursor, which moves once a walk with a proven end is
/// committed (decision 17). It does what its state machine says.
///
/// Invariant: the stored cursor never passes a version that was not committed, nor the start of the walk that moved it.
final class CursorPull {
    private let client: Client
    private let feed: Feed
    private let spec: PullSpec
    private let number: Int64
    private let stored: StoredCursor
    private let sorter: RecordSorter
    private let retention: Retention
    private var list: PageWalk
    /// A page of the hub that is not handed out yet: the state file may not let us, and the next call does.
    private var inHand: FetchedPage?

    /// A commit may run beside `next`: both hold this while they touch what follows, never during a request.
    private let locked = Lock()
    private var machine: CursorPullMachine

    init(_ client: Client, feed: Feed, spec: PullSpec, number: Int64) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.number = number
        stored = StoredCursor(client: client, feed: feed, name: spec.cursor)
        let row = try stored.row()
        sorter = try RecordSorter(client, feed: feed, cursor: spec.cursor)
        retention = Retention(client.settings)
        let start = CursorStart(
            row, spec, leastOverlapMs: client.settings.feedsOverlapS * 1000, retention, now: client.store.clock.wallMs())
        machine = CursorPullMachine(start)
        if let walk = start.walk { sorter.goOn(with: walk.channels) }
        list = CursorPull.list(client, feed, spec, since: start.bound, from: start.firstPage)
    }

    private static func list(_ client: Client, _ feed: Feed, _ spec: PullSpec, since bound: Instant?, from page: Int) -> PageWalk {
        var query = feed.fixedQuery(overriddenBy: spec.filters)
        if let bound, let name = feed.boundParameter { query.append((name, bound.isoSeconds)) }
        return PageWalk(client, operation: feed.operation, query: query, pageSize: spec.pageSize, emptiesNeeded: 2, from: page)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome {
        guard try sorter.settleKept(by: deadline) else { return .again }
        while inHand != nil || !isOver {
            if let fetched = inHand {
                guard try sorter.settle(fetched.body.records, by: deadline) else { return .again }
                let page = try page(fetched)
                inHand = nil
                if let page { return .page(page) }
                continue
            }
            switch try list.next(by: deadline) {
            case .waiting: return .again
            case .page(let fetched): inHand = fetched
            case .end:
                try sorter.endOfList()
                try locked.holdingLong { () throws(ChannelError) in try endOfList() }
            }
        }
        sorter.tellHeldBack()
        try locked.holdingLong { () throws(ChannelError) in try moveIfComplete() }
        return .done
    }

    private var isOver: Bool { locked.holdingLong { machine.state.isOver } }

    private func endOfList() throws(ChannelError) {
        let next = machine.ended(
            CursorPullMachine.List(tally: list.tally, hasRepeated: list.hasRepeated, began: list.began), reconciliation)
        tellNotices()
        switch next {
        case .pass: list = CursorPull.list(client, feed, spec, since: machine.bound, from: 1)
        case .reconciliation(let due): list = CursorPull.list(client, feed, spec, since: machine.bound, from: due.firstPage)
        case .nothing, .restless: break
        }
        try moveIfComplete()
    }

    /// The one that is due now.
    private var reconciliation: Reconciliation? {
        guard feed.boundParameter != nil else { return nil }
        return Reconciliation.due(
            after: machine.start, machine.note, everyHours: client.settings.feedsReconcileH, retention,
            now: client.store.clock.wallMs())
    }

    var leftOut: LeftOut { sorter.leftOut }

    /// Why nothing comes.
    var trouble: ChannelError? { list.trouble }

    func close() {
        list.abandon()
        sorter.close()
    }

    // MARK: pages

    private func page(_ fetched: FetchedPage) throws(ChannelError) -> Page? {
        try locked.holdingLong { () throws(ChannelError) in take(try sorter.sort(fetched), of: fetched) }
    }

    /// What of a page is new, as a page for the host; nil if nothing is.
    private func take(_ sorted: SortedPage, of fetched: FetchedPage) -> Page? {
        for at in sorted.theirs { machine.sawForeign(at) }
        let rows = sorted.rows.filter { machine.came($0) }
        let isPlaceKept = machine.came(sorted, fetched.body)
        // Once what it gives is known to be given: no place is behind a page that is not committed.
        defer { if isPlaceKept { try? writePlace() } }
        tellNotices()
        sorter.report()
        guard !rows.isEmpty || !sorted.bad.isEmpty else { return nil }

        let position = machine.gavePage()
        client.log.write(.info, "pull.page", [("feed", .text(feed.name)), ("records", .number(Int64(rows.count)))])
        let (feed, versions) = (feed, rows.map { $0.version })
        return Page(
            feed: feed, records: rows.map { $0.record }, quarantined: sorted.bad, leftOut: sorter.leftOutSincePage(),
            receipt: CursorPull.receipt(feed, fetched.fetchInstant, versions), key: client.store.key, versions: versions,
            pullNumber: number, position: position, orderNumbers: sorted.orderNumbers)
    }

    private static func receipt(_ feed: Feed, _ fetchInstant: Instant?, _ versions: [Page.Version]) -> Receipt {
        Receipt(
            feed: feed, fetchInstant: fetchInstant,
            rows: versions.map {
                Receipt.Row(id: $0.id, isHeld: false, pending: nil, contentAt: Instant(ms: $0.updatedAt), variants: [])
            })
    }

    private func tellNotices() {
        for notice in machine.takeNotices() {
            let feed = ("feed", LogValue.text(feed.name))
            switch notice {
            case .boundIgnored: client.log.write(.warn, "pull.filter_ignored", [feed])
            case .late(let ms, let overlapMs):
                client.log.write(
                    .warn, "pull.late", [feed, ("late_s", .number(ms / 1000)), ("overlap_s", .number(overlapMs / 1000))])
            case .unreadable(let page): client.log.write(.error, "pull.unreadable", [feed, ("page", .number(Int64(page)))])
            case .restless:
                client.log.write(.warn, "pull.restless", [feed, ("passes", .number(Int64(CursorPullState.mostPasses)))])
            }
        }
    }

    // MARK: commit

    func commit(_ page: Page) throws(ChannelError) {
        try locked.holdingLong { () throws(ChannelError) in
            guard machine.given.isOpen(page.position) else { return }  // committed before
            try stored.commit(page)
            machine.committed(page)
            try moveIfComplete()
        }
    }

    /// Moves the cursor when the end is proven and nothing given is uncommitted.
    private func moveIfComplete() throws(ChannelError) {
        let now = client.store.clock.wallMs()
        let facts = machine.facts(now: now)
        guard facts.isComplete else { return }
        if case .to(let target) = CursorMove.decide(facts) {
            machine.willMove(now: now)
            try stored.write(&machine.note, movedTo: target)
            machine.moved()
            if target != nil {
                client.log.write(.info, "cursor.moved", [("feed", .text(feed.name)), ("cursor", .text(spec.cursor))])
            }
        }
        guard let page = machine.state.reconciled else { return }
        machine.willKeepReconciliation(page, now: now)
        try stored.write(&machine.note, movedTo: nil)
        machine.keptReconciliation()
    }

    /// Before it is closed, as the holder of the feed.
    func keepPlace() throws(ChannelError) {
        try locked.holdingLong { () throws(ChannelError) in try writePlace() }
    }

    private func writePlace() throws(ChannelError) {
        guard machine.keepPlace(list.began, hasRepeated: list.hasRepeated, sorter.channels, now: client.store.clock.wallMs())
        else { return }
        try stored.write(&machine.note, movedTo: nil)
    }
}
