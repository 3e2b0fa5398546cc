/// The names on the wire that the contract only infers. The config key `hub.overrides` may rename each of them, so that
/// a wrong guess needs no release.
///
/// Keys are "<operation>.<parameter>" for the query, and for bodies the places below, such as "createOrder.orderNumber"
/// or "createOrder.orderItems.sku"; an object may stand for the keys that begin alike.
///
/// Invariant: within one place no two names are the same on the wire.
struct WireNames: Sendable {
    private let overrides: [Override]
    /// A list in a query is one value with commas, which no value of ours holds (contract 9, row 16).
    var joinsLists = false
    /// An order without a reference number is sent with its own as that (contract 1.8).
    var copiesNumber = true

    private struct Override: Sendable {
        let place: String
        let name: String
        let wire: String
    }

    /// Every name is that of the contract.
    init() {
        overrides = []
    }

    /// Reads the object of `hub.overrides`. Throws every fault at once.
    init(overrides given: JSONValue) throws(Faults) {
        var faults = FaultList()
        var overrides: [Override] = []
        if !given.isObject { faults.add("", "is not a JSON object; it has wire names by key") }
        Self.read(given, under: "", path: "", into: &overrides, &faults)
        for override in overrides where Self.clashes(override, overrides) {
            faults.add("/" + override.place + "." + override.name, "is given a name that another one has already")
        }
        try faults.check()
        self.overrides = overrides
    }

    private static func read(
        _ given: JSONValue, under prefix: String, path: String, into overrides: inout [Override],
        _ faults: inout FaultList
    ) {
        for (member, value) in given.members {
            let key = prefix + member
            let here = path + "/" + Fault.pointerToken(member)
            if value.kind == .object, isPrefix(key + ".") {
                read(value, under: key + ".", path: here, into: &overrides, &faults)
                continue
            }
            guard let (place, name) = known(key) else {
                faults.add(here, "is not a name that can be changed" + Text.suggestion(for: key, in: keys))
                continue
            }
            guard let wire = value.string, isName(wire) else {
                faults.add(here, "must be text of 1 to 64 letters, digits and _ . - [ ]")
                continue
            }
            overrides.append(Override(place: place, name: name, wire: wire))
        }
    }

    /// The values of a query parameter as they are written on the wire, one pair each.
    func spelled(_ values: [String]) -> [String] {
        joinsLists && values.count > 1 ? [values.joined(separator: ",")] : values
    }

    /// The name of a query parameter on the wire.
    func parameter(_ operation: String, _ name: String) -> String {
        wire(operation, name)
    }

    /// The name of a body field on the wire; `schema` is its schema in the contract.
    func field(_ schema: String, _ name: String) -> String {
        guard !overrides.isEmpty, let row = Self.fields.first(where: { $0.schema == schema }) else { return name }
        return wire(row.place, name)
    }

    private func wire(_ place: String, _ name: String) -> String {
        for override in overrides where override.name == name && override.place == place { return override.wire }
        return name
    }

    /// All names that may be changed, in the order of the tables.
    private static let all: [(place: String, name: String)] =
        (parameters.map { ($0.operation, $0.names) } + fields.map { ($0.place, $0.names) })
        .flatMap { (place, names) in names.map { (place, $0) } }

    /// All keys, in the order of the tables.
    static var keys: [String] { all.map { $0.place + "." + $0.name } }

    private static func known(_ key: String) -> (place: String, name: String)? {
        all.first { $0.place + "." + $0.name == key }
    }

    private static func isPrefix(_ text: String) -> Bool {
        let start = Array(text.utf8)
        return keys.contains { Array($0.utf8).starts(with: start) }
    }

    /// Another name of the same place has this wire name, by itself or by an override.
    private static func clashes(_ one: Override, _ overrides: [Override]) -> Bool {
        for name in names(of: one.place) where name != one.name {
            let other = overrides.first { $0.place == one.place && $0.name == name }
            if (other?.wire ?? name) == one.wire { return true }
        }
        return false
    }

    /// All names of a place, also those that cannot be changed.
    private static func names(of place: String) -> [String] {
        if let row = fields.first(where: { $0.place == place }) { return row.names }
        return OperationTable.named(place)?.arguments.map { $0.name } ?? []
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "_.-[]".utf8.contains(byte)
                }
            }
    }
}

// The tables: what the contract infers, and where it says so.
extension WireNames {
    /// Query parameters.
    static let parameters: [(operation: String, section: String, names: [String])] = [
        ("getListingVariants", "1.5", ["page", "pageSize"]),
        ("getListingVariants", "3.3", ["includeCustomAggregates", "includeOverwrites", "includeTags"]),
        ("getListingParents", "1.5", ["page", "pageSize"]),
        (
            "getListingParents", "3.6",
            ["includeOptions", "includeAttributes", "includeCategories", "includeCustomFields"]
        ),
        (
            "listOrders", "4.5",
            [
                "page", "pageSize", "orderedAfter", "status", "includeTags", "createdSince", "createdUntil",
                "updatedAfter", "orderNumber", "channelId",
            ]
        ),
        ("linkUnmanagedOrders", "4.7", ["orderIds", "orderItemIds"]),
        ("listShipments", "1.5", ["filterPageNumber", "filterPageSize"]),
        ("listReturns", "1.5", ["pageNumber", "pageSize"]),
    ]

    /// Fields of bodies that the library writes itself.
    static let fields: [(place: String, schema: String, section: String, names: [String])] = [
        (
            "createOrder", "CreateOrderRequest", "4.3",
            [
                "orderNumber", "referenceNumber", "orderedAt", "orderTotal", "note", "shippingText", "shippingAddress",
                "billingAddress", "orderItems", "tags", "customFields",
            ]
        ),
        (
            "createOrder.orderItems", "CreateOrderItem", "4.3",
            [
                "quantity", "price", "sku", "externalListingId", "listingVariantId", "productVariantId", "title",
                "shippingAddress", "customFields",
            ]
        ),
        (
            "createOrder.address", "AddressRequest", "4.3",
            [
                "name", "firstName", "lastName", "addressLine1", "addressLine2", "city", "postal", "state",
                "stateCode", "country", "countryCode", "email", "phone", "companyName",
            ]
        ),
        ("createOrder.customFields", "CustomField", "4.3", ["id", "name", "value"]),
        ("acknowledgeListingVariants", "ListingVariantAcknowledgement", "3.4", ["isLinkedToRegularProduct"]),
        ("acknowledgeListingParents", "ListingParentAcknowledgement", "3.7", ["images"]),
        ("acknowledgeListingParents.variants", "ListingParentAcknowledgementVariant", "3.7", ["images"]),
    ]
}
