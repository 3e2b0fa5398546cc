/// Who may call.
enum TokenKind: String, Sendable {
    case account, source, channel
}

/// A known caller.
struct Caller: Equatable {
    var kind: TokenKind
    /// The one channel a Channel token belongs to.
    var channelId: Int?
}

/// The tokens the hub knows.
struct Tokens {
    private var callers: [ByteText: Caller] = [:]

    init(
        channel: String = "sandbox-channel-token", account: String = "sandbox-account-token",
        source: String = "sandbox-source-token", other: String = "sandbox-other-channel-token"
    ) {
        callers[other] = Caller(kind: .channel, channelId: Hub.otherChannelId)
        callers[source] = Caller(kind: .source)
        callers[account] = Caller(kind: .account)
        callers[channel] = Caller(kind: .channel, channelId: Hub.channelId)
    }

    func caller(of token: String) -> Caller? { callers[token] }

    /// The channels that some token belongs to.
    var channels: [Int] { Set(callers.values.compactMap(\.channelId)).sorted() }

    /// Gives the hub's own channel, the account or the source another token; the old one is unknown from then on.
    mutating func replace(_ kind: TokenKind, with token: String) {
        for (old, caller) in callers where caller.kind == kind && caller.channelId != Hub.otherChannelId {
            callers[old] = nil
        }
        callers[token] = Caller(kind: kind, channelId: kind == .channel ? Hub.channelId : nil)
    }

    /// The token a limiter drain or a report is about.
    func token(of kind: TokenKind) -> String? {
        callers.first { $0.value.kind == kind && $0.value.channelId != Hub.otherChannelId }?.key.text
    }
}
