/// The facts that are learnt from the hub, as a person names them.
enum LearntFact: CaseIterable {
    /// The hub's clock.
    case clock
    /// Size and refill of the request pool, and whether its headers are true.
    case pool
    /// What holds requests back: a wait that the hub asked for, a hub that fails, a token that it refuses.
    case hold
    /// Which filters the hub ignores, and how late it shows changes.
    case filters
    /// Which of the hub's channels is ours.
    case channel

    var name: String {
        switch self {
        case .clock: "clock"
        case .pool: "pool"
        case .hold: "hold"
        case .filters: "filters"
        case .channel: "channel"
        }
    }

    init?(_ name: String) {
        guard let fact = LearntFact.allCases.first(where: { $0.name == name }) else { return nil }
        self = fact
    }

    /// What is forgotten if nothing is named. Our channel is another matter: orders went there.
    static let usual: [LearntFact] = [.clock, .pool, .hold, .filters]
}
