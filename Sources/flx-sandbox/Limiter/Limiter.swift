/// What a limiter made of an arrival, and what the pool headers may say of it.
struct Admission: Equatable {
    var isAdmitted: Bool
    var size: Int
    var used: Int
    var refill: Double
    /// Time until a request would be admitted, if none came before.
    var waitMicros: Int
}

/// One token's limit. Time is handed in, in microseconds of a clock that never goes back.
struct Limiter {
    enum Model: Equatable {
        case bucket(size: Int, refill: Double)
        case sliding(limit: Int, micros: Int)
        case fixed(limit: Int, micros: Int)
        /// Two arrivals in any second; a refused arrival counts too.
        case strict
        case none
    }

    private var level = 0.0
    private var levelAt = 0
    private var arrivals: [Int] = []
    private var window = 0
    private var countInWindow = 0

    mutating func arrive(at now: Int, under model: Model) -> Admission {
        switch model {
        case .bucket(let size, let refill): return bucket(at: now, size, refill)
        case .sliding(let limit, let micros): return sliding(at: now, limit, micros, countsRefused: false)
        case .fixed(let limit, let micros): return fixed(at: now, limit, micros)
        case .strict: return sliding(at: now, 2, 1_000_000, countsRefused: true)
        case .none: return Admission(isAdmitted: true, size: 40, used: 0, refill: 2, waitMicros: 0)
        }
    }

    /// Takes requests out of the bucket as another user of the token would.
    mutating func drain(_ requests: Int, at now: Int) {
        level += Double(requests)
        levelAt = max(levelAt, now)
        arrivals += Array(repeating: now, count: requests)
        countInWindow += requests
    }

    /// How much of a budget is used up, and what it regains a second.
    struct Fill: Equatable {
        /// More than `size` if it was overdrawn.
        var used: Double
        var size: Int
        var refill: Double
    }

    /// How full it is at a time, if nobody comes until then.
    func fill(at now: Int, under model: Model) -> Fill {
        func window(_ limit: Int, _ micros: Int, _ used: Int) -> Fill {
            Fill(used: Double(used), size: limit, refill: Double(limit) * 1_000_000 / Double(max(1, micros)))
        }
        switch model {
        case .bucket(let size, let refill):
            return Fill(used: max(0, level - Double(now - levelAt) / 1_000_000 * refill), size: size, refill: refill)
        case .sliding(let limit, let micros): return window(limit, micros, arrivals.count { $0 > now - micros })
        case .strict: return window(2, 1_000_000, arrivals.count { $0 > now - 1_000_000 })
        case .fixed(let limit, let micros): return window(limit, micros, now / micros == self.window ? countInWindow : 0)
        case .none: return Fill(used: 0, size: 0, refill: 0)
        }
    }

    private mutating func bucket(at now: Int, _ size: Int, _ refill: Double) -> Admission {
        level = max(0, level - Double(now - levelAt) / 1_000_000 * refill)
        levelAt = now
        let isAdmitted = level + 1 <= Double(size) + 1e-9
        if isAdmitted { level += 1 }
        let missing = max(0, level + 1 - Double(size))
        return Admission(
            isAdmitted: isAdmitted, size: size, used: min(size, Int(level.rounded(.up))), refill: refill,
            waitMicros: refill > 0 ? Int(missing / refill * 1_000_000) : 1_000_000)
    }

    private mutating func sliding(at now: Int, _ limit: Int, _ micros: Int, countsRefused: Bool) -> Admission {
        arrivals.removeAll { $0 <= now - micros }
        let isAdmitted = arrivals.count < limit
        if isAdmitted || countsRefused { arrivals.append(now) }
        let wait = arrivals.count < limit ? 0 : arrivals[arrivals.count - limit] + micros - now
        return Admission(
            isAdmitted: isAdmitted, size: limit, used: min(limit, arrivals.count),
            refill: Double(limit) * 1_000_000 / Double(micros), waitMicros: wait)
    }

    private mutating func fixed(at now: Int, _ limit: Int, _ micros: Int) -> Admission {
        if now / micros != window {
            window = now / micros
            countInWindow = 0
        }
        let isAdmitted = countInWindow < limit
        if isAdmitted { countInWindow += 1 }
        return Admission(
            isAdmitted: isAdmitted, size: limit, used: min(limit, countInWindow),
            refill: Double(limit) * 1_000_000 / Double(micros),
            waitMicros: countInWindow < limit ? 0 : (window + 1) * micros - now)
    }
}

extension Limiter.Model {
    /// The model the switches ask for.
    init(_ switches: Switches) {
        let limit = switches.number(.windowLimit), micros = switches.number(.windowLength) * 1000
        self =
            switch switches[.limiter] {
            case "sliding": .sliding(limit: limit, micros: micros)
            case "fixed": .fixed(limit: limit, micros: micros)
            case "strict": .strict
            case "none": .none
            default: .bucket(size: switches.number(.poolSize), refill: Double(switches[.poolRefill]) ?? 2)
            }
    }
}
