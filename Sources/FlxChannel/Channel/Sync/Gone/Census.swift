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
    /// Those that the list between two had not, as they stand in the state: they are asked for alone first.
    private var suspects: [String] = []
    /// The page of the whole list that was empty. Only with the one behind it empty as well that is its end (P-04).
    private var emptyPage: Int?
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

    /// In the state: the read, and then what is told of it.
    private static let suspectsKey = "census_suspects"
    private static let emptyKey = "census_empty"
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
        note = CensusNote(try client.kept(CensusNote.key)) ?? note
        let empty = try client.kept(Census.emptyKey)
        let suspects = try client.kept(Census.suspectsKey)
        let now = client.store.clock.wallMs()
        // What a round before this one had no time to ask about the missing ones is asked before the list is read anew.
        let left = note.page == 0 && note.isFresh(now: now) ? Census.words(suspects, of: note.read) : nil
        if note.page > 0, !note.isUnderWay(pageSize: pageSize, now: now) {
            note.begin(pageSize: pageSize, now: now)
        } else if note.page == 0, isDue, case .none = left {
            note.begin(pageSize: pageSize, now: now)
        }
        reads = note.page > 0 || isDue
        self.suspects = left ?? []
        guard note.page > 0 else { return }
        if let page = Census.words(empty, of: note.read)?.first, Int(page) == note.page { emptyPage = note.page }
        walk = list(from: note.page + (emptyPage == nil ? 0 : 1))
    }

    /// What was written down of this read; nil if it was of another.
    private static func words(_ text: String, of read: Int64) -> [String]? {
        var words = Text.words(text)
        guard let first = words.first, Int64(first) == read else { return nil }
        words.removeFirst()
        return words
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
        guard try scope.settleKept(by: deadline) else { return .waiting }
        while !isOver {
            if let fetched = inHand {
                guard try scope.settle(fetched.body.records, by: deadline) else { return .waiting }
                try take(fetched)
                inHand = nil
                // What a page behind it could still have is found when they are asked for alone.
                if isRead, !isAlone, witnesses.allSatisfy({ found.contains(ByteText($0.id)) }) { walk?.abandon() }
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
                if !isRead { try endPages() }
                if self.walk === walk { self.walk = nil }  // else more is asked for
                if let gone { return .gone(gone) }
            }
        }
        return .end
    }

    // MARK: the whole list

    private func list(from page: Int) -> PageWalk {
        PageWalk(
            client, operation: OperationTable.getListingVariants, query: [], pageSize: pageSize, emptiesNeeded: 1, from: page,
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
        let (after, seen, again) = (next, rows + unread, again)
        try client.write { store throws(StateError) in
            for row in seen where try store.listings.isGone(row.id) {
                try store.answers.giveAgain(again(row))
            }
            try store.listings.saw(seen, read: after.read)
            try store.meta.set(CensusNote.key, after.text)
        }
        (note, emptyPage) = (after, nil)
    }

    /// One that the host was told is gone, and is there: nobody may have changed it, so that no queue has it. It is read once
    /// more like one whose answer hid a change, and so comes with the next pull of the sync queue.
    private func again(_ row: ListingSeen) -> AnswerRow {
        AnswerRow(
            seq: 0, feed: Feed.listingsToSync.rawValue, recordId: row.id, body: Array("{}".utf8), fetchedAt: 0, state: .sent,
            verdict: .notApplied, attempts: 0, nextAt: 0, message: "the listing was gone and is back; it comes again",
            httpStatus: 0, answeredAt: client.store.clock.wallMs(), recheck: true, fingerprint: "",
            rereadAt: client.store.clock.bootMs(),
            boot: client.store.boot)
    }

    /// A page was empty: the first that is, or the second in a row.
    private func endPages() throws(ChannelError) {
        guard emptyPage == nil else { return try endRead() }
        try client.keep(Census.emptyKey, "\(note.read) \(note.page)")
        emptyPage = note.page
        walk = list(from: note.page + 1)
    }

    private func endRead() throws(ChannelError) {
        try scope.end()
        var ended = note
        ended.page = 0
        let (after, now) = (ended, client.store.clock.wallMs())
        let counts = try client.write { store throws(StateError) -> (all: Int64, missing: Int64) in
            try store.meta.set(CensusNote.key, after.text)
            try store.meta.set(Census.suspectsKey, "\(after.read)")
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
        let (note, after, known) = (note, last, suspects)
        let facts = try client.stored { store throws(StateError) in
            (
                rows: known.isEmpty
                    ? try store.listings.missing(before: note.read, after: after, limit: Census.mostAsked)
                    : try store.listings.missing(before: note.read, of: known),
                witnesses: try store.listings.ends(of: note.read), counts: try store.listings.counts(before: note.read)
            )
        }
        suspects = []
        guard let last = facts.rows.last else {
            if known.isEmpty { try end() }  // else the others are asked for
            return
        }
        guard known.isEmpty else {
            self.last = last
            return ask(facts.rows, isAlone: true)
        }
        let witnesses = facts.witnesses
        guard !witnesses.isEmpty else {
            return try doubtful(
                "the hub showed no listing at all; \(facts.counts.missing) are missing, none of which is called gone")
        }
        var rows = facts.rows
        if facts.counts.missing * 2 > facts.counts.all, facts.counts.all >= Census.leastForHalf {
            rows = rows.filter { $0.missedAt.map { note.beganAt &- $0 >= Census.secondReadMs } ?? false }
            guard !rows.isEmpty else {
                return try doubtful(
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

    private func doubtful(_ why: String) throws(ChannelError) {
        doubt = why
        try end()
    }

    /// Nothing more is to be asked of this read.
    private func end() throws(ChannelError) {
        isOver = true
        if try !client.kept(Census.suspectsKey).isEmpty { try client.keep(Census.suspectsKey, "") }
    }

    /// Of those that were asked for by their ids, the ones that are gone; nil if none is, or they are to be asked for once more.
    private func judged() throws(ChannelError) -> [ListingSeen]? {
        let beside = isAlone ? [] : witnesses
        let known = Set((asked + beside).map { ByteText($0.id) })
        guard !hasOthers, found.isSubset(of: known), beside.allSatisfy({ found.contains(ByteText($0.id)) }) else {
            try doubtful("the hub does not tell which listings it has when it is asked by their ids; none is called gone")
            return nil
        }
        let there = asked.filter { found.contains(ByteText($0.id)) }
        let gone = asked.filter { !found.contains(ByteText($0.id)) }
        // A round may end before the second answer: the next goes on with that one.
        let read = note.read
        var text = "\(read)"
        if !isAlone { for row in gone { text += " \(row.id)" } }
        let suspects = text
        try client.write { store throws(StateError) in
            try store.listings.saw(there, read: read)
            try store.meta.set(Census.suspectsKey, suspects)
        }
        guard !isAlone, !gone.isEmpty else { return gone.isEmpty ? nil : gone }
        ask(gone, isAlone: true)
        return nil
    }
}
