/// What a row of the list of shipments is: returns and inbound legs stand there beside deliveries (contract 5.1).
enum ShipmentKind {
    case delivery
    /// Goods that come back.
    case `return`
    /// An inbound leg between warehouses.
    case crossDock
    /// A delivery whose tracking must not reach the buyer.
    case suppressed

    init(hasReturn: Bool, hasCrossDockOrder: Bool, isSuppressed: Bool) {
        self = hasReturn ? .return : hasCrossDockOrder ? .crossDock : isSuppressed ? .suppressed : .delivery
    }

    /// As a record of the list says, by its own members.
    init(of record: JSONValue) {
        func isThere(_ name: String) -> Bool { record.member(name).map { !$0.isNull } ?? false }
        self.init(
            hasReturn: isThere("rmaId"), hasCrossDockOrder: isThere("crossDockPurchaseOrderId"),
            isSuppressed: record.member("suppressed")?.bool ?? false)
    }

    var word: StaticString {
        switch self {
        case .delivery: "delivery"
        case .return: "return"
        case .crossDock: "cross_dock"
        case .suppressed: "suppressed"
        }
    }
}
