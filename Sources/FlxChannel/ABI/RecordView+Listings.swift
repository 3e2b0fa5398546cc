import CFlxChannel

// Listings (contract 3.3, 3.6).

extension flx_listing_variant: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        account_id = record.text("accountId")
        channel_id = record.text("channelId")
        listing_parent_id = record.text("listingParentId")
        product_variant_id = record.text("productVariantId")
        sku = record.text("sku")
        master_sku = record.text("masterSku")
        title = record.text("title")
        description = record.text("description")
        upc = record.text("upc")
        ean = record.text("ean")
        gtin = record.text("gtin")
        mpn = record.text("mpn")
        asin = record.text("asin")
        reference_identifier = record.text("referenceIdentifier")
        external_listing_id = record.text("externalListingId")
        external_reference_id = record.text("externalReferenceId")
        external_reference_id_type = record.text("externalReferenceIdType")
        price = record.decimal("price")
        cost = record.decimal("cost")
        msrp = record.decimal("msrp")
        map = record.decimal("map")
        shipping_cost = record.decimal("shippingCost")
        dropship_fee = record.decimal("dropshipFee")
        weight = record.decimal("weight")
        length = record.decimal("length")
        width = record.decimal("width")
        height = record.decimal("height")
        weight_unit = record.handle("weightUnit")
        dimension_unit = record.handle("dimensionUnit")
        sync_error = record.text("syncError")
        publish_error = record.text("publishError")
        quantity = record.integer("quantity", FLX_HAS_QUANTITY)
        archived = record.flag("archived", FLX_HAS_ARCHIVED)
        paused = record.flag("paused", FLX_HAS_PAUSED)
        linked_to_regular_product = record.flag("linkedToRegularProduct", FLX_HAS_LINKED)
        link_attempted_at = record.instant("linkAttemptedAt", FLX_HAS_LINK_ATTEMPTED_AT)
        inserted_at = record.instant("insertedAt", FLX_HAS_INSERTED_AT)
        updated_at = record.instant("updatedAt", FLX_HAS_UPDATED_AT)
        dynamic_content_updated_at = record.instant("dynamicContentUpdatedAt", FLX_HAS_DYNAMIC_UPDATED_AT)
        dynamic_content_synced_at = record.instant("dynamicContentSyncedAt", FLX_HAS_DYNAMIC_SYNCED_AT)
        static_content_updated_at = record.instant("staticContentUpdatedAt", FLX_HAS_STATIC_UPDATED_AT)
        static_content_synced_at = record.instant("staticContentSyncedAt", FLX_HAS_STATIC_SYNCED_AT)
        status = record.handle("listingStatus")
        change_to = record.handle("changeToListingStatus")
        price_overwrite = record.object("priceOverwrite")
        quantity_overwrite = record.object("quantityOverwrite")
        // contract 3.3: one text calls the node `image`.
        (images, image_count) = record.list(record.isList("images") ? "images" : "image")
        (options, option_count) = record.list("options")
        (custom_fields, custom_field_count) = record.list("customFields")
        (tags, tag_count) = record.texts("tags")
        // A variant inside its parent has no parent of its own, so that the two end.
        parent = record.isNested ? nil : record.object("parent")
        if change_to == nil { change_to = parent?.pointee.change_to }
    }
}

extension flx_price_overwrite: RecordView {
    mutating func read(_ record: RecordReader) {
        price_overwritten = record.flag("priceOverwritten", FLX_HAS_PRICE_OVERWRITTEN)
        cost_overwritten = record.flag("costOverwritten", FLX_HAS_COST_OVERWRITTEN)
        msrp_overwritten = record.flag("msrpOverwritten", FLX_HAS_MSRP_OVERWRITTEN)
        map_overwritten = record.flag("mapOverwritten", FLX_HAS_MAP_OVERWRITTEN)
        shipping_cost_overwritten = record.flag("shippingCostOverwritten", FLX_HAS_SHIPPING_COST_OVERWRITTEN)
        dropship_fee_overwritten = record.flag("dropshipFeeOverwritten", FLX_HAS_DROPSHIP_FEE_OVERWRITTEN)
        dynamic_price = record.decimal("dynamicPrice")
        dynamic_cost = record.decimal("dynamicCost")
        dynamic_msrp = record.decimal("dynamicMsrp")
        dynamic_map = record.decimal("dynamicMap")
    }
}

extension flx_quantity_overwrite: RecordView {
    mutating func read(_ record: RecordReader) {
        quantity_overwritten = record.flag("quantityOverwritten", FLX_HAS_QUANTITY_OVERWRITTEN)
        locked_by_order_volume_protection = record.flag(
            "isLockedByOrderVolumeProtection", FLX_HAS_LOCKED_BY_ORDER_VOLUME_PROTECTION)
        dynamic_quantity = record.integer("dynamicQuantity", FLX_HAS_DYNAMIC_QUANTITY)
    }
}

extension flx_listing_parent: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        account_id = record.text("accountId")
        channel_id = record.text("channelId")
        sku = record.text("sku")
        title = record.text("title")
        description = record.text("description")
        manufacturer = record.text("manufacturer")
        external_listing_id = record.text("externalListingId")
        external_reference_id = record.text("externalReferenceId")
        external_reference_id_type = record.text("externalReferenceIdType")
        sync_error = record.text("syncError")
        publish_error = record.text("publishError")
        archived = record.flag("archived", FLX_HAS_ARCHIVED)
        linked_to_regular_product = record.flag("linkedToRegularProduct", FLX_HAS_LINKED)
        link_attempted_at = record.instant("linkAttemptedAt", FLX_HAS_LINK_ATTEMPTED_AT)
        inserted_at = record.instant("insertedAt", FLX_HAS_INSERTED_AT)
        updated_at = record.instant("updatedAt", FLX_HAS_UPDATED_AT)
        dynamic_content_updated_at = record.instant("dynamicContentUpdatedAt", FLX_HAS_DYNAMIC_UPDATED_AT)
        dynamic_content_synced_at = record.instant("dynamicContentSyncedAt", FLX_HAS_DYNAMIC_SYNCED_AT)
        static_content_updated_at = record.instant("staticContentUpdatedAt", FLX_HAS_STATIC_UPDATED_AT)
        static_content_synced_at = record.instant("staticContentSyncedAt", FLX_HAS_STATIC_SYNCED_AT)
        change_to = record.handle("changeToListingStatus")
        category_one = record.object("categoryOne")
        category_two = record.object("categoryTwo")
        category_three = record.object("categoryThree")
        (images, image_count) = record.list("images")
        (options, option_count) = record.list("options")
        (attributes, attribute_count) = record.list("attributes")
        (custom_fields, custom_field_count) = record.list("customFields")
        (tags, tag_count) = record.texts("tags")
        (variants, variant_count) = record.list("variants")
    }
}

extension flx_category: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        name = record.text("name")
        account_id = record.text("accountId")
        channel_id = record.text("channelId")
        source_id = record.text("sourceId")
        parent_category_id = record.text("parentCategoryId")
        product_category_id = record.text("productCategoryId")
        customized = record.flag("customized", FLX_HAS_CUSTOMIZED)
        excluded = record.flag("excluded", FLX_HAS_EXCLUDED)
        inserted_at = record.instant("insertedAt", FLX_HAS_INSERTED_AT)
        updated_at = record.instant("updatedAt", FLX_HAS_UPDATED_AT)
        product_category = record.object("productCategory")
        inventory_category = record.object("inventoryCategory")
    }
}

extension flx_listing_image: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        channel_id = record.text("channelId")
        listing_parent_id = record.text("listingParentId")
        listing_variant_id = record.text("listingVariantId")
        url = record.text("url")
        original_url = record.text("originalUrl")
        hash = record.text("hash")
        external_listing_id = record.text("externalListingId")
        sort_order = record.integer("sortOrder", FLX_HAS_SORT_ORDER)
    }
}
