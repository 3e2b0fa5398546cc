/// The rate limiter of one token in a row of the server, which all machines share: a grant is one statement, and changes the row
/// only if nobody has since it was read.
///
/// What the row holds is never trusted: one that makes no sense is rebuilt as if two requests had just been answered.
final class RateLimitRow: RateLimitStore, @unchecked Sendable {
    private let home: ServerHome
    private let key: [UInt8]
    private let lock = Lock()
    /// The row as we saw it last. Under `lock`.
    private var known: Known?
    /// Steps of the server's clock that the row was rebuilt after. Under `lock`.
    private var steps = 0

    private struct Known {
        var version: Int64
        var state: RateLimit
    }

    init(_ home: ServerHome, key: String) {
        self.home = home
        self.key = Array(key.utf8)
    }

    var now: ClosedRange<Int64> { home.serverClock.now }

    func update(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError) {
        guard !deadline.isOver else { throw .busy(waitedMs: 0) }  // it would cost an exchange to find that out
        let deadline = deadline.earlier(.after(ms: RateLimitFile.longestWaitMs))
        let start = Clock.monotonicMs()
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
        defer { lock.unlock() }
        do throws(StateError) { try change(by: deadline, body) } catch {
            known = nil
            switch error {
            case .forked: throw .forked
            case .busy: throw .busy(waitedMs: Clock.monotonicMs() - start)
            default: throw .state(error.message)
            }
        }
    }

    private func change(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(StateError) {
        var isFresh = false
        while true {
            if known == nil {
                known = try read(by: deadline)
                isFresh = true
            }
            guard let before = known else { throw .misuse(what: "a rate limit was read and is not there") }
            // C-02: set back or forth, the server's clock does not tell how long ago the row's requests were.
            let seen = home.serverClock.steps
            let isDated = seen == steps && before.state.isPlausible(now: now.upperBound)
            var state = isDated ? before.state : RateLimit.conservative(now: now.upperBound)
            body(&state)
            let (old, new) = (words(before.state), words(state))
            if old.count == new.count, RateLimitLayout.isSame(old, new, used: new.count) {
                if isFresh { return }  // else somebody may have changed it
                known = nil
                continue
            }
            if try write(new, version: before.version, by: deadline) {
                known = Known(version: before.version &+ 1, state: state)
                steps = seen
                return
            }
            known = nil
            guard !deadline.isOver else { throw .busy(waitedMs: 0) }
        }
    }

    private func read(by deadline: Deadline) throws(StateError) -> Known {
        let sent = Clock.monotonicMs()
        let row = try home.ask(
            """
            SELECT (SELECT version FROM rate_limits WHERE token = $1), (SELECT words FROM rate_limits WHERE token = $1),
              floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
            """, [.bytes(key)], by: deadline)
        learn(row, 2, sent)
        let moment = Moment(bootMs: now.upperBound, wallMs: now.upperBound)
        let fresh = RateLimit.conservative(now: now.upperBound)
        guard let version = ServerValue.number(row.bytes(0, 0) ?? [], type: row.type(0)), let bytes = row.bytes(0, 1) else {
            return Known(version: -1, state: fresh)
        }
        let words = RateLimitRow.words(bytes)
        let state = RateLimitLayout.decode(words, boot: RateLimitRow.boot, at: moment)?.state
        return Known(version: version, state: state ?? fresh)
    }

    /// False if somebody else was first.
    private func write(_ words: [UInt64], version: Int64, by deadline: Deadline) throws(StateError) -> Bool {
        let sent = Clock.monotonicMs()
        let clock: StaticString = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        let values: [ServerValue] = [.bytes(key), .number(version), .bytes(RateLimitRow.bytes(words))]
        let row = try home.ask(
            version < 0
                ? "INSERT INTO rate_limits (token, version, words) VALUES ($1, $2 + 1, $3) ON CONFLICT DO NOTHING RETURNING version, \(clock)"
                : "UPDATE rate_limits SET version = version + 1, words = $3 WHERE token = $1 AND version = $2 RETURNING version, \(clock)",
            values, by: deadline)
        learn(row, 1, sent)
        return row.rowCount > 0
    }

    private func learn(_ row: ServerResult, _ column: Int32, _ sent: Int64) {
        guard let ms = ServerValue.number(row.bytes(0, column) ?? [], type: row.type(column)) else { return }
        home.serverClock.learn(ms, between: sent, and: Clock.monotonicMs())
    }

    // The words of a rate limit file, with the server's clock for that of the boot.

    private static let boot: UInt64 = 1

    private func words(_ state: RateLimit) -> [UInt64] {
        var state = state
        var words = [UInt64](repeating: 0, count: RateLimitLayout.wordCount)
        let used = RateLimitLayout.encode(
            &state, boot: RateLimitRow.boot, at: Moment(bootMs: now.lowerBound, wallMs: now.lowerBound), into: &words)
        return Array(words.prefix(used))
    }

    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        (0..<bytes.count / 8).map { word in
            bytes[word * 8..<word * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }  // little-endian, as in the file
        }
    }

    private static func bytes(_ words: [UInt64]) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
    }
}
