import CLibc

/// Keeps SIGPIPE and SIGXFSZ, which our own I/O may raise, from the host: blocked in this thread while a call runs, and
/// a pending one that the host had not blocked is swallowed at its end. The process-wide dispositions are not touched.
///
/// Fault rows: N-27, D-03.
struct SignalGuard {
    private var blocked = sigset_t()
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
    }

    @inline(never)
    private mutating func leave() {
        guard isOn else { return }
        var pending = sigset_t()
        sigpending(&pending)
        swallow(SIGPIPE, pending)
        swallow(SIGXFSZ, pending)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
    }

    /// Takes a pending `signal` away, unless the host had it blocked: only then can it have been pending before.
    private mutating func swallow(_ signal: Int32, _ pending: sigset_t) {
        var pending = pending
        guard sigismember(&pending, signal) == 1, sigismember(&blocked, signal) == 0 else { return }
        var one = sigset_t()
        sigemptyset(&one)
        sigaddset(&one, signal)
        var atOnce = timespec()
        sigtimedwait(&one, nil, &atOnce)
    }
}
