// Made from tables/listings.toml by `make generate`: edit there, not here.
import CFlxChannel

extension flx_listing_status: HandleView {
    static let plan = ViewPlan(of: flx_listing_status.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("handle", &v.pointee.handle)
        f.text("name", &v.pointee.name)
    }
}

extension flx_unit: HandleView {
    static let plan = ViewPlan(of: flx_unit.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("handle", &v.pointee.handle)
        f.text("name", &v.pointee.name)
    }
}

extension flx_listing_image: RecordView {
    static let plan = ViewPlan(of: flx_listing_image.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("listingParentId", &v.pointee.listing_parent_id)
        f.text("listingVariantId", &v.pointee.listing_variant_id)
        f.text("url", &v.pointee.url)
        f.text("originalUrl", &v.pointee.original_url)
        f.text("hash", &v.pointee.hash)
        f.text("externalListingId", &v.pointee.external_listing_id)
        f.integer("sortOrder", &v.pointee.sort_order, FLX_HAS_SORT_ORDER)
    }
}

extension flx_name_value: RecordView {
    static let plan = ViewPlan(of: flx_name_value.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("listingParentId", &v.pointee.listing_parent_id)
        f.text("attributeId", &v.pointee.attribute_id)
        f.text("attributeValueId", &v.pointee.attribute_value_id)
        f.text("name", &v.pointee.name)
        f.text("value", &v.pointee.value)
    }
}

extension flx_price_overwrite: RecordView {
    static let plan = ViewPlan(of: flx_price_overwrite.self) { v, f in
        f.flag("priceOverwritten", &v.pointee.price_overwritten, FLX_HAS_PRICE_OVERWRITTEN)
        f.flag("costOverwritten", &v.pointee.cost_overwritten, FLX_HAS_COST_OVERWRITTEN)
        f.flag("msrpOverwritten", &v.pointee.msrp_overwritten, FLX_HAS_MSRP_OVERWRITTEN)
        f.flag("mapOverwritten", &v.pointee.map_overwritten, FLX_HAS_MAP_OVERWRITTEN)
        f.flag("shippingCostOverwritten", &v.pointee.shipping_cost_overwritten, FLX_HAS_SHIPPING_COST_OVERWRITTEN)
        f.flag("dropshipFeeOverwritten", &v.pointee.dropship_fee_overwritten, FLX_HAS_DROPSHIP_FEE_OVERWRITTEN)
        f.decimal("dynamicPrice", &v.pointee.dynamic_price)
        f.decimal("dynamicCost", &v.pointee.dynamic_cost)
        f.decimal("dynamicMsrp", &v.pointee.dynamic_msrp)
        f.decimal("dynamicMap", &v.pointee.dynamic_map)
    }
}

extension flx_quantity_overwrite: RecordView {
    static let plan = ViewPlan(of: flx_quantity_overwrite.self) { v, f in
        f.flag("quantityOverwritten", &v.pointee.quantity_overwritten, FLX_HAS_QUANTITY_OVERWRITTEN)
        f.flag(
            "isLockedByOrderVolumeProtection", &v.pointee.locked_by_order_volume_protection,
            FLX_HAS_LOCKED_BY_ORDER_VOLUME_PROTECTION)
        f.integer("dynamicQuantity", &v.pointee.dynamic_quantity, FLX_HAS_DYNAMIC_QUANTITY)
    }
}

extension flx_category: RecordView {
    static let plan = ViewPlan(of: flx_category.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("name", &v.pointee.name)
        f.text("accountId", &v.pointee.account_id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("sourceId", &v.pointee.source_id)
        f.text("parentCategoryId", &v.pointee.parent_category_id)
        f.text("productCategoryId", &v.pointee.product_category_id)
        f.flag("customized", &v.pointee.customized, FLX_HAS_CUSTOMIZED)
        f.flag("excluded", &v.pointee.excluded, FLX_HAS_EXCLUDED)
        f.instant("insertedAt", &v.pointee.inserted_at, FLX_HAS_INSERTED_AT)
        f.instant("updatedAt", &v.pointee.updated_at, FLX_HAS_UPDATED_AT)
        f.object("productCategory", &v.pointee.product_category)
        f.object("inventoryCategory", &v.pointee.inventory_category)
    }
}

extension flx_listing_variant: RecordView {
    static let plan = ViewPlan(of: flx_listing_variant.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("accountId", &v.pointee.account_id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("listingParentId", &v.pointee.listing_parent_id)
        f.text("productVariantId", &v.pointee.product_variant_id)
        f.text("sku", &v.pointee.sku)
        f.text("masterSku", &v.pointee.master_sku)
        f.text("title", &v.pointee.title)
        f.text("description", &v.pointee.description)
        f.text("upc", &v.pointee.upc)
        f.text("ean", &v.pointee.ean)
        f.text("gtin", &v.pointee.gtin)
        f.text("mpn", &v.pointee.mpn)
        f.text("asin", &v.pointee.asin)
        f.text("referenceIdentifier", &v.pointee.reference_identifier)
        f.text("externalListingId", &v.pointee.external_listing_id)
        f.text("externalReferenceId", &v.pointee.external_reference_id)
        f.text("externalReferenceIdType", &v.pointee.external_reference_id_type)
        f.decimal("price", &v.pointee.price)
        f.decimal("cost", &v.pointee.cost)
        f.decimal("msrp", &v.pointee.msrp)
        f.decimal("map", &v.pointee.map)
        f.decimal("shippingCost", &v.pointee.shipping_cost)
        f.decimal("dropshipFee", &v.pointee.dropship_fee)
        f.decimal("weight", &v.pointee.weight)
        f.decimal("length", &v.pointee.length)
        f.decimal("width", &v.pointee.width)
        f.decimal("height", &v.pointee.height)
        f.handle("weightUnit", &v.pointee.weight_unit)
        f.handle("dimensionUnit", &v.pointee.dimension_unit)
        f.text("syncError", &v.pointee.sync_error)
        f.text("publishError", &v.pointee.publish_error)
        f.integer("quantity", &v.pointee.quantity, FLX_HAS_QUANTITY)
        f.flag("archived", &v.pointee.archived, FLX_HAS_ARCHIVED)
        f.flag("paused", &v.pointee.paused, FLX_HAS_PAUSED)
        f.flag("linkedToRegularProduct", &v.pointee.linked_to_regular_product, FLX_HAS_LINKED)
        f.instant("linkAttemptedAt", &v.pointee.link_attempted_at, FLX_HAS_LINK_ATTEMPTED_AT)
        f.instant("insertedAt", &v.pointee.inserted_at, FLX_HAS_INSERTED_AT)
        f.instant("updatedAt", &v.pointee.updated_at, FLX_HAS_UPDATED_AT)
        f.instant("dynamicContentUpdatedAt", &v.pointee.dynamic_content_updated_at, FLX_HAS_DYNAMIC_UPDATED_AT)
        f.instant("dynamicContentSyncedAt", &v.pointee.dynamic_content_synced_at, FLX_HAS_DYNAMIC_SYNCED_AT)
        f.instant("staticContentUpdatedAt", &v.pointee.static_content_updated_at, FLX_HAS_STATIC_UPDATED_AT)
        f.instant("staticContentSyncedAt", &v.pointee.static_content_synced_at, FLX_HAS_STATIC_SYNCED_AT)
        f.handle("listingStatus", &v.pointee.status)
        f.handle("changeToListingStatus", &v.pointee.change_to)
        f.object("priceOverwrite", &v.pointee.price_overwrite)
        f.object("quantityOverwrite", &v.pointee.quantity_overwrite)
        f.list("images", &v.pointee.images, &v.pointee.image_count)
        f.list("image", &v.pointee.images, &v.pointee.image_count)
        f.list("options", &v.pointee.options, &v.pointee.option_count)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
        f.texts("tags", &v.pointee.tags, &v.pointee.tag_count)
        f.object("parent", &v.pointee.parent, isOutermostOnly: true)
    }
}

extension flx_listing_parent: RecordView {
    static let plan = ViewPlan(of: flx_listing_parent.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("accountId", &v.pointee.account_id)
        f.text("channelId", &v.pointee.channel_id)
        f.text("sku", &v.pointee.sku)
        f.text("title", &v.pointee.title)
        f.text("description", &v.pointee.description)
        f.text("manufacturer", &v.pointee.manufacturer)
        f.text("externalListingId", &v.pointee.external_listing_id)
        f.text("externalReferenceId", &v.pointee.external_reference_id)
        f.text("externalReferenceIdType", &v.pointee.external_reference_id_type)
        f.text("syncError", &v.pointee.sync_error)
        f.text("publishError", &v.pointee.publish_error)
        f.flag("archived", &v.pointee.archived, FLX_HAS_ARCHIVED)
        f.flag("linkedToRegularProduct", &v.pointee.linked_to_regular_product, FLX_HAS_LINKED)
        f.instant("linkAttemptedAt", &v.pointee.link_attempted_at, FLX_HAS_LINK_ATTEMPTED_AT)
        f.instant("insertedAt", &v.pointee.inserted_at, FLX_HAS_INSERTED_AT)
        f.instant("updatedAt", &v.pointee.updated_at, FLX_HAS_UPDATED_AT)
        f.instant("dynamicContentUpdatedAt", &v.pointee.dynamic_content_updated_at, FLX_HAS_DYNAMIC_UPDATED_AT)
        f.instant("dynamicContentSyncedAt", &v.pointee.dynamic_content_synced_at, FLX_HAS_DYNAMIC_SYNCED_AT)
        f.instant("staticContentUpdatedAt", &v.pointee.static_content_updated_at, FLX_HAS_STATIC_UPDATED_AT)
        f.instant("staticContentSyncedAt", &v.pointee.static_content_synced_at, FLX_HAS_STATIC_SYNCED_AT)
        f.handle("changeToListingStatus", &v.pointee.change_to)
        f.object("categoryOne", &v.pointee.category_one)
        f.object("categoryTwo", &v.pointee.category_two)
        f.object("categoryThree", &v.pointee.category_three)
        f.list("images", &v.pointee.images, &v.pointee.image_count)
        f.list("options", &v.pointee.options, &v.pointee.option_count)
        f.list("attributes", &v.pointee.attributes, &v.pointee.attribute_count)
        f.list("customFields", &v.pointee.custom_fields, &v.pointee.custom_field_count)
        f.texts("tags", &v.pointee.tags, &v.pointee.tag_count)
        f.list("variants", &v.pointee.variants, &v.pointee.variant_count)
    }
}
