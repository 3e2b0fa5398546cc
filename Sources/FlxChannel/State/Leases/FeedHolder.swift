/// Who holds a feed (or a cursor of one), as it stands in a slot of the lock file.
///
/// Times that are compared are of the monotonic clock, which all processes of a machine share and nobody sets; a machine
/// that sleeps makes nobody idle. The instant for people is of the wall clock.
struct FeedHolder: Equatable {
    enum Role: Int64 {
        case pull = 1
        /// A flush that sends answers.
        case flush = 2
        /// A call that sets a cursor.
        case set = 3

        /// What holds a feed for one call only is in that call from the first moment.
        var firstUseMs: Int64 { self == .pull ? 0 : 1000 }
    }

    let feed: Int32
    /// Of the cursor; empty for a feed that has none.
    let name: String
    let role: Role
    let process: ProcessName
    /// By the wall clock.
    let since: Int64
    /// Unused for so long it may be taken over.
    let idleLimitMs: Int64
    /// When the last call into it was over, or the deadline of the one that goes on.
    var usedUntilMs: Int64
    /// Set by who took it over: this one has lost it.
    var taker: FeedTaker?

    func isOf(_ feed: Int32, _ name: String) -> Bool { self.feed == feed && Text.isSame(self.name, name) }

    /// Whether it is the same, whatever became of it since.
    func isSameHolding(as other: FeedHolder) -> Bool {
        isOf(other.feed, other.name) && role == other.role && process == other.process && since == other.since
    }

    /// Whether a call into it goes on, within its deadline.
    func isInCall(now: Int64 = Clock.monotonicMs()) -> Bool { now < usedUntilMs }

    func idleMs(now: Int64 = Clock.monotonicMs()) -> Int64 { max(0, now &- usedUntilMs) }

    func isIdle(now: Int64 = Clock.monotonicMs()) -> Bool { !isInCall(now: now) && idleMs(now: now) >= idleLimitMs }
}

/// Who took a feed over, and when by the wall clock.
struct FeedTaker: Equatable {
    let process: ProcessName
    let at: Int64
}

/// A holder as words of the lock file. The bytes are foreign: what makes no holder is none.
extension FeedHolder {
    static let wordCount = 24
    /// Where the holder alone writes, and where its taker alone does.
    static let usedWord = 6
    static let takerWord = 7
    private static let mark: Int64 = 0x464C_5848_4F4C_4431  // "FLXHOLD1"
    private static let mostName = 64

    init?(_ words: ArraySlice<Int64>) {
        let word = Array(words)
        guard word.count == FeedHolder.wordCount, word[0] == FeedHolder.mark, let role = Role(rawValue: word[2]),
            let feed = Int32(exactly: word[1]), (0...FeedHolder.mostName).contains(Int(clamping: word[13]))
        else { return nil }
        self.feed = feed
        self.role = role
        process = ProcessName(pid: word[3], name: FeedHolder.text(word[11...12]))
        since = word[4]
        idleLimitMs = max(1000, word[5])
        usedUntilMs = word[FeedHolder.usedWord]
        name = String(decoding: FeedHolder.bytes(word[14...21]).prefix(Int(clamping: word[13])), as: UTF8.self)
        guard word[7] != 0 else { return }
        taker = FeedTaker(process: ProcessName(pid: word[7], name: FeedHolder.text(word[9...10])), at: word[8])
    }

    var words: [Int64] {
        [FeedHolder.mark, Int64(feed), role.rawValue, process.pid, since, idleLimitMs, usedUntilMs, 0, 0, 0, 0]
            + FeedHolder.words(process.name, 2) + [Int64(name.utf8.count)] + FeedHolder.words(name, 8) + [0, 0]
    }

    /// What a taker leaves with who had it.
    static func words(of taker: FeedTaker) -> [Int64] { [taker.process.pid, taker.at] + words(taker.process.name, 2) }

    private static func words(_ text: String, _ count: Int) -> [Int64] {
        var words = [UInt64](repeating: 0, count: count)
        for (index, byte) in text.utf8.prefix(count * 8).enumerated() { words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8) }
        return words.map { Int64(bitPattern: $0) }
    }

    private static func bytes(_ words: ArraySlice<Int64>) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    private static func text(_ words: ArraySlice<Int64>) -> String {
        Redaction.clean(String(decoding: bytes(words).prefix { $0 != 0 }, as: UTF8.self))
    }
}
