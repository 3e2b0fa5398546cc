/// Orders whose holder lives and does nothing, such as a stopped process (K-03, M-07).
extension Client {
    /// How long past the longest attempt an order may stand still under its claim.
    private static let stillMs: Int64 = 10_000

    /// Takes the oldest of these over, if one has stood still for too long. The raised fence voids whatever its holder
    /// still saves; the hub drops the repeat of what it sent.
    func takeOver(_ held: [OutboxRow]) throws(ChannelError) -> OrderSending? {
        guard !held.isEmpty else { return nil }
        let longestMs = settings.number("http.attempt_ms") + Client.stillMs
        let still = try state { () throws(StateError) in
            try store.read { () throws(StateError) -> OutboxRow? in
                for row in held {
                    let now = Clock.wallMs()
                    let at = try store.events.lastAt(row: row.id) ?? now
                    if at < now &- longestMs || at > now &+ longestMs { return row }  // C-02: the clock may have been set back
                }
                return nil
            }
        }
        guard let still, let number = still.number, let wire = still.wire else { return nil }
        var next = still
        next.fence += 1
        let isOurs = try state { () throws(StateError) in
            try store.write { () throws(StateError) -> Bool in
                guard try store.outbox.save(next, fence: still.fence) else { return false }
                _ = try store.events.append(
                    row: still.id, at: Clock.wallMs(), what: "taken_over", httpStatus: 0, verdict: still.verdict, message: "",
                    requestId: "", tookMs: 0)
                return true
            }
        }
        guard isOurs else { return nil }
        log.write(.warn, "order.taken_over", [("row", .number(still.id))])
        return OrderSending(self, row: next, number: number, wire: wire, claim: nil, isLast: isOverdue(still))
    }
}
