import CFlxChannel

/// One walk over a feed, as the host holds it.
///
/// Invariant: used only under the client's `driving`, except `close`, which waits for it.
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

    private enum Source {
        case queue(QueuePull)
        case cursor(CursorPull)
    }

    init(_ client: Client, feed: Feed, spec: PullSpec) throws(ChannelError) {
        self.client = client
        self.feed = feed
        number = Pull.numbers.next()
        if feed.isQueue {
            source = .queue(try QueuePull(client, feed: feed, spec: spec, number: number))
        } else {
            source = .cursor(try CursorPull(client, feed: feed, spec: spec, number: number))
        }
    }

    func next(by deadline: Deadline) throws(ChannelError) -> Outcome {
        try client.drive(by: deadline) { () throws(ChannelError) in
            try checkOpen()
            do throws(ChannelError) {
                let outcome = try next(of: source, by: deadline)
                client.heldMs = 0
                if case .done = outcome { client.keepClock() }
                return outcome
            } catch {
                guard client.passesOver(error) else { throw error }
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

    func commit(_ page: Page) throws(ChannelError) {
        try client.checkUsable()
        try checkOpen()
        guard page.pullNumber == number else {
            throw ChannelError(FLX_E_HANDLE, "the page is of another pull")
        }
        guard case .cursor(let pull) = source else {
            throw ChannelError(FLX_E_USE, "feed \(feed.name) is a queue: answer its records with flx_ack")
        }
        try SignalGuard.run { () throws(ChannelError) in try pull.commit(page) }
    }

    /// Lets the feed go, so that another pull may have it. In a child of fork all of it is the parent's, and a thread of the
    /// parent may have held `lock`.
    func close() {
        guard !client.isForked else { return }
        let isFirst = lock.holding { () -> Bool in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        client.undisturbed {
            switch source {
            case .queue(let pull): pull.close()
            case .cursor(let pull): pull.close()
            }
        }
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
