import CFlxChannel

/// Listings (contract 3.3, 3.6).
extension RecordReader {
    func variant(_ record: JSONValue) -> flx_listing_variant {
        variant(record, withParent: true)
    }

    /// A variant inside its parent has no parent of its own, so that the depth is bounded.
    private func variant(_ record: JSONValue, withParent: Bool) -> flx_listing_variant {
        var view = flx_listing_variant()
        var has: UInt32 = 0
        view.size = size(flx_listing_variant.self)
        view.id = text(record, "id")
        view.sku = text(record, "sku")
        view.title = text(record, "title")
        view.upc = text(record, "upc")
        view.ean = text(record, "ean")
        view.mpn = text(record, "mpn")
        view.external_listing_id = text(record, "externalListingId")
        view.product_variant_id = text(record, "productVariantId")
        view.listing_parent_id = text(record, "listingParentId")
        view.price = decimal(record, "price")
        view.cost = decimal(record, "cost")
        view.msrp = decimal(record, "msrp")
        view.map = decimal(record, "map")
        view.weight = decimal(record, "weight")
        view.length = decimal(record, "length")
        view.width = decimal(record, "width")
        view.height = decimal(record, "height")
        view.weight_unit = unit(record, "weightUnit")
        view.dimension_unit = unit(record, "dimensionUnit")
        view.description = text(record, "description")
        view.sync_error = text(record, "syncError")
        view.publish_error = text(record, "publishError")
        view.quantity = integer(record, "quantity", &has, FLX_HAS_QUANTITY)
        view.archived = flag(record, "archived", &has, FLX_HAS_ARCHIVED)
        view.paused = flag(record, "paused", &has, FLX_HAS_PAUSED)
        view.linked_to_regular_product = flag(record, "linkedToRegularProduct", &has, FLX_HAS_LINKED)
        view.inserted_at = instant(record, "insertedAt", &has, FLX_HAS_INSERTED_AT)
        view.updated_at = instant(record, "updatedAt", &has, FLX_HAS_UPDATED_AT)
        view.dynamic_content_updated_at = instant(record, "dynamicContentUpdatedAt", &has, FLX_HAS_DYNAMIC_UPDATED_AT)
        view.dynamic_content_synced_at = instant(record, "dynamicContentSyncedAt", &has, FLX_HAS_DYNAMIC_SYNCED_AT)
        view.static_content_updated_at = instant(record, "staticContentUpdatedAt", &has, FLX_HAS_STATIC_UPDATED_AT)
        view.static_content_synced_at = instant(record, "staticContentSyncedAt", &has, FLX_HAS_STATIC_SYNCED_AT)
        view.has = has
        view.status = status(record, "listingStatus")
        view.change_to = status(record, "changeToListingStatus")
        // contract 3.3: one text calls the node `image`.
        let images = record.member("images")?.kind == .array ? "images" : "image"
        (view.images, view.image_count) = list(record, images, image)
        (view.options, view.option_count) = list(record, "options", nameValue)
        (view.custom_fields, view.custom_field_count) = list(record, "customFields", nameValue)
        if withParent, let parent = isObject(record.member("parent")) {
            view.parent = arena.store(self.parent(parent))
            if view.change_to == nil { view.change_to = status(parent, "changeToListingStatus") }
        }
        return view
    }

    func parent(_ record: JSONValue) -> flx_listing_parent {
        var view = flx_listing_parent()
        var has: UInt32 = 0
        view.size = size(flx_listing_parent.self)
        view.id = text(record, "id")
        view.sku = text(record, "sku")
        view.title = text(record, "title")
        view.description = text(record, "description")
        view.manufacturer = text(record, "manufacturer")
        view.category_one = named(record, "categoryOne")
        view.category_two = named(record, "categoryTwo")
        view.category_three = named(record, "categoryThree")
        view.external_listing_id = text(record, "externalListingId")
        view.publish_error = text(record, "publishError")
        view.archived = flag(record, "archived", &has, FLX_HAS_ARCHIVED)
        view.inserted_at = instant(record, "insertedAt", &has, FLX_HAS_INSERTED_AT)
        view.updated_at = instant(record, "updatedAt", &has, FLX_HAS_UPDATED_AT)
        view.static_content_updated_at = instant(record, "staticContentUpdatedAt", &has, FLX_HAS_STATIC_UPDATED_AT)
        view.static_content_synced_at = instant(record, "staticContentSyncedAt", &has, FLX_HAS_STATIC_SYNCED_AT)
        view.has = has
        view.change_to = status(record, "changeToListingStatus")
        (view.images, view.image_count) = list(record, "images", image)
        (view.options, view.option_count) = list(record, "options", nameValue)
        (view.attributes, view.attribute_count) = list(record, "attributes", nameValue)
        (view.custom_fields, view.custom_field_count) = list(record, "customFields", nameValue)
        (view.variants, view.variant_count) = list(record, "variants") { variant($0, withParent: false) }
        return view
    }

    private func status(_ record: JSONValue, _ name: String) -> UnsafePointer<flx_listing_status>? {
        guard let node = record.member(name), !node.isNull else { return nil }
        var view = flx_listing_status()
        view.size = size(flx_listing_status.self)
        if node.kind == .object {
            view.handle = text(node, "handle")
            view.name = text(node, "name")
        } else {
            view.handle = text(node)  // contract 1.9: some enumerations come as plain text
        }
        return view.handle.p == nil ? nil : arena.store(view)
    }

    private func image(_ record: JSONValue) -> flx_listing_image {
        var view = flx_listing_image()
        var has: UInt32 = 0
        view.size = size(flx_listing_image.self)
        view.id = text(record, "id")
        view.url = text(record, "url")
        view.original_url = text(record, "originalUrl")
        view.hash = text(record, "hash")
        view.external_listing_id = text(record, "externalListingId")
        view.sort_order = integer(record, "sortOrder", &has, FLX_HAS_SORT_ORDER)
        view.has = has
        return view
    }

    private func nameValue(_ record: JSONValue) -> flx_name_value {
        var view = flx_name_value()
        view.size = size(flx_name_value.self)
        view.id = text(record, "id")
        view.name = text(record, "name")
        view.value = text(record, "value")
        return view
    }

    /// A unit is an object with a handle, or plain text (contract 1.9).
    private func unit(_ record: JSONValue, _ name: String) -> flx_text {
        guard let node = record.member(name) else { return flx_text(p: nil, n: 0) }
        return node.kind == .object ? text(node, "handle") : text(node)
    }

    private func named(_ record: JSONValue, _ name: String) -> flx_text {
        isObject(record.member(name)).map { text($0, "name") } ?? flx_text(p: nil, n: 0)
    }
}
