/// The numbers of a channel as Prometheus reads them (its text format 0.0.4).
struct Prometheus {
    let text: String

    init(_ stats: JSON) {
        var page = Page(channel: stats["channel"]?.plain ?? "")
        let (outbox, answers, limit) = (stats["outbox"], stats["answers"], stats["rate_limit"])

        page.begin("flx_orders", "gauge", "Orders of the outbox by state.")
        for state in ["queued", "sending", "resolved", "settled"] { page.add(outbox?[state]?.integer, ["state": state]) }
        page.begin("flx_orders_by_verdict", "gauge", "Orders of the outbox by what became of them.")
        for verdict in ["applied", "refused", "not_applied", "possibly_applied"] {
            page.add(outbox?[verdict]?.integer, ["verdict": verdict])
        }
        page.begin(
            "flx_order_oldest_queued_seconds", "gauge",
            "How long the oldest order that is queued or being sent has waited; 0 if there is none.")
        page.add((outbox?["unsent_since"]?.string).flatMap(Instant.ms).map { (Instant.nowMs() - $0) / 1000 } ?? 0)
        page.begin("flx_answers_waiting", "gauge", "Answers that are not sent yet, by feed.")
        for feed in ["listings_to_publish", "listings_to_sync"] { page.add(answers?[feed]?["waiting"]?.integer, ["feed": feed]) }
        page.begin("flx_answers", "gauge", "Answers that were sent and are kept, by feed and verdict.")
        for feed in ["listings_to_publish", "listings_to_sync"] {
            for verdict in ["applied", "refused", "held"] {
                page.add(answers?[feed]?[verdict]?.integer, ["feed": feed, "verdict": verdict])
            }
        }
        page.begin("flx_quarantined_records", "gauge", "Records that could not be read.")
        page.add(stats["quarantined"]?.integer)
        page.begin("flx_cursor_timestamp_seconds", "gauge", "Where a cursor is.")
        page.cursors(stats["cursors"], "at")
        page.begin("flx_cursor_moved_timestamp_seconds", "gauge", "When a cursor moved last.")
        page.cursors(stats["cursors"], "moved_at")
        page.begin("flx_feed_held", "gauge", "Feeds that a process holds: 1 each.")
        for holder in stats["holders"]?.elements ?? [] {
            page.add(
                1, ["feed": holder["feed"]?.plain ?? "", "cursor": holder["cursor"]?.plain ?? "", "by": holder["by"]?.plain ?? ""])
        }
        page.begin("flx_requests_outstanding", "gauge", "Requests on their way, of all processes with this token.")
        page.add(limit?["outstanding"]?.integer)
        page.begin("flx_paused", "gauge", "Whether requests are held back, by reason.")
        for reason in ["throttled", "breaker", "token", "pool"] {
            page.add(limit?["paused"]?.string == reason ? 1 : 0, ["reason": reason])
        }
        page.begin("flx_paused_seconds", "gauge", "For how long requests are held back at least.")
        page.add(limit?["paused_ms"]?.integer.map { $0 / 1000 })
        page.begin("flx_failures_in_a_row", "gauge", "Failed requests since the last good one, of all processes.")
        page.add(limit?["failures"]?.integer)
        page.begin("flx_build_info", "gauge", "The version of the library: 1.")
        page.add(1, ["version": Version.text])
        text = page.text
    }

    private struct Page {
        private let channel: String
        private(set) var text = ""
        private var name = ""

        init(channel: String) { self.channel = channel }

        mutating func begin(_ name: String, _ type: String, _ about: String) {
            self.name = name
            text += "# HELP \(name) \(about)\n# TYPE \(name) \(type)\n"
        }

        /// One sample; none where the number is not known.
        mutating func add(_ value: Int64?, _ labels: KeyValuePairs<String, String> = [:]) {
            guard let value else { return }
            let all = [("channel", channel)] + labels.map { ($0.key, $0.value) }
            text += "\(name){\(all.map { "\($0.0)=\"\(Page.escaped($0.1))\"" }.joined(separator: ","))} \(value)\n"
        }

        mutating func cursors(_ cursors: JSON?, _ key: String) {
            for cursor in cursors?.elements ?? [] {
                guard let at = cursor[key]?.string.flatMap(Instant.ms) else { continue }
                add(at / 1000, ["feed": cursor["feed"]?.plain ?? "", "cursor": cursor["cursor"]?.plain ?? ""])
            }
        }

        private static func escaped(_ text: String) -> String {
            var escaped = ""
            for character in text {
                switch character {
                case "\\": escaped += "\\\\"
                case "\"": escaped += "\\\""
                case "\n": escaped += "\\n"
                default: escaped.append(character)
                }
            }
            return escaped
        }
    }
}
