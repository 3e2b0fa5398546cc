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
}
