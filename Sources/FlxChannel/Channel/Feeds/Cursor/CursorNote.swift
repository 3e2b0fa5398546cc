/// What a cursor has learnt about its feed, kept beside it as JSON.
struct CursorNote: Equatable {
    /// When the hub was seen to ignore the bound, by the wall clock; nil if it keeps to it.
    var ignoredAt: Int64?
    /// The oldest instant that the host asked for; nil is the beginning of time.
    var origin: Int64?
    /// The newest instant that a row bore, as far as the hub's clock had come; nil if none bore one. The cursor never moves
    /// beyond it but for a doubt, so that a wrong clock moves it past nothing.
    var newest: Int64?
    /// When a row last bore an instant close to the clock of the hub's answers, by the wall clock.
    var clocksCloseAt: Int64?
    /// When everything since `origin` was read last, by the wall clock; nil before the first time.
    var reconciledAt: Int64?
    /// The page that the reconciliation under way came to, and the page size it asked for.
    var reconciledPage: Int64 = 0
    var reconciledPageSize: Int64 = 0
    /// How long after its change a row was still not to be seen, at worst (P-12).
    var lateMs: Int64 = 0

    /// A walk that was cut short.
    var walk: WalkNote?
    /// Of a hub that ignores the bound: the sequence of ids that the last pass over the whole list had.
    private(set) var sequence: UInt64?

    /// How often a person had the filters forgotten.
    var relearned: Int64 = 0

    init(origin: Int64?) { self.origin = origin }

    init(_ text: String) {
        guard let document = try? JSONDocument.parse(Array(text.utf8)) else { return }
        let root = document.root
        ignoredAt = root.member("ignored_at")?.integer
        origin = root.member("origin")?.integer
        newest = root.member("newest")?.integer.map { Instant(ms: $0).ms }
        clocksCloseAt = root.member("clocks_close_at")?.integer
        reconciledAt = root.member("reconciled_at")?.integer
        reconciledPage = root.member("reconciled_page")?.integer ?? 0
        reconciledPageSize = root.member("reconciled_page_size")?.integer ?? 0
        walk = root.member("walk").flatMap { WalkNote($0) }
        sequence = root.member("sequence")?.integer.map { UInt64(bitPattern: $0) }
        relearned = root.member("relearned")?.integer ?? 0
        lateMs = min(max(0, root.member("late_ms")?.integer ?? 0), CursorNote.mostLateMs)
    }

    var text: String {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("ignored_at", ignoredAt), ("origin", origin), ("newest", newest), ("clocks_close_at", clocksCloseAt),
            ("reconciled_at", reconciledAt),
        ] {
            if let value { json.member(name, value) }
        }
        json.member("reconciled_page", reconciledPage)
        json.member("reconciled_page_size", reconciledPageSize)
        json.member("late_ms", lateMs)
        if let walk {
            json.key("walk")
            walk.write(&json)
        }
        if ignoredAt != nil, let sequence { json.member("sequence", Int64(bitPattern: sequence)) }
        json.member("relearned", relearned)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The cursor was walked to its end, so that it is not new even if it did not move.
    var hasBegun: Bool { reconciledAt != nil }

    /// Both clocks may be set anew.
    private static let clocksKeepMs: Int64 = 30 * 86_400_000

    func areClocksClose(now: Int64) -> Bool {
        clocksCloseAt.map { (0..<CursorNote.clocksKeepMs).contains(now &- $0) } ?? false
    }

    // MARK: the way back

    /// What the hub was seen to do with filters, and how late it shows changes, is learnt anew.
    mutating func forgetFilters() {
        (ignoredAt, lateMs, relearned) = (nil, 0, relearned &+ 1)
        (walk, sequence) = (nil, nil)
    }

    /// A person had the filters forgotten while this note was in use: what it learnt before is forgotten too.
    mutating func follow(_ stored: CursorNote) {
        guard relearned != stored.relearned else { return }
        forgetFilters()
        relearned = stored.relearned
    }

    // MARK: a hub that ignores the bound

    /// A walk over the list came to its end.
    mutating func noteBound(isIgnored: Bool, now: Int64, sequence: UInt64?) {
        ignoredAt = isIgnored ? now : nil
        self.sequence = isIgnored ? sequence : nil
        walk = nil
    }

    // MARK: rows that show up late

    /// What is later than this is no late commit: the hub was restored, or the row came back (P-11).
    private static let mostLateMs: Int64 = 3_600_000

    /// How far before the cursor a walk starts: twice the worst lateness seen.
    func overlapMs(least: Int64) -> Int64 { max(least, lateMs * 2) }

    /// Learns that a row showed up so long after its change; true if that is worse than all before.
    mutating func learn(lateMs: Int64) -> Bool {
        guard lateMs > self.lateMs, lateMs <= CursorNote.mostLateMs else { return false }
        self.lateMs = lateMs
        return true
    }

    // MARK: reconciliation

    /// Whether everything is to be read once more: a cursor cannot see what a restored hub dates back.
    func isReconciliationDue(everyHours: Int64, now: Int64) -> Bool {
        guard everyHours > 0, let reconciledAt else { return false }
        return !(0..<everyHours * 3_600_000).contains(now &- reconciledAt)
    }

    /// The page with which it goes on: the one after the last, unless pages are of another size now (P-16).
    func nextReconciledPage(size: Int64) -> Int {
        guard reconciledPageSize == size, (1..<10_000_000).contains(reconciledPage) else { return 1 }
        return Int(reconciledPage) + 1
    }
}
