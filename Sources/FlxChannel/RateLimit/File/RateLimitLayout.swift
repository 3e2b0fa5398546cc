/// The content of a rate limit file: 64-bit words, little-endian in the file. What follows those in use has no meaning.
///
/// Invariant: `decode` gives back what `encode` was given, and nil if the words in use are not what `encode` made.
enum RateLimitLayout {
    /// Enough for all that a state may hold, and less than a page of memory.
    static let wordCount = 504
    static let size = wordCount * 8
    private static let magic: UInt64 = 0x3565_7461_5278_6C66  // "flxRate5"

    /// What a content begins with; the fields of the state follow. The stamps differ each time, whatever the state.
    private enum Head: Int, CaseIterable {
        case magic, checksum, bootMs, wallMs, used, boot

        static let firstOfState = used
    }

    /// Puts a state into `words`, which has room for `wordCount`; gives the number of those in use. The state stays as it
    /// is: it is inout because it goes through the list of fields that `decode` fills it by.
    static func encode(_ state: inout RateLimit, boot: UInt64, at: Moment, into words: inout [UInt64]) -> Int {
        let used = words.withUnsafeMutableBufferPointer { words in
            var writer = RateLimitWriter(words: words)
            for word in [magic, 0, UInt64(bitPattern: at.bootMs), UInt64(bitPattern: at.wallMs), 0, boot] { writer.put(word) }
            visit(&state, &writer)
            return writer.next
        }
        words[Head.used.rawValue] = UInt64(used)
        words[Head.checksum.rawValue] = checksum(words, used: used)
        if 1.littleEndian != 1 { for index in 0..<used { words[index] = words[index].littleEndian } }
        return used
    }

    /// The state, and the name of the boot if `boot` does not tell it and the content does.
    static func decode(_ content: [UInt64], boot: UInt64, at now: Moment) -> (state: RateLimit, boot: UInt64)? {
        guard let words = checked(content) else { return nil }
        let then = Moment(
            bootMs: Int64(bitPattern: words[Head.bootMs.rawValue]), wallMs: Int64(bitPattern: words[Head.wallMs.rawValue]))
        let theirs = words[Head.boot.rawValue]
        guard Boot.isSame(theirs, at: then, boot, at: now), let state = state(words) else { return nil }
        return state.isPlausible(now: now.bootMs) ? (state, boot == 0 ? theirs : boot) : nil
    }

    /// What the hub asked for before this boot, whether that was cut, and what its headers were worth, by the wall clock,
    /// which alone goes on over a boot. Nil if `content` is none of ours.
    static func remains(of content: [UInt64], at now: Moment) -> (pauseMs: Int64, isCut: Bool, distrustMs: Int64)? {
        guard let words = checked(content), let state = state(words) else { return nil }
        let thenBootMs = Int64(bitPattern: words[Head.bootMs.rawValue])
        let gone = max(0, now.wallMs &- Int64(bitPattern: words[Head.wallMs.rawValue]))
        func rest(_ until: Int64, _ most: Int64) -> Int64 { min(max(0, until &- thenBootMs &- gone), most) }
        return (
            rest(state.pausedUntil, RateLimit.longestPauseMs), state.hint.isCut, rest(state.distrustUntil, RateLimit.distrustMs)
        )
    }

    /// Whether the first `used` words of two contents are of one state, whenever they were made.
    static func isSame(_ a: [UInt64], _ b: [UInt64], used: Int) -> Bool {
        (Head.firstOfState.rawValue..<used).allSatisfy { a[$0] == b[$0] }
    }

    /// The number of words in use of what `decode` took.
    static func used(_ content: [UInt64]) -> Int {
        guard content.count > Head.used.rawValue else { return 0 }
        return min(Int(clamping: UInt64(littleEndian: content[Head.used.rawValue])), content.count)
    }

    /// The words in use as numbers of this machine, or nil if they are none of ours.
    private static func checked(_ content: [UInt64]) -> [UInt64]? {
        var words = Array(content.prefix(used(content)))
        if 1.littleEndian != 1 { for index in words.indices { words[index] = UInt64(littleEndian: words[index]) } }
        guard words.count >= Head.allCases.count, words[Head.magic.rawValue] == magic,
            words[Head.used.rawValue] == UInt64(words.count), checksum(words, used: words.count) == words[Head.checksum.rawValue]
        else { return nil }
        return words
    }

    private static func state(_ words: [UInt64]) -> RateLimit? {
        var state = RateLimit()
        var reader = RateLimitReader(words: words, next: Head.allCases.count)
        visit(&state, &reader)
        return reader.isGood && reader.next == words.count ? state : nil
    }

    // MARK: Fields

    /// All fields of a state in the order of the file, to write them or to read them.
    private static func visit<Visitor: RateLimitVisitor>(_ state: inout RateLimit, _ visitor: inout Visitor) {
        visitor.number(&state.nextTicket)
        visitor.number(&state.pausedUntil)
        visitor.number(&state.pausedBy)
        visitor.number(&state.pausedAt)
        visitor.number(&state.hint.cutAt)
        visitor.number(&state.hint.probe)
        visitor.number(&state.hint.probeUntil)
        visitor.number(&state.distrustUntil)
        visitor.number(&state.throttles)
        visitor.number(&state.throttledAt)
        visitor.number(&state.widen)
        visitor.number(&state.widenedAt)
        visitor.number(&state.shares.orderUntil)
        visitor.number(&state.shares.answerUntil)
        visitor.number(&state.shares.pollUntil)
        visitor.number(&state.shares.sinceAnswer)
        visitor.number(&state.shares.sincePoll)
        visitor.number(&state.repeats.milli)
        visitor.number(&state.repeats.nextAt)
        visitor.number(&state.breaker.failures)
        visitor.number(&state.breaker.openUntil)
        visitor.number(&state.breaker.probe)
        visitor.number(&state.breaker.probeUntil)
        visitor.number(&state.token.refusals)
        visitor.number(&state.token.nextProbeAt)
        visitor.number(&state.token.probe)
        visitor.optional(&state.pool, TokenBucket(size: 0, refillMilli: 0, usedMilli: 0, at: 0)) { pool, visitor in
            visitor.number(&pool.shape.size)
            visitor.number(&pool.shape.refillMilli)
            visitor.number(&pool.witnesses)
            visitor.optional(&pool.rival, TokenBucket.Shape(size: 0, refillMilli: 0)) { rival, visitor in
                visitor.number(&rival.size)
                visitor.number(&rival.refillMilli)
            }
            visitor.number(&pool.usedMilli)
            visitor.number(&pool.at)
        }
        let request = RateLimit.Request(ticket: 0, reservedAt: 0, expiresAt: 0, byPool: false)
        visitor.list(&state.requests, atMost: RateLimit.capacity, request) { request, visitor in
            visitor.number(&request.ticket)
            visitor.number(&request.reservedAt)
            visitor.number(&request.expiresAt)
            visitor.number(&request.answeredAt)
            visitor.number(&request.overlapped)
            visitor.number(&request.flags)
        }
        for line in state.turns.lines.indices {
            visitor.list(&state.turns.lines[line], atMost: FairQueue.capacity, FairQueue.Place(owner: 0, until: 0)) {
                place, visitor in
                visitor.number(&place.owner)
                visitor.number(&place.until)
            }
        }
    }

    /// Over all words in use but itself: FNV-1a, a word at a time in three lanes.
    private static func checksum(_ words: [UInt64], used: Int) -> UInt64 {
        func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
            let product = (hash ^ word) &* 0x0000_0100_0000_01B3
            return product ^ product >> 29
        }
        var a: UInt64 = 0xCBF2_9CE4_8422_2325
        var b: UInt64 = 0x8422_2325_CBF2_9CE4
        var c: UInt64 = 0x2325_CBF2_9CE4_8422
        words.withUnsafeBufferPointer { words in
            a = mixed(a, words[0])
            var at = Head.checksum.rawValue + 1
            while at + 2 < used {  // Safe: `used` is no more than there are.
                a = mixed(a, words[at])
                b = mixed(b, words[at + 1])
                c = mixed(c, words[at + 2])
                at += 3
            }
            if at < used { a = mixed(a, words[at]) }
            if at + 1 < used { b = mixed(b, words[at + 1]) }
        }
        return mixed(mixed(a, b), c)
    }
}

/// Goes over the fields of a state: what writes them and what reads them share one list.
private protocol RateLimitVisitor {
    mutating func number(_ value: inout UInt64)
    mutating func list<Element>(
        _ list: inout [Element], atMost: Int, _ empty: Element, _ fields: (inout Element, inout Self) -> Void)
}

extension RateLimitVisitor {
    mutating func number(_ value: inout Int64) {
        var word = UInt64(bitPattern: value)
        number(&word)
        value = Int64(bitPattern: word)
    }

    mutating func optional<Value>(_ value: inout Value?, _ empty: Value, _ fields: (inout Value, inout Self) -> Void) {
        var isThere: UInt64 = value == nil ? 0 : 1
        number(&isThere)
        var known = value ?? empty
        if isThere != 0 { fields(&known, &self) }
        value = isThere != 0 ? known : nil
    }
}

/// Invariant: `next` is at most the number of words; what finds no room is left out.
private struct RateLimitWriter: RateLimitVisitor {
    let words: UnsafeMutableBufferPointer<UInt64>
    private(set) var next = 0

    init(words: UnsafeMutableBufferPointer<UInt64>) {
        self.words = words
    }

    mutating func put(_ word: UInt64) {
        guard next < words.count else { return }
        words[next] = word  // Safe: see the guard.
        next &+= 1
    }

    mutating func number(_ value: inout UInt64) { put(value) }

    mutating func list<Element>(
        _ list: inout [Element], atMost: Int, _ empty: Element, _ fields: (inout Element, inout Self) -> Void
    ) {
        let count = min(list.count, atMost)
        put(UInt64(count))
        for index in 0..<count { fields(&list[index], &self) }
    }
}

private struct RateLimitReader: RateLimitVisitor {
    let words: [UInt64]
    var next: Int
    /// False once there was less than a field needs.
    private(set) var isGood = true

    init(words: [UInt64], next: Int) {
        self.words = words
        self.next = next
    }

    mutating func number(_ value: inout UInt64) {
        guard words.indices.contains(next) else {
            isGood = false
            return
        }
        value = words[next]
        next += 1
    }

    mutating func list<Element>(
        _ list: inout [Element], atMost: Int, _ empty: Element, _ fields: (inout Element, inout Self) -> Void
    ) {
        var count: UInt64 = 0
        number(&count)
        guard count <= UInt64(atMost) else {
            isGood = false
            return
        }
        list.removeAll()
        for _ in 0..<count where isGood {
            var element = empty
            fields(&element, &self)
            list.append(element)
        }
    }
}

extension RateLimit.Request {
    /// What is true of it, a bit each.
    fileprivate var flags: UInt64 {
        get { (byPool ? 1 : 0) | (isOrder ? 2 : 0) | (isRepeat ? 4 : 0) }
        set { (byPool, isOrder, isRepeat) = (newValue & 1 != 0, newValue & 2 != 0, newValue & 4 != 0) }
    }
}
