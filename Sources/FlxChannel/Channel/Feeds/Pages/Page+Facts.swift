/// What is known of the records of a page beyond what each says by itself, for hosts that read JSON.
extension Page {
    /// The host's number of the order that a record is or is of; of an order that no outbox of ours sent, the hub's.
    func orderNumber(of record: JSONValue) -> String? {
        let member = feed == .orders ? "id" : "orderId"
        let known = record.member(member).flatMap(OrderField.idText).flatMap { orderNumbers[ByteText($0)] }
        return known ?? (feed == .orders ? record.member("orderNumber")?.string : nil)
    }

    /// One object a record, in their order.
    func factsJSON() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for record in records {
            json.beginObject()
            json.member("id", record.member("id").flatMap(OrderField.idText) ?? "")
            switch feed {
            case .listings, .listingsToSync, .listingsToPublish: writeChanges(of: record, &json)
            case .shipments:
                json.member("kind", "\(ShipmentKind(of: record).word)")
                json.member("order_number", orNull: orderNumber(of: record))
            case .orders, .returns: json.member("order_number", orNull: orderNumber(of: record))
            }
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    private func writeChanges(of record: JSONValue, _ json: inout JSONWriter) {
        json.member("change_to", orNull: ListingRow.pending(of: record))
        guard feed == .listingsToPublish else { return }
        json.key("variants")
        json.beginArray()
        for variant in record.member("variants")?.elements.map({ $0 }) ?? [] {
            json.beginObject()
            json.member("id", variant.member("id").flatMap(OrderField.idText) ?? "")
            json.member("change_to", orNull: ListingRow.pending(of: variant))
            json.endObject()
        }
        json.endArray()
    }
}
