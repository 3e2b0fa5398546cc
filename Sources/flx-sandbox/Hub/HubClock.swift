#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The hub's two clocks: wall time, which a test may move or stop, and a monotonic one, which nobody moves.
struct HubClock {
    /// Microseconds since 1970 and since the sandbox started.
    var wallMicros: () -> Int
    var monotonicMicros: () -> Int
    /// Seconds the hub is ahead of this machine.
    var skew = 0
    /// Set while the hub's time stands still.
    var frozenAt: Instant?

    var now: Instant {
        frozenAt ?? Instant(seconds: wallMicros() / 1_000_000 + skew)
    }

    /// The same in microseconds, for what must be told more exactly than the hub ever writes it.
    var nowMicros: Int {
        frozenAt.map { $0.seconds * 1_000_000 } ?? wallMicros() + skew * 1_000_000
    }

    static var system: HubClock {
        let start = micros(CLOCK_MONOTONIC)
        return HubClock(wallMicros: { micros(CLOCK_REALTIME) }, monotonicMicros: { micros(CLOCK_MONOTONIC) - start })
    }
}

private func micros(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
}
