struct ShipmentItem {
    var id: Int
    var sku: String
    var quantity: Int
    var orderItemId: Int?
    var inventoryVariantId: Int?
    var requestItemId: Int?
    var rmaItemId: Int?
    var isPartial = false
}

/// Goods on their way: to a buyer, back from one, or from a source to a warehouse.
struct Shipment {
    var id: Int
    var channelId: Int
    var orderId: Int?
    var requestId: Int?
    var rmaId: Int?
    var crossDockId: Int?
    var trackingNumber: String?
    var trackingUrl: String?
    var carrier: String?
    var method: String?
    var note: String?
    var cost: JSONValue = .null
    var shipped: Instant?
    var inserted: Instant
    var updated: Instant
    var isPartial = false
    var isSuppressed = false
    var syncError: String?
    var items: [ShipmentItem]
    var customFields: [CustomField] = []
}

/// All shipments in the order they came to the hub.
struct ShipmentBook {
    private(set) var shipments: [Shipment] = []
    private var indexById: [Int: Int] = [:]
    private var nextShipment = 500_001
    private var nextItem = 550_001
    private var nextTracking = 1

    subscript(id: Int) -> Shipment? {
        get { indexById[id].map { shipments[$0] } }
        set {
            guard let index = indexById[id], let newValue else { return }
            shipments[index] = newValue
        }
    }

    mutating func add(_ shipment: Shipment) {
        indexById[shipment.id] = shipments.count
        shipments.append(shipment)
    }

    func has(tracking number: String) -> Bool {
        shipments.contains { $0.trackingNumber.hasBytes(of: number) }
    }

    mutating func newId() -> Int { nextShipment.taken() }
    mutating func newItemId() -> Int { nextItem.taken() }

    /// A tracking number nobody used, of a carrier that does not exist.
    mutating func newTracking() -> String {
        let digits = String(nextTracking.taken())
        return "SBX" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }
}
