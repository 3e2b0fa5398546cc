/// The members of a listing that the channel itself reads, found in one pass; of null they are absent.
struct ListingFields {
    enum Name: Int, CaseIterable {
        case sku, price, cost, msrp, map, quantity, variants, parent, changeToListingStatus
        case updatedAt, insertedAt, dynamicContentUpdatedAt, staticContentUpdatedAt

        var text: StaticString {
            switch self {
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
    /// The node of each name's value, 0 if there is none.
    private var found: [Int]

    init(of record: JSONValue) {
        document = record.document
        nodes = JSONNodes(of: record.document)
        found = Array(repeating: 0, count: ListingFields.names.count)
        found.withUnsafeMutableBufferPointer { [nodes] found in
            nodes.members(of: record.node, ListingFields.names) { place, node in
                if nodes.kind(node) != .null { found[place] = node }
            }
        }
    }

    /// The node of a member's value.
    subscript(name: Name) -> Int? {
        let node = found[name.rawValue]
        return node == 0 ? nil : node
    }

    func value(_ name: Name) -> JSONValue? {
        self[name].map { JSONValue(document: document, node: $0) }
    }

    /// An instant that may be absent but not unclear (J-10).
    func instant(_ name: Name) throws(Fault) -> Instant? {
        guard let node = self[name] else { return nil }
        guard let instant = nodes.withText(node, { Instant(iso: $0) }) else {
            throw Fault(path: "/\(name.text)", message: "is no instant with a zone")
        }
        return instant
    }

    /// Money and quantity: absent, or beyond doubt (J-07, J-08).
    func checkNumbers(at path: String) throws(Fault) {
        for name in [Name.price, .cost, .msrp, .map] {
            guard let node = self[name], nodes.kind(node) != .number else { continue }
            guard nodes.withText(node, { JSONNumber(Array($0)[...]) }) != nil else {
                throw Fault(path: "\(path)/\(name.text)", message: "is no decimal number")
            }
        }
        guard let node = self[.quantity] else { return }
        guard nodes.kind(node) == .number, JSONNumber.integer(nodes.raw(node)) != nil else {
            throw Fault(path: "\(path)/quantity", message: "is no whole number")
        }
    }
}
