import CFlxChannel

/// Which channel a state is of (decisions 10 and 26): what the config says, else what the hub's answers said.
///
/// One answer that names an id makes it likely, a second one sure. Nothing that the hub says takes the place of a sure one:
/// that a channel was made anew, or that a state was copied, is for a person to say (`forget`).
final class ChannelIdentity: @unchecked Sendable {
    private static let factKey = "channel_fact"
    private static let otherKey = "channel_other"
    private static let tokensKey = "tokens"
    /// Of releases before: what an order told, and what the hub let the token read.
    private static let olderKeys = ["hub_channel_id", "hub_channel_read"]
    private static let mostTokens = 8

    private let store: Store
    private let log: Log
    private let configured: String?
    private let lock = Lock()
    private var fact: Learnt<ByteText>?
    /// Another id that was heard twice, though ours is sure.
    private var other: String?
    /// With which the hub is asked.
    private var token: Secret

    init(_ store: Store, _ log: Log, configured: String?, token: Secret) {
        self.token = token
        self.store = store
        self.log = log
        self.configured = configured
    }

    // MARK: what is known

    /// Our id beyond doubt; nil if there is none yet.
    var known: String? { lock.holding { configured ?? (fact.map { $0.witnesses >= 2 } == true ? fact?.value.text : nil) } }

    /// Our id as far as one answer tells.
    var likely: String? { lock.holding { configured ?? fact?.value.text } }

    var learnt: Learnt<ByteText>? { lock.holding { fact } }

    /// Why nothing may be written now: two ids where one should be.
    var contradiction: ChannelError? {
        lock.holding {
            guard let fact, fact.witnesses >= 2 else { return nil }
            if let configured, configured != fact.value.text {
                return ChannelIdentity.refusal(
                    of: fact.value.text, not: configured, whose: "the config key \(ConfigKey.channelId.key.name) says")
            }
            return other.map {
                ChannelIdentity.refusal(of: fact.value.text, not: $0, whose: "the hub's answers to this token name")
            }
        }
    }

    static func refusal(of ours: String, not theirs: String?, whose: String) -> ChannelError {
        ChannelError(
            FLX_E_IDENTITY,
            "this state is of channel \(ours) and \(whose) \(theirs.map { "channel \($0)" } ?? "another one"); nothing is sent. "
                + "Give the token of channel \(ours), or another channel name or \(SettingName.stateDirectory.text); if the channel was made anew, call "
                + "flx_client_relearn with \"channel\"")
    }

    // MARK: learning

    /// Reads what processes before this one learnt.
    func load() throws(StateError) {
        let (text, other, older) = try store.read { () throws(StateError) -> (String?, String?, [String]) in
            var older: [String] = []
            for key in ChannelIdentity.olderKeys { if let id = try store.meta.text(key) { older.append(id) } }
            return (try store.meta.text(ChannelIdentity.factKey), try store.meta.text(ChannelIdentity.otherKey), older)
        }
        lock.holding {
            fact = text.flatMap { Learnt(text: $0) }
            if fact == nil, let first = older.first {
                fact = Learnt(
                    ByteText(first), source: "earlier release", at: Clock.wallMs(),
                    witnesses: Int64(older.count { Text.isSame($0, first) }))
            }
            self.other = other.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// An answer said that we are channel `id`. What cannot be written down now is heard again.
    func hear(_ id: String?, from source: String) {
        guard let id, !id.isEmpty else { return }
        let news = lock.holding { () -> (String, String)? in
            let before = (fact, other)
            if let sure = fact, sure.witnesses >= 2, sure.value.text != id {
                var heard = sure
                if heard.hear(ByteText(id), source: source, at: Clock.wallMs()) == .replaced { other = id } else { fact = heard }
            } else {
                Learnt.hear(ByteText(id), source: source, at: Clock.wallMs(), in: &fact)
            }
            // A witness more of what is sure is not worth a write.
            let isSame = before.0?.value == fact?.value && before.0?.rival == fact?.rival && before.1 == other
            if isSame, let count = before.0?.witnesses, count >= 2 { return nil }
            return fact.map { ($0.text, other ?? "") }
        }
        guard let (fact, other) = news else { return }
        let (isFirst, token) = lock.holding { (self.fact?.witnesses == 1 && self.fact?.rival == nil, self.token) }
        let name = name(of: token)
        try? store.write { () throws(StateError) in
            // The first token of a state is the one by which it learns its channel: it is met, and any other is asked about.
            if isFirst, try store.meta.text(ChannelIdentity.tokensKey) == nil {
                try store.meta.set(ChannelIdentity.tokensKey, name)
            }
            try store.meta.set(ChannelIdentity.factKey, fact)
            try store.meta.set(ChannelIdentity.otherKey, other)
        }
        if !other.isEmpty { log.write(.error, "channel.contradiction", [("heard", .text(other)), ("from", .text(source))]) }
    }

    /// A person's word: the state is of the channel that this token is of, whichever that is.
    func forget(accepting token: Secret) throws(StateError) {
        try store.write { () throws(StateError) in
            for key in [ChannelIdentity.factKey, ChannelIdentity.otherKey] + ChannelIdentity.olderKeys {
                try store.meta.remove(key)
            }
            try store.meta.set(ChannelIdentity.tokensKey, name(of: token))
        }
        lock.holding { (fact, other) = (nil, nil) }
        log.write(.info, "channel.forgotten")
    }

    // MARK: tokens

    func use(_ token: Secret) {
        lock.holding { self.token = token }
    }

    /// Whether this token was found to be of our channel; a state that knows nothing of its channel takes the first.
    func isAccepted(_ token: Secret) throws(StateError) -> Bool {
        let name = name(of: token)
        let tokens = try store.read { () throws(StateError) in try store.meta.text(ChannelIdentity.tokensKey) }
        guard let tokens else {
            let isAny = try store.read { () throws(StateError) in try store.outbox.newestApplied() } != nil
            guard likely == nil, !isAny else { return false }
            try accept(token)
            return true
        }
        return tokens.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(name.utf8) }
    }

    func accept(_ token: Secret) throws(StateError) {
        let name = name(of: token)
        try store.write { () throws(StateError) in
            let known = (try store.meta.text(ChannelIdentity.tokensKey) ?? "").split(separator: " ").map { String($0) }
            let kept = known.filter { !Text.isSame($0, name) }.suffix(ChannelIdentity.mostTokens - 1) + [name]
            try store.meta.set(ChannelIdentity.tokensKey, kept.joined(separator: " "))
        }
    }

    /// Of the token that is in use.
    var tokenName: String { name(of: lock.holding { token }) }

    /// Tells tokens apart, and none can be read from it.
    private func name(of token: Secret) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.count)  // growing would leave a copy
        token.withBytes { bytes.append(contentsOf: $0) }
        defer { Secret.wipe(&bytes) }
        return Text.hex(Array(store.keyed("token", bytes).prefix(16)))
    }
}
