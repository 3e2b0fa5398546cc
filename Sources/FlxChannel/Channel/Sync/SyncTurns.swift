/// When each part had its turn, so that one with much to do does not keep the others from theirs in short slices of time.
struct SyncTurns {
    private struct Turn {
        var begunAt: Int64 = 0
        /// When it last came to its end.
        var doneAt: Int64 = 0

        init() {}

        init?(_ text: String) {
            let parts = text.split(separator: " ").compactMap { Int64($0) }
            guard parts.count == 2 else { return nil }
            (begunAt, doneAt) = (parts[0], parts[1])
        }

        var text: String { "\(begunAt) \(doneAt)" }
    }

    private let client: Client
    private let cursor: String
    private var turns: [SyncPart: Turn] = [:]

    init(_ client: Client, _ plan: SyncPlan) throws(ChannelError) {
        self.client = client
        cursor = plan.cursor
        let keys = plan.parts.map { (part: $0, key: SyncTurns.key($0, plan.cursor)) }
        turns = try client.stored { store throws(StateError) in
            var turns: [SyncPart: Turn] = [:]
            for (part, key) in keys { turns[part] = try store.meta.text(key).flatMap { Turn($0) } ?? Turn() }
            return turns
        }
    }

    /// Who waited longest comes first. What became of orders costs no request, and comes before all.
    func order(_ parts: [SyncPart]) -> [SyncPart] {
        let byTurn = parts.filter { $0 != .results }.enumerated().sorted { a, b in
            let (first, second) = (begun(a.element), begun(b.element))
            return first == second ? a.offset < b.offset : first < second
        }
        return parts.filter { $0 == .results } + byTurn.map { $0.element }
    }

    /// A clock that was set back makes everything due.
    func isDue(_ part: SyncPart, everyMs: Int64, now: Int64) -> Bool {
        let since = now &- (turns[part]?.doneAt ?? 0)
        return since < 0 || since >= everyMs
    }

    mutating func begin(_ part: SyncPart) throws(ChannelError) {
        let now = client.store.clock.wallMs()
        try note(part) { $0.begunAt = now }
    }

    mutating func end(_ part: SyncPart) throws(ChannelError) {
        let now = client.store.clock.wallMs()
        try note(part) { $0.doneAt = now }
    }

    private func begun(_ part: SyncPart) -> Int64 { turns[part]?.begunAt ?? 0 }

    private mutating func note(_ part: SyncPart, _ change: (inout Turn) -> Void) throws(ChannelError) {
        guard part != .results else { return }
        var turn = turns[part] ?? Turn()
        change(&turn)
        turns[part] = turn
        let (key, text) = (SyncTurns.key(part, cursor), turn.text)
        try client.write { store throws(StateError) in try store.meta.set(key, text) }
    }

    private static func key(_ part: SyncPart, _ cursor: String) -> String {
        part.feed?.isQueue == false ? "turn/\(part.name)/\(cursor)" : "turn/\(part.name)"
    }
}
