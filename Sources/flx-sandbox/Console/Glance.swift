/// What a console shows of the hub, as it was when it was last looked at, and what of it is new to a reader.
///
/// Each part has the number of its last change; a reader keeps the numbers it has seen. So a reader that was away for a thousand
/// changes gets the last of them, and needs no memory here for the others.
struct Glance {
    /// What a reader has seen.
    struct Seen {
        fileprivate var parts: [Int] = []
        fileprivate var window = -1
        fileprivate var row = 0
        /// The journal it saw, told from one that was cleared since, and how many entries of it.
        fileprivate var journal = -1
        fileprivate var entries = 0
    }

    /// A part that is sent whole when it changed.
    private struct Part {
        var name: StaticString
        var change = 0
        var json: [UInt8] = []
    }

    static let mostOrders = 100
    /// What one event holds at most; more comes in the next one, so that none is large.
    static let rowsInEvent = 20, entriesInEvent = 50
    /// A reader that is further behind goes on with the newest so many.
    static let mostEntries = 200

    /// Counts what changed at the hub, so that a page that shows listings knows when to ask for them again.
    var changes = 0
    /// Whether a request budget regains what was used of it.
    private(set) var isMoving = false
    private var change = 0
    private var parts = [Part(name: "state"), Part(name: "settings"), Part(name: "budget")]
    private var rows: [(id: Int, change: Int, json: [UInt8])] = []
    /// Changes when the orders shown are others.
    private var window = 0

    mutating func look(at hub: Hub, hasNews: Bool, at now: Int) {
        if hasNews {
            keep(0, hub.glimpse(changes: changes))
            keep(1, hub.settingsGlimpse)
            keep(orders: hub.ordersGlimpse(Self.mostOrders))
        }
        let (budget, isMoving) = hub.budgetGlimpse(at: now)
        self.isMoving = isMoving
        keep(2, budget)
    }

    /// The next event for a reader; nil if it has seen everything.
    func next(after seen: inout Seen, of journal: Journal) -> [UInt8]? {
        if seen.parts.isEmpty { seen.parts = parts.map { _ in 0 } }
        for index in parts.indices where seen.parts[index] < parts[index].change {
            seen.parts[index] = parts[index].change
            return Self.event(parts[index].name, parts[index].json)
        }
        return nextOrders(after: &seen) ?? nextEntries(after: &seen, of: journal)
    }

    static func event(_ name: StaticString, _ value: JSONValue) -> [UInt8] { event(name, value.bytes) }

    /// JSON here has no line end, which the writer escapes.
    private static func event(_ name: StaticString, _ json: [UInt8]) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + json + [0x0A, 0x0A]
    }

    // MARK: looking

    private mutating func keep(_ index: Int, _ json: [UInt8]) {
        guard parts[index].json != json || parts[index].change == 0 else { return }
        change += 1
        parts[index].json = json
        parts[index].change = change
    }

    private mutating func keep(orders new: [(id: Int, json: [UInt8])]) {
        let old = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        if !rows.map(\.id).elementsEqual(new.map(\.id)) { window += 1 }
        rows = new.map { row in
            if let known = old[row.id], known.json == row.json { return known }
            change += 1
            return (row.id, change, row.json)
        }
    }

    // MARK: telling

    /// Which orders are shown, newest last, and those of them that changed, oldest change first.
    private func nextOrders(after seen: inout Seen) -> [UInt8]? {
        let news = rows.filter { $0.change > seen.row }.sorted { $0.change < $1.change }
        guard !news.isEmpty || seen.window != window else { return nil }
        seen.window = window
        seen.row = news.prefix(Self.rowsInEvent).last?.change ?? seen.row
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("ids")
            writer.array(rows) { $0.integer($1.id) }
            writer.key("orders")
            writer.array(news.prefix(Self.rowsInEvent)) { $0.raw($1.json) }
        }
        return Self.event("orders", writer.bytes)
    }

    /// The entries after those it saw. `clear` tells that it saw those of a journal that is gone, `skipped` how many it missed.
    private func nextEntries(after seen: inout Seen, of journal: Journal) -> [UInt8]? {
        let isAnother = seen.journal != journal.clearings
        if isAnother { (seen.journal, seen.entries) = (journal.clearings, 0) }
        let entries = journal.entries
        let start = max(seen.entries, entries.count - Self.mostEntries)
        guard isAnother || start < entries.count else { return nil }
        let skipped = start - seen.entries, end = min(start + Self.entriesInEvent, entries.count)
        seen.entries = end
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("clear", isAnother)
            writer.member("skipped", skipped)
            writer.key("entries")
            writer.array(entries[start..<end]) { $0.raw($1.glimpse) }
        }
        return Self.event("journal", writer.bytes)
    }
}
