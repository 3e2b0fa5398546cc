import CFlxChannel

// Shipments, returns (contract 5.1, 6).

extension flx_shipment: RecordView {
    static let plan = ViewPlan(of: flx_shipment.self) { v, f in
        f.flag("partial", &v.pointee.partial, FLX_HAS_PARTIAL)
        f.text("id", &v.pointee.id)
        f.text("orderId", &v.pointee.order_id)
        f.text("accountId", &v.pointee.account_id)
        f.text("sourceId", &v.pointee.source_id)
        f.text("purchaseOrderId", &v.pointee.purchase_order_id)
        f.text("fulfillmentRequestId", &v.pointee.fulfillment_request_id)
        f.text("rmaId", &v.pointee.rma_id)
        f.text("crossDockPurchaseOrderId", &v.pointee.cross_dock_purchase_order_id)
        f.text("trackingNumber", &v.pointee.tracking_number)
        f.text("trackingUrl", &v.pointee.tracking_url)
        f.text("carrier", &v.pointee.carrier)
        f.text("method", &v.pointee.method)
        f.text("note", &v.pointee.note)
        f.text("syncError", &v.pointee.sync_error)
        f.decimal("shippingCost", &v.pointee.shipping_cost)
        f.flag("suppressed", &v.pointee.suppressed, FLX_HAS_SUPPRESSED)
        f.flag("syncedToChannel", &v.pointee.synced_to_channel, FLX_HAS_SYNCED_TO_CHANNEL)
        f.flag("accountingSynced", &v.pointee.accounting_synced, FLX_HAS_ACCOUNTING_SYNCED)
        f.instant("shippedAt", &v.pointee.shipped_at, FLX_HAS_SHIPPED_AT)
        f.instant("insertedAt", &v.pointee.inserted_at, FLX_HAS_INSERTED_AT)
        f.instant("updatedAt", &v.pointee.updated_at, FLX_HAS_UPDATED_AT)
        f.list("shipmentItems", &v.pointee.items, &v.pointee.item_count)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
    }

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

extension flx_shipment_item: RecordView {
    static let plan = ViewPlan(of: flx_shipment_item.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("shipmentId", &v.pointee.shipment_id)
        f.text("orderItemId", &v.pointee.order_item_id)
        f.text("purchaseOrderItemId", &v.pointee.purchase_order_item_id)
        f.text("fulfillmentRequestItemId", &v.pointee.fulfillment_request_item_id)
        f.text("inventoryVariantId", &v.pointee.inventory_variant_id)
        f.text("rmaItemId", &v.pointee.rma_item_id)
        f.text("sku", &v.pointee.sku)
        f.integer("quantity", &v.pointee.quantity, FLX_HAS_QUANTITY)
        f.integer("committedStockReleasedQuantity", &v.pointee.committed_stock_released_quantity, FLX_HAS_COMMITTED_STOCK_RELEASED_QUANTITY)
        f.flag("partial", &v.pointee.partial, FLX_HAS_PARTIAL)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
    }
}

extension flx_return: RecordView {
    static let plan = ViewPlan(of: flx_return.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("accountId", &v.pointee.account_id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("orderId", &v.pointee.order_id)
        f.text("returnNumber", &v.pointee.return_number)
        f.text("returnStatus", &v.pointee.status)
        f.integer("totalReturnItems", &v.pointee.total_return_items, FLX_HAS_TOTAL_RETURN_ITEMS)
        f.integer("totalRmas", &v.pointee.total_rmas, FLX_HAS_TOTAL_RMAS)
        f.list("items", &v.pointee.items, &v.pointee.item_count)
        f.list("rmas", &v.pointee.rmas, &v.pointee.rma_count)
    }
}

extension flx_return_item: RecordView {
    static let plan = ViewPlan(of: flx_return_item.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("returnId", &v.pointee.return_id)
        f.text("orderItemId", &v.pointee.order_item_id)
        f.text("sku", &v.pointee.sku)
        f.text("title", &v.pointee.title)
        f.text("returnReason", &v.pointee.reason)
        f.text("returnCondition", &v.pointee.condition)
        f.decimal("salesPrice", &v.pointee.sales_price)
        f.decimal("refundedAmount", &v.pointee.refunded_amount)
        f.integer("returnQuantity", &v.pointee.quantity, FLX_HAS_QUANTITY)
        f.list("bundleComponents", &v.pointee.bundle_components, &v.pointee.bundle_component_count)
    }
}

extension flx_rma: RecordView {
    static let plan = ViewPlan(of: flx_rma.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("returnId", &v.pointee.return_id)
        f.text("accountId", &v.pointee.account_id)
        f.text("sourceId", &v.pointee.source_id)
        f.text("rmaNumber", &v.pointee.number)
        f.object("returnToAddress", &v.pointee.return_to_address)
        f.list("items", &v.pointee.items, &v.pointee.item_count)
    }
}

extension flx_rma_item: RecordView {
    static let plan = ViewPlan(of: flx_rma_item.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("returnItemId", &v.pointee.return_item_id)
    }
}
