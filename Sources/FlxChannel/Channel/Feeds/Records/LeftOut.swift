import CFlxChannel

/// Rows of a pull that are left out because they bear another channel's id (contract 9, row 18): how many, so that the
/// host can see it, and whether there was any of ours beside them (decision 26).
struct LeftOut {
    /// Different rows, however often each came.
    private(set) var count: Int64 = 0
    private var seen = IdSet()
    /// The channel of one of them.
    private var theirs = ""
    /// A row of ours came.
    var hasOwn = false
    private var onPages: Int64 = 0
    private var inStats: Int64 = 0
    private var isTold = false

    /// Counts a row if it, or the order that it is of, is another channel's. True if it is.
    mutating func take(_ row: JSONValue, of order: ParcelOrder? = nil, by scope: ChannelScope) -> Bool {
        var orderChannel: String?
        if case .foreign(let channel) = order { orderChannel = channel }
        guard orderChannel != nil || scope.isForeign(row) else {
            hasOwn = true
            return false
        }
        if seen.insert(row.member("id").flatMap(OrderField.idText) ?? "") { count += 1 }
        if theirs.isEmpty { theirs = orderChannel ?? row.member("channelId").flatMap(OrderField.idText) ?? "" }
        return true
    }

    /// How many were left out since the page before.
    mutating func sincePage() -> Int {
        defer { onPages = count }
        return Int(clamping: count - onPages)
    }

    /// Tells the statistics of those that they do not know of.
    mutating func report(to client: Client) {
        client.noteLeftOut(count - inStats)
        inStats = count
    }

    /// Says once how many there were, at the end of the pull or when it is closed.
    mutating func tell(_ client: Client, feed: Feed) {
        report(to: client)
        guard count > 0, !isTold else { return }
        isTold = true
        client.log.write(
            .warn, "pull.left_out", [("feed", .text(feed.name)), ("rows", .number(count)), ("channel_id", .text(theirs))])
    }

    /// The end of a list that is of one channel by its documentation: if none of its rows was ours, our id may be wrong, and
    /// the host must not take that for an end. Who named our channel in the config is believed once a row bore that id.
    mutating func end(_ client: Client, feed: Feed) throws(ChannelError) {
        tell(client, feed: feed)
        guard feed.isOfOneChannel else { return }
        if hasOwn { return client.identity.hear(client.settings.channelId, from: "a list of listings") }
        guard count > 0, !isWitnessed(client) else { return }
        let ours = client.identity.known ?? "not known"
        let error = ChannelError(
            FLX_E_CONTRACT,
            "all \(count) rows that the hub shows are of channel \(theirs), and ours is \(ours); set the config key \(ConfigKey.channelId.key.name) to the right one, or call flx_client_relearn with \"channel\"",
            path: ConfigKey.channelId.key.name)
        error.operation = feed.operation.id
        error.isFatal = true
        throw error
    }

    /// Whether the id that the config names was seen on a row of ours.
    private func isWitnessed(_ client: Client) -> Bool {
        guard let named = client.settings.channelId, let learnt = client.identity.learnt else { return false }
        return named == learnt.value.text
    }
}
