/// What two tellings of one order can be compared by: the host's, as it was sent, and the hub's.
///
/// Invariant: what is not told, or cannot be read, is nil and differs from nothing.
struct OrderContent {
    /// One line, by whatever names its listing.
    struct Line {
        var sku: String?
        var listingVariantId: String?
        var externalListingId: String?
        let quantity: Int64
    }

    private(set) var orderedAt: Instant?
    private(set) var total: String?
    /// Folded text by field; empty if there is no address, or one that the hub has blanked (contract 4.2).
    private(set) var address: [(field: StaticString, text: [UInt8])] = []
    private(set) var lines: [Line]?

    /// As the hub shows it (contract 4.2).
    init(of record: JSONValue) {
        read(record, WireNames())
    }

    /// As it was sent, under the names of that hub.
    init(sent wire: [UInt8], _ names: WireNames) {
        if let document = try? JSONDocument.parse(wire) { read(document.root, names) }
    }

    private mutating func read(_ order: JSONValue, _ names: WireNames) {
        func member(_ name: String) -> JSONValue? { order.member(names.field("CreateOrderRequest", name)) }
        orderedAt = member("orderedAt")?.string.flatMap { Instant(iso: $0) }
        total = member("orderTotal").flatMap { Decimal(text: $0.string ?? $0.numberText ?? "")?.text }
        if let node = member("shippingAddress"), node.member("redacted")?.bool != true { readAddress(node, names) }
        if let node = member("orderItems"), node.kind == .array, node.count > 0 { lines = OrderContent.lines(node, names) }
    }

    private static let addressFields: [StaticString] = ["addressLine1", "city", "postal", "countryCode"]

    private mutating func readAddress(_ node: JSONValue, _ names: WireNames) {
        func text(_ name: StaticString) -> [UInt8] {
            OrderContent.folded(node.member(names.field("AddressRequest", "\(name)"))?.string ?? "")
        }
        for name in OrderContent.addressFields {
            let folded = text(name)
            if !folded.isEmpty { address.append((name, folded)) }
        }
        // contract 4.3: the hub splits a name and joins its parts
        let whole = text("name")
        let name = whole.isEmpty ? text("firstName") + text("lastName") : whole
        if !name.isEmpty { address.append(("name", name)) }
    }

    private static func lines(_ list: JSONValue, _ names: WireNames) -> [Line]? {
        func member(_ line: JSONValue, _ name: String) -> JSONValue? { line.member(names.field("CreateOrderItem", name)) }
        func filled(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }
        var lines: [Line] = []
        for line in list.elements {
            guard let quantity = member(line, "quantity")?.whole else { return nil }
            lines.append(
                Line(
                    sku: filled(member(line, "sku")?.string),
                    listingVariantId: member(line, "listingVariantId").flatMap(OrderField.idText),
                    externalListingId: filled(member(line, "externalListingId")?.string), quantity: quantity))
        }
        return lines
    }

    /// Without case and white space, which a hub may change.
    private static func folded(_ text: String) -> [UInt8] {
        text.lowercased().utf8.filter { $0 > 0x20 }
    }

    // MARK: comparing

    /// The fields in which `other` differs, as far as both tell them: JSON pointers, no content.
    func differences(from other: OrderContent) -> [String] {
        var paths: [String] = []
        if let ours = orderedAt, let theirs = other.orderedAt, ours.ms / 1000 != theirs.ms / 1000 { paths.append("/orderedAt") }
        if let ours = total, let theirs = other.total, !Text.isSame(ours, theirs) { paths.append("/orderTotal") }
        for (field, ours) in address {
            guard let theirs = other.address.first(where: { $0.field.description == field.description }) else { continue }
            if theirs.text != ours { paths.append("/shippingAddress/\(field)") }
        }
        if let ours = lines, let theirs = other.lines, !OrderContent.agree(ours, theirs) { paths.append("/orderItems") }
        return paths
    }

    /// Whether an order that differs so is for another buyer and for other goods. One of the two may be the hub's doing.
    func isAnother(by differing: [String]) -> Bool {
        let isOtherBuyer = differing.contains {
            Text.isSame($0, "/shippingAddress/name") || Text.isSame($0, "/shippingAddress/addressLine1")
        }
        return isOtherBuyer && differing.contains { Text.isSame($0, "/orderItems") }
    }

    /// Whether by one of the names that all lines of both bear the same quantities were ordered; where they share none, as
    /// much in all.
    private static func agree(_ ours: [Line], _ theirs: [Line]) -> Bool {
        var isComparable = false
        for name in [{ (line: Line) in line.listingVariantId }, { $0.externalListingId }, { $0.sku }] {
            guard let ours = sums(ours, by: name), let theirs = sums(theirs, by: name) else { continue }
            if ours == theirs { return true }
            isComparable = true
        }
        return !isComparable && sums(ours, by: { _ in "" }) == sums(theirs, by: { _ in "" })
    }

    /// Quantities by the bytes of a name; nil if a line has no such name.
    private static func sums(_ lines: [Line], by name: (Line) -> String?) -> [[UInt8]: Int64]? {
        var sums: [[UInt8]: Int64] = [:]
        for line in lines {
            guard let name = name(line) else { return nil }
            let (sum, overflow) = (sums[Array(name.utf8)] ?? 0).addingReportingOverflow(line.quantity)
            if overflow { return nil }
            sums[Array(name.utf8)] = sum
        }
        return sums
    }
}
