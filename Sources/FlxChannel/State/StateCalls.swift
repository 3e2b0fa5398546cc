/// Counts the calls of this process that are inside SQLite.
///
/// A child made while another thread was inside inherits SQLite's notes about locks that it does not hold. It must not
/// use SQLite on these files, so every open in it is refused (K-05).
final class StateCalls: @unchecked Sendable {
    private static let shared = StateCalls()

    private let lock = Lock()
    private var count = 0
    private var generation = ForkGuard.generation
    private var isTainted = false

    private init() { ForkGuard.register(lock) }

    static func enter() throws(StateError) {
        let isTainted = shared.lock.holding {
            shared.turn()
            shared.count += 1
            return shared.isTainted
        }
        guard isTainted else { return }
        leave()
        throw .forkedInside
    }

    static func leave() { shared.lock.holding { shared.count -= 1 } }

    /// In a child, the first call finds what the parent's threads left behind.
    private func turn() {
        guard generation != ForkGuard.generation else { return }
        generation = ForkGuard.generation
        isTainted = count > 0
        count = 0
    }
}
