import CLibc

/// A mutual exclusion lock around `pthread_mutex_t`.
///
/// Invariant: `mutex` is initialised from `init` to `deinit` and never moves, which is why it lives on the heap.
final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// For short work: a fork waits for it and for who waits for it.
    func holding<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// For work that may wait itself: no fork waits for who waits for that.
    func holdingLong<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        if pthread_mutex_trylock(mutex) != 0 { ForkGate.outside { _ = pthread_mutex_lock(mutex) } }
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Takes the lock within `deadline`, or returns false. Pair it with `unlock()`.
    func lock(by deadline: Deadline) -> Bool {
        if pthread_mutex_trylock(mutex) == 0 { return true }
        if deadline.isOver { return false }
        return ForkGate.outside {
            var until = deadline.absolute
            return pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &until) == 0
        }
    }

    func unlock() {
        pthread_mutex_unlock(mutex)
    }

    /// Makes a free lock of one that another thread of the parent may have held at fork. Only in the child.
    func resetAfterFork() {
        pthread_mutex_init(mutex, nil)
    }
}
