/// What speaks for the hub's time, each as its distance from our monotonic clock: what the `Date` headers of this process
/// said, what was known before it began, and this machine's own clock, which is handed in (decision 26).
///
/// Invariant: `samples` holds at most `window` of them, and none that was far from all that was known and heard once.
struct ClockEvidence: Equatable {
    /// Of the last answers, the oldest first. The smallest counts, which also survives a hub whose nodes differ (C-04).
    private(set) var samples: [Int64] = []
    /// A sample that is far from what was known: it waits for another one that agrees.
    private(set) var rival: Int64?
    /// What was known before this process began.
    private(set) var prior: Int64?

    static let window = 8
    /// Two answers that differ by no more than this agree.
    static let nearMs: Int64 = 2 * 60_000
    /// And an answer with what was known before, or with this machine's clock: a `Date` is cut to the second, and an answer
    /// takes its time.
    static let backedMs: Int64 = 5000
    /// What is further away than this is not believed at once.
    static let farMs: Int64 = 86_400_000

    init(prior: Int64? = nil) {
        self.prior = prior
    }

    /// Takes in what one answer said.
    mutating func hear(_ offset: Int64, host: Int64) {
        if !isFar(offset, host: host) {
            if samples.count >= ClockEvidence.window { samples.removeFirst() }
            samples.append(offset)
            rival = nil
        } else if let rival, ClockEvidence.isNear(rival, offset) {
            self = ClockEvidence()
            samples = [rival, offset]
        } else {
            rival = offset
        }
    }

    /// How far the hub's clock is from ours, and whether a second witness agrees. Never ahead of the hub as long as one of
    /// two witnesses is not: with one sample the earlier counts of it and of what else there is.
    func belief(host: Int64) -> (offsetMs: Int64, isSure: Bool)? {
        if samples.count >= 2, let least = samples.min() {
            let isAlone = samples.count { ClockEvidence.isNear($0, least) } < 2
            return (least, !isAlone || isBacked(least, host: host))
        }
        guard let heard = [samples.first, rival].compactMap({ $0 }).min() else { return prior.map { ($0, false) } }
        return (min(heard, prior ?? host), rival == nil && isBacked(heard, host: host))
    }

    /// Whether answers of this process alone show it, so that it may be kept for the next.
    var isWitnessed: Bool {
        guard let least = samples.min() else { return false }
        return samples.count { ClockEvidence.isNear($0, least) } >= 2
    }

    /// Answers that agree on it.
    func witnesses(of offset: Int64) -> Int64 {
        Int64(samples.count { ClockEvidence.isNear($0, offset) })
    }

    /// What the newest answer said, if that is something else.
    func otherVoice(than offset: Int64) -> Int64? {
        [rival, samples.last].lazy.compactMap { $0 }.first { !ClockEvidence.isNear($0, offset) }
    }

    /// Whether there is one answer, and all else speaks against it.
    func needsWitness(host: Int64) -> Bool {
        samples.count + (rival == nil ? 0 : 1) == 1 && belief(host: host)?.isSure == false
    }

    private func isFar(_ offset: Int64, host: Int64) -> Bool {
        func isFar(_ other: Int64?) -> Bool { other.map { !ClockEvidence.isWithin(ClockEvidence.farMs, offset, $0) } ?? false }
        if samples.count >= 2 { return isFar(samples.min()) }
        if prior != nil, isBacked(offset, host: host) { return false }
        return isFar(host) || isFar(prior) || isFar(samples.first)
    }

    /// What was known before outweighs this machine's clock.
    private func isBacked(_ offset: Int64, host: Int64) -> Bool {
        ClockEvidence.isWithin(ClockEvidence.backedMs, offset, prior ?? host)
    }

    static func isNear(_ a: Int64, _ b: Int64) -> Bool { isWithin(nearMs, a, b) }

    static func isWithin(_ ms: Int64, _ a: Int64, _ b: Int64) -> Bool {
        let (distance, overflow) = a.subtractingReportingOverflow(b)
        return !overflow && (-ms...ms).contains(distance)
    }
}
