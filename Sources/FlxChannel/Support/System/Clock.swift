import CLibc

/// The clocks of this machine, in milliseconds.
enum Clock {
    /// Never steps; stands still while the machine sleeps. For deadlines.
    static func monotonicMs() -> Int64 { read(CLOCK_MONOTONIC) }

    /// Never steps; goes on while the machine sleeps; starts anew at boot. For what processes share.
    static func bootMs() -> Int64 { read(CLOCK_BOOTTIME) }

    /// Since 1970, UTC. May step at any time: for people and for the state file, never for what the hub compares.
    static func wallMs() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) &* 1000 &+ Int64(now.tv_nsec) / 1_000_000
    }
}

/// The end of a bounded wait, on the monotonic clock.
struct Deadline: Equatable {
    let atMs: Int64

    static func after(ms: Int64) -> Deadline {
        let (at, overflow) = Clock.monotonicMs().addingReportingOverflow(max(0, ms))
        return Deadline(atMs: overflow ? Int64.max : at)
    }

    /// Over already: for what must not wait.
    static var passed: Deadline { Deadline(atMs: 0) }

    var remainingMs: Int64 { max(0, atMs &- Clock.monotonicMs()) }

    var isOver: Bool { Clock.monotonicMs() >= atMs }

    func earlier(_ other: Deadline) -> Deadline { atMs <= other.atMs ? self : other }

    var absolute: timespec {
        var time = timespec()
        time.tv_sec = Int(clamping: atMs / 1000)
        time.tv_nsec = Int(clamping: (atMs % 1000) * 1_000_000)
        return time
    }
}
