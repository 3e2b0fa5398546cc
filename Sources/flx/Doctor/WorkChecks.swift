/// What is under way and what stands still: budget, feeds, orders, answers.
struct WorkChecks {
    private(set) var findings: [Finding] = []
    private let client: Client
    private let stats: JSON
    private let log: LogRecords

    private static let hourMs: Int64 = 3_600_000

    init(_ client: Client, _ stats: JSON, _ log: LogRecords) {
        (self.client, self.stats, self.log) = (client, stats, log)
        findings.append(budget)
        findings.append(holders)
        findings.append(contentsOf: orders)
        findings.append(answers)
        findings.append(cursors)
        findings.append(quarantine)
    }

    private var budget: Finding {
        guard let limit = stats["rate_limit"], !limit.members.isEmpty else {
            return .warn("budget", "the file of the request budget is busy", "run this again")
        }
        let outstanding = "\(limit["outstanding"]?.plain ?? "0") requests of this token's processes are on their way"
        let ms = limit["paused_ms"]?.integer ?? 0
        let again = "`flx flush` goes on by itself then"
        switch limit["paused"]?.string ?? "" {
        case "": break
        case "token":
            return .fail(
                "budget", "the hub refused the token several times: one request every five minutes asks again",
                "give the right token; it goes on with that")
        case "breaker": return .fail("budget", "the hub is failing for all: requests are held back for \(Instant.span(ms))", again)
        case "throttled": return .warn("budget", "the hub asked to wait: \(Instant.span(ms)) more", again)
        default:
            return .warn(
                "budget", "the hub's pool of requests is used up for \(Instant.span(ms))", "\(again); others may use the same token"
            )
        }
        return .ok("budget", outstanding)
    }

    private var holders: Finding {
        let holders = stats["holders"]?.elements ?? []
        let told = holders.map { holder in
            let cursor = holder["cursor"]?.plain ?? ""
            let idle = holder["in_call"]?.bool == true ? "at work" : "idle for \(Instant.span(holder["idle_ms"]?.integer ?? 0))"
            return "\(holder["feed"]?.plain ?? "")\(cursor.isEmpty ? "" : "/\(cursor)") by \(holder["process"]?.plain ?? "") "
                + "(process \(holder["pid"]?.plain ?? "")) for \(Instant.since(holder["since"]?.plain)), \(idle)"
        }
        guard !told.isEmpty else { return .ok("feeds", "nobody holds one at the moment") }
        let stuck = holders.contains { $0["in_call"]?.bool != true && ($0["idle_ms"]?.integer ?? 0) > 60_000 }
        let text = told.joined(separator: "; ")
        return stuck
            ? .warn(
                "feeds", text,
                "close the pull in that program, or end it; an idle one loses its feed at \(SettingKey.pullIdleS.name)")
            : .ok("feeds", text)
    }

    // MARK: orders

    private func outbox(_ key: String, _ value: String, limit: Int = 1) -> [JSON] {
        let filter = JSON.object([.init(key: key, value: .text(value)), .init(key: "limit", value: .integer(limit))])
        return (try? client.outbox(filter: filter))?.elements ?? []
    }

    private func age(_ order: JSON, _ key: String) -> Int64 {
        order[key]?.string.flatMap(Instant.ms).map { Instant.nowMs() - $0 } ?? 0
    }

    private var orders: [Finding] {
        let counts = stats["outbox"]
        var findings: [Finding] = []
        let (queued, sending) = (counts?["queued"]?.plain ?? "0", counts?["sending"]?.plain ?? "0")
        if let oldest = try? client.unsent(most: 1).first, age(oldest, "submitted_at") > WorkChecks.hourMs / 4 {
            let why = oldest["message"]?.plain ?? ""
            let waited = age(oldest, "submitted_at")
            let number = oldest["number"]?.plain ?? ""
            let isSending = oldest["state"]?.string == "sending"
            let since = "\(number) \(isSending ? "being sent " : "")for \(Instant.span(waited))"
            let text = "\(queued) wait, \(sending) are being sent, \(since)\(why.isEmpty ? "" : ": \(why)")"
            let advice =
                "flx order history \(number); if nobody sends, run `flx sync` or `flx flush` every minute"
            findings.append(waited > WorkChecks.hourMs ? .fail("orders", text, advice) : .warn("orders", text, advice))
        } else {
            findings.append(.ok("orders", "\(queued) wait to be sent, \(sending) are on their way"))
        }
        if let oldest = outbox("state", "resolved").first, age(oldest, "resolved_at") > WorkChecks.hourMs {
            findings.append(
                .warn(
                    "results",
                    "\(counts?["resolved"]?.plain ?? "?") orders have an end that the shop did not take, the first \(Instant.span(age(oldest, "resolved_at"))) ago",
                    "run `flx sync`, or let the shop read flx_outbox_results() and settle them"))
        }
        // What was settled was told to the shop, which has to do something about it.
        let open = outbox("state", "resolved", limit: 10_000)
        for (verdict, what, deed) in [
            ("refused", "were refused by the hub", "correct and submit them again, or flx order retry NUMBER"),
            ("possibly_applied", "may or may not be at the hub", "look there, then flx order retry NUMBER or leave them"),
        ] {
            let own = open.filter { $0["verdict"]?.string == verdict }
            guard let first = own.first else { continue }
            findings.append(
                .warn(
                    "orders \(verdict.split(separator: "_").joined(separator: " "))",
                    "\(own.count) \(what), such as \(first["number"]?.plain ?? "")",
                    "flx order history \(first["number"]?.plain ?? ""); \(deed)"))
        }
        return findings
    }

    // MARK: answers, cursors

    private var answers: Finding {
        let answers = stats["answers"]
        let feeds = ["listings_to_publish", "listings_to_sync"]
        let waiting = answers?["waiting"]?.integer ?? 0
        let refused = feeds.reduce(Int64(0)) { $0 + (answers?[$1]?["refused"]?.integer ?? 0) }
        if refused > 0 {
            return .warn(
                "answers", "\(refused) were refused by the hub, \(waiting) wait", "see flx_ack_results(); the listings come again")
        }
        let held = (stats["holders"]?.elements ?? []).filter {
            feeds.contains($0["feed"]?.string ?? "") && $0["by"]?.string == "pull"
        }
        return .ok(
            "answers", "\(waiting) wait to be sent" + (waiting > 0 && !held.isEmpty ? ", until the pull of their feed ends" : ""))
    }

    private var cursors: Finding {
        let cursors = stats["cursors"]?.elements ?? []
        guard !cursors.isEmpty else {
            return .warn("last success", "no order, parcel or return was ever read and stored", "run `flx sync` every few minutes")
        }
        let moved = cursors.map { "\($0["feed"]?.plain ?? "") \(Instant.ago($0["moved_at"]?.plain))" }
        let queues = ["listings_to_publish", "listings_to_sync"].map { (feed: $0, ago: log.lastSuccess(of: $0)) }
        let read = queues.filter { !$0.ago.isEmpty }.map { "\($0.feed) \($0.ago)" }
        let text = "cursors moved: \(moved.joined(separator: ", "))"
        return .ok("last success", read.isEmpty ? text : "\(text); queues read: \(read.joined(separator: ", "))")
    }

    private var quarantine: Finding {
        let count = stats["quarantined"]?.integer ?? 0
        guard count > 0 else { return .ok("unread records", "none") }
        let newest = stats["quarantine"]?.elements.first
        return .warn(
            "unread records", "\(count), the newest of \(newest?["feed"]?.plain ?? ""): \(newest?["reason"]?.plain ?? "")",
            "have them corrected at the hub; flx stats --json lists them")
    }
}
