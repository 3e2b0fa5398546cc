/// One line at the foot of a terminal that says how far long work is; nothing where standard error is no terminal. The hub tells
/// no totals, so that the bar is of the time that the work may take, where it has an end.
final class Progress {
    private let what: String
    private let isShown = Output.isErrorTerminal
    private var count = 0
    private var part = ""
    private var shownAt: Int64 = 0
    private let beganAt = Instant.monotonicMs()
    private let budgetMs: Int64?

    private static let width: Int64 = 20

    /// - Parameter budgetS: how long the work may take; nil where it has no end.
    init(_ what: String, budgetS: Int? = nil) {
        self.what = what
        budgetMs = budgetS.map { Int64($0) * 1000 }
    }

    deinit { clear() }

    /// One more is done.
    func replied() { add(1) }

    func add(_ more: Int) {
        count += more
        let now = Instant.monotonicMs()
        guard isShown, now - shownAt >= 200 else { return }
        shownAt = now
        try? Output.write(Array("\r\u{1B}[K\(what)\(bar(now)): \(count) done\(part)".utf8), to: 2)
    }

    private func bar(_ now: Int64) -> String {
        guard let budgetMs, budgetMs > 0 else { return "" }
        let filled = Int(min(Progress.width, (now - beganAt) * Progress.width / budgetMs))
        return " [" + String(repeating: "#", count: filled) + String(repeating: ".", count: Int(Progress.width) - filled) + "]"
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
