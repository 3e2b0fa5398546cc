/// What a row of the list of shipments is: returns and inbound legs stand there beside deliveries (contract 5.1).
enum ShipmentKind {
    case delivery
    /// Goods that come back.
    case `return`
    /// From a supplier to the warehouse.
    case crossDock
    /// A delivery that the channel is not to be told of.
    case suppressed

    init(hasReturn: Bool, hasCrossDockOrder: Bool, isSuppressed: Bool) {
        self = hasReturn ? .return : hasCrossDockOrder ? .crossDock : isSuppressed ? .suppressed : .delivery
    }
}
