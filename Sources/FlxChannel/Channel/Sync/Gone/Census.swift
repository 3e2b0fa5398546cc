/// Reads the whole list of the channel's listings now and then, to find those that the hub no longer has.
///
/// A page can miss a row that moved meanwhile, and a hub may show less than it has. So that none is called gone because of
/// that, each that a whole read lacked is asked for once more by its id, between two that the read had, and then alone: only a
/// list that has the two and lacks the other counts, and then one that has nothing. A read that fails, or has nothing at all, says
/// nothing.
final class Census {
    enum Step {
        case waiting
        case gone([ListingSeen])
        case end
    }

    private let client: Client
    private let scope: ChannelScope
    private let lease: FeedLease
    private let pageSize: Int64
    private var note: CensusNote
    private var walk: PageWalk?
    /// A page that is not noted yet: whose its rows are was not found out in time.
    private var inHand: FetchedPage?
    /// Those that are asked for by the walk, and the one that must be there.
    private var asked: [ListingSeen] = []
    private var witnesses: [ListingSeen] = []
    /// Nothing but those that may be gone is asked for.
    private var isAlone = false
    private var found: Set<ByteText> = []
    private var hasOthers = false
    private var last: ListingSeen?
    /// The whole list is read in this round, or was gone on with.
    let reads: Bool
    /// What keeps the missing ones from being told, for people.
    private(set) var doubt = ""
    private var isOver = false

    /// Of the state's lease, beside the cursors of this feed.
    private static let leaseName = "gone"
    private static let mostAsked = 40
    /// From so many on, more than half of which are missing, a second read must lack them too.
    private static let leastForHalf: Int64 = 20
    private static let secondReadMs: Int64 = 3_600_000

    /// - Parameter isDue: whether a new read is to begin; else only one that is under way goes on, and what it found missing is
    ///   asked for.
    init(_ client: Client, isDue: Bool) throws(ChannelError) {
        self.client = client
        lease = try client.hold(.listings, name: Census.leaseName, as: .pull)
        scope = try ChannelScope(client, feed: .listings)
        let standard = client.settings.pageSize
        pageSize = standard > 0 ? standard : Feed.listings.pageSize
        note = CensusNote()
        note =
            try client.stored { store throws(StateError) in try store.meta.text(CensusNote.key).flatMap { CensusNote($0) } } ?? note
        let now = Clock.wallMs()
        if note.page > 0, !note.isUnderWay(pageSize: pageSize, now: now) {
            note.begin(pageSize: pageSize, now: now)
        } else if note.page == 0, isDue {
            note.begin(pageSize: pageSize, now: now)
        }
        reads = note.page > 0
        if reads { walk = list(from: note.page) }
    }

    /// Whether the list is read to its end.
    private var isRead: Bool { note.page == 0 }

    func next(by deadline: Deadline) throws(ChannelError) -> Step {
        try client.drive(by: deadline) { () throws(ChannelError) in
            try client.state { () throws(StateError) in try lease.enter(until: deadline) }
            defer { lease.leave() }
            return try ThreadLease.run(lease) { () throws(ChannelError) in try step(by: deadline) }
        }
    }

    /// Why nothing comes, where the hub fails.
    var trouble: ChannelError? { walk?.trouble }

    func close() {
        client.drivingAlone {
            walk?.abandon()
            scope.abandon()
        }
        lease.release()
    }

    private func step(by deadline: Deadline) throws(ChannelError) -> Step {
        while !isOver {
            if let fetched = inHand {
                guard try scope.settle(fetched.body.records, by: deadline) else { return .waiting }
                try take(fetched)
                inHand = nil
            }
            guard let walk else {
                try askOn()
                continue
            }
            switch try walk.next(by: deadline) {
            case .waiting: return .waiting
            case .page(let fetched): inHand = fetched
            case .end:
                let gone = isRead ? try judged() : nil
                if !isRead { try endRead() }
                if self.walk === walk { self.walk = nil }  // else they are asked for once more
                if let gone { return .gone(gone) }
            }
        }
        return .end
    }

    // MARK: the whole list

    private func list(from page: Int) -> PageWalk {
        PageWalk(
            client, operation: OperationTable.getListingVariants, query: [], pageSize: pageSize, emptiesNeeded: 2, from: page,
            isWitnessed: false)
    }

    private func take(_ fetched: FetchedPage) throws(ChannelError) {
        let rows = fetched.body.records.compactMap { record -> ListingSeen? in
            guard !scope.isForeign(record), let id = record.member("id").flatMap(OrderField.idText) else { return nil }
            return ListingSeen(id: id, sku: record.member("sku")?.string ?? "")
        }
        // One that cannot be read is there all the same.
        let unread = fetched.body.bad.compactMap { $0.id }.map { ListingSeen(id: $0, sku: "") }
        if isRead {
            for row in rows + unread { found.insert(ByteText(row.id)) }
            hasOthers = hasOthers || fetched.body.bad.contains { $0.id == nil }
            return
        }
        try client.remember(fetched.body.records.filter { !scope.isForeign($0) }, feed: .listings)
        var next = note
        next.page = fetched.number &+ 1
        let (after, seen) = (next, rows + unread)
        try client.write { store throws(StateError) in
            try store.listings.saw(seen, read: after.read)
            try store.meta.set(CensusNote.key, after.text)
        }
        note = after
    }

    private func endRead() throws(ChannelError) {
        try scope.end()
        var ended = note
        ended.page = 0
        let (after, now) = (ended, Clock.wallMs())
        let counts = try client.write { store throws(StateError) -> (all: Int64, missing: Int64) in
            try store.meta.set(CensusNote.key, after.text)
            let counts = try store.listings.counts(before: after.read)
            if counts.missing > 0 { try store.listings.noteMissing(before: after.read, at: now) }
            return counts
        }
        note = after
        client.log.write(
            .info, "sync.listings_read", [("listings", .number(counts.all - counts.missing)), ("missing", .number(counts.missing))])
    }

    // MARK: those that are missing

    /// Asks for the next of them by their ids, or ends.
    private func askOn() throws(ChannelError) {
        let (note, after) = (note, last)
        let facts = try client.stored { store throws(StateError) in
            (
                rows: try store.listings.missing(before: note.read, after: after, limit: Census.mostAsked),
                witnesses: try store.listings.ends(of: note.read), counts: try store.listings.counts(before: note.read)
            )
        }
        guard let last = facts.rows.last else { return isOver = true }
        let witnesses = facts.witnesses
        guard !witnesses.isEmpty else {
            return doubtful("the hub showed no listing at all; \(facts.counts.missing) are missing, none of which is called gone")
        }
        var rows = facts.rows
        if facts.counts.missing * 2 > facts.counts.all, facts.counts.all >= Census.leastForHalf {
            rows = rows.filter { $0.missedAt.map { note.beganAt &- $0 >= Census.secondReadMs } ?? false }
            guard !rows.isEmpty else {
                return doubtful(
                    "\(facts.counts.missing) of \(facts.counts.all) listings are missing at once; they are called gone when a later read lacks them too"
                )
            }
        }
        self.last = last
        // A single one cannot tell whether a hub reads the first id alone, or the last: then one is asked for at a time.
        if witnesses.count == 1, let first = rows.first { (rows, self.last) = ([first], first) }
        self.witnesses = witnesses
        ask(rows, isAlone: false)
    }

    /// Asks for these by their ids, between two that the read had, or alone.
    private func ask(_ rows: [ListingSeen], isAlone: Bool) {
        (asked, self.isAlone, found, hasOthers) = (rows, isAlone, [], false)
        let (first, second) = isAlone ? ([], []) : (witnesses.prefix(1), witnesses.suffix(1))
        var query: [(String, String)] = []
        for id in client.settings.names.spelled((first + rows + second).map { $0.id }) { query.append(("ids", id)) }
        // A page has room for all that are asked for (contract 3.3).
        walk = PageWalk(
            client, operation: OperationTable.getListingVariants, query: query, pageSize: max(pageSize, Int64(query.count)),
            emptiesNeeded: 1, isWitnessed: false)
    }

    private func doubtful(_ why: String) {
        doubt = why
        isOver = true
    }

    /// Of those that were asked for by their ids, the ones that are gone; nil if none is, or they are to be asked for once more.
    private func judged() throws(ChannelError) -> [ListingSeen]? {
        let beside = isAlone ? [] : witnesses
        let known = Set((asked + beside).map { ByteText($0.id) })
        guard !hasOthers, found.isSubset(of: known), beside.allSatisfy({ found.contains(ByteText($0.id)) }) else {
            doubtful("the hub does not tell which listings it has when it is asked by their ids; none is called gone")
            return nil
        }
        let (there, note) = (asked.filter { found.contains(ByteText($0.id)) }, note)
        if !there.isEmpty {
            try client.write { store throws(StateError) in try store.listings.saw(there, read: note.read) }
        }
        let gone = asked.filter { !found.contains(ByteText($0.id)) }
        guard !gone.isEmpty, !isAlone else { return gone.isEmpty ? nil : gone }
        ask(gone, isAlone: true)
        return nil
    }
}
