/// What `flx watch` shows at one moment.
struct Frame {
    let stats: JSON
    /// The orders that have waited longest.
    let waiting: [JSON]
    let log: LogRecords
    let isColoured: Bool

    private static let feeds = ["listings_to_publish", "listings_to_sync", "listings", "orders", "shipments", "returns"]
    private static let mostErrors = 8

    var lines: [String] {
        [head, ""] + budget + orders + answers + [unread, ""] + feedLines + [""] + errors
    }

    private var head: String {
        let title = "flx  \(stats["channel"]?.plain ?? "")  \(stats["origin"]?.plain ?? "")"
        return Ink.bold.on(Clean.text(title), if: isColoured) + "  \(Instant.text(Instant.nowMs()))"
    }

    private func line(_ name: String, _ text: String) -> String { name.padded(to: 11) + Clean.text(text) }

    private func count(_ object: JSON?, _ key: String) -> Int64 { object?[key]?.integer ?? 0 }

    // MARK: budget

    private var budget: [String] {
        guard let limit = stats["rate_limit"], !limit.members.isEmpty else { return [line("budget", "not known at the moment")] }
        let reasons = [
            "throttled": "the hub asked to wait", "breaker": "the hub is failing", "token": "the hub refuses the token",
            "pool": "its pool of requests is used up",
        ]
        let onTheirWay = "\(count(limit, "outstanding")) requests on their way, \(count(limit, "failures")) failures in a row"
        let pool = (stats["learnt"]?.elements ?? []).first { $0["fact"]?.string == "pool" }?["value"]
        let size = pool.map { ", pool of \($0["size"]?.plain ?? "?"), \($0["refill"]?.plain ?? "?") a second" } ?? ""
        guard let reason = limit["paused"]?.string, !reason.isEmpty else {
            return [line("budget", "") + Ink.green.on("open", if: isColoured) + ", " + onTheirWay + size]
        }
        let hold = "held back for \(Instant.span(count(limit, "paused_ms"))): \(reasons[reason] ?? reason)"
        return [line("budget", "") + Ink.red.on(hold, if: isColoured) + ", " + onTheirWay + size]
    }

    // MARK: orders, answers

    private var orders: [String] {
        let outbox = stats["outbox"]
        let counts = [("queued", "queued"), ("sending", "sending"), ("resolved", "to be told to the shop"), ("settled", "settled")]
        var lines = [line("orders", counts.map { "\(count(outbox, $0.0)) \($0.1)" }.joined(separator: ", "))]
        let bad = [("refused", "refused"), ("possibly_applied", "in doubt"), ("not_applied", "given up")]
            .filter { count(outbox, $0.0) > 0 }
        if !bad.isEmpty {
            let text = bad.map { "\(count(outbox, $0.0)) \($0.1)" }.joined(separator: ", ")
            lines.append(line("", "") + Ink.yellow.on(text, if: isColoured))
        }
        for order in waiting {
            let why = order["message"]?.plain ?? ""
            let isDue = (order["next_at"]?.string.flatMap(Instant.ms) ?? 0) <= Instant.nowMs()
            let isSending = order["state"]?.string == "sending"
            let next = isSending ? ", being sent" : isDue ? ", due" : ", next try \(Instant.ago(order["next_at"]?.plain))"
            lines.append(
                line(
                    "",
                    "\(order["number"]?.plain ?? "") has waited for \(Instant.since(order["submitted_at"]?.plain))\(next)\(why.isEmpty ? "" : ": \(why)")"
                ))
        }
        return lines
    }

    private var answers: [String] {
        let answers = stats["answers"]
        let parts = ["listings_to_publish", "listings_to_sync"].map { feed in
            let own = answers?[feed]
            let refused = count(own, "refused")
            return "\(feed) \(count(own, "waiting")) waiting" + (refused > 0 ? ", \(refused) refused" : "")
        }
        return [line("answers", parts.joined(separator: "; "))]
    }

    private var unread: String {
        let count = count(stats, "quarantined")
        guard count > 0 else { return line("unread", "none") }
        let newest = stats["quarantine"]?.elements.first
        let text = Clean.text("\(count) records, the newest: \(newest?["feed"]?.plain ?? "") \(newest?["reason"]?.plain ?? "")")
        return line("unread", "") + Ink.yellow.on(text, if: isColoured)
    }

    // MARK: feeds

    private var feedLines: [String] {
        var table = Table(["feed", "cursor", "reads from", "moved", "last success", "held by"])
        for feed in Frame.feeds {
            let cursors = (stats["cursors"]?.elements ?? []).filter { $0["feed"]?.string == feed }
            let holders = (stats["holders"]?.elements ?? []).filter { $0["feed"]?.string == feed }
            let held = holders.map(Frame.holder).joined(separator: "; ")
            let success = log.lastSuccess(of: feed)
            if cursors.isEmpty { table.add([feed, "", "", "", success, held]) }
            for cursor in cursors {
                table.add([
                    feed, cursor["cursor"]?.plain ?? "", Instant.ago(cursor["at"]?.plain), Instant.ago(cursor["moved_at"]?.plain),
                    success, held,
                ])
            }
        }
        return table.lines
    }

    private static func holder(_ holder: JSON) -> String {
        let idle = holder["in_call"]?.bool == true ? "at work" : "idle \(Instant.span(holder["idle_ms"]?.integer ?? 0))"
        let who = "\(holder["by"]?.plain ?? "") by \(holder["process"]?.plain ?? "") (\(holder["pid"]?.plain ?? ""))"
        return "\(who) for \(Instant.since(holder["since"]?.plain)), \(idle)"
    }

    // MARK: errors

    private var errors: [String] {
        let bad = log.records.filter { ["error", "warn"].contains($0["level"]?.string ?? "") }.suffix(Frame.mostErrors)
        guard !bad.isEmpty else {
            return [line("errors", log.records.isEmpty ? "no log: name a log_file in the configuration" : "none in the log")]
        }
        return [line("errors", "the newest of the log")]
            + bad.map { record in
                let ink: Ink = record["level"]?.string == "error" ? .red : .yellow
                return "  " + ink.on(LogsCommand.line(record), if: isColoured)
            }
    }
}
