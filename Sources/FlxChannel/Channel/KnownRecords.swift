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
    func orderNumbers(_ records: [JSONValue], feed: Feed) throws(ChannelError) -> [String: String] {
        guard feed == .shipments || feed == .returns else { return [:] }
        var ids: Set<String> = []
        for record in records {
            if let id = record.member("orderId").flatMap(OrderField.idText) { ids.insert(id) }
        }
        return try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var numbers: [String: String] = [:]
                for id in ids {
                    if let number = try store.outbox.row(hubId: id)?.number { numbers[id] = number }
                }
                return numbers
            }
        }
    }
}
