/// What the channel needs to know of an order as the hub shows it (contract 4.2).
struct HubOrder {
    let id: String
    let orderNumber: String?
    let referenceNumber: String?
    let channelId: String?
    let orderStatus: String?
    let updatedAt: Instant?
    let insertedAt: Instant?
    let content: OrderContent

    /// Reads a record, or nil if it has no id; 0 is none.
    init?(_ record: JSONValue) {
        guard record.kind == .object, let id = record.member("id").flatMap(OrderField.idText), id != "0" else { return nil }
        self.id = id
        orderNumber = HubOrder.text(record, "orderNumber")
        referenceNumber = HubOrder.text(record, "referenceNumber")
        channelId = record.member("channelId").flatMap(OrderField.idText)
        orderStatus = HubOrder.text(record, "orderStatus")
        updatedAt = record.member("updatedAt")?.string.flatMap { Instant(iso: $0) }
        insertedAt = record.member("insertedAt")?.string.flatMap { Instant(iso: $0) }
        content = OrderContent(of: record)
    }

    /// How like its numbers are to ours. contract 8.14: some programs see theirs in the one field, some in the other; a
    /// reference that is ours counts as another spelling where the order has a number of its own, for it may be an order
    /// of ours that only refers to this one.
    func likeness(to number: String) -> OrderNumber.Likeness {
        let own = orderNumber.map { OrderNumber.likeness($0, to: number) }
        if own == .same { return .same }
        let reference = referenceNumber.map { OrderNumber.likeness($0, to: number) }
        if reference == .same { return own == nil ? .same : .alike }
        return own == .alike || (own == nil && reference == .alike) ? .alike : .other
    }

    /// Whether it bears no number at all.
    var isNameless: Bool { orderNumber == nil && referenceNumber == nil }

    /// Whether no further change is to be expected.
    var isFinal: Bool { orderStatus.spells("Closed") || orderStatus.spells("Canceled") }

    /// Text, also where the hub writes a number of the host's as a JSON number.
    private static func text(_ record: JSONValue, _ name: String) -> String? {
        guard let value = record.member(name) else { return nil }
        let text = value.string ?? value.numberText
        return text?.isEmpty == true ? nil : text
    }
}
