/// The summary of a round, for people.
struct SummaryView {
    private let summary: JSON

    init(_ summary: JSON) { self.summary = summary }

    private var parts: [(name: String, part: JSON)] { summary["parts"]?.members.map { ($0.key, $0.value) } ?? [] }

    /// Whether a part failed or is somebody else's, or the round was stopped. That time ran out is no failure.
    var hasFailed: Bool {
        summary["stopped"] != nil || parts.contains { ["failed", "busy"].contains($0.part["end"]?.string) }
    }

    private static let broken = ["FLX_E_CONNECT", "FLX_E_NETWORK", "FLX_E_TIMEOUT", "FLX_E_TLS", "FLX_E_UNAVAILABLE"]

    /// That the round could not be done because of the hub: more time would not have helped.
    func outage(heldBack: String?) -> (exit: ExitClass, why: String)? {
        guard summary["complete"]?.bool != true else { return nil }
        if heldBack == "token" { return (.hub, "the hub refuses the token, and requests are held back") }
        let broken = parts.first { SummaryView.broken.contains($0.part["code"]?.string ?? "") }?.part["why"]?.elements.first?.string
        if let broken { return (.transport, broken) }
        if heldBack != "throttled", hasSentInVain { return (.transport, "no order that was sent had an answer") }
        return heldBack == "breaker" ? (.transport, "the hub is not reached or fails for all, and requests are held back") : nil
    }

    /// All of a short round may go by with an order that does not come through.
    private var hasSentInVain: Bool {
        func count(_ name: String) -> Int64 { summary["sent"]?[name]?.integer ?? 0 }
        let ends = ["applied", "refused", "possibly_applied", "given_up", "answers_sent"].map(count)
        return count("sent") > 0 && ends.allSatisfy { $0 == 0 } && parts.allSatisfy { $0.part["done"]?.integer ?? 0 == 0 }
    }

    var lines: [String] {
        var table = Table(["part", "end", "done", "failed", "later", "unread", "why"])
        for (name, part) in parts {
            let counts = ["done", "failed", "later", "quarantined"].map { part[$0]?.plain ?? "" }
            let end = (part["end"]?.plain ?? "").split(separator: "_").joined(separator: " ")
            table.add([name, end] + counts + [part["why"]?.elements.map(\.plain).joined(separator: "; ") ?? ""])
        }
        var lines = table.lines
        if let sent = summary["sent"] {
            let facts = [("sent", "orders sent"), ("applied", "applied"), ("refused", "refused"), ("answers_sent", "answers sent")]
            lines.append(facts.map { "\($0.1) \(sent[$0.0]?.plain ?? "0")" }.joined(separator: ", "))
            if let waits = sent["waits_for"]?.string, !waits.isEmpty { lines.append("waits for \(waits)") }
        }
        if let stopped = summary["stopped"] { lines.append("stopped: \(Clean.text(stopped.plain))") }
        for line in summary["to_do"]?.elements ?? [] { lines.append("to do: \(Clean.text(line.plain))") }
        let took = Instant.span(summary["took_ms"]?.integer ?? 0)
        lines.append(summary["complete"]?.bool == true ? "all done, in \(took)" : "not all done, in \(took)")
        return lines
    }
}
