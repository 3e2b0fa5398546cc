/// What the state knows of records that a page of the hub shows.
extension Client {
    /// For each version whether the host has stored it.
    func isCommitted(_ versions: [Page.Version], feed: Feed, cursor: String) throws(ChannelError) -> [Bool] {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var answers: [Bool] = []
                for version in versions {
                    answers.append(
                        try store.versions.isCommitted(feed: feed.rawValue, name: cursor, id: version.id, hash: version.hash))
                }
                return answers
            }
        }
    }

    /// The host's order numbers of shipments and returns, by the hub's order id.
    func orderNumbers(_ records: [JSONValue], feed: Feed) throws(ChannelError) -> [ByteText: String] {
        guard feed == .shipments || feed == .returns else { return [:] }
        return try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var numbers: [ByteText: String] = [:]
                for id in OrderNumbers.ids(records) {
                    var number = try store.outbox.row(hubId: id)?.number
                    if number == nil { number = try store.numbers.number(hubId: id) }
                    if let number, !number.isEmpty { numbers[id] = number }
                }
                return numbers
            }
        }
    }

    /// Those of these orders whose number is not known, and that were not asked about.
    func unknownOrders(_ ids: [String]) throws(ChannelError) -> [String] {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var unknown: [String] = []
                for id in ids {
                    if try store.outbox.row(hubId: id)?.number == nil, try store.numbers.number(hubId: id) == nil { unknown.append(id) }
                }
                return unknown
            }
        }
    }

    /// Keeps what the hub said of an order; nil if it told no number.
    func keepNumber(_ number: String?, of id: String) throws(ChannelError) {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in try store.numbers.keep(number ?? "", hubId: id, at: Clock.wallMs()) }
        }
    }
}
