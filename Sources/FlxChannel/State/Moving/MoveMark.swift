/// What a state says of a move: that it went elsewhere, or that it has not come here as a whole.
///
/// Invariant: a marked state has an `oldest_reader` beyond every release. So each refuses it, at the latest in its next
/// transaction, also those that know nothing of moves.
struct MoveMark: Equatable {
    enum End: Equatable {
        /// It is used at that place now.
        case moved(to: String)
        /// It is used at that place still, unless that one says that it went here.
        case unfinished(from: String)
    }

    /// Names one run of a move, in both places.
    let move: String
    let end: End

    static let nobody: Int64 = 1 << 40
    private static let (move, movedTo, unfinishedFrom) = ("move", "moved_to", "unfinished_from")

    init(_ move: String, _ end: End) {
        self.move = move
        self.end = end
    }

    /// Nil where there is none, and the state may be used.
    init?(_ meta: MetaTable) throws(StateError) {
        move = try MoveMark.lastMove(meta) ?? ""
        if let place = try meta.text(MoveMark.movedTo) {
            end = .moved(to: place)
        } else if let place = try meta.text(MoveMark.unfinishedFrom) {
            end = .unfinished(from: place)
        } else {
            return nil
        }
    }

    /// The last move of a state, which may have come to its end.
    static func lastMove(_ meta: MetaTable) throws(StateError) -> String? { try meta.text(move) }

    func write(_ meta: MetaTable) throws(StateError) {
        try MoveMark.clear(meta)
        switch end {
        case .moved(let place): try meta.set(MoveMark.movedTo, place)
        case .unfinished(let place): try meta.set(MoveMark.unfinishedFrom, place)
        }
        try meta.set(MoveMark.move, move)
        try meta.set("oldest_reader", "\(MoveMark.nobody)")
    }

    /// The state may be used from now on. Which move it came by stays, so that a run of it that is done twice knows.
    static func clear(_ meta: MetaTable) throws(StateError) {
        try meta.remove(movedTo)
        try meta.remove(unfinishedFrom)
        try meta.set("oldest_reader", "\(Schema.steps.last?.oldestReader ?? Schema.known)")
    }

    var refusal: StateError {
        switch end {
        case .moved(let place): .moved(to: Redaction.clean(place, longest: 300), move: move)
        case .unfinished(let place): .unfinished(from: Redaction.clean(place, longest: 300))
        }
    }
}
