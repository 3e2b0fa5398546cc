import Testing

@testable import FlxChannel

/// The rule against the limiters a hub may have, in simulated time: many processes, jitter both ways.
@Suite struct RateLimitSimulationTests {
    enum Limiter: CaseIterable {
        case sliding, fixed, bucket
    }

    /// A limiter of two requests a second; the bucket holds two.
    private struct Hub {
        let kind: Limiter
        var arrivals: [Int64] = []
        var level: Double = 0
        var at: Int64 = 0

        mutating func accepts(_ now: Int64) -> Bool {
            switch kind {
            case .sliding:
                arrivals.removeAll { $0 <= now - 1000 }
            case .fixed:
                arrivals.removeAll { $0 / 1000 < now / 1000 }
            case .bucket:
                level = max(0, level - Double(now - at) * 0.002)
                at = now
                guard level <= 1 else { return false }
                level += 1
                return true
            }
            guard arrivals.count < 2 else { return false }
            arrivals.append(now)
            return true
        }
    }

    private enum Event {
        case ask(Int), arrive(Int, Permit), answer(Int, Permit, Int, PoolHeaders?)
    }

    private struct Generator {
        var seed: UInt64
        mutating func below(_ bound: Int64) -> Int64 {
            seed ^= seed << 13
            seed ^= seed >> 7
            seed ^= seed << 17
            return bound <= 0 ? 0 : Int64(seed % UInt64(bound))
        }
    }

    /// Runs `processes` that always have something to ask for `forMs`; returns requests and refusals.
    private func run(
        processes: Int, baseMs: Int64, jitterMs: Int64, forMs: Int64, seed: UInt64, isMixed: Bool = false,
        accepts: (Int64) -> (Bool, PoolHeaders?)
    ) -> (sent: Int, refused: Int) {
        var random = Generator(seed: seed)
        var state = RateLimit()
        var queue: [(at: Int64, order: Int, event: Event)] = []
        var order = 0
        func push(_ at: Int64, _ event: Event) {
            order += 1
            let item = (at: at, order: order, event: event)
            let place = queue.firstIndex { $0.at < at || ($0.at == at && $0.order < order) } ?? queue.count
            queue.insert(item, at: place)
        }
        for process in 0..<processes { push(random.below(500), .ask(process)) }
        var sent = 0
        var refused = 0
        while let next = queue.popLast(), next.at < forMs {
            switch next.event {
            case .ask(let process):
                let priority = isMixed ? [RequestPriority.poll, .answer, .order, .poll][process % 4] : .order
                switch state.reserve(
                    now: next.at, priority: priority, boundMs: 10_000, owner: UInt64(process + 1), jitter: { $0 / 2 })
                {
                case .granted(let ticket): push(next.at + baseMs / 2 + random.below(jitterMs + 1), .arrive(process, ticket))
                case .wait(let ms), .repeatsWait(let ms): push(next.at + ms + random.below(5), .ask(process))
                }
            case .arrive(let process, let ticket):
                let (accepted, pool) = accepts(next.at)
                sent += 1
                if !accepted { refused += 1 }
                push(next.at + baseMs / 2 + random.below(jitterMs + 1), .answer(process, ticket, accepted ? 200 : 429, pool))
            case .answer(let process, let ticket, let status, let pool):
                state.answered(ticket, now: next.at, RateLimitAnswer(status: status, pool: pool), jitter: { $0 / 2 })
                push(next.at + 1, .ask(process))
            }
        }
        return (sent, refused)
    }

    @Test(arguments: Limiter.allCases, [1, 2, 8, 64])
    func r01_noLimiterModelEverRefuses(_ kind: Limiter, _ processes: Int) {
        for (base, jitter) in [(20, 0), (50, 50), (130, 300)] as [(Int64, Int64)] {
            var hub = Hub(kind: kind)
            let (sent, refused) = run(
                processes: processes, baseMs: base, jitterMs: jitter, forMs: 120_000, seed: UInt64(processes) * 977 + 1
            ) { (hub.accepts($0), nil) }

            #expect(refused == 0)
            #expect(sent > 100)

            var other = Hub(kind: kind)
            let mixed = run(
                processes: processes, baseMs: base, jitterMs: jitter, forMs: 120_000, seed: UInt64(processes) * 977 + 2,
                isMixed: true
            ) { (other.accepts($0), nil) }

            #expect(mixed.refused == 0)
            #expect(mixed.sent > 100)
        }
    }

    /// A limiter of two a second that says so in pool headers, whatever it means by them.
    @Test(arguments: Limiter.allCases, [1, 2, 8, 64])
    func r01_poolOfOneSecondIsNeverOverrun(_ kind: Limiter, _ processes: Int) {
        for (base, jitter) in [(20, 0), (50, 50), (130, 300)] as [(Int64, Int64)] {
            var hub = Hub(kind: kind)
            let (sent, refused) = run(
                processes: processes, baseMs: base, jitterMs: jitter, forMs: 120_000, seed: UInt64(processes) * 31 + 5,
                isMixed: true
            ) { now in
                let accepted = hub.accepts(now)
                let used = kind == .bucket ? Int64(hub.level.rounded(.up)) : Int64(hub.arrivals.count)
                return (accepted, PoolHeaders(size: 2, used: min(2, used), refillMilli: 2000))
            }

            #expect(refused == 0)
            #expect(sent > 100)
        }
    }

    @Test func r01_useOfTheQuotaIsHighWhenAnswersAreQuick() {
        for (base, share) in [(50, 0.90), (130, 0.80)] as [(Int64, Double)] {
            var hub = Hub(kind: .sliding)
            let (sent, refused) = run(processes: 4, baseMs: base, jitterMs: 0, forMs: 600_000, seed: 7) { (hub.accepts($0), nil) }

            #expect(refused == 0)
            #expect(Double(sent) >= 1200 * share)
        }
    }

    /// A leaky pool that tells its level, counted before or after the request, rounded down or up.
    @Test(arguments: [4, 10, 40], [0, 1, 2, 3])
    func poolIsUsedToTheFullAndNeverOverrun(_ size: Int, _ spelling: Int) {
        for (processes, base, jitter) in [(1, 20, 0), (2, 50, 50), (8, 130, 300), (30, 60, 100)] as [(Int, Int64, Int64)] {
            var level = 0.0
            var at: Int64 = 0
            let (sent, refused) = run(
                processes: processes, baseMs: base, jitterMs: jitter, forMs: 120_000, seed: UInt64(size + spelling * 100)
            ) { now in
                level = max(0, level - Double(now - at) * 0.002)
                at = now
                let before = level
                let accepted = level + 1 <= Double(size)
                if accepted { level += 1 }
                let told = spelling % 2 == 0 ? level : before
                let used = Int64(spelling < 2 ? told.rounded(.down) : told.rounded(.up))
                return (accepted, PoolHeaders(size: Int64(size), used: used, refillMilli: 2000))
            }
            #expect(refused == 0)
            let enough = processes == 1 ? 0.80 : 0.85  // one slow process cannot always keep two on their way
            if size >= 10, base <= 60 { #expect(Double(sent) >= 240 * enough) }
        }
    }

    @Test func r05_sharedPoolConvergesToFewRefusals() {
        var level = 0.0
        var at: Int64 = 0
        var random = Generator(seed: 17)
        var nextForeign: Int64 = 0
        var late = 0
        func take(_ now: Int64) -> Bool {
            level = max(0, level - Double(now - at) * 0.002)
            at = now
            guard level + 1 <= 40 else { return false }
            level += 1
            return true
        }
        let (sent, _) = run(processes: 4, baseMs: 50, jitterMs: 50, forMs: 3_600_000, seed: 3) { now in
            while nextForeign <= now {  // somebody else uses 1.3 a second of the same pool
                _ = take(nextForeign)
                nextForeign += 769 + random.below(50)
            }
            let accepted = take(now)
            if !accepted, now > 600_000 { late += 1 }
            return (accepted, PoolHeaders(size: 40, used: Int64(level.rounded(.up)), refillMilli: 2000))
        }
        #expect(late <= 50)  // one a minute
        #expect(sent > 2000)
    }

    @Test func r05_sharedTokenConvergesToFewRefusals() {
        var hub = Hub(kind: .bucket)
        var random = Generator(seed: 99)
        var nextForeign: Int64 = 0
        var late = 0
        _ = run(processes: 4, baseMs: 50, jitterMs: 50, forMs: 3_600_000, seed: 3) { now in
            while nextForeign <= now {  // somebody else uses 1.3 a second of the same token
                _ = hub.accepts(nextForeign)
                nextForeign += 769 + random.below(50)
            }
            let accepted = hub.accepts(now)
            if !accepted, now > 600_000 { late += 1 }
            return (accepted, nil)
        }
        #expect(late <= 50)  // one a minute
    }
}
