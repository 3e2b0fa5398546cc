/// What a host is told, one at a time, as JSON.
struct SyncEvent {
    enum Kind {
        case publish
        case sync
        case change
        case gone
        case result
        case order
        case shipment
        /// A parcel that no buyer may be told of: suppressed, on its way back, or between warehouses.
        case otherParcel
        case goodsReturn
        case progress
        case summary

        var word: StaticString {
            switch self {
            case .publish: "publish"
            case .sync: "sync"
            case .change: "change"
            case .gone: "gone"
            case .result: "result"
            case .order: "order"
            case .shipment: "shipment"
            case .otherParcel: "other_parcel"
            case .goodsReturn: "return"
            case .progress: "progress"
            case .summary: "summary"
            }
        }
    }

    let kind: Kind
    /// What a reply names it by; 0 where none is wanted.
    let number: Int64
    let json: [UInt8]

    init(_ kind: Kind, number: Int64 = 0, _ body: (inout JSONWriter) -> Void) {
        self.kind = kind
        self.number = number
        var json = JSONWriter()
        json.beginObject()
        json.member("type", "\(kind.word)")
        if number > 0 { json.member("event", number) }
        body(&json)
        json.endObject()
        self.json = json.bytes
    }
}

/// Events of what the channel's feeds bring.
extension SyncEvent {
    static func content(_ number: Int64, _ record: JSONValue, of task: ListingTask, isParent: Bool) -> SyncEvent {
        SyncEvent(isParent ? .publish : .sync, number: number) { json in
            json.member("id", task.row.id)
            json.member("sku", sku(of: record))
            json.member("record", record)
        }
    }

    /// - Parameter variant: the one of the parent's that is to change, or nil for the record itself.
    static func change(
        _ number: Int64, _ record: JSONValue, of task: ListingTask, variant id: String?, to: String, isParent: Bool
    ) -> SyncEvent {
        SyncEvent(.change, number: number) { json in
            json.member("to", to)
            json.member("of", isParent && id == nil ? "parent" : "variant")
            json.member("id", id ?? task.row.id)
            let variant = id.flatMap { id in
                record.member("variants")?.elements.first { element in
                    element.member("id").flatMap(OrderField.idText).map { Text.isSame($0, id) } ?? false
                }
            }
            json.member("sku", sku(of: variant ?? record))
            json.member("record", variant ?? record)
        }
    }

    static func gone(_ number: Int64, _ row: ListingSeen) -> SyncEvent {
        SyncEvent(.gone, number: number) { json in
            json.member("id", row.id)
            json.member("sku", row.sku)
        }
    }

    /// A record of a cursor feed.
    static func record(_ number: Int64, _ record: JSONValue, of page: Page) -> SyncEvent {
        let parcel = page.feed == .shipments ? ShipmentKind(of: record) : nil
        return SyncEvent(kind(page.feed, parcel), number: number) { json in
            json.member("id", record.member("id").flatMap(OrderField.idText) ?? "")
            if let parcel, parcel != .delivery { json.member("kind", "\(parcel.word)") }
            json.member("order_number", page.orderNumber(of: record) ?? "")
            json.member("record", record)
        }
    }

    private static func kind(_ feed: Feed, _ parcel: ShipmentKind?) -> Kind {
        switch feed {
        case .shipments: parcel == .delivery ? .shipment : .otherParcel
        case .returns: .goodsReturn
        case .orders, .listings, .listingsToSync, .listingsToPublish: .order
        }
    }

    private static func sku(of record: JSONValue) -> String { record.member("sku")?.string ?? "" }
}
