/// What a hub is planted with: how many listings, in which state, with which past.
///
/// The same seed gives the same catalogue on every machine; only the dates follow the clock.
struct Seed: Equatable {
    struct Unknown: Error, CustomStringConvertible {
        var description: String
    }

    var name: String
    /// Exactly so many variants of the hub's own channel.
    var variants: Int
    /// The number the random generator starts from.
    var number = 1
    /// Whether rows wait in the queues; otherwise everything was published and synced.
    var isPending = true
    /// Whether there are earlier orders with shipments of every kind, and rows of another channel.
    var hasHistory = true
    /// Whether some rows are paused, price protected or have a status change queued.
    var hasExceptions = true

    static let empty = Seed(name: "empty", variants: 0, hasHistory: false, hasExceptions: false)

    static let presets: [Seed] = [
        empty,
        Seed(name: "tiny", variants: 9, hasHistory: false, hasExceptions: false),
        Seed(name: "demo", variants: 1_180),
        Seed(name: "large", variants: 112_841),
    ]

    /// Reads `demo`, `demo,number=7`, `variants=20000` or `large,pending=off,history=off,exceptions=off`.
    static func read(_ text: String) throws(Unknown) -> Seed {
        var seed = Seed(name: "custom", variants: 0)
        for (index, part) in text.split(separator: ",").enumerated() {
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            if halves.count == 1 {
                guard index == 0, let preset = presets.first(where: { $0.name == halves[0] }) else {
                    throw Unknown(
                        description: "no seed \(part); there are \(presets.map(\.name).joined(separator: ", ")) and variants=N")
                }
                seed = preset
                continue
            }
            try seed.set(halves[0], halves[1])
        }
        return seed
    }

    private mutating func set(_ key: String, _ value: String) throws(Unknown) {
        func number() throws(Unknown) -> Int {
            guard let number = Int(value), (0...5_000_000).contains(number) else {
                throw Unknown(description: "seed \(key)=\(value) is not a number")
            }
            return number
        }
        switch key {
        case "variants": variants = try number()
        case "number": self.number = try number()
        case "pending": isPending = value == "on"
        case "history": hasHistory = value == "on"
        case "exceptions": hasExceptions = value == "on"
        default: throw Unknown(description: "no seed setting \(key); there are variants, number, pending, history, exceptions")
        }
    }

    func plant(in hub: Hub) {
        guard variants > 0 else { return }
        var grower = CatalogueGrower(seed: self, now: hub.now)
        grower.grow(into: &hub.catalogue)
        if hasExceptions { Exceptions.plant(in: &hub.catalogue, now: hub.now) }
        if hasHistory { History.plant(in: hub) }
    }
}
