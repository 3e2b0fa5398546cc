import CFlxChannel

/// Orders, shipments, returns (contract 4.2, 5.1, 6).
extension RecordReader {
    func order(_ record: JSONValue) -> flx_order {
        var view = flx_order()
        var has: UInt32 = 0
        view.size = size(flx_order.self)
        view.id = text(record, "id")
        view.order_number = text(record, "orderNumber")
        view.reference_number = text(record, "referenceNumber")
        view.channel_id = text(record, "channelId")
        view.order_status = text(record, "orderStatus")
        view.shipped_status = text(record, "shippedStatus")
        view.acknowledged_status = text(record, "acknowledgedStatus")
        view.shipping_text = text(record, "shippingText")
        view.note = text(record, "note")
        view.order_total = decimal(record, "orderTotal")
        view.ordered_at = instant(record, "orderedAt", &has, FLX_HAS_ORDERED_AT)
        view.inserted_at = instant(record, "insertedAt", &has, FLX_HAS_INSERTED_AT)
        view.updated_at = instant(record, "updatedAt", &has, FLX_HAS_UPDATED_AT)
        view.has = has
        view.shipping_address = address(record, "shippingAddress")
        view.billing_address = address(record, "billingAddress")
        (view.items, view.item_count) = list(record, "orderItems", orderItem)
        (view.tags, view.tag_count) = tags(record)
        return view
    }

    private func orderItem(_ record: JSONValue) -> flx_order_item {
        var view = flx_order_item()
        var has: UInt32 = 0
        view.size = size(flx_order_item.self)
        view.id = text(record, "id")
        view.sku = text(record, "sku")
        view.title = text(record, "title")
        view.listing_variant_id = text(record, "listingVariantId")
        view.product_variant_id = text(record, "productVariantId")
        view.external_listing_id = text(record, "externalListingId")
        view.shipped_status = text(record, "shippedStatus")
        view.acknowledged_status = text(record, "acknowledgedStatus")
        view.price = decimal(record, "price")
        view.quantity = integer(record, "quantity", &has, FLX_HAS_QUANTITY)
        view.shipped_quantity = integer(record, "shippedQuantity", &has, FLX_HAS_SHIPPED_QUANTITY)
        view.acknowledged_quantity = integer(record, "acknowledgedQuantity", &has, FLX_HAS_ACKNOWLEDGED_QUANTITY)
        view.canceled_quantity = integer(record, "canceledQuantity", &has, FLX_HAS_CANCELED_QUANTITY)
        view.has = has
        return view
    }

    private func address(_ record: JSONValue, _ name: String) -> UnsafePointer<flx_address>? {
        guard let node = isObject(record.member(name)) else { return nil }
        var view = flx_address()
        var has: UInt32 = 0
        view.size = size(flx_address.self)
        view.name = text(node, "name")
        view.first_name = text(node, "firstName")
        view.last_name = text(node, "lastName")
        view.company_name = text(node, "companyName")
        view.address_line_1 = text(node, "addressLine1")
        view.address_line_2 = text(node, "addressLine2")
        view.city = text(node, "city")
        view.state = text(node, "state")
        view.state_code = text(node, "stateCode")
        view.postal = text(node, "postal")
        view.country = text(node, "country")
        view.country_code = text(node, "countryCode")
        view.email = text(node, "email")
        view.phone = text(node, "phone")
        view.redacted = flag(node, "redacted", &has, FLX_HAS_REDACTED)
        view.has = has
        return arena.store(view)
    }

    private func tags(_ record: JSONValue) -> (UnsafePointer<UnsafePointer<flx_text>?>?, Int) {
        guard let list = record.member("tags"), list.kind == .array else { return (nil, 0) }
        var pointers: [UnsafePointer<flx_text>] = []
        for element in list.elements where element.kind == .string { pointers.append(arena.store(text(element))) }
        return (arena.store(pointers), pointers.count)
    }

    func shipment(_ record: JSONValue, _ orderNumbers: [String: String]) -> flx_shipment {
        var view = flx_shipment()
        var has: UInt32 = 0
        view.size = size(flx_shipment.self)
        view.kind = shipmentKind(record)
        view.partial = flag(record, "partial", &has, FLX_HAS_PARTIAL)
        _ = flag(record, "suppressed", &has, FLX_HAS_SUPPRESSED)
        view.id = text(record, "id")
        view.order_id = text(record, "orderId")
        if let id = record.member("orderId").flatMap(OrderField.idText), let number = orderNumbers[id] {
            view.order_number = Array(number.utf8).withUnsafeBufferPointer { arena.text($0) }
        }
        view.tracking_number = text(record, "trackingNumber")
        view.tracking_url = text(record, "trackingUrl")
        view.carrier = text(record, "carrier")
        view.method = text(record, "method")
        view.note = text(record, "note")
        view.fulfillment_request_id = text(record, "fulfillmentRequestId")
        view.rma_id = text(record, "rmaId")
        view.shipping_cost = decimal(record, "shippingCost")
        view.shipped_at = instant(record, "shippedAt", &has, FLX_HAS_SHIPPED_AT)
        view.inserted_at = instant(record, "insertedAt", &has, FLX_HAS_INSERTED_AT)
        view.updated_at = instant(record, "updatedAt", &has, FLX_HAS_UPDATED_AT)
        view.has = has
        (view.items, view.item_count) = list(record, "shipmentItems") { item in
            var view = flx_shipment_item()
            var has: UInt32 = 0
            view.size = size(flx_shipment_item.self)
            view.id = text(item, "id")
            view.order_item_id = text(item, "orderItemId")
            view.sku = text(item, "sku")
            view.quantity = integer(item, "quantity", &has, FLX_HAS_QUANTITY)
            view.has = has
            return view
        }
        return view
    }

    /// contract 5.1: returns and inbound legs stand in the same list as deliveries.
    private func shipmentKind(_ record: JSONValue) -> Int32 {
        if record.member("rmaId").flatMap(OrderField.idText) != nil { return FLX_SHIPMENT_RETURN }
        if record.member("crossDockPurchaseOrderId").flatMap(OrderField.idText) != nil { return FLX_SHIPMENT_CROSS_DOCK }
        return record.member("suppressed")?.bool == true ? FLX_SHIPMENT_SUPPRESSED : FLX_SHIPMENT_DELIVERY
    }

    func goodsReturn(_ record: JSONValue) -> flx_return {
        var view = flx_return()
        view.size = size(flx_return.self)
        view.id = text(record, "id")
        view.order_id = text(record, "orderId")
        view.return_number = text(record, "returnNumber")
        view.status = text(record, "returnStatus")
        (view.items, view.item_count) = list(record, "items") { item in
            var view = flx_return_item()
            var has: UInt32 = 0
            view.size = size(flx_return_item.self)
            view.id = text(item, "id")
            view.order_item_id = text(item, "orderItemId")
            view.sku = text(item, "sku")
            view.title = text(item, "title")
            view.reason = text(item, "returnReason")
            view.condition = text(item, "returnCondition")
            view.sales_price = decimal(item, "salesPrice")
            view.refunded_amount = decimal(item, "refundedAmount")
            view.quantity = integer(item, "returnQuantity", &has, FLX_HAS_QUANTITY)
            view.has = has
            return view
        }
        return view
    }
}
