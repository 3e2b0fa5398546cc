/// The hub's clock, learnt from its `Date` headers, and kept from one process to the next as its distance from the clock of
/// this machine.
///
/// Invariant: `now()` is not ahead of the hub as long as one of two witnesses is not (see `ClockEvidence`). A `Date` is the
/// hub's time cut to the second at some moment before its answer was here, so `Date` minus our monotonic clock at the
/// answer is a lower bound (C-01, C-04).
final class HubClock: @unchecked Sendable {
    static let window = ClockEvidence.window
    private static let earliestMs: Int64 = 1_577_836_800_000  // 2020
    private static let latestMs: Int64 = 4_102_444_800_000  // 2100
    /// What is kept is written anew when it changed by more than this, or is a day old.
    private static let newsMs: Int64 = 5000
    private static let keptForMs: Int64 = 86_400_000
    /// What was kept for longer says nothing any more.
    private static let forgottenAfterMs: Int64 = 90 * 86_400_000

    private let lock = Lock()
    private let wallMs: () -> Int64
    private let monotonicMs: () -> Int64
    private var evidence = ClockEvidence()
    /// The hub's clock minus the wall clock of this machine, as it is stored.
    private var kept: Learnt<Int64>?

    init(wallMs: @escaping () -> Int64 = { Clock.wallMs() }, monotonicMs: @escaping () -> Int64 = { Clock.monotonicMs() }) {
        self.wallMs = wallMs
        self.monotonicMs = monotonicMs
    }

    /// Learns from one answer that was complete at `answeredMs` of the monotonic clock.
    func observe(dateMs: Int64, answeredMs: Int64) {
        guard (HubClock.earliestMs..<HubClock.latestMs).contains(dateMs) else { return }
        let host = hostMs
        lock.holding { evidence.hear(dateMs &- answeredMs, host: host) }
    }

    /// Hub's time minus our monotonic clock, or nil if nothing tells it.
    var offsetMs: Int64? { belief?.offsetMs }

    /// The hub's time in ms since 1970, or a little less; nil if it is not known.
    func now() -> Int64? {
        offsetMs.map { monotonicMs() &+ $0 }
    }

    /// The same, but nil too as long as no two witnesses agree: for what an early time is no safer for than a late one.
    func sureNow() -> Int64? {
        belief.flatMap { $0.isSure ? monotonicMs() &+ $0.offsetMs : nil }
    }

    /// The instant to tell the hub for what a request that started then has fetched: whole second, minus one. It is sure
    /// if two witnesses agree on it; one that is not may be ahead of the hub, or far behind it.
    func instant(requestStartedMs: Int64) -> (ms: Int64, isSure: Bool)? {
        guard let belief else { return nil }
        let at = requestStartedMs &+ belief.offsetMs
        return (at &- at % 1000 &- 1000, belief.isSure)
    }

    func fetchInstant(requestStartedMs: Int64) -> Int64? { instant(requestStartedMs: requestStartedMs)?.ms }

    /// Whether the only answer so far contradicts what else there is: another answer will decide.
    var needsWitness: Bool {
        let host = hostMs
        return lock.holding { evidence.needsWitness(host: host) }
    }

    private var belief: (offsetMs: Int64, isSure: Bool)? {
        let host = hostMs
        return lock.holding { evidence.belief(host: host) }
    }

    /// This machine's clock, as the evidence counts.
    private var hostMs: Int64 { wallMs() &- monotonicMs() }

    // MARK: From one process to the next

    /// Takes in what an earlier process kept.
    func remember(_ fact: Learnt<Int64>?) {
        guard let fact, fact.isFresh(within: HubClock.forgottenAfterMs, now: wallMs()),
            ClockEvidence.isWithin(HubClock.latestMs, fact.value, 0)
        else { return }
        let prior = fact.value &+ hostMs
        lock.holding {
            kept = fact
            evidence = ClockEvidence(prior: prior)
        }
    }

    /// What is to be kept for the next process; nil while two answers do not agree, and if the same is kept already.
    func news() -> Learnt<Int64>? {
        let (host, now) = (hostMs, wallMs())
        return lock.holding {
            guard evidence.isWitnessed, let offset = evidence.belief(host: host)?.offsetMs else { return nil }
            let (value, overflow) = offset.subtractingReportingOverflow(host)
            guard !overflow else { return nil }
            guard let kept, ClockEvidence.isWithin(HubClock.newsMs, kept.value, value) else {
                return Learnt(value, source: "Date", at: now, witnesses: evidence.witnesses(of: offset))
            }
            return kept.isFresh(within: HubClock.keptForMs, now: now)
                ? nil : Learnt(value, source: "Date", at: now, witnesses: kept.witnesses &+ 1)
        }
    }

    /// `news` was stored.
    func keep(_ fact: Learnt<Int64>) {
        lock.holding { kept = fact }
    }

    /// Whatever was learnt was wrong.
    func forget() {
        lock.holding { (evidence, kept) = (ClockEvidence(), nil) }
    }

    /// What is known, for people: the distance from this machine's clock, and how many answers speak for it.
    var fact: Learnt<Int64>? {
        let (host, now) = (hostMs, wallMs())
        return lock.holding {
            guard let offset = evidence.belief(host: host)?.offsetMs else { return nil }
            guard !evidence.samples.isEmpty else { return kept }
            return Learnt(
                offset &- host, source: "Date", at: now, witnesses: evidence.witnesses(of: offset),
                rival: evidence.otherVoice(than: offset).map { $0 &- host })
        }
    }
}
