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
        for (old, caller) in callers where caller.kind == kind && (kind != .channel || caller.channelId == Hub.channelId) {
            callers[old] = nil
        }
        callers[token] = Caller(kind: kind, channelId: kind == .channel ? Hub.channelId : nil)
    }

    /// Says whose a Channel token is from now on, known or new: a channel was made anew.
    mutating func give(_ token: String, to channelId: Int) {
        callers[token] = Caller(kind: .channel, channelId: channelId)
    }

    /// The token a limiter drain or a report is about.
    func token(of kind: TokenKind) -> String? {
        let ofKind = callers.filter { $0.value.kind == kind }
        return (ofKind.first { kind != .channel || $0.value.channelId == Hub.channelId } ?? ofKind.first)?.key.text
    }
}
