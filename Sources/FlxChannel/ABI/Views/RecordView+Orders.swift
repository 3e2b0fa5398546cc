import CFlxChannel

// Orders (contract 4.2).

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
