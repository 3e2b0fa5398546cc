/// Which of the orders that a look-up found may be ours: they are of no other order of this outbox, and of no other channel.
struct OrderCandidates {
    let client: Client
    let round: OrderRound
    let moment: OrderRound.Moment

    func among(_ orders: [HubOrder]) throws(ChannelError) -> [HubOrder] {
        let sent = round.sent
        let firstSentAt = round.firstSentAt(moment)
        let (own, likely) = (client.identity.known, client.identity.likely)
        return try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var ours: [HubOrder] = []
                for order in orders where OrderCandidates.isOfOurChannel(order, sent, own, likely) {
                    if try isAnothers(order) { continue }
                    if order.likeness(to: round.number) == .same {
                        ours.append(order)
                        continue
                    }
                    if try hasNumberOfAnother(order) { continue }
                    if case .ours = OrderOwner.of(order, sent: sent, firstSentAt: firstSentAt, gapMs: moment.gapMs) {
                        ours.append(order)
                    }
                }
                return ours
            }
        }
    }

    private static func isOfOurChannel(_ order: HubOrder, _ sent: OrderContent, _ own: String?, _ likely: String?) -> Bool {
        guard let theirs = order.channelId else { return true }
        if let own { return Text.isSame(own, theirs) }
        // A channel that is only likely ours does not outweigh equal content.
        guard let likely, !Text.isSame(likely, theirs) else { return true }
        return sent.differences(from: order.content).isEmpty
    }

    /// Another order of this outbox is known to be this one at the hub.
    private func isAnothers(_ order: HubOrder) throws(StateError) -> Bool {
        guard let other = try client.store.outbox.row(hubId: order.id) else { return false }
        return other.id != round.row.id
    }

    /// It has exactly the number of another order of this outbox.
    private func hasNumberOfAnother(_ order: HubOrder) throws(StateError) -> Bool {
        guard let theirs = order.orderNumber, let other = try client.store.outbox.row(numberHash: client.hash(of: theirs)) else {
            return false
        }
        return other.id != round.row.id
    }
}
