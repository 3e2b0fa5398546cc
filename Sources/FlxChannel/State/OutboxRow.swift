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
    /// nil when purged.
    let number: String?
    let digest: [UInt8]
    let digestVersion: Int64
    /// The frozen bytes; nil when purged, and in lists, which leave it out.
    let wire: [UInt8]?
    var state: OutboxState
    var verdict: Verdict
    var hubId: String?
    var hubStatus: String?
    /// POSTs that went on the wire.
    var attempts: Int64
    var lookups: Int64
    /// Some attempt may have reached the hub.
    var ambiguous: Bool
    var nextAt: Int64
    /// Who sends the order raises it; who finds it raised was overtaken.
    var fence: Int64
    let submittedAt: Int64
    let orderedAt: Int64?
    var resolvedAt: Int64?
    var settledAt: Int64?
    /// FLX_E_ or 0.
    var code: Int64
    var message: String
    /// The order status at the hub is still of interest.
    var watched: Bool
}

/// How many orders have a state and verdict.
struct OutboxCount: Equatable {
    let state: OutboxState
    let verdict: Verdict
    let count: Int64
}
