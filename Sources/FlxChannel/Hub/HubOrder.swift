/// What the channel needs to know of an order as the hub shows it (contract 4.2).
struct HubOrder {
    let id: String
    let orderNumber: String?
    let referenceNumber: String?
    let channelId: String?
    let orderStatus: String?
    let updatedAt: Instant?
    /// Quantity by SKU, or nil if the answer shows no readable lines.
    let quantities: [String: Int64]?

    /// Reads a record, or nil if it has no id.
    init?(_ record: JSONValue) {
        guard record.kind == .object, let id = record.member("id").flatMap(OrderField.idText) else { return nil }
        self.id = id
        orderNumber = HubOrder.text(record, "orderNumber")
        referenceNumber = HubOrder.text(record, "referenceNumber")
        channelId = record.member("channelId").flatMap(OrderField.idText)
        orderStatus = HubOrder.text(record, "orderStatus")
        updatedAt = record.member("updatedAt")?.string.flatMap { Instant(iso: $0) }
        quantities = HubOrder.quantities(record, items: "orderItems", sku: "sku", quantity: "quantity")
    }

    /// contract 8.14: some programs see their number in the one field, some in the other.
    func hasNumber(_ number: String) -> Bool {
        orderNumber == number || referenceNumber == number
    }

    /// Whether no further change is to be expected.
    var isFinal: Bool { orderStatus == "Closed" || orderStatus == "Canceled" }

    /// The readable orders of a list, or nil if the answer is none.
    static func list(_ outcome: ExchangeOutcome, hiding secret: Secret) -> [HubOrder]? {
        guard case .answered(let response) = outcome, ReplyClass(status: response.status) == .success else { return nil }
        guard let body = try? PageBody.read(response.body, hiding: secret) else { return nil }
        return body.records.compactMap { HubOrder($0) }
    }

    /// Compares its lines with those of an order that was sent, as far as both show SKUs.
    func hasLines(of wire: [UInt8], _ names: WireNames) -> Bool {
        guard let theirs = quantities, let document = try? JSONDocument.parse(wire) else { return true }
        let ours = HubOrder.quantities(
            document.root, items: names.field("CreateOrderRequest", "orderItems"), sku: names.field("CreateOrderItem", "sku"),
            quantity: names.field("CreateOrderItem", "quantity"))
        guard let ours else { return true }
        return ours == theirs
    }

    /// Sums the quantities of the lines by SKU; nil if there are none or a line has no SKU.
    static func quantities(_ order: JSONValue, items: String, sku: String, quantity: String) -> [String: Int64]? {
        guard let lines = order.member(items), lines.kind == .array, lines.count > 0 else { return nil }
        var sums: [String: Int64] = [:]
        for line in lines.elements {
            guard let sku = line.member(sku)?.string, let amount = line.member(quantity)?.integer else { return nil }
            let (sum, overflow) = (sums[sku] ?? 0).addingReportingOverflow(amount)
            if overflow { return nil }
            sums[sku] = sum
        }
        return sums
    }

    /// Text, also where the hub writes a number of the host's as a JSON number.
    private static func text(_ record: JSONValue, _ name: String) -> String? {
        guard let value = record.member(name) else { return nil }
        return value.string ?? value.numberText
    }
}
