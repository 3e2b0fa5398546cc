/// A kind of incoming data; the raw values are FLX_FEED_ of the header.
enum Feed: Int32, Sendable {
    case listingsToPublish = 1
    case listingsToSync = 2
    case listings = 3
    case orders = 4
    case shipments = 5
    case returns = 6

    static let all: [Feed] = [.listingsToPublish, .listingsToSync, .listings, .orders, .shipments, .returns]

    static func named(_ name: String) -> Feed? {
        all.first { $0.name == name }
    }

    var name: String {
        switch self {
        case .listingsToPublish: "listings_to_publish"
        case .listingsToSync: "listings_to_sync"
        case .listings: "listings"
        case .orders: "orders"
        case .shipments: "shipments"
        case .returns: "returns"
        }
    }

    /// Its records come until they are answered; the other feeds have a cursor.
    var isQueue: Bool { self == .listingsToPublish || self == .listingsToSync }

    /// Each of its records is of an order, whose number the host knows it by.
    var isOfOrders: Bool { self == .shipments || self == .returns }

    /// Its list is of the token's channel alone by its documentation (contract 3.3, 3.6); of the others that is inferred.
    var isOfOneChannel: Bool { self == .listingsToPublish || self == .listingsToSync || self == .listings }

    /// The operation that gives its pages.
    var operation: Operation {
        switch self {
        case .listingsToPublish: OperationTable.getListingParents
        case .listingsToSync, .listings: OperationTable.getListingVariants
        case .orders: OperationTable.listOrders
        case .shipments: OperationTable.listShipments
        case .returns: OperationTable.listReturns
        }
    }

    /// The operation that tells the hub what became of its records; nil for a cursor feed.
    var answerOperation: Operation? {
        switch self {
        case .listingsToPublish: OperationTable.acknowledgeListingParents
        case .listingsToSync: OperationTable.acknowledgeListingVariants
        case .listings, .orders, .shipments, .returns: nil
        }
    }

    /// Default page size.
    var pageSize: Int64 {
        self == .listingsToPublish ? PageSize.parents : PageSize.others
    }

    /// The parameter that says from when on, which the cursor sets; returns have none (contract 6).
    var boundParameter: String? {
        switch self {
        case .listings, .orders: "updatedAfter"
        case .shipments: "filterUpdatedAfter"
        case .listingsToPublish, .listingsToSync, .returns: nil
        }
    }

    /// Arguments that make the operation this feed; the host cannot change them.
    var fixedArguments: [(name: String, value: String)] {
        switch self {
        case .listingsToPublish: [("publish", "true")]
        case .listingsToSync: [("sync", "true")]
        case .listings, .orders, .shipments, .returns: []
        }
    }

    /// What a channel wants unless the host says otherwise.
    var defaultArguments: [(name: String, value: String)] {
        switch self {
        case .listingsToPublish:
            [
                ("includeImages", "true"), ("includeOptions", "true"), ("includeAttributes", "true"),
                ("includeCategories", "true"), ("includeCustomFields", "true"),
            ]
        case .listingsToSync:
            // contract 9, row 23: a queued status change may stand in the parent only
            [("includeParent", "true"), ("includeOptions", "true"), ("includeCustomFields", "true")]
        case .listings: [("includeImages", "true"), ("includeOptions", "true"), ("includeCustomFields", "true")]
        case .orders: [("includeTags", "true")]
        case .shipments, .returns: []
        }
    }

    /// Arguments of the operation that a host may set: not the paging, not what the library sets itself.
    var filters: [Argument] {
        let pages = operation.pages.parameters
        let ours = [pages.number, pages.size, boundParameter ?? ""] + withheld
        return operation.arguments.filter { !ours.contains($0.name) }
    }

    /// The query of the feed without its paging and bound, with the `filters` of a host.
    func fixedQuery(overriddenBy filters: [(String, String)]) -> [(String, String)] {
        fixedArguments.map { ($0.name, $0.value) } + includeQuery(overriddenBy: filters)
    }

    private func includeQuery(overriddenBy filters: [(String, String)]) -> [(String, String)] {
        var query: [(String, String)] = []
        for (name, value) in defaultArguments where !filters.contains(where: { $0.0 == name }) {
            query.append((name, value))
        }
        return query + filters
    }

    /// What its records are to hold, without what makes a choice among them: for records that are wanted whatever became
    /// of them since.
    func shapeQuery(overriddenBy filters: [(String, String)]) -> [(String, String)] {
        includeQuery(overriddenBy: filters.filter { $0.0.utf8.starts(with: "include".utf8) && $0.0 != Feed.choosing })
    }

    /// The one name that begins like those which shape a record, and chooses (contract 3.6).
    private static let choosing = "includeHavingImagesCached"

    /// A channel token is of one channel; reading a queue outside its feed would oblige to an answer; and the re-read of
    /// answered rows has a bound of its own.
    private var withheld: [String] {
        switch self {
        case .listingsToPublish: ["channelId", "publish", "updatedAfter"]
        case .listingsToSync: ["channelId", "sync", "updatedAfter"]
        case .listings: ["channelId", "sync"]
        case .orders, .shipments, .returns: ["channelId"]
        }
    }
}
