/// The clocks by which a state is dated, so that all who use it mean the same: the machine's, where one machine does.
protocol StateClock: AnyObject, Sendable {
    /// Since 1970, UTC, in milliseconds. May step at any time.
    func wallMs() -> Int64
    /// Goes on while a machine sleeps, and begins anew with each boot of who keeps it.
    func bootMs() -> Int64
    /// What the clock that tells how long a feed was idle is ahead of `Clock.monotonicMs`.
    func idleOffsetMs() -> Int64
}

/// The clocks of this machine.
final class MachineClock: StateClock {
    func wallMs() -> Int64 { Clock.wallMs() }
    func bootMs() -> Int64 { Clock.bootMs() }
    func idleOffsetMs() -> Int64 { 0 }
}
