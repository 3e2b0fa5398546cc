/// Where an answer is on its way; the raw values stand in the state file.
enum AnswerState: Int32, Sendable, CaseIterable {
    case waiting = 1
    /// Its verdict is known.
    case sent = 2
}

/// The host's answer for one record of a queue feed. Instants are wall clock milliseconds since 1970.
struct AnswerRow {
    /// Grows with each change that readers of results care about; 0 before it is stored.
    var seq: Int64
    let feed: Int32
    let recordId: String
    /// The host's answer, as JSON.
    var body: [UInt8]
    /// The fetch instant, by the hub's clock.
    let fetchedAt: Int64
    /// The status change that the hub had queued when the record was fetched.
    var pending: String?
    var state: AnswerState
    var verdict: Verdict
    var attempts: Int64
    var nextAt: Int64
    var message: String
    var httpStatus: Int64
    /// When the host answered, and from the verdict on the time of the verdict.
    var answeredAt: Int64
    /// The record is to be read once more after this answer, because the answer may have hidden a change.
    var recheck: Bool
    /// The instant of the record's content, where the hub tells it.
    var contentAt: Int64?
    /// Of the record's content, where no instant can tell whether it changed before the answer arrived.
    var fingerprint: String? = nil
    /// What the hub's list finds the record by, where it does not take ids.
    var sku: String? = nil
    /// Readings in a row that did not settle it.
    var rereads: Int64 = 0
    /// Not read once more before this, by the boot clock of the boot that `boot` names; nil if nobody said when.
    var rereadAt: Int64? = nil
    var boot: Int64? = nil
    /// When the hub took the answer, by its own clock and no earlier than that; nil if it does not count.
    var answeredHub: Int64? = nil
}

/// How many answers of a feed have a state and verdict.
struct AnswerCount: Equatable {
    let feed: Int32
    let state: AnswerState
    let verdict: Verdict
    let count: Int64
}
