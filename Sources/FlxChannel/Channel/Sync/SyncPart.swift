/// One kind of work of a round.
enum SyncPart: CaseIterable {
    /// What became of orders.
    case results
    case publish
    case sync
    case orders
    case shipments
    case returns
    /// Listings that the hub no longer has.
    case gone

    static func named(_ name: String) -> SyncPart? { allCases.first { $0.name == name } }

    /// In a plan, and in the summary.
    var name: String {
        switch self {
        case .results: "results"
        case .publish: "publish"
        case .sync: "sync"
        case .orders: "orders"
        case .shipments: "shipments"
        case .returns: "returns"
        case .gone: "gone"
        }
    }

    /// What is read for it page by page; nil where its own rules apply.
    var feed: Feed? {
        switch self {
        case .publish: .listingsToPublish
        case .sync: .listingsToSync
        case .orders: .orders
        case .shipments: .shipments
        case .returns: .returns
        case .results, .gone: nil
        }
    }

    /// The feed whose lease a round has while it is at it.
    var held: Feed { feed ?? (self == .gone ? .listings : .orders) }

    /// How long after a read that came to its end the next one is due, unless the plan says otherwise.
    var everyS: Int64 {
        switch self {
        case .results, .publish, .sync, .orders, .shipments: 0
        case .returns: 3600
        case .gone: 86_400
        }
    }
}
