// Made from tables/orders.toml by `make generate`: edit there, not here.
import CFlxChannel

extension flx_address: RecordView {
    static let plan = ViewPlan(of: flx_address.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("hash", &v.pointee.hash)
        f.text("name", &v.pointee.name)
        f.text("firstName", &v.pointee.first_name)
        f.text("lastName", &v.pointee.last_name)
        f.text("companyName", &v.pointee.company_name)
        f.text("addressLine1", &v.pointee.address_line_1)
        f.text("addressLine2", &v.pointee.address_line_2)
        f.text("city", &v.pointee.city)
        f.text("state", &v.pointee.state)
        f.text("stateCode", &v.pointee.state_code)
        f.text("postal", &v.pointee.postal)
        f.text("country", &v.pointee.country)
        f.text("countryCode", &v.pointee.country_code)
        f.text("email", &v.pointee.email)
        f.text("phone", &v.pointee.phone)
        f.flag("redacted", &v.pointee.redacted, FLX_HAS_REDACTED)
    }
}

extension flx_bundle_component: RecordView {
    static let plan = ViewPlan(of: flx_bundle_component.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("orderItemId", &v.pointee.order_item_id)
        f.text("componentVirtualVariantId", &v.pointee.component_virtual_variant_id)
        f.text("sku", &v.pointee.sku)
        f.text("shippedStatus", &v.pointee.shipped_status)
        f.text("allocatedStatus", &v.pointee.allocated_status)
        f.text("acknowledgedStatus", &v.pointee.acknowledged_status)
        f.decimal("cost", &v.pointee.cost)
        f.integer("componentQuantity", &v.pointee.component_quantity, FLX_HAS_COMPONENT_QUANTITY)
        f.integer("quantity", &v.pointee.quantity, FLX_HAS_QUANTITY)
        f.integer("shippedQuantity", &v.pointee.shipped_quantity, FLX_HAS_SHIPPED_QUANTITY)
        f.integer("allocatedQuantity", &v.pointee.allocated_quantity, FLX_HAS_ALLOCATED_QUANTITY)
        f.integer("acknowledgedQuantity", &v.pointee.acknowledged_quantity, FLX_HAS_ACKNOWLEDGED_QUANTITY)
    }
}

extension flx_order_item: RecordView {
    static let plan = ViewPlan(of: flx_order_item.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("orderId", &v.pointee.order_id)
        f.text("sku", &v.pointee.sku)
        f.text("title", &v.pointee.title)
        f.text("listingVariantId", &v.pointee.listing_variant_id)
        f.text("productVariantId", &v.pointee.product_variant_id)
        f.text("externalListingId", &v.pointee.external_listing_id)
        f.text("shippedStatus", &v.pointee.shipped_status)
        f.text("allocatedStatus", &v.pointee.allocated_status)
        f.text("acknowledgedStatus", &v.pointee.acknowledged_status)
        f.decimal("price", &v.pointee.price)
        f.decimal("cost", &v.pointee.cost)
        f.integer("quantity", &v.pointee.quantity, FLX_HAS_QUANTITY)
        f.integer("shippedQuantity", &v.pointee.shipped_quantity, FLX_HAS_SHIPPED_QUANTITY)
        f.integer("allocatedQuantity", &v.pointee.allocated_quantity, FLX_HAS_ALLOCATED_QUANTITY)
        f.integer("acknowledgedQuantity", &v.pointee.acknowledged_quantity, FLX_HAS_ACKNOWLEDGED_QUANTITY)
        f.integer("canceledQuantity", &v.pointee.canceled_quantity, FLX_HAS_CANCELED_QUANTITY)
        f.object("shippingAddress", &v.pointee.shipping_address)
        f.list("bundleComponents", &v.pointee.bundle_components, &v.pointee.bundle_component_count)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
    }
}

extension flx_fulfillment_request: RecordView {
    static let plan = ViewPlan(of: flx_fulfillment_request.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("fulfillmentRequestNumber", &v.pointee.number)
        f.text("orderId", &v.pointee.order_id)
        f.text("sourceId", &v.pointee.source_id)
        f.members("fulfillmentRequestStatus") { f in
            f.text("handle", &v.pointee.status)
            f.text("name", &v.pointee.status_name)
        }
        f.instant("acknowledgedAt", &v.pointee.acknowledged_at, FLX_HAS_ACKNOWLEDGED_AT)
        f.instant("sentAt", &v.pointee.sent_at, FLX_HAS_SENT_AT)
        f.instant("generatedAt", &v.pointee.generated_at, FLX_HAS_GENERATED_AT)
        f.instant("voidedAt", &v.pointee.voided_at, FLX_HAS_VOIDED_AT)
    }
}

extension flx_order: RecordView {
    static let plan = ViewPlan(of: flx_order.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("accountId", &v.pointee.account_id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("orderNumber", &v.pointee.order_number)
        f.text("referenceNumber", &v.pointee.reference_number)
        f.text("importedFrom", &v.pointee.imported_from)
        f.text("orderStatus", &v.pointee.order_status)
        f.text("shippedStatus", &v.pointee.shipped_status)
        f.text("acknowledgedStatus", &v.pointee.acknowledged_status)
        f.text("shippingText", &v.pointee.shipping_text)
        f.text("note", &v.pointee.note)
        f.decimal("orderTotal", &v.pointee.order_total)
        f.instant("orderedAt", &v.pointee.ordered_at, FLX_HAS_ORDERED_AT)
        f.instant("insertedAt", &v.pointee.inserted_at, FLX_HAS_INSERTED_AT)
        f.instant("updatedAt", &v.pointee.updated_at, FLX_HAS_UPDATED_AT)
        f.object("shippingAddress", &v.pointee.shipping_address)
        f.object("billingAddress", &v.pointee.billing_address)
        f.list("orderItems", &v.pointee.items, &v.pointee.item_count)
        f.list("fulfillmentRequests", &v.pointee.fulfillment_requests, &v.pointee.fulfillment_request_count)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
        f.texts("tags", &v.pointee.tags, &v.pointee.tag_count)
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
        f.integer(
            "committedStockReleasedQuantity", &v.pointee.committed_stock_released_quantity,
            FLX_HAS_COMMITTED_STOCK_RELEASED_QUANTITY)
        f.flag("partial", &v.pointee.partial, FLX_HAS_PARTIAL)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
    }
}

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

extension flx_rma_item: RecordView {
    static let plan = ViewPlan(of: flx_rma_item.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("returnItemId", &v.pointee.return_item_id)
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
