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
    static func of(_ order: HubOrder, sent: OrderContent, firstSentAt: Int64?, isNew: Bool = false) -> OrderOwner {
        let differing = sent.differences(from: order.content)
        if let madeAt = order.insertedAt?.ms, let firstSentAt {
            if madeAt >= firstSentAt &- secondMs { return .ours(differing: differing) }
            if differing.isEmpty { return .ours(differing: []) }  // our state was lost, and it was submitted again
            return madeAt < firstSentAt &- clockDoubtMs ? .somebodyElse(differing: differing) : .unclear(differing: differing)
        }
        return differing.isEmpty || isNew ? .ours(differing: differing) : .unclear(differing: differing)
    }
}
