/// Whose an order is that the hub shows under a number of ours (decision 12).
///
/// Its lines alone say little: people at the hub edit orders. When it was made says most: one that the hub made after our
/// first attempt is ours.
enum OrderOwner: Equatable {
    /// With the fields that differ from what was sent.
    case ours(differing: [String])
    /// It cannot be told; a person has to look.
    case unclear(differing: [String])
    case somebodyElse(differing: [String])

    /// Instants of the hub are whole seconds.
    private static let secondMs: Int64 = 2_000
    /// How much two clocks of the hub may differ, and our notion of them.
    private static let clockDoubtMs: Int64 = 15 * 60 * 1000

    /// - Parameters:
    ///   - firstSentAt: When this content left first, by the hub's clock; nil if that is not known.
    ///   - isNew: The hub said with status 201 that it made the order for us just now.
    ///   - isDenied: The hub took none of our attempts, so that what it has was there before them.
    ///   - gapMs: How much later it is by our clock than by the hub's `Date`. A hub may write its records by a clock that is
    ///     like either: where the two contradict each other, an order must be older or newer by both.
    static func of(
        _ order: HubOrder, sent: OrderContent, firstSentAt: Int64?, isNew: Bool = false, isDenied: Bool = false, gapMs: Int64 = 0
    ) -> OrderOwner {
        let differing = sent.differences(from: order.content)
        if differing.isEmpty { return .ours(differing: []) }  // also if our state was lost, and it was submitted again
        guard let madeAt = order.insertedAt?.ms, let firstSentAt else {
            return isNew ? .ours(differing: differing) : .unclear(differing: differing)
        }
        let gapMs = abs(gapMs) > clockDoubtMs ? gapMs : 0
        if madeAt < firstSentAt &+ min(0, gapMs) &- clockDoubtMs { return .somebodyElse(differing: differing) }
        guard madeAt >= firstSentAt &+ max(0, gapMs) &- secondMs else {
            return isNew ? .ours(differing: differing) : .unclear(differing: differing)
        }
        // Somebody else may have used the number at the same time: for another buyer and other goods.
        let isLikeOurs = isNew || !(isDenied || sent.isAnother(by: differing))
        return isLikeOurs ? .ours(differing: differing) : .unclear(differing: differing)
    }
}
