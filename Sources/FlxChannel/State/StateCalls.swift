import CLibc

/// Keeps `fork()` and SQLite apart.
///
/// A child made while another thread was inside SQLite would inherit its notes about locks that the child does not hold.
/// So a fork waits until no thread is inside, and no thread enters meanwhile. The wait is bounded: should a call be stuck,
/// its child must not use SQLite on these files, and every open in it is refused (K-05).
final class StateCalls: @unchecked Sendable {
    /// The longest that a fork waits, in seconds.
    static let longestWaitS = 1

    private static let shared = StateCalls()

    private let calls: UnsafeMutablePointer<pthread_rwlock_t>  // a call reads, a fork writes
    private let forker: UnsafeMutablePointer<pthread_t>  // who holds it for a fork; only that thread finds itself here
    private let isTainted: UnsafeMutablePointer<Int32>

    private init() {
        calls = .allocate(capacity: 1)
        forker = .allocate(capacity: 1)
        forker.initialize(to: 0)
        isTainted = .allocate(capacity: 1)
        isTainted.initialize(to: 0)
        makeFree()
        pthread_atfork(
            { StateCalls.shared.beforeFork() }, { StateCalls.shared.afterFork() }, { StateCalls.shared.enterChild() })
    }

    static func enter() throws(StateError) {
        if pthread_rwlock_tryrdlock(shared.calls) != 0 { ForkGate.outside { _ = pthread_rwlock_rdlock(shared.calls) } }
        guard flxc_load(shared.isTainted) != 0 || ForkGate.isTainted else { return }
        leave()
        throw .forkedInside
    }

    static func leave() { pthread_rwlock_unlock(shared.calls) }

    private func beforeFork() {
        var until = timespec()
        clock_gettime(CLOCK_MONOTONIC, &until)
        until.tv_sec += StateCalls.longestWaitS
        if pthread_rwlock_clockwrlock(calls, CLOCK_MONOTONIC, &until) == 0 { forker.pointee = pthread_self() }
    }

    private func afterFork() {
        guard forker.pointee == pthread_self() else { return }
        forker.pointee = 0
        pthread_rwlock_unlock(calls)
    }

    /// In the child, where only this thread lives.
    private func enterChild() {
        if forker.pointee != pthread_self() { flxc_store(isTainted, 1) }
        forker.pointee = 0
        makeFree()
    }

    private func makeFree() {
        var kind = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&kind)
        pthread_rwlockattr_setkind_np(&kind, 2)  // PREFER_WRITER_NONRECURSIVE: a fork that waits goes before new calls
        pthread_rwlock_init(calls, &kind)
    }
}
