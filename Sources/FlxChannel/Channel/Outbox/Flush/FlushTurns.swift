/// How many orders may be on their way at a time, and when answers have their turn: pure.
struct FlushTurns: Equatable {
    private static let longestRow = 7

    private(set) var width = 1
    /// Good ends since one was of no use.
    private var answered = 0
    /// Orders that came to an end since answers had their turn.
    private var ordersInARow = 0

    /// An order came to an end with such an answer; nil if its last request failed.
    mutating func ended(_ good: GoodAnswer?) {
        answered = good == nil ? 0 : min(answered + 1, Flights.most)
        width = Flights.width(after: good, answered: answered)
        ordersInARow = min(ordersInARow + 1, FlushTurns.longestRow)
    }

    mutating func hadAnswers() { ordersInARow = 0 }

    /// Answers come after orders; but orders without end do not keep them for ever.
    var areAnswersDue: Bool { ordersInARow >= FlushTurns.longestRow }
}
