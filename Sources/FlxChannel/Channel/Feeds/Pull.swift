import CFlxChannel

/// One walk over a feed, as the host holds it.
///
/// Invariant: used only under the client's `driverLock`, except `commit`, and `close`, which waits for it. Holds its feed from
/// the first moment to `close`, the proven end of a queue, the end of the client, or until it was idle for too long and
/// somebody took the feed over; what it writes after that is refused (decision 14).
final class Pull: @unchecked Sendable {
    enum Outcome {
        case page(Page)
        case again
        case done
    }

    let client: Client
    let feed: Feed
    let number: Int64
    private let source: Source
    private let lock = Lock()
    private var isClosed = false
    /// Nil once the feed is let go.
    private var lease: FeedLease?

    private enum Source {
        case queue(QueuePull)
        case cursor(CursorPull)
    }

    init(_ client: Client, feed: Feed, spec: PullSpec) throws(ChannelError) {
        self.client = client
        self.feed = feed
        number = Pull.numbers.next()
        if feed.isQueue { client.abandonAnswers(of: feed) }
        let lease = try client.hold(feed, name: feed.isQueue ? "" : spec.cursor, as: .pull)
        do throws(ChannelError) {
            if feed.isQueue {
                source = .queue(try QueuePull(client, feed: feed, spec: spec, number: number))
            } else {
                source = .cursor(try CursorPull(client, feed: feed, spec: spec, number: number))
            }
        } catch {
            lease.release()
            throw error
        }
        self.lease = lease
    }

    deinit { if !client.isForked { releaseFeed() } }

    func next(by deadline: Deadline) throws(ChannelError) -> Outcome {
        try client.drive(by: deadline) { () throws(ChannelError) in
            try checkOpen()
            do throws(ChannelError) {
                let outcome = try using(until: deadline) { () throws(ChannelError) in
                    let outcome = try next(of: source, by: deadline)
                    if case .page(let page) = outcome {
                        try client.remember(page.records, feed: feed)
                        try client.state { () throws(StateError) in try ThreadLease.current?.check() }
                    }
                    return outcome
                }
                client.heldMs = 0
                if case .done = outcome {
                    if feed.isQueue { releaseFeed() }
                    client.keepClock()
                }
                return outcome
            } catch {
                guard client.countBusy(error) else { throw error }
                return .again
            }
        }
    }

    private func next(of source: Source, by deadline: Deadline) throws(ChannelError) -> Outcome {
        switch source {
        case .queue(let pull): try pull.next(by: deadline)
        case .cursor(let pull): try pull.next(by: deadline)
        }
    }

    /// Why nothing comes, where the hub fails. Only for the thread that calls `next`.
    var trouble: ChannelError? {
        switch source {
        case .queue(let pull): pull.trouble
        case .cursor(let pull): pull.trouble
        }
    }

    /// Rows of other channels so far. Only for the thread that calls `next`.
    var leftOut: Int64 {
        switch source {
        case .queue(let pull): pull.leftOut.count
        case .cursor(let pull): pull.leftOut.count
        }
    }

    /// Runs `body` as the holder of the feed, or says who has it now.
    private func using<Result>(until deadline: Deadline, _ body: () throws(ChannelError) -> Result) throws(ChannelError) -> Result {
        guard let lease = lock.holding({ lease }) else { return try body() }
        try client.state { () throws(StateError) in try lease.enter(until: deadline) }
        defer { lease.leave() }
        return try ThreadLease.run(lease, body)
    }

    /// Lets the feed go, so that another pull may have it.
    private func releaseFeed() {
        let lease = lock.holding { () -> FeedLease? in
            defer { self.lease = nil }
            return self.lease
        }
        lease?.release()
    }

    func commit(_ page: Page) throws(ChannelError) {
        try client.checkUsable()
        try checkOpen()
        guard page.pullNumber == number else {
            throw ChannelError(FLX_E_HANDLE, "the page is of another pull")
        }
        guard case .cursor(let pull) = source else {
            throw ChannelError(FLX_E_USE, "feed \(feed.name) is a queue: answer its records with flx_ack")
        }
        try using(until: Deadline.after(ms: client.settings.stateWaitMs)) { () throws(ChannelError) in
            try SignalGuard.run { () throws(ChannelError) in try pull.commit(page) }
        }
    }

    /// Ends what is on its way, and lets the feed go. In a child of fork all of it is the parent's, and a thread of the parent may
    /// have held `lock`.
    func close() {
        guard !client.isForked else { return }
        let isFirst = lock.holding { () -> Bool in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        client.drivingAlone {
            switch source {
            case .queue(let pull): pull.close()
            case .cursor(let pull):
                try? using(until: .passed) { () throws(ChannelError) in try pull.keepPlace() }
                pull.close()
            }
        }
        releaseFeed()
    }

    private func checkOpen() throws(ChannelError) {
        if lock.holding({ isClosed }) { throw ChannelError(FLX_E_HANDLE, "the pull is closed") }
    }

    private static let numbers = Numbers()
}

/// Counts up from one.
final class Numbers: @unchecked Sendable {
    private let lock = Lock()
    private var last: Int64 = 0

    func next() -> Int64 {
        lock.holding {
            last &+= 1
            return last
        }
    }
}
