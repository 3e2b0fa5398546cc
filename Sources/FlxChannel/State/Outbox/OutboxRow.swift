/// Where an order of the outbox is on its way; the raw values stand in the state file.
enum OutboxState: Int32, Sendable, CaseIterable {
    /// Accepted.
    case queued = 1
    /// On the wire, or was when its sender died.
    case sending = 2
    /// Its verdict is known.
    case resolved = 3
    /// The host has taken the result.
    case settled = 4
}

/// One order of the outbox. Instants are wall clock milliseconds since 1970.
struct OutboxRow {
    let id: Int64
    /// nil only if an older release purged it.
    let number: String?
    let digest: [UInt8]
    let digestVersion: Int64
    /// The frozen bytes; nil when purged, and in lists, which leave it out.
    let wire: [UInt8]?
    /// Which content of this number it is, from 1.
    let revision: Int64
    /// The buyer's data was taken out.
    let isPurged: Bool
    var state: OutboxState
    var verdict: Verdict
    var hubId: String?
    var hubStatus: String?
    /// POSTs that went on the wire.
    var attempts: Int64
    /// Look-ups since the last of them.
    var lookups: Int64
    /// Some attempt may have reached the hub.
    var ambiguous: Bool
    var nextAt: Int64
    /// When the last attempt left; nil if none did.
    var sentAt: Int64?
    /// When this content left first, by the hub's clock; nil if that was not known.
    var firstSentAt: Int64?
    /// The hub answered an attempt with this id and did not say whose it is: the order is posted no more.
    var toldId: String?
    /// Grows with each change; who finds it grown was overtaken.
    private(set) var fencingToken: Int64
    let submittedAt: Int64
    let orderedAt: Int64?
    var resolvedAt: Int64?
    var settledAt: Int64?
    /// FLX_E_ or 0.
    var code: Int64
    var message: String
    /// The order status at the hub is still of interest.
    var watched: Bool

    mutating func raiseFencingToken() { fencingToken &+= 1 }
}

/// How many orders have a state and verdict.
struct OutboxCount: Equatable {
    let state: OutboxState
    let verdict: Verdict
    let count: Int64
}
