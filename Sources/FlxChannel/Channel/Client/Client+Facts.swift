/// What was learnt from the hub and is kept beside the orders (decision 26).
extension Client {
    static let clockKey = "hub_clock"

    /// The hub's clock as an earlier process knew it.
    static func keptClock(_ store: Store) -> Learnt<Int64>? {
        let text = try? store.read { () throws(StateError) in try store.meta.text(clockKey) ?? "" }
        return text.flatMap { Learnt(text: $0) }
    }

    /// Keeps what two answers said of the hub's clock, once a day or when it changed. At the end of a call that wrote anyway;
    /// it is never worth an error, nor a wait that the call does not have.
    func keepClock() {
        guard let fact = clock.news() else { return }
        let text = fact.text
        let isKept: Void? = try? state { () throws(StateError) in
            try store.write { () throws(StateError) in try store.meta.set(Client.clockKey, text) }
        }
        if isKept != nil { clock.keep(fact) }
    }
}
