import CFlxChannel

// Shipments, returns (contract 5.1, 6).

extension flx_shipment: RecordView {
    mutating func read(_ record: RecordReader) {
        partial = record.flag("partial", FLX_HAS_PARTIAL)
        id = record.text("id")
        order_id = record.text("orderId")
        order_number = record.orderNumber("orderId")
        account_id = record.text("accountId")
        source_id = record.text("sourceId")
        purchase_order_id = record.text("purchaseOrderId")
        fulfillment_request_id = record.text("fulfillmentRequestId")
        rma_id = record.text("rmaId")
        cross_dock_purchase_order_id = record.text("crossDockPurchaseOrderId")
        tracking_number = record.text("trackingNumber")
        tracking_url = record.text("trackingUrl")
        carrier = record.text("carrier")
        method = record.text("method")
        note = record.text("note")
        sync_error = record.text("syncError")
        shipping_cost = record.decimal("shippingCost")
        suppressed = record.flag("suppressed", FLX_HAS_SUPPRESSED)
        synced_to_channel = record.flag("syncedToChannel", FLX_HAS_SYNCED_TO_CHANNEL)
        accounting_synced = record.flag("accountingSynced", FLX_HAS_ACCOUNTING_SYNCED)
        shipped_at = record.instant("shippedAt", FLX_HAS_SHIPPED_AT)
        inserted_at = record.instant("insertedAt", FLX_HAS_INSERTED_AT)
        updated_at = record.instant("updatedAt", FLX_HAS_UPDATED_AT)
        (items, item_count) = record.list("shipmentItems")
        (custom_fields, custom_field_count) = record.list("customFields")
        kind = kind(record)
    }

    /// contract 5.1: returns and inbound legs stand in the same list as deliveries.
    private func kind(_ record: RecordReader) -> Int32 {
        if record.isIdThere("rmaId") { return FLX_SHIPMENT_RETURN }
        if record.isIdThere("crossDockPurchaseOrderId") { return FLX_SHIPMENT_CROSS_DOCK }
        return suppressed == 1 ? FLX_SHIPMENT_SUPPRESSED : FLX_SHIPMENT_DELIVERY
    }
}

extension flx_shipment_item: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        shipment_id = record.text("shipmentId")
        order_item_id = record.text("orderItemId")
        purchase_order_item_id = record.text("purchaseOrderItemId")
        fulfillment_request_item_id = record.text("fulfillmentRequestItemId")
        inventory_variant_id = record.text("inventoryVariantId")
        rma_item_id = record.text("rmaItemId")
        sku = record.text("sku")
        quantity = record.integer("quantity", FLX_HAS_QUANTITY)
        committed_stock_released_quantity = record.integer(
            "committedStockReleasedQuantity", FLX_HAS_COMMITTED_STOCK_RELEASED_QUANTITY)
        partial = record.flag("partial", FLX_HAS_PARTIAL)
        (custom_fields, custom_field_count) = record.list("customFields")
    }
}

extension flx_return: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        account_id = record.text("accountId")
        channel_id = record.text("channelId")
        order_id = record.text("orderId")
        return_number = record.text("returnNumber")
        status = record.text("returnStatus")
        total_return_items = record.integer("totalReturnItems", FLX_HAS_TOTAL_RETURN_ITEMS)
        total_rmas = record.integer("totalRmas", FLX_HAS_TOTAL_RMAS)
        (items, item_count) = record.list("items")
        (rmas, rma_count) = record.list("rmas")
    }
}

extension flx_return_item: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        return_id = record.text("returnId")
        order_item_id = record.text("orderItemId")
        sku = record.text("sku")
        title = record.text("title")
        reason = record.text("returnReason")
        condition = record.text("returnCondition")
        sales_price = record.decimal("salesPrice")
        refunded_amount = record.decimal("refundedAmount")
        quantity = record.integer("returnQuantity", FLX_HAS_QUANTITY)
        (bundle_components, bundle_component_count) = record.list("bundleComponents")
    }
}

extension flx_rma: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        return_id = record.text("returnId")
        account_id = record.text("accountId")
        source_id = record.text("sourceId")
        number = record.text("rmaNumber")
        return_to_address = record.object("returnToAddress")
        (items, item_count) = record.list("items")
    }
}

extension flx_rma_item: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        return_item_id = record.text("returnItemId")
    }
}
