import CLibc

/// Keeps SIGPIPE and SIGXFSZ, which our own I/O may raise, from the host: blocked in this thread while a call runs, and
/// a pending one that was not there before is swallowed at its end. The process-wide dispositions are not touched.
///
/// Fault rows: N-27, D-03.
enum SignalGuard {
    static func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var ours = sigset_t()
        sigemptyset(&ours)
        sigaddset(&ours, SIGPIPE)
        sigaddset(&ours, SIGXFSZ)
        var before = sigset_t()
        guard pthread_sigmask(SIG_BLOCK, &ours, &before) == 0 else { return try body() }
        var pending = sigset_t()
        sigpending(&pending)

        defer {
            swallow(SIGPIPE, unless: pending, before)
            swallow(SIGXFSZ, unless: pending, before)
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return try body()
    }

    /// Takes a pending `signal` away, unless the host had it blocked or pending itself.
    private static func swallow(_ signal: Int32, unless pending: sigset_t, _ blocked: sigset_t) {
        var pending = pending
        var blocked = blocked
        guard sigismember(&pending, signal) == 0, sigismember(&blocked, signal) == 0 else { return }
        var now = sigset_t()
        sigpending(&now)
        guard sigismember(&now, signal) == 1 else { return }
        var one = sigset_t()
        sigemptyset(&one)
        sigaddset(&one, signal)
        var atOnce = timespec()
        sigtimedwait(&one, nil, &atOnce)
    }
}
