import CFlxChannel

// Orders (contract 4.2).

extension flx_order: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        account_id = record.text("accountId")
        channel_id = record.text("channelId")
        order_number = record.text("orderNumber")
        reference_number = record.text("referenceNumber")
        imported_from = record.text("importedFrom")
        order_status = record.text("orderStatus")
        shipped_status = record.text("shippedStatus")
        acknowledged_status = record.text("acknowledgedStatus")
        shipping_text = record.text("shippingText")
        note = record.text("note")
        order_total = record.decimal("orderTotal")
        ordered_at = record.instant("orderedAt", FLX_HAS_ORDERED_AT)
        inserted_at = record.instant("insertedAt", FLX_HAS_INSERTED_AT)
        updated_at = record.instant("updatedAt", FLX_HAS_UPDATED_AT)
        shipping_address = record.object("shippingAddress")
        billing_address = record.object("billingAddress")
        (items, item_count) = record.list("orderItems")
        (fulfillment_requests, fulfillment_request_count) = record.list("fulfillmentRequests")
        (custom_fields, custom_field_count) = record.list("customFields")
        (tags, tag_count) = record.texts("tags")
    }
}

extension flx_order_item: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        order_id = record.text("orderId")
        sku = record.text("sku")
        title = record.text("title")
        listing_variant_id = record.text("listingVariantId")
        product_variant_id = record.text("productVariantId")
        external_listing_id = record.text("externalListingId")
        shipped_status = record.text("shippedStatus")
        allocated_status = record.text("allocatedStatus")
        acknowledged_status = record.text("acknowledgedStatus")
        price = record.decimal("price")
        cost = record.decimal("cost")
        quantity = record.integer("quantity", FLX_HAS_QUANTITY)
        shipped_quantity = record.integer("shippedQuantity", FLX_HAS_SHIPPED_QUANTITY)
        allocated_quantity = record.integer("allocatedQuantity", FLX_HAS_ALLOCATED_QUANTITY)
        acknowledged_quantity = record.integer("acknowledgedQuantity", FLX_HAS_ACKNOWLEDGED_QUANTITY)
        canceled_quantity = record.integer("canceledQuantity", FLX_HAS_CANCELED_QUANTITY)
        shipping_address = record.object("shippingAddress")
        (bundle_components, bundle_component_count) = record.list("bundleComponents")
        (custom_fields, custom_field_count) = record.list("customFields")
    }
}

extension flx_bundle_component: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        order_item_id = record.text("orderItemId")
        component_virtual_variant_id = record.text("componentVirtualVariantId")
        sku = record.text("sku")
        shipped_status = record.text("shippedStatus")
        allocated_status = record.text("allocatedStatus")
        acknowledged_status = record.text("acknowledgedStatus")
        cost = record.decimal("cost")
        component_quantity = record.integer("componentQuantity", FLX_HAS_COMPONENT_QUANTITY)
        quantity = record.integer("quantity", FLX_HAS_QUANTITY)
        shipped_quantity = record.integer("shippedQuantity", FLX_HAS_SHIPPED_QUANTITY)
        allocated_quantity = record.integer("allocatedQuantity", FLX_HAS_ALLOCATED_QUANTITY)
        acknowledged_quantity = record.integer("acknowledgedQuantity", FLX_HAS_ACKNOWLEDGED_QUANTITY)
    }
}

extension flx_fulfillment_request: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        number = record.text("fulfillmentRequestNumber")
        order_id = record.text("orderId")
        source_id = record.text("sourceId")
        status = record.text("handle", in: "fulfillmentRequestStatus")
        status_name = record.text("name", in: "fulfillmentRequestStatus")
        acknowledged_at = record.instant("acknowledgedAt", FLX_HAS_ACKNOWLEDGED_AT)
        sent_at = record.instant("sentAt", FLX_HAS_SENT_AT)
        generated_at = record.instant("generatedAt", FLX_HAS_GENERATED_AT)
        voided_at = record.instant("voidedAt", FLX_HAS_VOIDED_AT)
    }
}

extension flx_address: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        hash = record.text("hash")
        name = record.text("name")
        first_name = record.text("firstName")
        last_name = record.text("lastName")
        company_name = record.text("companyName")
        address_line_1 = record.text("addressLine1")
        address_line_2 = record.text("addressLine2")
        city = record.text("city")
        state = record.text("state")
        state_code = record.text("stateCode")
        postal = record.text("postal")
        country = record.text("country")
        country_code = record.text("countryCode")
        email = record.text("email")
        phone = record.text("phone")
        redacted = record.flag("redacted", FLX_HAS_REDACTED)
    }
}
