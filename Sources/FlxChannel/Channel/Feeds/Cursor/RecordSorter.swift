/// The records of one page of a cursor feed, told apart.
struct SortedPage {
    /// A record that the host may get.
    struct Row {
        let record: JSONValue
        let version: Page.Version
        /// The host has stored this version.
        let isCommitted: Bool
        /// The host has stored it without the number of its order, which is known now.
        let isToldLater: Bool
    }

    let number: Int
    let rows: [Row]
    /// In quarantine, and not told of before by this pull.
    let bad: [Page.Quarantined]
    /// No record of it could be read.
    let isUnreadable: Bool
    /// The instants of rows that are another channel's.
    let theirs: [Int64]
    let orderNumbers: [ByteText: String]
    /// Records of this page or one before wait for their orders.
    let isHeldBack: Bool
    /// Rows were left out although our channel is not known.
    let isBlind: Bool
}

/// Tells the records of a cursor feed apart: what is another channel's, what waits for its order, what cannot be read, and what
/// the host has already.
final class RecordSorter {
    private typealias Found = (record: JSONValue, version: Page.Version)

    private let client: Client
    private let feed: Feed
    private let cursor: String
    private let scope: ChannelScope
    private let numbers: OrderNumbers
    private(set) var leftOut = LeftOut()
    private var heldBack = HeldBack()
    /// Records in quarantine that this pull told of.
    private var setAside = IdSet()

    init(_ client: Client, feed: Feed, cursor: String) throws(ChannelError) {
        self.client = client
        self.feed = feed
        self.cursor = cursor
        scope = try ChannelScope(client, feed: feed)
        numbers = try OrderNumbers(client, feed: feed)
    }

    /// The pull goes on with a list of which pages were read before it.
    func goOn(with channels: WalkNote.Channels) {
        scope.goOn(with: channels.ids)
        leftOut.hasOwn = channels.hasOwn
    }

    /// What pages showed of channels, for the pull that goes on behind them.
    var channels: WalkNote.Channels { WalkNote.Channels(ids: scope.ids, hasOwn: leftOut.hasOwn) }

    /// Asks what an earlier pull had no time to ask; false if the deadline came first.
    func settleKept(by deadline: Deadline) throws(ChannelError) -> Bool {
        guard try scope.settleKept(by: deadline) else { return false }
        return feed.isOfOrders ? try numbers.settleKept(by: deadline) : true
    }

    /// Finds out what must be known of these records before they are told apart; false if the deadline came first.
    func settle(_ records: [JSONValue], by deadline: Deadline) throws(ChannelError) -> Bool {
        guard try scope.settle(records, by: deadline) else { return false }
        return feed.isOfOrders ? try numbers.settle(records, by: deadline) : true
    }

    /// What may go wrong changes nothing that a second time would miss, so that a page can be gone through again.
    func sort(_ fetched: FetchedPage) throws(ChannelError) -> SortedPage {
        let orders = feed.isOfOrders ? try numbers.orders(of: fetched.body.records) : [:]
        var found: [Found] = []
        var bad = client.setAside(fetched.body)
        var theirs: [Int64] = []
        var unread = 0
        for (record, place) in zip(fetched.body.records, fetched.body.places) {
            let order = ParcelOrder.of(record, in: orders)
            if leftOut.take(record, of: order, by: scope) {
                if let at = try? Page.Version.changedAt(ListingFields(of: record), feed: feed) { theirs.append(at.ms) }
                continue
            }
            if heldBack.take(record, of: order) { continue }
            do { found.append((record, try Page.Version(record, feed: feed, of: order))) } catch {
                bad.append(Page.Quarantined(record, index: place, fault: error))
                unread += 1
            }
        }
        let rows = try rows(found, isOfOrders: !orders.isEmpty)
        let isUnreadable = !bad.isEmpty && unread == fetched.body.records.count
        let orderNumbers =
            feed == .orders ? try client.numbers(ofOrders: found.map { $0.record }) : orders.compactMapValues { $0.number }
        return SortedPage(
            number: fetched.number, rows: rows, bad: try quarantined(bad), isUnreadable: isUnreadable, theirs: theirs,
            orderNumbers: orderNumbers, isHeldBack: !heldBack.isEmpty, isBlind: scope.isBlind)
    }

    /// Adds what the state knows of them.
    private func rows(_ found: [Found], isOfOrders: Bool) throws(ChannelError) -> [SortedPage.Row] {
        let isCommitted = try client.isCommitted(found.map { $0.version }, feed: feed, cursor: cursor)
        let untold = zip(found, isCommitted).filter { isOfOrders && !$0.1 }.map { $0.0.version.untold }
        var isToldLater =
            try untold.isEmpty ? [].makeIterator() : client.isCommitted(untold, feed: feed, cursor: cursor).makeIterator()
        return zip(found, isCommitted).map { one, isCommitted in
            SortedPage.Row(
                record: one.record, version: one.version, isCommitted: isCommitted,
                isToldLater: isCommitted ? false : isToldLater.next() ?? false)
        }
    }

    /// Puts records into quarantine; returns those that this pull did not tell of yet.
    private func quarantined(_ bad: [Page.Quarantined]) throws(ChannelError) -> [Page.Quarantined] {
        let new = bad.filter { !setAside.contains(RecordSorter.name(of: $0)) }
        try client.note(new, feed: feed)
        for one in new { _ = setAside.insert(RecordSorter.name(of: one)) }
        return new
    }

    private static func name(of bad: Page.Quarantined) -> Int64 { PassProof.shortHash(Array(bad.key.utf8)[...]) }

    // MARK: what the host and the statistics are told

    /// Rows of other channels before this moment, and after the page before.
    func leftOutSincePage() -> Int { leftOut.sincePage() }

    func report() { leftOut.report(to: client) }

    /// A list came to its end: says so if nothing of it could be told to be ours.
    func endOfList() throws(ChannelError) {
        try scope.end()
        try leftOut.end(client, feed: feed)
    }

    /// Says once how many records wait.
    func tellHeldBack() { heldBack.tell(client, feed: feed) }

    func close() {
        scope.abandon()
        numbers.abandon()
        leftOut.tell(client, feed: feed)
        tellHeldBack()
    }
}
