/// One line at the foot of a terminal that says how far long work is; nothing where standard error is no terminal.
final class Progress {
    private let what: String
    private let isShown = Output.isErrorTerminal
    private var count = 0
    private var part = ""
    private var shownAt: Int64 = 0

    init(_ what: String) { self.what = what }

    deinit { clear() }

    /// One more is done.
    func replied() { add(1) }

    func add(_ more: Int) {
        count += more
        let now = Instant.monotonicMs()
        guard isShown, now - shownAt >= 200 else { return }
        shownAt = now
        try? Output.write(Array("\r\u{1B}[K\(what): \(count) done\(part)".utf8), to: 2)
    }

    /// An event that tells how far a part is.
    func part(_ event: JSON) {
        guard event["type"]?.string == "progress" else { return }
        part = ", \(event["part"]?.plain ?? "") \(event["done"]?.plain ?? "0")"
    }

    func clear() {
        if isShown, shownAt > 0 { try? Output.write(Array("\r\u{1B}[K".utf8), to: 2) }
        shownAt = 0
    }
}
