/// A list of the hub, and how its pages are asked for (contract 1.5).
struct HubList {
    let name: String
    let operation: String
    let page: String
    let size: String
    /// What the library asks for at a time.
    let usual: Int
    /// Its members by whose order a list may come; an id is always one.
    let instants: [String]

    static let variants = HubList(
        name: "variants", operation: "getListingVariants", page: "page", size: "pageSize", usual: 100, instants: ["updatedAt"])
    static let parents = HubList(
        name: "parents", operation: "getListingParents", page: "page", size: "pageSize", usual: 50, instants: ["updatedAt"])
    static let orders = HubList(
        name: "orders", operation: "listOrders", page: "page", size: "pageSize", usual: 100, instants: ["updatedAt"])
    static let shipments = HubList(
        name: "shipments", operation: "listShipments", page: "filterPageNumber", size: "filterPageSize", usual: 100,
        instants: ["insertedAt", "updatedAt"])
    static let returns = HubList(
        name: "returns", operation: "listReturns", page: "pageNumber", size: "pageSize", usual: 100, instants: [])

    static let all = [variants, parents, orders, shipments, returns]

    /// The spellings of the other lists: a hub that overlooks ours may know one of them.
    var otherPages: [String] { ["page", "filterPageNumber", "pageNumber"].filter { $0 != page } }
    var otherSizes: [String] { ["pageSize", "filterPageSize"].filter { $0 != size } }

    /// A question for rows of it that no more than `most` come for, under the names that the hub was found to know.
    func question(
        _ name: String, _ answers: Answers, _ arguments: [JSON.Member], most: Int? = nil, names: [String: String] = [:],
        isJoined: Bool = false
    ) -> Question {
        let pages = Pages(self, answers)
        let rows = most.map { min($0, pages.taken) } ?? pages.taken
        return Question(
            name: name, operation: operation, arguments: arguments + [.init(key: size, value: .integer(rows))],
            names: pages.names.merging(names) { $1 }, isJoined: isJoined)
    }
}
