/// The hub's clock, learnt from its `Date` headers and never from ours.
///
/// Invariant: `now()` is never ahead of the hub. A `Date` is the hub's time cut to the second at some moment before its
/// answer was here, so `Date` minus our monotonic clock at the answer is a lower bound; the smallest of the last eight
/// is kept, which also survives a hub whose nodes differ (C-01, C-04).
final class HubClock: @unchecked Sendable {
    static let window = 8
    private static let earliestMs: Int64 = 1_577_836_800_000  // 2020
    private static let latestMs: Int64 = 4_102_444_800_000  // 2100

    private let lock = Lock()
    private var offsets: [Int64] = []

    /// Learns from one answer that was complete at `answeredMs` of the monotonic clock.
    func observe(dateMs: Int64, answeredMs: Int64) {
        guard (HubClock.earliestMs..<HubClock.latestMs).contains(dateMs) else { return }
        lock.holding {
            if offsets.count >= HubClock.window { offsets.removeFirst() }
            offsets.append(dateMs &- answeredMs)
        }
    }

    /// Hub's time minus our monotonic clock, or nil if no answer had a usable `Date`.
    var offsetMs: Int64? {
        lock.holding { offsets.min() }
    }

    /// The hub's time in ms since 1970, or a little less; nil if it is not known.
    func now() -> Int64? {
        offsetMs.map { Clock.monotonicMs() &+ $0 }
    }

    /// The instant to tell the hub for what a request that started then has fetched: whole second, minus one.
    func fetchInstant(requestStartedMs: Int64) -> Int64? {
        guard let offset = offsetMs else { return nil }
        let at = requestStartedMs &+ offset
        return at &- at % 1000 &- 1000
    }

    func resetAfterFork() {
        lock.resetAfterFork()
    }
}
