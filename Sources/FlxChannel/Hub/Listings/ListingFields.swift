/// The members of a listing that the channel itself reads, found in one pass; of null they are absent.
struct ListingFields {
    enum Name: Int, CaseIterable {
        case id, sku, price, cost, msrp, map, quantity, variants, parent, changeToListingStatus
        case updatedAt, insertedAt, dynamicContentUpdatedAt, staticContentUpdatedAt

        var text: StaticString {
            switch self {
            case .id: "id"
            case .sku: "sku"
            case .price: "price"
            case .cost: "cost"
            case .msrp: "msrp"
            case .map: "map"
            case .quantity: "quantity"
            case .variants: "variants"
            case .parent: "parent"
            case .changeToListingStatus: "changeToListingStatus"
            case .updatedAt: "updatedAt"
            case .insertedAt: "insertedAt"
            case .dynamicContentUpdatedAt: "dynamicContentUpdatedAt"
            case .staticContentUpdatedAt: "staticContentUpdatedAt"
            }
        }
    }

    private static let names = JSONNames(Name.allCases.map { $0.text })

    let nodes: JSONNodes
    private let document: JSONDocument
    /// One for each name.
    typealias Places = InlineArray<14, Int>

    /// The node of each name's value, 0 if there is none.
    private let found: Places

    init(of record: JSONValue) {
        document = record.document
        let nodes = JSONNodes(of: record.document)
        var found = Places(repeating: 0)
        nodes.members(of: record.node, ListingFields.names) { place, node in
            if found.indices.contains(place), nodes.kind(node) != .null { found[place] = node }
        }
        self.nodes = nodes
        self.found = found
    }

    /// The node of a member's value.
    subscript(name: Name) -> Int? {
        let place = name.rawValue
        guard found.indices.contains(place), found[place] != 0 else { return nil }
        return found[place]
    }

    func value(_ name: Name) -> JSONValue? {
        self[name].map { JSONValue(document: document, node: $0) }
    }

    /// An instant that may be absent but not unclear (J-10).
    func instant(_ name: Name) throws(Fault) -> Instant? {
        guard let node = self[name] else { return nil }
        guard let instant = nodes.withText(node, { Instant(iso: $0) }) else {
            throw Fault(path: "/\(name.text)", message: "is not an instant with a zone")
        }
        return instant
    }

    /// Money and quantity: absent, or beyond doubt (J-07, J-08).
    func checkNumbers(at path: String) throws(Fault) {
        for name in [Name.price, .cost, .msrp, .map] {
            guard let node = self[name], nodes.kind(node) != .number else { continue }
            guard nodes.withText(node, { JSONNumber(Array($0)[...]) }) != nil else {
                throw Fault(path: "\(path)/\(name.text)", message: "is not a decimal number")
            }
        }
        guard let node = self[.quantity] else { return }
        guard nodes.kind(node) == .number, JSONNumber.integer(nodes.raw(node)) != nil else {
            throw Fault(path: "\(path)/quantity", message: "is not a whole number")
        }
    }
}
