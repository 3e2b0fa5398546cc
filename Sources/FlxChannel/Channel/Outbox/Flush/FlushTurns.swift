/// How many orders may be on their way at a time, and when answers have their turn: pure.
struct FlushTurns: Equatable {
    static let widest = 8
    private static let longestRow = 7

    private(set) var width = 1
    /// Orders that came to an end since answers had their turn.
    private var ordersInARow = 0

    /// An order came to an end whose last request took so long; nil if that failed.
    mutating func ended(_ drivenMs: Int64?) {
        width = FlushTurns.width(over: drivenMs)
        ordersInARow = min(ordersInARow + 1, FlushTurns.longestRow)
    }

    mutating func hadAnswers() { ordersInARow = 0 }

    /// Answers come after orders; but orders without end do not keep them for ever.
    var areAnswersDue: Bool { ordersInARow >= FlushTurns.longestRow }

    /// As many at a time as keep two requests a second going over what one takes; one after another when something is
    /// wrong, which nil says.
    static func width(over drivenMs: Int64?) -> Int {
        Int(min(1 + max(0, drivenMs ?? 0) / 500, Int64(widest)))
    }
}
