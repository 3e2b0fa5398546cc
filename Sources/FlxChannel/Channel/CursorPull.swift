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
    private var feedLock: ByteLock?

    /// Lower bound of the walk; nil from the beginning of time.
    private let bound: Instant?
    private let scope: ChannelScope
    private var source: Source
    /// Where the cursor may go: the hub's clock when this walk began.
    private var candidate: Instant?
    private var newest: Instant?

    /// A commit may run beside `next`: both hold this while they touch what follows, never during a request.
    private let locked = Lock()
    /// A page of the hub that the state file did not let us hand out yet; the next call does.
    private var unfinished: FetchedPage?
    /// Versions given and not yet committed; the committed ones are in the state.
    private var given = GivenVersions()
    private var foundInPass = 0
    /// The last pass that is allowed still brought what an earlier one had skipped: there may be more.
    private var isUnsettled = false
    private var passes = 1
    private var pages = 0
    private var open: Set<Int> = []
    private var isEndProven = false
    private var hasBadPage = false
    private var sawOlder = false
    /// Whether every record so far was made no earlier than the one before.
    private var isInOrder: Bool
    private var lastMade: Int64?
    private var isMoved = false

    private enum Source {
        case list(PageWalk)
        case byId(OrderWalk)
    }

    /// Passes over a list of unknown order until one brings nothing new, at most so many (reliability 4).
    private static let mostPasses = 5
    /// For how long a hub is remembered that ignored the bound.
    private static let distrustMs: Int64 = 24 * 3600 * 1000

    init(_ client: Client, feed: Feed, spec: PullSpec, number: Int64) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.spec = spec
        self.number = number
        isInOrder = feed.isOrderDocumented
        feedLock = try client.lockFeed(feed, name: spec.cursor)
        let row = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.cursors.get(feed: feed.rawValue, name: spec.cursor)
            }
        }
        scope = try ChannelScope(client, feed: feed)
        let overlap = client.settings.number("feeds.overlap_s") * 1000
        bound = row?.at.map { Instant(ms: $0 - overlap) } ?? spec.since
        let ignoredAt = Int64(row?.note ?? "") ?? 0
        let isIgnored = feed == .orders && row?.at != nil && Clock.wallMs() - ignoredAt < CursorPull.distrustMs
        source = isIgnored ? .byId(OrderWalk(client)) : .list(CursorPull.walk(client, feed, spec, bound))
    }

    private static func walk(_ client: Client, _ feed: Feed, _ spec: PullSpec, _ bound: Instant?) -> PageWalk {
        var query = feed.fixedQuery(overriddenBy: spec.filters)
        if let bound, let name = feed.boundParameter { query.append((name, bound.isoSeconds)) }
        return PageWalk(client, operation: feed.operation, query: query, pageSize: spec.pageSize, emptiesNeeded: 2)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Pull.Outcome {
        while !isEndProven || unfinished != nil {
            if let fetched = unfinished {
                // An order read by its id is one of our outbox, so that nobody has to be asked about it.
                if case .list = source, try !scope.settle(fetched.body.records, by: deadline) { return .again }
                let page = try page(fetched)
                unfinished = nil
                if let page { return .page(page) }
                continue
            }
            switch source {
            case .list(let walk):
                switch try walk.next(by: deadline) {
                case .waiting: return .again
                case .page(let fetched): unfinished = fetched
                case .end:
                    try scope.end()
                    locked.holding { endOfPass(walk) }
                }
            case .byId(let walk):
                switch try walk.next(by: deadline) {
                case .waiting: return .again
                case .page(let fetched): unfinished = fetched
                case .end: locked.holding { isEndProven = true }
                }
            }
        }
        try locked.holding { () throws(ChannelError) in try moveIfComplete() }
        return .done
    }

    /// A list of unknown order that changed between two pages may have skipped a row: read it again until nothing new
    /// turns up (P-01). One page cannot skip, nor can a list that came in the order of its making (contract 5.1).
    private func endOfPass(_ walk: PageWalk) {
        let mayHaveSkipped = walk.pagesWithRows > 1 && !isInOrder && foundInPass > 0
        if passes == 1 { candidate = walk.began }
        guard mayHaveSkipped, passes < CursorPull.mostPasses else {
            isEndProven = true
            isUnsettled = mayHaveSkipped
            if isUnsettled { client.log.write(.warn, "pull.unsettled", [("feed", .text(feed.name)), ("passes", .number(Int64(passes)))]) }
            return
        }
        passes += 1
        foundInPass = 0
        lastMade = nil
        source = .list(CursorPull.walk(client, feed, spec, bound))
    }

    func close() {
        switch source {
        case .list(let walk): walk.abandon()
        case .byId(let walk): walk.abandon()
        }
        scope.abandon()
        feedLock = nil
    }

    // MARK: records

    private func page(_ fetched: FetchedPage) throws(ChannelError) -> Page? {
        try locked.holding { () throws(ChannelError) in try newVersions(of: fetched) }
    }

    private func newVersions(of fetched: FetchedPage) throws(ChannelError) -> Page? {
        if case .byId = source, candidate == nil { candidate = fetched.fetchInstant }
        // What may go wrong comes first, so that a page can be gone through again.
        var found: [(record: JSONValue, version: Page.Version)] = []
        var bad = client.setAside(fetched.body)
        var position = 0
        var unread = 0
        if isInOrder { isInOrder = comesInOrder(fetched.body.records) }
        for record in fetched.body.records {
            defer { position += 1 }
            if scope.isForeign(record) { continue }
            let version: Page.Version
            do { version = try read(record) } catch {
                bad.append(Page.Quarantined(index: position, id: record.member("id")?.text ?? "", fault: error))
                unread += 1
                continue
            }
            found.append((record, version))
        }
        let isCommitted = try isCommitted(found.map { $0.version })
        let numbers = try orderNumbers(found.map { $0.record })
        try client.note(bad, feed: feed)

        var records: [JSONValue] = []
        var versions: [Page.Version] = []
        for (one, isCommitted) in zip(found, isCommitted) where isNew(one.version) && !isCommitted {
            given.add(one.version)
            if mayHaveBeenSkipped(one.version) { foundInPass += 1 }
            records.append(one.record)
            versions.append(one.version)
        }
        if !bad.isEmpty, unread == fetched.body.records.count { hasBadPage = true }  // J-14
        guard !records.isEmpty || !bad.isEmpty else { return nil }

        pages += 1
        open.insert(pages)
        let receipt = Receipt(
            feed: feed, fetchInstant: fetched.fetchInstant,
            rows: versions.map {
                Receipt.Row(id: $0.id, isHeld: false, pending: nil, contentAt: Instant(ms: $0.updatedAt), variants: [])
            })
        client.log.write(.info, "pull.page", [("feed", .text(feed.name)), ("records", .number(Int64(records.count)))])
        return Page(
            feed: feed, records: records, quarantined: bad, receipt: receipt.text(key: client.store.key),
            versions: versions, pullNumber: number, position: pages, orderNumbers: numbers)
    }

    /// What changed since the walk began comes with the next walk in any case, and tells nothing of this one.
    private func mayHaveBeenSkipped(_ version: Page.Version) -> Bool {
        guard passes > 1, let candidate else { return true }
        return version.updatedAt <= candidate.ms
    }

    /// Whether these records go on in the order of their making; one that does not tell its instant does not.
    private func comesInOrder(_ records: [JSONValue]) -> Bool {
        for record in records {
            guard let made = (try? ListingRow.instant(record, "insertedAt"))?.ms, made >= lastMade ?? made else { return false }
            lastMade = made
        }
        return true
    }

    private func read(_ record: JSONValue) throws(Fault) -> Page.Version {
        let id = try ListingRow.identity(record)
        let updated = try ListingRow.instant(record, "updatedAt")
        let inserted = try ListingRow.instant(record, "insertedAt")
        var updatedAt = updated ?? inserted
        for name in feed == .listings ? ["dynamicContentUpdatedAt", "staticContentUpdatedAt"] : [] {
            // contract 3.3: the bound is on any change; whether `updatedAt` tells of each is INFERRED
            guard let content = try ListingRow.instant(record, name) else { continue }
            updatedAt = max(updatedAt ?? content, content)
        }
        let hash = Array(SHA256.hash(Array(record.document.bytes[record.range])).prefix(16))
        return Page.Version(id: id, updatedAt: updatedAt?.ms ?? 0, hash: hash)
    }

    /// Not given by this pull, not older than the bound that the hub was asked for.
    private func isNew(_ version: Page.Version) -> Bool {
        if let bound, version.updatedAt != 0, version.updatedAt < bound.ms - 1000, case .list = source {
            sawOlder = true  // contract 8.12: the hub ignored the filter and sends everything
            return false
        }
        if version.updatedAt != 0 { newest = max(newest ?? Instant(ms: 0), Instant(ms: version.updatedAt)) }
        return !given.contains(version)
    }

    /// For each version whether the host has stored it.
    private func isCommitted(_ versions: [Page.Version]) throws(ChannelError) -> [Bool] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var answers: [Bool] = []
                for version in versions {
                    answers.append(
                        try client.store.versions.isCommitted(
                            feed: feed.rawValue, name: spec.cursor, id: version.id, hash: version.hash))
                }
                return answers
            }
        }
    }

    private func orderNumbers(_ records: [JSONValue]) throws(ChannelError) -> [String: String] {
        guard feed == .shipments || feed == .returns else { return [:] }
        var ids: Set<String> = []
        for record in records {
            if let id = record.member("orderId").flatMap(OrderField.idText) { ids.insert(id) }
        }
        return try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var numbers: [String: String] = [:]
                for id in ids {
                    if let number = try client.store.outbox.row(hubId: id)?.number { numbers[id] = number }
                }
                return numbers
            }
        }
    }

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
                for status in statuses { try client.noteStatus(status) }
            }
        }
        for version in page.versions { given.remove(version) }
        open.remove(page.position)
        try moveIfComplete()
    }

    /// Moves the cursor when the end is proven and nothing given is uncommitted.
    private func moveIfComplete() throws(ChannelError) {
        guard isEndProven, open.isEmpty, !isMoved, !hasBadPage, !isUnsettled, !scope.isBlind else { return }
        let target = candidate ?? newest
        let isIgnored: Bool = if case .byId = source { true } else { sawOlder }
        let name = spec.cursor
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                let old = try client.store.cursors.get(feed: feed.rawValue, name: name)
                let at = max(target?.ms ?? Int64.min, old?.at ?? Int64.min)
                let ignoredAt = sawOlder ? "\(Clock.wallMs())" : (isIgnored ? old?.note ?? "" : "")
                try client.store.cursors.put(
                    CursorRow(
                        feed: feed.rawValue, name: name, at: at == Int64.min ? nil : at, note: ignoredAt,
                        movedAt: Clock.wallMs()))
            }
        }
        isMoved = true
        if sawOlder {
            client.log.write(.warn, "pull.filter_ignored", [("feed", .text(feed.name))])
        }
        client.log.write(.info, "cursor.moved", [("feed", .text(feed.name)), ("cursor", .text(name))])
    }
}
