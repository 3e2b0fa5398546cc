/// Whether the passes over a list prove its end: that no row was skipped, though rows came, went and moved between its pages
/// (P-01). A page that holds the whole list cannot skip.
///
/// A page skips a row only when a row before it leaves its place between two requests: it was removed, or it moved behind.
/// In order of ids, or newest change first, rows do not move behind: there a pass skipped nothing if the next one has all its
/// rows. In any other order the next one must have the same rows in the same sequence.
///
/// Invariant: keeps a few bytes a row at most, and the ids of two passes only.
struct PassProof {
    /// What can be kept of a pass from one pull to the next.
    struct Seen: Equatable {
        /// A hash of the ids in their sequence.
        var sequence: UInt64 = 0xCBF2_9CE4_8422_2325
        var rows = 0
        /// A page could not be read or came twice, or a row came that the pass before should have had: it proves nothing.
        var isFlawed = false
        /// The pass before had the same rows as far as it went.
        var hasEarlierInFront = false
    }

    private struct Pass {
        var seen = Seen()
        var ids = IdSet()
        var isAscending = true
        var isDescending = true
        var isNewestFirst = true
        /// An earlier pull began it.
        var isResumed = false

        var keepsItsOrder: Bool { isAscending || isDescending || isNewestFirst }

        /// One of which an earlier pull saw all, or the beginning.
        static func known(by seen: Seen) -> Pass {
            Pass(seen: seen, isAscending: false, isDescending: false, isNewestFirst: false, isResumed: true)
        }
    }

    private var earlier: Pass?
    private var pass = Pass()
    /// Rows of the earlier pass that this one has too.
    private var kept = 0
    private var last: (id: Int64, updatedAt: Int64?)?

    /// A page with fewer rows than this is not one that the hub cut at a size of its own (contract 9, row 6).
    private static let leastCap = 10

    /// - Parameter earlier: a pass that an earlier pull came to the end of, or nil.
    /// - Parameter begun: what an earlier pull saw of this pass, or nil.
    init(after earlier: Seen? = nil, goingOnWith begun: Seen? = nil) {
        self.earlier = earlier.map { Pass.known(by: $0) }
        if let begun { pass = Pass.known(by: begun) }
    }

    /// Of the pass that ended last.
    var ended: Seen? { earlier?.seen }

    /// Of the pass under way.
    var seen: Seen { pass.seen }

    /// Notes every row of a page as the hub sent it, good or bad, in its order.
    mutating func add(_ body: JSONPage) {
        var bad = body.bad.makeIterator()
        var nextBad = bad.next()
        var index = 0
        for record in body.records {
            while let one = nextBad, one.index == index {
                add(PassProof.shortHash(body.document.bytes[one.range]), updatedAt: nil)
                nextBad = bad.next()
                index += 1
            }
            let id = record.member("id").flatMap(OrderField.idText).flatMap { Int64($0) }
            let updatedAt = record.member("updatedAt")?.string.flatMap { Instant(iso: $0) }
            add(id ?? PassProof.shortHash(record.document.bytes[record.range]), updatedAt: updatedAt?.ms)
            index += 1
        }
        while let one = nextBad {
            add(PassProof.shortHash(body.document.bytes[one.range]), updatedAt: nil)
            nextBad = bad.next()
        }
    }

    /// A row of this pass was not there in the one before, and is older than the walk.
    mutating func foundFlaw() { pass.seen.isFlawed = true }

    /// Ends a pass; true if it is the proof, alone or with the one before it.
    mutating func endPass(_ tally: PageWalkMachine.Tally, hasRepeated: Bool, pageSize: Int64) -> Bool {
        if hasRepeated { foundFlaw() }
        defer {
            earlier = pass
            (pass, kept, last) = (Pass(), 0, nil)
        }
        let isOnePage =
            !pass.isResumed && tally.pagesWithRows <= 1 && tally.rows < min(PassProof.leastCap, Int(clamping: pageSize))
        return (isOnePage || hasAllOfEarlier) && !pass.seen.isFlawed
    }

    /// Whether this pass has all rows of the one before it, which skipped none then. Rows behind the last one of that pass are
    /// newer than the walk, or they are a flaw.
    private var hasAllOfEarlier: Bool {
        guard let earlier else { return false }
        if earlier.seen.sequence == pass.seen.sequence || pass.seen.hasEarlierInFront { return true }
        return earlier.keepsItsOrder && pass.keepsItsOrder && kept == earlier.ids.count
    }

    private mutating func add(_ id: Int64, updatedAt: Int64?) {
        pass.seen.sequence = (pass.seen.sequence ^ UInt64(bitPattern: id)) &* 0x100_0000_01B3
        pass.seen.rows &+= 1
        if let earlier, earlier.seen.rows == pass.seen.rows {
            pass.seen.hasEarlierInFront = earlier.seen.sequence == pass.seen.sequence
        }
        if let last {
            if id < last.id { pass.isAscending = false }
            if id > last.id { pass.isDescending = false }
            if let updatedAt, let before = last.updatedAt, updatedAt <= before {} else { pass.isNewestFirst = false }
        }
        last = (id, updatedAt)
        if pass.ids.insert(id), earlier?.ids.contains(id) == true { kept += 1 }
    }

    /// Stands for the id of a row that has none.
    static func shortHash(_ bytes: ArraySlice<UInt8>) -> Int64 {
        SHA256.hash(Array(bytes)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
