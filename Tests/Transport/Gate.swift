import Foundation

/// Lets threads go on when `count` of them have come.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var missing: Int

    init(_ count: Int) { missing = count }

    func pass() {
        condition.lock()
        missing -= 1
        if missing <= 0 { condition.broadcast() }
        let limit = Date().addingTimeInterval(60)
        while missing > 0, condition.wait(until: limit) {}
        condition.unlock()
    }
}
