/// The content of a pace file: 64-bit words, little-endian in the file. What follows the last request is not used.
///
/// Invariant: `decode` gives back what `encode` was given, and nil if the words in use are not what `encode` made.
enum PaceLayout {
    static let wordCount = fixedWords + PaceState.capacity * requestWords
    static let size = wordCount * 8
    private static let magic: UInt64 = 0x3365_6361_5078_6C66  // "flxPace3"
    private static let fixedWords = 96
    private static let requestWords = 6

    /// The words in use.
    static func encode(_ state: PaceState, boot: UInt64, at: PaceStamp) -> [UInt64] {
        let used = fixedWords + min(state.requests.count, PaceState.capacity) * requestWords
        var words = [UInt64](repeating: 0, count: used)
        func put(_ place: Int, _ value: Int64) { words[place] = UInt64(bitPattern: value) }
        words[0] = magic
        words[1] = boot
        words[3] = state.nextTicket
        put(4, Int64((used - fixedWords) / requestWords))
        put(5, state.pool == nil ? 0 : 1)
        put(6, state.pool?.size ?? 0)
        put(7, state.pool?.refillMilli ?? 0)
        put(8, state.pool?.usedMilli ?? 0)
        put(9, state.pool?.at ?? 0)
        put(10, state.distrustUntil)
        put(11, state.pausedUntil)
        put(12, state.throttles)
        put(13, state.throttledAt)
        put(14, state.widen)
        put(15, state.widenedAt)
        put(16, state.shares.orderUntil)
        put(17, state.shares.answerUntil)
        put(18, state.shares.pollUntil)
        put(19, state.shares.sincePoll)
        put(20, state.breaker.failures)
        put(21, state.breaker.openUntil)
        words[22] = state.breaker.probe
        put(23, state.breaker.probeUntil)
        put(24, state.token.refusals)
        put(25, state.token.nextProbeAt)
        words[26] = state.token.probe
        for (line, places) in state.turns.lines.prefix(PaceTurns.classes).enumerated() {
            for (place, waiting) in places.prefix(PaceTurns.capacity).enumerated() {
                let at = 27 + 2 * (line * PaceTurns.capacity + place)
                words[at] = waiting.owner
                put(at + 1, waiting.until)
            }
        }
        put(91, state.shares.sinceAnswer)
        put(92, state.repeats.milli)
        put(93, state.repeats.nextAt)
        put(94, at.bootMs)
        put(95, at.wallMs)
        var next = fixedWords
        for request in state.requests where next < used {
            words[next] = request.ticket
            put(next + 1, request.reservedAt)
            put(next + 2, request.expiresAt)
            put(next + 3, request.answeredAt)
            put(next + 4, request.overlapped)
            put(next + 5, (request.byPool ? 1 : 0) | (request.isOrder ? 2 : 0) | (request.isRepeat ? 4 : 0))
            next += requestWords
        }
        words[2] = checksum(words, used: used)
        if 1.littleEndian != 1 { for index in words.indices { words[index] = words[index].littleEndian } }
        return words
    }

    /// The words in use of what `decode` took, which checked their number.
    static func used(_ content: [UInt64]) -> [UInt64] {
        guard content.count >= fixedWords else { return [] }
        let count = min(UInt64(littleEndian: content[4]), UInt64(PaceState.capacity))
        return Array(content.prefix(fixedWords + Int(count) * requestWords))
    }

    /// Whether two contents are of one state, whenever they were made.
    static func isSame(_ a: [UInt64], _ b: [UInt64]) -> Bool {
        a.count == b.count && a.indices.allSatisfy { a[$0] == b[$0] || $0 == 2 || $0 == 94 || $0 == 95 }
    }

    static func decode(_ content: [UInt64], boot: UInt64, now: Int64) -> PaceState? {
        guard let words = checked(content), words[1] == boot else { return nil }
        func take(_ at: Int) -> Int64 { Int64(bitPattern: words[at]) }

        var state = PaceState()
        state.nextTicket = words[3]
        if words[5] == 1 { state.pool = PacePool(size: take(6), refillMilli: take(7), usedMilli: take(8), at: take(9)) }
        state.distrustUntil = take(10)
        state.pausedUntil = take(11)
        state.throttles = take(12)
        state.throttledAt = take(13)
        state.widen = take(14)
        state.widenedAt = take(15)
        state.shares = PaceShares(
            orderUntil: take(16), answerUntil: take(17), pollUntil: take(18), sinceAnswer: take(91), sincePoll: take(19))
        state.repeats = PaceRepeats(milli: take(92), nextAt: take(93))
        state.breaker = PaceBreaker(failures: take(20), openUntil: take(21), probe: words[22], probeUntil: take(23))
        state.token = PaceTokenWatch(refusals: take(24), nextProbeAt: take(25), probe: words[26])
        for index in 0..<PaceTurns.classes * PaceTurns.capacity where words[27 + 2 * index] != 0 {
            state.turns.lines[index / PaceTurns.capacity].append(
                PaceTurns.Place(owner: words[27 + 2 * index], until: take(28 + 2 * index)))
        }
        for index in 0..<Int(take(4)) {
            let at = fixedWords + index * requestWords
            state.requests.append(
                PaceState.Request(
                    ticket: words[at], reservedAt: take(at + 1), expiresAt: take(at + 2), answeredAt: take(at + 3),
                    overlapped: take(at + 4), byPool: words[at + 5] & 1 != 0, isOrder: words[at + 5] & 2 != 0,
                    isRepeat: words[at + 5] & 4 != 0))
        }
        return state.isPlausible(now: now) ? state : nil
    }

    /// What the hub asked for before this boot and what its headers were worth, by the wall clock, which alone goes on
    /// over a boot. Nil if `content` is none of ours.
    static func remains(of content: [UInt64], at now: PaceStamp) -> (pauseMs: Int64, distrustMs: Int64)? {
        guard let words = checked(content) else { return nil }
        let then = PaceStamp(bootMs: Int64(bitPattern: words[94]), wallMs: Int64(bitPattern: words[95]))
        let gone = max(0, now.wallMs &- then.wallMs)
        func rest(_ until: UInt64, _ most: Int64) -> Int64 {
            min(max(0, Int64(bitPattern: until) &- then.bootMs &- gone), most)
        }
        return (rest(words[11], PaceState.longestPauseMs), rest(words[10], PaceState.distrustMs))
    }

    /// The words as numbers of this machine, or nil if those in use are none of ours.
    private static func checked(_ content: [UInt64]) -> [UInt64]? {
        var words = content
        if 1.littleEndian != 1 { for index in words.indices { words[index] = UInt64(littleEndian: words[index]) } }
        guard words.count >= fixedWords, words[0] == magic, words[4] <= UInt64(PaceState.capacity) else { return nil }
        let used = fixedWords + Int(words[4]) * requestWords
        return words.count >= used && checksum(words, used: used) == words[2] ? words : nil
    }

    /// Over all words in use but its own: FNV-1a, a word at a time in three lanes. Their number is a multiple of three.
    private static func checksum(_ words: [UInt64], used: Int) -> UInt64 {
        func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
            let product = (hash ^ word) &* 0x0000_0100_0000_01B3
            return product ^ product >> 29
        }
        var a = mixed(0xCBF2_9CE4_8422_2325, words[0])
        var b = mixed(0x8422_2325_CBF2_9CE4, words[1])
        var c: UInt64 = 0x2325_CBF2_9CE4_8422
        words.withUnsafeBufferPointer { words in
            var at = 3
            while at + 2 < used {  // Safe: `used` is no more than there are.
                a = mixed(a, words[at])
                b = mixed(b, words[at + 1])
                c = mixed(c, words[at + 2])
                at += 3
            }
        }
        return mixed(mixed(a, b), c)
    }
}

/// One moment by two clocks of this machine.
struct PaceStamp: Equatable {
    var bootMs: Int64
    var wallMs: Int64

    static func now() -> PaceStamp { PaceStamp(bootMs: Clock.bootMs(), wallMs: Clock.wallMs()) }
}

extension PaceState {
    /// What to assume when nothing is known: two requests were answered just now.
    static func conservative(now: Int64) -> PaceState {
        var state = PaceState()
        for byte in Random.bytes(6) { state.nextTicket = state.nextTicket << 8 | UInt64(byte) }  // none of before returns
        for _ in 0..<2 {
            state.requests.append(
                Request(ticket: state.nextTicket, reservedAt: now, expiresAt: now, answeredAt: max(1, now), byPool: false))
            state.nextTicket += 1
        }
        return state
    }

    /// Whether the rules could have made this state by `now`.
    func isPlausible(now: Int64) -> Bool {
        let day: Int64 = 24 * 3_600_000
        let slack: Int64 = 1000  // a report is of the end of its millisecond, which may be read within it
        let past = 0...(now + slack)
        func isWait(_ until: Int64, _ longest: Int64) -> Bool { (0...(now + longest + slack)).contains(until) }
        return nextTicket != 0
            && isWait(distrustUntil, PaceState.distrustMs) && isWait(pausedUntil, PaceState.longestPauseMs)
            && past.contains(throttledAt) && past.contains(widenedAt)
            && (0...30).contains(throttles) && (1000...8000).contains(widen) && (0...PaceRepeats.mostMilli).contains(repeats.milli)
            && (0...1_000_000).contains(shares.sinceAnswer) && (0...1_000_000).contains(shares.sincePoll)
            && [shares.orderUntil, shares.answerUntil, shares.pollUntil].allSatisfy { isWait($0, PaceState.longestPauseMs + PaceShares.waitingMs) }
            && isWait(repeats.nextAt, PaceRepeats.everyMs)
            && turns.lines.allSatisfy { $0.allSatisfy { isWait($0.until, 8 * day) } }
            && (0...1_000_000).contains(breaker.failures) && isWait(breaker.openUntil, 3_600_000)
            && isWait(breaker.probeUntil, 3_600_000)
            && (0...1_000_000).contains(token.refusals) && isWait(token.nextProbeAt, 3_600_000)
            && requests.allSatisfy { past.contains($0.reservedAt) && past.contains($0.answeredAt) && isWait($0.expiresAt, day)
                && (0...1_000_000).contains($0.overlapped) }
            && (pool.map { PoolHeaders(size: $0.size, used: 0, refillMilli: $0.refillMilli) != nil && past.contains($0.at)
                && (0...10_000_000_000).contains($0.usedMilli) } ?? true)
    }
}
