/// The whole state of the sandbox.
///
/// Invariant: only the event loop of the server touches it, which is why it needs no lock; tests use it from one thread.
final class Hub: @unchecked Sendable {
    static let accountId = 9001
    static let channelId = 501
    /// A second channel of the same account, whose rows a Channel token should not see.
    static let otherChannelId = 502
    static let sourceId = 71

    var clock: HubClock
    var switches = Switches()
    var tokens: Tokens
    var catalogue = Catalogue()
    var pasts = PastPages()
    var orders = OrderBook()
    var shipments = ShipmentBook()
    var returns = ReturnBook()
    var answers = AnswerBook()
    var faults = FaultPlan()
    var journal: Journal
    var limiters: [ByteText: Limiter] = [:]
    var random = SeededRandom(seed: 1)
    var seed: Seed
    /// Admin actions kept for a later request.
    var steps: [(request: Int, node: JSONValue)] = []
    /// Bytes of the last answer's body, for the fault that sends it again.
    var previousBody: [UInt8] = []

    init(clock: HubClock = .system, tokens: Tokens = Tokens(), seed: Seed = .empty, journal: Journal = Journal()) {
        (self.clock, self.tokens, self.seed, self.journal) = (clock, tokens, seed, journal)
        plant()
    }

    var now: Instant { clock.now }

    /// Empties the hub and plants the seed again; switches, faults and journal are left to the caller.
    func plant() {
        catalogue = Catalogue()
        pasts = PastPages()
        orders = OrderBook()
        shipments = ShipmentBook()
        returns = ReturnBook()
        answers = AnswerBook()
        limiters = [:]
        random = SeededRandom(seed: seed.number)
        seed.plant(in: self)
    }
}
