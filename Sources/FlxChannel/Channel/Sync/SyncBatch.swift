import CFlxChannel

/// Events that belong together, as a page of a feed: given to the host one by one, and settled when each has its reply.
///
/// A record of a queue feed is answered once all its questions have replies, whatever became of its neighbours; a page of a
/// cursor feed is committed only if all of it is stored.
struct SyncBatch {
    /// What the records are, and what is kept of them until they are settled.
    enum Content {
        case listings(Page, Receipt, [ListingTask])
        case records(Page)
        case results([(number: String, json: [UInt8])])
        case gone([ListingSeen])
    }

    /// What a reply asks to be written down at once.
    enum Deed {
        case nothing
        case settle(order: String, told: [UInt8])
        case forget(listing: String)
    }

    let part: SyncPart
    private(set) var content: Content
    /// Given, and not replied to: number and place.
    private var open: [(number: Int64, place: Int)] = []
    /// The next place that was not given.
    private var next = 0
    /// Places of listings whose next question is to be given.
    private var due: [Int] = []
    /// Something is not stored, so that a page must not be committed.
    private(set) var isHeld = false

    init(_ part: SyncPart, _ content: Content) {
        self.part = part
        self.content = content
    }

    private var count: Int {
        switch content {
        case .listings(_, _, let tasks): tasks.count
        case .records(let page): page.records.count
        case .results(let orders): orders.count
        case .gone(let rows): rows.count
        }
    }

    /// Whether all events were given and replied to.
    var isOver: Bool { open.isEmpty && due.isEmpty && next >= count }

    /// The next event; nil if there is none, or the next one depends on a reply.
    mutating func give(_ number: Int64) -> SyncEvent? {
        while true {
            let place: Int
            if !due.isEmpty {
                place = due.removeFirst()
            } else if next < count {
                place = next
                next += 1
            } else {
                return nil
            }
            guard let event = event(number, place) else { continue }
            open.append((number, place))
            return event
        }
    }

    private func event(_ number: Int64, _ place: Int) -> SyncEvent? {
        switch content {
        case .listings(let page, let receipt, let tasks):
            guard tasks.indices.contains(place), page.records.indices.contains(place) else { return nil }
            let isParent = receipt.feed == .listingsToPublish
            switch tasks[place].question {
            case .content: return .content(number, page.records[place], of: tasks[place], isParent: isParent)
            case .change(let variant, let to):
                return .change(number, page.records[place], of: tasks[place], variant: variant, to: to, isParent: isParent)
            case nil: return nil
            }
        case .records(let page):
            guard page.records.indices.contains(place) else { return nil }
            return .record(number, page.records[place], of: page)
        case .results(let orders):
            guard orders.indices.contains(place) else { return nil }
            return SyncEvent(.result, number: number) { json in json.member("order", raw: orders[place].json) }
        case .gone(let rows): return rows.indices.contains(place) ? .gone(number, rows[place]) : nil
        }
    }

    // MARK: replies

    /// Takes the reply to event `number`. Nothing is changed by one that is refused, and another may be given.
    mutating func reply(
        _ number: Int64, _ bytes: [UInt8], _ tally: inout SyncTally.Part, _ check: ([UInt8], Receipt) throws(ChannelError) -> Void
    ) throws(ChannelError) -> Deed {
        guard let index = open.firstIndex(where: { $0.number == number }) else {
            throw ChannelError(
                FLX_E_NOT_FOUND, "no event \(number) waits for a reply: it has one, or was never given", path: "event")
        }
        let place = open[index].place
        let reply: SyncReply
        if case .listings(let page, let receipt, var tasks) = content, tasks.indices.contains(place) {
            var task = tasks[place]
            reply = try SyncReply.read(bytes, members: task.members)
            task.replied(reply)
            if let answer = task.draft { try check(answer, receipt) }
            tasks[place] = task
            content = .listings(page, receipt, tasks)
            if task.question != nil { due.append(place) }
        } else {
            reply = try SyncReply.read(bytes, members: [])
        }
        open.remove(at: index)
        switch reply {
        // It changed while it was fetched: the hub is not told yet.
        case .yes where isNewer(place): tally.later += 1
        case .yes: tally.done += 1
        case .failed(let why):
            tally.failed += 1
            tally.note(why)
        case .later(let why):
            tally.later += 1
            tally.note(why)
        }
        guard case .yes = reply else {
            isHeld = true
            return .nothing
        }
        return deed(place)
    }

    private func isNewer(_ place: Int) -> Bool {
        guard case .listings(_, _, let tasks) = content, tasks.indices.contains(place) else { return false }
        return tasks[place].row.isHeld
    }

    private func deed(_ place: Int) -> Deed {
        switch content {
        case .results(let orders):
            orders.indices.contains(place) ? .settle(order: orders[place].number, told: orders[place].json) : .nothing
        case .gone(let rows): rows.indices.contains(place) ? .forget(listing: rows[place].id) : .nothing
        case .listings, .records: .nothing
        }
    }

    /// Answers that are complete, as a list each of which stands for itself.
    var answers: [[UInt8]] {
        guard case .listings(_, _, let tasks) = content else { return [] }
        return tasks.compactMap { $0.answer }
    }

    /// Listings that the host has now.
    var told: [ListingSeen] {
        guard case .listings(let page, _, let tasks) = content, part == .sync else { return [] }
        return zip(page.records, tasks).compactMap { record, task in
            task.comesAgain || task.isFailed || task.question != nil
                ? nil : ListingSeen(id: task.row.id, sku: record.member("sku")?.string ?? "")
        }
    }

    /// The page that is to be committed: all of it is stored.
    var stored: Page? {
        guard case .records(let page) = content, isOver, !isHeld else { return nil }
        return page
    }

    var receipt: String? {
        guard case .listings(let page, _, _) = content else { return nil }
        return page.receipt
    }
}
