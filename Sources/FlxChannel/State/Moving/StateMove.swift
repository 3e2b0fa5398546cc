/// Moves the whole state of a channel to another place, while nobody uses it.
///
/// It takes three commits, so that a kill at any moment leaves one place that may be used, or none until the move is run again:
///
/// 1. all rows are in the new place, which is marked as unfinished: the old one is used as before, and a second run begins anew;
/// 2. the old place is marked as moved, within the transaction that kept writers out since before 1: neither is used, and a
///    second run goes on with 3;
/// 3. the new place has no mark any more.
///
/// What belongs to a place stays there: who holds feeds, the budget of a token, what is known of the hub's clock by the clock of
/// the place. When records are read again is dated by a boot, so that it is not taken along, which makes them due.
struct StateMove {
    private let source: any StateHome
    private let destination: any StateHome
    private let channel: String
    private let origin: String
    private let waitMs: Int64

    /// Moves the state of `channel`, or ends a move that was cut off. Waits at most `waitMs` for others.
    static func run(
        from: StatePlace, to: StatePlace, channel: String, origin: String, waitMs: Int64
    ) throws(StateError) {
        if case .directory(let directory) = from, !LocalHome.isThere(directory: directory, channel: channel) {
            throw .absent(directory)  // else it would be made
        }
        let source = try Store.home(from, channel: channel)
        defer { source.close() }
        let destination = try elsewhere { () throws(StateError) in try Store.home(to, channel: channel) }
        defer { destination.close() }
        let move = StateMove(source: source, destination: destination, channel: channel, origin: origin, waitMs: waitMs)
        let start = Clock.monotonicMs()
        do throws(StateError) { try move.run() } catch { throw error.after(ms: Clock.monotonicMs() - start) }
    }

    private func run() throws(StateError) {
        let there = try StateMove.elsewhere { () throws(StateError) in try look() }
        guard try source.isThere(by: deadline) else { throw .absent("the place that it was to be moved from") }
        let found: StateFound
        do throws(StateError) {
            found = try source.prepare(channel: channel, origin: origin, by: deadline)
        } catch {
            guard case .moved(_, let move) = error, let last = there?.move, Text.isSame(last, move) else { throw error }
            return try finish(move)
        }
        try there?.check(key: Text.hex(found.key))  // soon, and before one place waits for itself
        try finish(try carry(key: Text.hex(found.key)))
    }

    private var deadline: Deadline { .after(ms: waitMs) }

    /// What stands where the state is to be moved to; nil for nothing.
    private func look() throws(StateError) -> Arrival? {
        var there: Arrival?
        _ = try destination.arrive(making: false, by: deadline) { () throws(StateError) in
            there = try Arrival(destination)
        }
        return there
    }

    /// The first two commits.
    ///
    /// - Returns: the name of the move.
    private func carry(key: String) throws(StateError) -> String {
        guard let random = Random.bytes(16) else { throw .random }
        let move = Text.hex(random)
        try source.write(by: deadline) { () throws(StateError) in
            if let user = try source.user() { throw .used(by: user) }
            let meta = MetaTable(database: source.database)
            guard let schema = try meta.number("schema"), schema == Schema.known else {
                // A newer one may hold what this release would leave behind.
                throw .newer(schema: try meta.number("schema") ?? 0, known: Schema.known)
            }
            let from = try source.name()
            var place = ""
            try StateMove.elsewhere { () throws(StateError) in
                _ = try destination.arrive(making: true, by: deadline) { () throws(StateError) in
                    let there = try Arrival(destination)
                    try there.check(key: key)
                    place = there.place
                    try MovedTable.moveAll(from: source.database, to: destination.database)
                    let copy = MetaTable(database: destination.database)
                    try copy.remove("hub_clock")
                    try MoveMark(move, .unfinished(from: from)).write(copy)
                    destination.database.wait(until: StateMove.patience)
                }
            }
            try MoveMark(move, .moved(to: place)).write(meta)
            source.database.wait(until: StateMove.patience)
        }
        return move
    }

    /// The third, unless an earlier run came so far.
    private func finish(_ move: String) throws(StateError) {
        try StateMove.elsewhere { () throws(StateError) in
            _ = try destination.arrive(making: false, by: deadline) { () throws(StateError) in
                let meta = MetaTable(database: destination.database)
                guard let mark = try MoveMark(meta), case .unfinished = mark.end, Text.isSame(mark.move, move) else { return }
                try MoveMark.clear(meta)
            }
        }
    }

    /// For one exchange with a place that has let us in.
    static var patience: Deadline { .after(ms: 60_000) }

    private static func elsewhere<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        do throws(StateError) { return try body() } catch {
            switch error {
            case .occupied, .unfinished, .atSource: throw error
            default: throw .atDestination(error)
            }
        }
    }
}

/// What stands where a state is to be moved to.
struct Arrival {
    let place: String
    /// Of the state that is there; nil before it has an identity.
    let key: String?
    let mark: MoveMark?
    /// The last move that it saw.
    let move: String?
    /// Nothing but tables was made yet.
    private let isBlank: Bool

    /// Within a transaction.
    init(_ home: any StateHome) throws(StateError) {
        let meta = MetaTable(database: home.database)
        if let schema = try meta.number("schema"), schema > Schema.known { throw .newer(schema: schema, known: Schema.known) }
        place = try home.name()
        key = try meta.text("key")
        mark = try MoveMark(meta)
        move = try MoveMark.lastMove(meta)
        isBlank = key == nil ? try Identity.isBlank(meta, home.database) : false
    }

    /// Throws if the state with this key may not take its place. What that state itself left here is worth nothing: it went on
    /// elsewhere, or was never used here.
    func check(key: String) throws(StateError) {
        if isBlank { return }
        let isOurs = self.key.map { Text.isSame($0, key) } == true
        guard let mark, isOurs else {
            if let mark, case .unfinished = mark.end { throw mark.refusal }
            throw .occupied(place)
        }
    }
}
