@testable import FlxChannel

/// A hub whose queue has records 7 and 8 until the first write.
final class QueueWithoutInstants: Sendable {
    let record = Box("")
    let other = Box(#"{"id":8,"sku":"Q"}"#)
    let isGone = Box(false)
    let isQueued = Box(true)
    /// What it does with ids and SKUs.
    let names = Box("known")
    /// The status with which it answers who reads one parent.
    let alone = Box("200 OK")
    let date: Box<String?>
    let rig: HubRig
    private let feed: Feed

    init(_ feed: Feed, date told: String? = nil) {
        self.feed = feed
        date = Box(told)
        let (record, other, isGone, isQueued, names, alone, date) = (record, other, isGone, isQueued, names, alone, date)
        rig = HubRig { request in
            let date = date.value
            if request.isWrite { isQueued.value = false }
            if request.path.hasPrefix("/listing/parents/") {
                if isGone.value { return .status("404 Not Found") }
                return .reply(request.path.hasSuffix("7") ? record.value : other.value, status: alone.value, date: date)
            }
            let wanted = Set(request.isOfQueue ? [] : request.values("ids") + request.values("skus"))
            if !wanted.isEmpty, names.value == "failed" { return .status("500 Oops") }
            if !wanted.isEmpty, names.value == "refused" { return .status("400 Bad Request", #"{"error":"unknown parameter"}"#) }
            let isEmpty = request.isWrite || request.page != 1 || (request.isOfQueue && !isQueued.value) || isGone.value
            let found = [record.value, other.value].filter { text in
                guard names.value == "known", !wanted.isEmpty, let row = try? parsed(text) else { return true }
                return wanted.contains(row.member("id")?.text ?? "") || wanted.contains(row.member("sku")?.string ?? "")
            }
            return .reply(isEmpty ? "[]" : "[\(found.joined(separator: ","))]", date: date)
        }
        record.value = named("Old")
    }

    func named(_ title: String, _ more: String = "") -> String {
        #"{"id":7,"sku":"P","title":"\#(title)"\#(more),"variants":[{"id":70\#(more)}]}"#
    }

    /// First pages of what was not asked of the queue.
    var rereads: Int { rig.requests.count { $0.isReread && $0.page <= 1 } }

    /// When its answered records are due, by the boot clock.
    func due(_ client: Client) throws -> [Int64] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.rereads(
                    feed: feed.rawValue, boot: Int64(bitPattern: Boot.id), dueBy: Int64.max, after: AnswerTable.RereadMark(),
                    limit: 10)
            }
        }.compactMap { $0.rereadAt }
    }

    /// The ids of each page of a pull to its end.
    func pull(_ client: Client, answering: Bool, spec: String? = nil) throws -> [[String]] {
        let pull = try client.open(feed, spec)
        defer { pull.close() }
        let pages = try pull.pages()
        for page in pages where answering {
            try client.acknowledge(page, "[\(page.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]")
        }
        return pages.map { $0.ids }
    }
}
