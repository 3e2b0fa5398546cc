import CLibc

/// The deadline of the call that this thread is in, for waits far below it: those at the state file.
enum CallDeadline {
    /// So long such a wait may last even if the deadline is over: a lock that is only passing hands is no reason to fail.
    private static let leastMs: Int64 = 40

    static func run<Result, Failure: Error>(
        until deadline: Deadline, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var own = max(1, deadline.atMs)
        var outer = flxc_call_deadline(&own)
        defer { flxc_call_deadline(&outer) }
        return try body()
    }

    /// Runs what must be written down, however late it is.
    static func lifted<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try run(until: Deadline(atMs: Int64.max), body)
    }

    /// Until when a wait may last; far away if this thread is in no call with a deadline.
    static var current: Deadline {
        let atMs = flxc_call_deadline(nil)
        return atMs == 0 ? Deadline(atMs: Int64.max) : Deadline(atMs: max(atMs, Clock.monotonicMs() &+ leastMs))
    }
}
