/// Takes waiting answers out of the state to send them: those of the first feed that nobody pulls or answers.
struct AnswerLeases {
    let client: Client

    struct Taken {
        var answers: AnswerSending?
        /// Who has feeds with waiting answers.
        var holders: [FeedHolder] = []
    }

    func take() throws(ChannelError) -> Taken {
        var taken = Taken()
        for feed in Feed.all where taken.answers == nil {
            guard let operation = feed.answerOperation else { continue }
            guard try !waiting(of: feed).isEmpty else { continue }
            switch try client.lease(feed, as: .flush) {
            case .taken(let lease): taken.answers = try answers(of: feed, by: operation, lease)
            case .held(let holder): taken.holders.append(holder)  // a pull of this feed is in use; its answers wait for its end
            }
        }
        return taken
    }

    /// Only under the lease are they ours: another process may have sent them, or an older form of them, in between.
    private func answers(of feed: Feed, by operation: Operation, _ lease: FeedLease) throws(ChannelError) -> AnswerSending? {
        let rows: [AnswerRow]
        do { rows = try waiting(of: feed) } catch {
            lease.release()
            throw error
        }
        guard !rows.isEmpty else {
            lease.release()
            return nil
        }
        return AnswerSending(client, feed: feed, operation: operation, rows: rows, lease: lease)
    }

    private func waiting(of feed: Feed) throws(ChannelError) -> [AnswerRow] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.waiting(feed: feed.rawValue, now: client.store.clock.wallMs(), limit: 500)
            }
        }
    }
}
