import CFlxChannel

// What does not come from one member alone; the rest of the views is made.

extension flx_listing_variant {
    /// contract 9-23: a queued status change may stand in the parent only.
    mutating func complete(_ record: RecordReader) throws(Arena.NoRoom) {
        if change_to == nil { change_to = parent?.pointee.change_to }
    }
}

extension flx_shipment {
    mutating func complete(_ record: RecordReader) throws(Arena.NoRoom) {
        order_number = try record.orderNumber(order_id)
        kind = kind(record)
    }

    private func kind(_ record: RecordReader) -> Int32 {
        let kind = ShipmentKind(
            hasReturn: record.isId(rma_id), hasCrossDockOrder: record.isId(cross_dock_purchase_order_id),
            isSuppressed: suppressed == 1)
        return switch kind {
        case .delivery: FLX_SHIPMENT_DELIVERY
        case .return: FLX_SHIPMENT_RETURN
        case .crossDock: FLX_SHIPMENT_CROSS_DOCK
        case .suppressed: FLX_SHIPMENT_SUPPRESSED
        }
    }
}
