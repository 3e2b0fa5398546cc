import CLibc

/// Keeps `fork()` away from threads that are at work in the library.
///
/// What such a thread has half done stays so in the child for ever: a constant that Swift makes at its first use, its tables
/// of types, libcurl's look at whether it is set up, a list of ours. Who needs it there waits for a thread that is not. So
/// every call of the host is at work from its beginning to its end, but where it waits: for the network, for a long lock, in a
/// function of the host; never while it makes such a constant. The fork waits until nobody is at work, and nobody begins
/// meanwhile. That wait is bounded; after one that was not long enough no client can be opened in the child.
///
/// Invariant: what stands here is there before any code has run, and is read and written by way of CLibc alone, but for
/// `forker`, in which only the thread itself finds itself.
///
/// Fault rows: K-05, K-17.
enum ForkGate {
    private static let longestWaitMs: Int64 = 1000
    private static let stepUs: Int64 = 50

    private struct State {
        var atWork: Int32 = 0
        var isForking: Int32 = 0
        /// The one that forks found nobody at work.
        var isClear: Int32 = 0
        var isInstalled: Int32 = 0
        var isTainted: Int32 = 0
        /// Who set `isForking`.
        var forker: pthread_t = 0
    }

    @exclusivity(unchecked) nonisolated(unsafe) private static var state = State()

    /// This process was forked while a thread of its parent was at work.
    static var isTainted: Bool { withUnsafeMutablePointer(to: &state.isTainted) { flxc_load($0) != 0 } }

    /// One call of the host.
    @inline(__always)
    static func run<Result>(_ body: () -> Result) -> Result {
        enter()
        defer { leave() }
        return body()
    }

    /// A wait within a call: a fork does not wait for it. Nothing that a child needs may be half done.
    static func outside<Result>(_ body: () -> Result) -> Result {
        let depth = flxc_depth(0)
        guard depth > 0 else { return body() }
        _ = flxc_depth(1 - depth)
        leave()
        defer {
            enter()
            _ = flxc_depth(depth - 1)
        }
        return body()
    }

    private static func enter() {
        if flxc_depth(0) == 0 {
            install()
            withUnsafeMutablePointer(to: &state.atWork) { flxc_add($0, 1) }
            while isForking { waitForFork() }
        }
        _ = flxc_depth(1)
    }

    private static func leave() {
        if flxc_depth(-1) == 0 { withUnsafeMutablePointer(to: &state.atWork) { flxc_add($0, -1) } }
    }

    private static func waitForFork() {
        withUnsafeMutablePointer(to: &state.atWork) { flxc_add($0, -1) }
        while isForking { Pause.micro(stepUs) }
        withUnsafeMutablePointer(to: &state.atWork) { flxc_add($0, 1) }
    }

    private static var isForking: Bool { withUnsafeMutablePointer(to: &state.isForking) { flxc_load($0) != 0 } }

    /// Before anything else of this thread. Threads that come together each do it, for none may go on before it is done, and a
    /// child of that moment would wait for one that it has not: so the handlers may be there several times.
    static func install() {
        guard withUnsafeMutablePointer(to: &state.isInstalled, { flxc_load($0) }) == 0 else { return }
        pthread_atfork({ ForkGate.beforeFork() }, { ForkGate.afterFork() }, { ForkGate.enterChild() })
        withUnsafeMutablePointer(to: &state.isInstalled) { flxc_store($0, 1) }
    }

    // MARK: Handlers. Of each that is there several times the first begins and the last ends.

    private static func beforeFork() {
        guard flxc_forks(1) == 1 else { return }
        wait(until: Clock.monotonicMs() + longestWaitMs)
        if isForker { ForkGuard.takeLocks() }
    }

    /// A thread that forks in a signal handler may be at work itself: it does not wait for that.
    private static func wait(until end: Int64) {
        while withUnsafeMutablePointer(to: &state.isForking, { flxc_take($0) == 0 }) {
            guard Clock.monotonicMs() < end else { return }
            Pause.micro(stepUs)
        }
        state.forker = pthread_self()
        while withUnsafeMutablePointer(to: &state.atWork, { flxc_load($0) }) > own {
            guard Clock.monotonicMs() < end else { return }
            Pause.micro(stepUs)
        }
        withUnsafeMutablePointer(to: &state.isClear) { flxc_store($0, 1) }
    }

    private static func afterFork() {
        guard flxc_forks(-1) == 0 else { return }
        guard isForker else { return }
        ForkGuard.giveLocks()
        end()
    }

    /// In the child, where only this thread lives.
    private static func enterChild() {
        guard flxc_forks(-1) == 0 else { return }
        let isClear = isForker && withUnsafeMutablePointer(to: &state.isClear) { flxc_load($0) != 0 }
        if !isClear { withUnsafeMutablePointer(to: &state.isTainted) { flxc_store($0, 1) } }
        withUnsafeMutablePointer(to: &state.atWork) { flxc_store($0, own) }
        end()
        ForkGuard.enterChild()
    }

    private static var own: Int32 { flxc_depth(0) > 0 ? 1 : 0 }

    private static var isForker: Bool { state.forker == pthread_self() }

    private static func end() {
        state.forker = 0
        withUnsafeMutablePointer(to: &state.isClear) { flxc_store($0, 0) }
        withUnsafeMutablePointer(to: &state.isForking) { flxc_store($0, 0) }
    }
}
