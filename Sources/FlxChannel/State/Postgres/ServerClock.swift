/// What the clock of a database server says, as this process knows it: between two bounds, which each answer may narrow.
///
/// All users of a state date by it, so that machines whose clocks differ agree on what is due, and on what is over.
final class ServerClock: StateClock, @unchecked Sendable {
    private let lock = Lock()
    /// What it is ahead of our monotonic clock, at the least and at the most.
    private var ahead: ClosedRange<Int64>
    private var learntAt: Int64
    private var stepCount = 0

    /// Before the server has said anything.
    init() {
        let ahead = Clock.wallMs() &- Clock.monotonicMs()
        self.ahead = ahead...ahead
        learntAt = Int64.min / 2
    }

    /// The server said `ms` between two moments of our monotonic clock.
    func learn(_ ms: Int64, between sent: Int64, and received: Int64) {
        guard StoredNumber.range.contains(ms), sent <= received else { return }
        let found = ms &- received...ms &+ 1 &- sent
        lock.holding {
            // Two quartz clocks part by less than a thousandth; what lies outside of that was set anew.
            let age = max(0, min(received &- learntAt, 1 << 40))
            let known = ahead.lowerBound &- age / 1000...ahead.upperBound &+ age / 1000
            let isBoth = known.overlaps(found)
            if !isBoth, learntAt > 0 { stepCount += 1 }
            ahead = isBoth ? max(known.lowerBound, found.lowerBound)...min(known.upperBound, found.upperBound) : found
            learntAt = received
        }
    }

    /// How often it was seen to be set anew: what was dated before that tells nothing of how long ago it was.
    var steps: Int { lock.holding { stepCount } }

    /// Its time now, at the earliest and at the latest.
    var now: ClosedRange<Int64> {
        let (ahead, mono) = (lock.holding { self.ahead }, Clock.monotonicMs())
        return mono &+ ahead.lowerBound...mono &+ ahead.upperBound
    }

    func wallMs() -> Int64 {
        let now = now
        return now.lowerBound &+ (now.upperBound &- now.lowerBound) / 2
    }

    /// It goes on while our machine sleeps, which `Clock.monotonicMs` does not: the next answer says by how much.
    func bootMs() -> Int64 { wallMs() }

    func idleOffsetMs() -> Int64 { wallMs() &- Clock.monotonicMs() }
}
