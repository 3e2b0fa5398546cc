import CFlxChannel

/// Tells the rows of this channel from those of others, which a hub may show to any token (contract 9, row 18).
///
/// Our id is sure (`ChannelIdentity`), or the hub is asked which of those that rows bear this token may read: its own alone
/// (contract 2.2). It is asked only where there is reason to: lists of listings are of one channel by their documentation
/// (contract 3.3), so that there a single id is not doubted; lists of orders and returns are not.
///
/// Invariant: a row is left out only after the hub showed or refused something that speaks against it.
final class ChannelScope {
    private let client: Client
    private let isDocumented: Bool
    private var own: String?
    /// It was sure when the walk began.
    private let isProven: Bool
    /// Ids that rows bear, in the order of their coming, and whether the hub lets this token read that channel.
    private var seen: [(id: String, isReadable: Bool?)] = []
    /// Of walks before that had no time to come to their end.
    private var kept = AskedChannels()
    /// As it stands in the state.
    private var stored = ""
    private var isEnded = false
    private var exchange: Exchange?
    private var failures: Int64 = 0
    private var failingSince: Int64?
    private var retryAt: Int64 = 0

    /// Channels asked about in one walk; rows of others than these are left out.
    private static let mostAsked = 20

    /// For the walk over a feed.
    convenience init(_ client: Client, feed: Feed) throws(ChannelError) {
        try self.init(client, isDocumented: feed.isOfOneChannel)
    }

    init(_ client: Client, isDocumented: Bool) throws(ChannelError) {
        self.client = client
        self.isDocumented = isDocumented
        if let error = client.identity.contradiction { throw error }
        own = client.identity.known
        isProven = own != nil
        if !isProven { kept = try AskedChannels.read(client) }
        stored = kept.text
    }

    /// Whether rows were left out although our id is not known: a cursor must not pass them.
    var isBlind: Bool { own == nil && seen.contains { $0.isReadable == false } }

    func isForeign(_ row: JSONValue) -> Bool {
        own == nil && !isBlind ? false : isForeign(ChannelScope.channelId(row))
    }

    func isForeign(_ theirs: String?) -> Bool {
        guard let theirs else { return false }
        if let own { return theirs != own }
        return isBlind
    }

    /// Whether an order is another channel's, of a record that does not tell its own: what is likely, and the hub, which does
    /// not let this token read that channel, speak against it.
    func isForeign(orderOf theirs: String?) -> Bool {
        guard let theirs else { return false }
        if let own { return !Text.isSame(theirs, own) }
        guard let likely = client.identity.likely, !Text.isSame(theirs, likely) else { return false }
        return seen.contains { $0.id == theirs && $0.isReadable == false }
    }

    /// Finds out what must be known of the channels of orders; where nothing speaks against one the hub is not asked.
    func settle(ordersOf channels: [String?], by deadline: Deadline) throws(ChannelError) -> Bool {
        guard !isProven, let likely = client.identity.likely else { return true }
        let strange = channels.filter { $0.map { !Text.isSame($0, likely) } ?? false }
        return strange.isEmpty ? true : try settle(strange, by: deadline)
    }

    /// Ids that the pages before this pull's have shown, of a list that it goes on with.
    func goOn(with ids: [String]) {
        if !isProven { seen = ids.prefix(ChannelScope.mostAsked).map { ($0, kept.isReadable($0)) } }
    }

    /// Ids that rows bear.
    var ids: [String] { seen.map { $0.id } }

    /// Asks what an earlier walk had no time to ask; false if the deadline came first.
    func settleKept(by deadline: Deadline) throws(ChannelError) -> Bool {
        if isDocumented, kept.channels.count < 2 { return true }
        while let asked = kept.open {
            guard try ask(asked, by: deadline) else { return false }
        }
        return true
    }

    /// Finds out what must be known of these rows before they are told apart; false if the deadline came first.
    func settle(_ rows: [JSONValue], by deadline: Deadline) throws(ChannelError) -> Bool {
        guard !isProven, let document = rows.first?.document else { return true }
        let nodes = JSONNodes(of: document)
        var ids: [String?] = []
        var last: UnsafeBufferPointer<UInt8>?
        for row in rows {
            guard row.document === document, let node = nodes.member(of: row.node, "channelId") else {
                ids.append(ChannelScope.channelId(row))
                continue
            }
            let text = nodes.raw(node)
            if let last, JSONText.isSame(text, last) { continue }  // nearly always
            last = text
            ids.append(ChannelScope.channelId(row))
        }
        return try settle(ids, by: deadline)
    }

    func settle(_ ids: [String?], by deadline: Deadline) throws(ChannelError) -> Bool {
        guard !isProven else { return true }
        for id in ids {
            if let id, !seen.contains(where: { $0.id == id }), seen.count < ChannelScope.mostAsked {
                seen.append((id, nil))
                if let isReadable = kept.isReadable(id) { try note(id, isReadable: isReadable) }
            }
        }
        if own == nil, isDocumented, seen.count < 2 { return true }
        while let asked = seen.first(where: { $0.isReadable == nil })?.id {
            guard try ask(asked, by: deadline) else { return false }
        }
        return true
    }

    /// Says that nothing of a list that should be ours alone could be told to be ours.
    func end() throws(ChannelError) {
        isEnded = true
        if isDocumented, isBlind { throw unclear("lets this token read none of them") }
        if let own, !isProven {  // its rows, and its leave to read this channel and no other: two answers
            client.identity.hear(own, from: "a list")
            client.identity.hear(own, from: "getChannelById")
        }
        // A whole list of one channel that is ours by its documentation.
        if isDocumented, own == nil, seen.count == 1 { client.identity.hear(seen.first?.id, from: "a list of listings") }
    }

    func abandon() {
        if let exchange { client.transport.abandon(exchange) }
        exchange = nil
        // One that came to its end had no need to ask more.
        if isEnded {
            for one in seen where one.isReadable != nil { kept.forget(one.id) }
        } else if !isProven, own != nil || !isDocumented || seen.count > 1 {
            for one in seen { kept.note(one.id, isReadable: one.isReadable) }
        }
        let text = kept.text
        if !Text.isSame(text, stored) { kept.keep(client) }
        stored = text
    }

    private static func channelId(_ row: JSONValue) -> String? {
        row.member("channelId").flatMap(OrderField.idText)
    }

    // MARK: asking

    private func ask(_ id: String, by deadline: Deadline) throws(ChannelError) -> Bool {
        try client.idle(until: Deadline(atMs: retryAt).earlier(deadline))
        if retryAt > Clock.monotonicMs() { return false }
        let running: Exchange
        if let exchange {
            running = exchange
        } else {
            running = Exchange(try client.request(OperationTable.getChannelById, path: [("id", id)], priority: .poll))
            exchange = running
        }
        guard let outcome = try client.finish(running, by: deadline) else { return false }
        exchange = nil
        switch outcome {
        case .failed(let error): try again(ChannelError(error, operation: OperationTable.getChannelById.id), after: nil)
        case .answered(let response):
            switch ReplyClass(status: response.status) {
            case .success:
                let shown = (try? JSONDocument.parse(response.body))?.root.member("id").flatMap(OrderField.idText)
                guard let shown else {
                    try again(ChannelError(FLX_E_CONTRACT, "the hub answered with something that is not a channel"), after: nil)
                    return true
                }
                try heard(id, isReadable: shown == id)
            case .refused, .unauthorized: try heard(id, isReadable: false)
            case .throttled, .passing:
                try again(client.refusal(response, operation: OperationTable.getChannelById.id), after: response.retryAfterMs)
            }
        }
        return true
    }

    /// The hub answered.
    private func heard(_ id: String, isReadable: Bool) throws(ChannelError) {
        (failures, failingSince) = (0, nil)
        client.log.write(.info, "channel.asked", [("channel_id", .text(id)), ("is_ours", .text(isReadable ? "yes" : "no"))])
        if kept.open != nil { kept.note(id, isReadable: isReadable) }
        if seen.contains(where: { $0.id == id }) { try note(id, isReadable: isReadable) }
    }

    private func note(_ id: String, isReadable: Bool) throws(ChannelError) {
        if isReadable {
            guard own == nil || own == id else { throw unclear("lets this token read more than one") }
            own = id
        }
        for index in seen.indices where seen[index].id == id { seen[index].isReadable = isReadable }
    }

    /// Waits longer and longer, as the walk does, and tells the failure when it has lasted too long.
    private func again(_ error: ChannelError, after retryAfterMs: Int64?) throws(ChannelError) {
        let now = Clock.monotonicMs()
        let since = failingSince ?? now
        (failures, failingSince) = (failures + 1, since)
        retryAt = now &+ max(retryAfterMs ?? 0, Backoff.delayMs(attempt: failures, jitter: client.jitter))
        guard now - since >= client.settings.pullGiveUpMs else { return }
        (failures, failingSince) = (0, nil)
        throw error
    }

    private func unclear(_ what: String) -> ChannelError {
        let error = ChannelError(
            FLX_E_CONTRACT,
            "the hub shows rows of more than one channel and \(what); set the config key \(ConfigKey.channelId.key.name) to ours")
        error.operation = "getChannelById"
        error.isFatal = true
        return error
    }
}
