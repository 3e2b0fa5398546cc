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

    /// contract 5.1: returns and inbound legs stand in the same list as deliveries.
    private func kind(_ record: RecordReader) -> Int32 {
        if record.isId(rma_id) { return FLX_SHIPMENT_RETURN }
        if record.isId(cross_dock_purchase_order_id) { return FLX_SHIPMENT_CROSS_DOCK }
        return suppressed == 1 ? FLX_SHIPMENT_SUPPRESSED : FLX_SHIPMENT_DELIVERY
    }
}
