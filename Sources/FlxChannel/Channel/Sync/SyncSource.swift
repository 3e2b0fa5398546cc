import CFlxChannel

/// Where the events of a part come from while a round is at it.
enum SyncSource {
    case pull(Pull)
    case census(Census)
    /// Orders whose verdict is known, after a row of the outbox; one round at a time tells them.
    case results(after: Int64, FeedLease)

    /// Of the lease, beside the cursors of the orders feed.
    private static let resultsName = "results"

    /// - Parameter isDue: whether a new read of the whole list is to begin.
    static func open(
        _ part: SyncPart, _ client: Client, _ plan: SyncPlan, isDue: Bool
    ) throws(ChannelError) -> SyncSource {
        switch part {
        case .results: return .results(after: 0, try client.hold(.orders, name: resultsName, as: .pull))
        case .gone: return .census(try Census(client, isDue: isDue))
        case .publish, .sync, .orders, .shipments, .returns:
            guard let feed = part.feed else { throw ChannelError(FLX_E_INTERNAL, "\(part.name) has no feed") }
            var spec = JSONWriter()
            spec.beginObject()
            if !feed.isQueue { spec.member("cursor", plan.cursor) }
            spec.endObject()
            return .pull(try Pull(client, feed: feed, spec: try PullSpec.read(spec.bytes, feed: feed, settings: client.settings)))
        }
    }

    /// Why nothing comes, where the hub fails.
    var trouble: ChannelError? {
        switch self {
        case .pull(let pull): pull.trouble
        case .census(let census): census.trouble
        case .results: nil
        }
    }

    func close() {
        switch self {
        case .pull(let pull): pull.close()
        case .census(let census): census.close()
        case .results(_, let lease): lease.release()
        }
    }
}
