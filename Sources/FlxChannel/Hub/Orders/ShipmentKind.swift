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
}
