import CLibc

/// Keeps SIGPIPE and SIGXFSZ, which our own I/O may raise, from the host: blocked in this thread while a call runs, and
/// a pending one that was not there before is swallowed at its end. The process-wide dispositions are not touched.
///
/// Fault rows: N-27, D-03.
struct SignalGuard {
    private var blocked = sigset_t()
    private var pending = sigset_t()
    private var isOn = false

    static func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var guarding = SignalGuard()
        guarding.enter()
        defer { guarding.leave() }
        return try body()
    }

    // `run` is copied for every type of result, these two are not.

    @inline(never)
    private mutating func enter() {
        var ours = sigset_t()
        sigemptyset(&ours)
        sigaddset(&ours, SIGPIPE)
        sigaddset(&ours, SIGXFSZ)
        isOn = pthread_sigmask(SIG_BLOCK, &ours, &blocked) == 0
        sigpending(&pending)
    }

    @inline(never)
    private mutating func leave() {
        guard isOn else { return }
        swallow(SIGPIPE)
        swallow(SIGXFSZ)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
    }

    /// Takes a pending `signal` away, unless the host had it blocked or pending itself.
    private mutating func swallow(_ signal: Int32) {
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
