/// Who holds which feed, in a table of the server. A slot's lock ends with the session of its holder.
///
/// Idle times stand there by the server's clock, and are told by ours.
final class ServerSlots: FeedSlots {
    private let home: ServerHome
    private let tables: ServerDatabase
    private var session: Int64
    private var mine: Int?
    /// What we wrote last, and what is enough of it: a feed is not lost for a few seconds more or less.
    private var known: (holder: FeedHolder, usedMs: Int64, seenMs: Int64)?

    init(_ home: ServerHome, _ tables: ServerDatabase) {
        self.home = home
        self.tables = tables
        session = home.sessionNumber
    }

    deinit { close() }

    func records() throws(StateError) -> [(slot: Int, holder: FeedHolder)] {
        let query = try tables.statement("SELECT slot, words, used FROM holders ORDER BY slot")
        var found: [(slot: Int, holder: FeedHolder)] = []
        while try query.step() {
            guard let slot = Int(exactly: try query.integer(0)), (0..<FeedLeases.capacity).contains(slot) else { continue }
            if let holder = holder(try query.bytes(1), used: try query.integer(2)) { found.append((slot, holder)) }
        }
        return found
    }

    private func holder(_ bytes: [UInt8], used: Int64) -> FeedHolder? {
        var words = ServerSlots.words(bytes)
        guard words.count == FeedHolder.wordCount else { return nil }
        words[FeedHolder.usedWord] = used &- home.serverClock.idleOffsetMs()
        return FeedHolder(words[...])
    }

    /// Asked of the server in a transaction, whose change depends on it; else what was so a second ago is good enough.
    func holder(at slot: Int) -> FeedHolder? {
        if let known, !home.isInTransaction, session == home.sessionNumber, Clock.monotonicMs() &- known.seenMs < 1000 {
            return known.holder
        }
        var found: FeedHolder?
        do throws(StateError) {
            let deadline = Deadline.after(ms: 2000).earlier(CallDeadline.current)
            try home.alone(by: deadline) { deadline throws(StateError) in
                // The lock went with its session: ours again, if nobody was there in between.
                if session != home.sessionNumber {
                    guard try home.take(ServerLock.slot(slot), by: deadline) else { return }
                    session = home.sessionNumber
                }
                found = try look(slot, by: deadline)
            }
        } catch {
            return home.isInTransaction ? nil : known?.holder  // whoever writes next is asked in earnest
        }
        // Whoever had the slot while the lock was free wrote another record into it.
        guard let found, let known, found.isSameHolding(as: known.holder) else { return nil }
        self.known = (found, known.usedMs, Clock.monotonicMs())
        return found
    }

    private func look(_ slot: Int, by deadline: Deadline) throws(StateError) -> FeedHolder? {
        let result = try home.ask("SELECT words, used FROM holders WHERE slot = $1", [.number(Int64(slot))], by: deadline)
        guard let bytes = result.bytes(0, 0), let used = ServerValue.number(result.bytes(0, 1) ?? [], type: result.type(1)) else {
            return nil
        }
        return holder(bytes, used: used)
    }

    func take(_ slot: Int) throws(StateError) -> Bool {
        guard try home.take(ServerLock.slot(slot), by: tables.deadline) else { return false }
        (mine, session) = (slot, home.sessionNumber)
        return true
    }

    func write(_ holder: FeedHolder, at slot: Int) throws(StateError) {
        let change = try tables.change(
            """
            INSERT INTO holders (slot, words, used) VALUES (?1, ?2, ?3)
              ON CONFLICT (slot) DO UPDATE SET words = excluded.words, used = excluded.used
            """)
        try change.bind(1, Int64(slot))
        try change.bind(2, ServerSlots.bytes(holder.words))
        try change.bind(3, holder.usedUntilMs &+ home.serverClock.idleOffsetMs())
        try change.run()
        known = (holder, holder.usedUntilMs, Clock.monotonicMs())
    }

    func write(_ taker: FeedTaker, at slot: Int) throws(StateError) {
        let query = try tables.statement("SELECT words FROM holders WHERE slot = ?1")
        try query.bind(1, Int64(slot))
        guard try query.step() else { return }
        var words = ServerSlots.words(try query.bytes(0))
        let name = FeedHolder.words(of: taker)
        guard words.count == FeedHolder.wordCount else { return }
        for (index, word) in name.enumerated() where FeedHolder.takerWord + index < words.count {
            words[FeedHolder.takerWord + index] = word  // Safe: see above.
        }
        let change = try tables.change("UPDATE holders SET words = ?2 WHERE slot = ?1")
        try change.bind(1, Int64(slot))
        try change.bind(2, ServerSlots.bytes(words))
        try change.run()
    }

    /// A quarter of what makes a feed idle is not worth a word to the server.
    func write(usedUntilMs: Int64, at slot: Int) throws(StateError) {
        guard let known else { return }
        let worth = known.holder.role == .pull ? known.holder.idleLimitMs / 4 : 0
        guard abs(usedUntilMs &- known.usedMs) > worth else { return }
        _ = try home.ask(
            "UPDATE holders SET used = $2 WHERE slot = $1",
            [.number(Int64(slot)), .number(usedUntilMs &+ home.serverClock.idleOffsetMs())],
            by: Deadline.after(ms: 1000).earlier(CallDeadline.current))
        self.known?.usedMs = usedUntilMs
    }

    func check() throws(StateError) {}

    func close() {
        guard let slot = mine else { return }
        mine = nil
        home.give(ServerLock.slot(slot), ofSession: session)
    }

    private static func words(_ bytes: [UInt8]) -> [Int64] {
        (0..<bytes.count / 8).map { word in bytes[word * 8..<word * 8 + 8].reduce(0) { $0 << 8 | Int64($1) } }
    }

    private static func bytes(_ words: [Int64]) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> Int64(56 - $0 * 8)) } }
    }
}
