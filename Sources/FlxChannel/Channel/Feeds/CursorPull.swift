import CFlxChannel
import CLibc

/// A pull of a cursor feed: new versions of records since the cursor, which moves once a walk with a proven end is
/// committed (decision 17).
///
/// Invariant: the stored cursor never passes a version that was not committed, nor the start of the walk that moved it.
final class CursorPull {
    private let client: Client
    private let feed: Feed
    private let spec: PullSpec
    private let number: Int64

    /// The cursor as it was when the pull began.
    private let cursorAt: Instant?
    private var note: CursorNote
    /// Lower bound of the walk; nil from the beginning of time.
    private var bound: Instant?
    private let scope: ChannelScope
    private let numbers: OrderNumbers
    private var leftOut = LeftOut()
    private var heldBack = HeldBack()
    private var walk: PageWalk
    /// The hub's clock when this walk began, and whether two witnesses agree on it; nil if the hub tells no time.
    private var candidate: (at: Instant, isSure: Bool)?
    /// Of the rows of this walk, also those that are none of ours.
    private var newest: Instant?
    private var hasRowsWithoutInstant = false

    /// A commit may run beside `next`: both hold this while they touch what follows, never during a request.
    private let locked = Lock()
    /// A page of the hub that the state file did not let us hand out yet; the next call does.
    private var unfinished: FetchedPage?
    private let retention: Retention
    /// Records that changed last before it were stored long ago, though the state does not tell any more.
    private let forgottenBefore: Int64
    /// Versions given and not yet committed; the committed ones are in the state.
    private var given = GivenVersions()
    /// Records in quarantine that this pull told of.
    private var setAside = IdSet()
    private var proof: PassProof
    /// What an earlier pull left of a list that a hub shows in full. It proves nothing: passes follow it.
    private var isRest = false
    private var progress = ListProgress()
    /// Rows of a later pass that an earlier one should have had.
    private var isLateInPass = false
    private var hasLate = false
    private var passes = 1
    private var pages = 0
    private var open: Set<Int> = []
    /// The walk is over: the cursor moves once all is committed.
    private var isWalked = false
    /// The list changed so much that no end of it is proven: the cursor stays.
    private var isRestless = false
    private var hasBadPage = false
    private var sawOlder = false
    private var isMoved = false
    private var isOver = false
    private var reconciliation: Reconciliation?

    /// Everything since the cursor's origin, read once more beside the walk: it catches what no cursor can, such as a hub
    /// that was restored from a backup (P-11). A slice of it a pull, so that a pull of a large catalogue ends soon.
    private struct Reconciliation {
        /// Pages of the hub that are left to this pull.
        var pagesLeft = CursorPull.mostReconciledPages
        /// Set when this pull is through with it: the page that it came to, 0 if it is complete.
        var page: Int64?
    }

    /// Passes over a list until two of them prove its end, at most so many (P-01).
    private static let mostPasses = 5
    private static let mostReconciledPages = 50
    /// A page with fewer rows than this is not one that the hub cut at a size of its own (contract 9, row 6).
    private static let leastCap = 10
    /// How much two clocks of the hub may differ.
    private static let clockDoubtMs: Int64 = 15 * 60 * 1000
    /// Where the hub tells no time a row may be so far ahead of this machine's clock.
    private static let hostDoubtMs: Int64 = 24 * 3600 * 1000

    init(_ client: Client, feed: Feed, spec: PullSpec, number: Int64) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.number = number
        let row = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.cursors.get(feed: feed.rawValue, name: spec.cursor)
            }
        }
        scope = try ChannelScope(client, feed: feed)
        numbers = try OrderNumbers(client)
        cursorAt = row?.at.map { Instant(ms: $0) }
        let known = CursorNote(row?.note ?? "")
        let isNew = row?.at == nil && !known.hasBegun
        note = isNew ? CursorNote(origin: spec.since?.ms) : known
        let overlapMs = note.overlapMs(least: client.settings.feedsOverlapS * 1000)
        bound = cursorAt.map { Instant(ms: $0.ms - overlapMs) } ?? (isNew ? spec.since : nil)
        retention = Retention(client.settings)
        forgottenBefore = retention.versions(of: note, at: cursorAt, now: Clock.wallMs()) ?? 0
        proof = PassProof(after: note.sequence)
        let first = note.nextWalkedPage(size: spec.pageSize)
        isRest = first > 1
        walk = CursorPull.walk(client, feed, spec, bound, from: first)
    }

    private static func walk(
        _ client: Client, _ feed: Feed, _ spec: PullSpec, _ bound: Instant?, from number: Int = 1
    ) -> PageWalk {
        var query = feed.fixedQuery(overriddenBy: spec.filters)
        if let bound, let name = feed.boundParameter { query.append((name, bound.isoSeconds)) }
        return PageWalk(
            client, operation: feed.operation, query: query, pageSize: spec.pageSize, emptiesNeeded: 2, from: number)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome {
        while !isOver || unfinished != nil {
            if let fetched = unfinished {
                guard try scope.settle(fetched.body.records, by: deadline) else { return .again }
                if feed.isOfOrders, try !numbers.settle(fetched.body.records, by: deadline) { return .again }
                let page = try page(fetched)
                unfinished = nil
                if let page { return .page(page) }
                continue
            }
            switch try walk.next(by: deadline) {
            case .waiting: return .again
            case .page(let fetched): unfinished = fetched
            case .end:
                try scope.end()
                try leftOut.end(client, feed: feed)
                try locked.holding { () throws(ChannelError) in try endOfPass() }
            }
        }
        heldBack.tell(client, feed: feed)
        try locked.holding { () throws(ChannelError) in try moveIfComplete() }
        return .done
    }

    /// A list that changed between two pages may have skipped a row: it is read again until two passes prove that none
    /// was (P-01). A page that holds the whole list cannot skip.
    private func endOfPass() throws(ChannelError) {
        guard !isWalked else { return endReconciliation(page: 0) }
        progress.restart()
        if isRest {
            isRest = false
            walk = CursorPull.walk(client, feed, spec, bound)
            return
        }
        let isOnePage = walk.pagesWithRows <= 1 && walk.rows < min(CursorPull.leastCap, Int(spec.pageSize))
        let isSeenTwice = proof.endPass()
        let isProven = (isOnePage || isSeenTwice) && !walk.hasRepeated && !isLateInPass
        if passes == 1 { candidate = walk.began }
        guard isProven || passes >= CursorPull.mostPasses else {
            passes += 1
            isLateInPass = false
            walk = CursorPull.walk(client, feed, spec, bound)
            return
        }
        isWalked = true
        isRestless = !isProven
        if isRestless { client.log.write(.warn, "pull.restless", [("feed", .text(feed.name)), ("passes", .number(Int64(passes)))]) }
        try moveIfComplete()
        startReconciliation()
    }

    // MARK: reconciliation

    private func startReconciliation() {
        isOver = true
        let hours = client.settings.feedsReconcileH
        guard !isRestless, cursorAt != nil, feed.boundParameter != nil,
            note.isReconciliationDue(everyHours: hours, now: Clock.wallMs())
        else { return }
        isOver = false
        reconciliation = Reconciliation()
        bound = retention.reconciled(from: note, now: Clock.wallMs())
        walk = CursorPull.walk(client, feed, spec, bound, from: note.nextReconciledPage(size: spec.pageSize))
    }

    private func endReconciliation(page: Int64) {
        reconciliation?.page = page
        isOver = true
    }

    /// Counts a page of the reconciliation, and leaves the rest of it to the next pull when this one has had its share.
    private func reconciled(_ fetched: FetchedPage) {
        guard let left = reconciliation?.pagesLeft else { return }
        reconciliation?.pagesLeft = left - 1
        if left <= 1 { endReconciliation(page: Int64(fetched.number)) }
    }

    func close() {
        walk.abandon()
        scope.abandon()
        numbers.abandon()
        leftOut.tell(client, feed: feed)
        heldBack.tell(client, feed: feed)
    }

    /// Before it is closed, as the holder of the feed.
    func keepPlace() throws(ChannelError) {
        try locked.holding { () throws(ChannelError) in
            if !isWalked, progress.end(isAllCommitted: open.isEmpty) { try keepProgress() }
        }
    }

    // MARK: records

    private func page(_ fetched: FetchedPage) throws(ChannelError) -> Page? {
        try locked.holding { () throws(ChannelError) in try newVersions(of: fetched) }
    }

    private func newVersions(of fetched: FetchedPage) throws(ChannelError) -> Page? {
        let isWalking = !isWalked
        let orders = feed.isOfOrders ? try numbers.orders(of: fetched.body.records) : [:]
        // What may go wrong comes first, so that a page can be gone through again.
        var found: [(record: JSONValue, version: Page.Version)] = []
        var bad = client.setAside(fetched.body)
        var unread = 0
        for (record, place) in zip(fetched.body.records, fetched.body.places) {
            let order = ParcelOrder.of(record, in: orders)
            if leftOut.takes(record, of: order, by: scope) {
                if let theirs = try? changedAt(ListingFields(of: record)) { noteNewest(theirs.ms) }
                continue
            }
            if heldBack.takes(record, of: order) { continue }
            let version: Page.Version
            do { version = try read(record, of: order) } catch {
                bad.append(Page.Quarantined(record, index: place, fault: error))
                unread += 1
                continue
            }
            found.append((record, version))
        }
        let isCommitted = try client.isCommitted(found.map { $0.version }, feed: feed, cursor: spec.cursor)
        let isBad = !bad.isEmpty
        bad.removeAll { setAside.contains(PassProof.digest(Array($0.key.utf8)[...])) }
        try client.note(bad, feed: feed)
        for one in bad { _ = setAside.insert(PassProof.digest(Array(one.key.utf8)[...])) }

        var records: [JSONValue] = []
        var versions: [Page.Version] = []
        for (one, isCommitted) in zip(found, isCommitted) where isNew(one.version) && !isCommitted {
            given.add(one.version)
            if try !isToldLater(one.version, orders) { noteLate(one.version) }
            records.append(one.record)
            versions.append(one.version)
        }
        if isWalking {
            if !isRest { proof.add(fetched.body) }
            if isBad, unread == fetched.body.records.count, !hasBadPage {  // J-14
                hasBadPage = true
                client.log.write(.error, "pull.unreadable", [("feed", .text(feed.name)), ("page", .number(Int64(fetched.number)))])
            }
        } else {
            reconciled(fetched)
        }
        if isWalking, progress.come(to: fetched.number, isAllCommitted: open.isEmpty) { try? keepProgress() }
        leftOut.report(to: client)
        guard !records.isEmpty || !bad.isEmpty else { return nil }

        pages += 1
        open.insert(pages)
        let feed = feed
        client.log.write(.info, "pull.page", [("feed", .text(feed.name)), ("records", .number(Int64(records.count)))])
        return Page(
            feed: feed, records: records, quarantined: bad, leftOut: leftOut.sincePage(), receipt: CursorPull.receipt(feed, fetched.fetchInstant, versions),
            key: client.store.key, versions: versions, pullNumber: number, position: pages, orderNumbers: orders.compactMapValues { $0.number })
    }

    private static func receipt(_ feed: Feed, _ fetchInstant: Instant?, _ versions: [Page.Version]) -> Receipt {
        Receipt(
            feed: feed, fetchInstant: fetchInstant,
            rows: versions.map {
                Receipt.Row(id: $0.id, isHeld: false, pending: nil, contentAt: Instant(ms: $0.updatedAt), variants: [])
            })
    }

    /// - Parameter order: one whose number was not told makes another version than one whose number was.
    private func read(_ record: JSONValue, of order: ParcelOrder?) throws(Fault) -> Page.Version {
        let id = try ListingRow.identity(record)
        let fields = ListingFields(of: record)
        if feed == .listings { try ListingRow.checkNumbers(fields) }
        let updatedAt = try changedAt(fields)
        let version = Page.Version(
            id: id, updatedAt: updatedAt?.ms ?? 0, hash: Array(SHA256.hash(Array(record.document.bytes[record.range])).prefix(16)))
        if case .untold = order { return version.untold }
        return version
    }

    /// Whether the host has this version already, without the number of its order.
    private func isToldLater(_ version: Page.Version, _ orders: [ByteText: ParcelOrder]) throws(ChannelError) -> Bool {
        guard !orders.isEmpty else { return false }
        return try client.isCommitted([version.untold], feed: feed, cursor: spec.cursor).first ?? false
    }

    private func changedAt(_ fields: ListingFields) throws(Fault) -> Instant? {
        let updated = try fields.instant(.updatedAt)
        let inserted = try fields.instant(.insertedAt)
        var changedAt = updated ?? inserted
        for name in feed == .listings ? [ListingFields.Name.dynamicContentUpdatedAt, .staticContentUpdatedAt] : [] {
            // contract 3.3: the bound is on any change; whether `updatedAt` tells of each is INFERRED
            guard let content = try fields.instant(name) else { continue }
            changedAt = max(changedAt ?? content, content)
        }
        return changedAt
    }

    /// Not given by this pull, not older than the bound that the hub was asked for.
    private func isNew(_ version: Page.Version) -> Bool {
        if let bound, version.updatedAt != 0, version.updatedAt < bound.ms - 1000 {
            // contract 8.12: the hub ignored the filter and sends everything
            if !sawOlder, note.ignoredAt == nil { client.log.write(.warn, "pull.filter_ignored", [("feed", .text(feed.name))]) }
            sawOlder = true
            return false
        }
        if version.updatedAt != 0, version.updatedAt < forgottenBefore { return false }
        noteNewest(version.updatedAt)
        return !given.contains(version)
    }

    private func noteNewest(_ updatedAt: Int64) {
        if updatedAt == 0 { hasRowsWithoutInstant = true } else { newest = max(newest ?? Instant(ms: 0), Instant(ms: updatedAt)) }
    }

    /// A row that an earlier walk or pass should have had: the hub showed it late, or it was skipped, or dated back (P-12).
    private func noteLate(_ version: Page.Version) {
        guard version.updatedAt != 0 else { return }
        if passes > 1, !isWalked, let candidate, version.updatedAt < candidate.at.ms { isLateInPass = true }
        guard let cursorAt, note.reconciledAt != nil, version.updatedAt < cursorAt.ms else { return }
        let lateMs = cursorAt.ms &- version.updatedAt
        guard note.learn(lateMs: lateMs) || !hasLate else { return }
        hasLate = true
        client.log.write(
            .warn, "pull.late",
            [("feed", .text(feed.name)), ("late_s", .number(lateMs / 1000)), ("overlap_s", .number(overlapMs / 1000))])
    }

    private var overlapMs: Int64 { note.overlapMs(least: client.settings.feedsOverlapS * 1000) }

    // MARK: commit

    func commit(_ page: Page) throws(ChannelError) {
        try locked.holding { () throws(ChannelError) in try store(page) }
    }

    private func store(_ page: Page) throws(ChannelError) {
        guard open.contains(page.position) else { return }  // committed before
        let statuses = feed == .orders ? page.records.compactMap { HubOrder($0) } : []
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.versions.commit(
                    feed: feed.rawValue, name: spec.cursor, page.versions.map { ($0.id, $0.updatedAt, $0.hash) })
                for order in statuses {
                    try client.store.outbox.noteStatus(hubId: order.id, order.orderStatus, isFinal: order.isFinal)
                    // Its parcels will ask for its number.
                    guard let number = order.orderNumber, try client.store.outbox.row(hubId: order.id) == nil,
                        try !client.mayBeOpenOrder(order)
                    else { continue }
                    try client.store.numbers.keep(
                        NumberRow(hubId: order.id, number: number, channel: order.channelId, keptAt: Clock.wallMs()))
                }
            }
        }
        for version in page.versions { given.remove(version) }
        open.remove(page.position)
        try moveIfComplete()
    }

    /// Moves the cursor when the end is proven and nothing given is uncommitted.
    private func moveIfComplete() throws(ChannelError) {
        guard isWalked, open.isEmpty else { return }
        guard heldBack.isEmpty else { return }
        if !isMoved, !isRestless, !hasBadPage, !scope.isBlind {
            note.noteBound(isIgnored: sawOlder, now: Clock.wallMs(), sequence: proof.sequence)
            if note.reconciledAt == nil { note.reconciledAt = Clock.wallMs() }  // the walk began at the cursor's origin
            if let shown { note.newest = max(shown.ms, note.newest ?? shown.ms) }
            let target = target
            try store(movedTo: target)
            isMoved = true
            if target != nil { client.log.write(.info, "cursor.moved", [("feed", .text(feed.name)), ("cursor", .text(spec.cursor))]) }
        }
        guard let page = reconciliation?.page else { return }
        (note.reconciledPage, note.reconciledPageSize) = (page, spec.pageSize)
        if page == 0 { note.reconciledAt = Clock.wallMs() }
        try store(movedTo: nil)
        reconciliation = nil
    }

    /// The newest row that the hub showed in this walk or before, as far as its clock has come: a row may bear nonsense.
    private var shown: Instant? {
        let known = [newest, note.newest.map { Instant(ms: $0) }].compactMap { $0 }.max()
        return known.map { min($0, candidate?.at ?? Instant(ms: Clock.wallMs() &+ CursorPull.hostDoubtMs)) }
    }

    /// How far the cursor may go: to the newest row that the hub showed, for the clock that stamps its rows may be behind
    /// the one that answers (C-04), and what that one says may be wrong (L-01). Once it is twice `clockDoubtMs` past that row,
    /// and has a second witness, the cursor goes on by as much, so that one bulk of changes is not read again for ever.
    ///
    /// Where no row bears an instant a clock with two witnesses is all there is; where there is no row at all a cursor stays,
    /// for that costs nothing.
    private var target: Instant? {
        let believed = candidate.flatMap { $0.isSure ? Instant(ms: $0.at.ms &- CursorPull.clockDoubtMs) : nil }
        guard let shown else {
            if hasRowsWithoutInstant { return believed }
            let now = max(Instant(ms: Clock.wallMs()), candidate?.at ?? Instant(ms: 0))
            return cursorAt == nil ? bound.map { min($0, now) } : nil  // where the host began, so that it begins there only once
        }
        return max(shown, min(believed ?? shown, Instant(ms: shown.ms &+ CursorPull.clockDoubtMs)))
    }

    /// Writes down how far the list was read, for the next pull to go on with it.
    private func keepProgress() throws(ChannelError) {
        guard cursorAt != nil, sawOlder || note.ignoredAt != nil else { return }
        if sawOlder { note.ignoredAt = Clock.wallMs() }
        note.walked(to: progress.page, size: spec.pageSize)
        try store(movedTo: nil)
        progress.keep()
    }

    /// Writes the cursor with what was learnt of its feed; it never moves back.
    private func store(movedTo target: Instant?) throws(ChannelError) {
        let name = spec.cursor
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                let old = try client.store.cursors.get(feed: feed.rawValue, name: name)
                if let old { note.follow(CursorNote(old.note)) }
                let at = max(target?.ms ?? Int64.min, old?.at ?? Int64.min)
                try client.store.cursors.put(
                    CursorRow(
                        feed: feed.rawValue, name: name, at: at == Int64.min ? nil : at, note: note.text,
                        movedAt: target == nil ? old?.movedAt ?? Clock.wallMs() : Clock.wallMs()))
            }
        }
    }
}
