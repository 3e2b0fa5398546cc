// Made from tables/listing_bodies.toml by `make generate`: edit there, not here.

/// The objects in bodies of requests, and the only values of some texts.
enum ListingBodies {
    static let listingStatuses = ["not_listed", "listed", "hidden", "delisted", "published", "broken_link", "overwrite_data"]
    static let createOrUpdate = ["createOnly", "updateOnly"]
    static let modify = ["none", "update", "updateNonNull"]
    static let modifyNodes = ["none", "update", "merge", "deleteIncluded", "deleteAll"]
    static let modifyQuantity = ["none", "update", "delete", "updateNonNull"]
    static let modifyPrice = ["none", "update", "updateNonNull", "delete"]
    static let modifyCategories = ["none", "update", "delete"]

    static let listingStatus = BodyShape([
        .field("id", .integer),
        .field("handle", .text, required: true, of: listingStatuses),
        .field("name", .text),
    ])

    static let variantAnswer = BodyShape([
        .field("listingVariantId", .integer, required: true),
        .field("syncedAt", .instant),
        .field("error", .text, null: true),
        .field("overrideStatus", .object(listingStatus), null: true),
        .field("isLinkedToRegularProduct", .boolean),
    ])

    static let unit = BodyShape(
        [
            .field("id", .integer),
            .field("handle", .text),
            .field("name", .text),
        ], open: true)

    static let quantityOverwrite = BodyShape(
        [
            .field("quantityOverwritten", .boolean),
            .field("isLockedByOrderVolumeProtection", .boolean),
            .field("dynamicQuantity", .integer, null: true),
        ], open: true)

    static let priceOverwrite = BodyShape(
        [
            .field("priceOverwritten", .boolean),
            .field("costOverwritten", .boolean),
            .field("msrpOverwritten", .boolean),
            .field("mapOverwritten", .boolean),
            .field("shippingCostOverwritten", .boolean),
            .field("dropshipFeeOverwritten", .boolean),
            .field("dynamicPrice", .decimal, null: true),
            .field("dynamicCost", .decimal, null: true),
            .field("dynamicMsrp", .decimal, null: true),
            .field("dynamicMap", .decimal, null: true),
        ], open: true)

    static let newImage = BodyShape([
        .field("url", .text, required: true),
        .field("sortOrder", .integer),
    ])

    static let namedValue = BodyShape([
        .field("name", .text, required: true),
        .field("value", .text, required: true),
    ])

    static let variant = BodyShape(
        [
            .field("sku", .text, required: true),
            .field("channelId", .integer),
            .field("listingParentId", .integer, null: true),
            .field("masterSku", .text, null: true),
            .field("title", .text, null: true),
            .field("description", .text, null: true),
            .field("upc", .text, null: true),
            .field("ean", .text, null: true),
            .field("gtin", .text, null: true),
            .field("mpn", .text, null: true),
            .field("asin", .text, null: true),
            .field("referenceIdentifier", .text, null: true),
            .field("price", .decimal, null: true),
            .field("cost", .decimal, null: true),
            .field("msrp", .decimal, null: true),
            .field("map", .decimal, null: true),
            .field("shippingCost", .decimal, null: true),
            .field("dropshipFee", .decimal, null: true),
            .field("weight", .decimal, null: true),
            .field("length", .decimal, null: true),
            .field("width", .decimal, null: true),
            .field("height", .decimal, null: true),
            .field("quantity", .integer, null: true),
            .field("weightUnit", .object(unit), null: true),
            .field("dimensionUnit", .object(unit), null: true),
            .field("archived", .boolean, null: true),
            .field("changeToListingStatus", .object(listingStatus), null: true),
            .field("quantityOverwrite", .object(quantityOverwrite), null: true),
            .field("priceOverwrite", .object(priceOverwrite), null: true),
            .field("externalListingId", .text, null: true),
            .field("externalReferenceId", .text, null: true),
            .field("externalReferenceIdType", .text, null: true),
            .field("syncError", .text, null: true),
            .field("publishError", .text, null: true),
            .field("linkedToRegularProduct", .boolean, null: true),
            .field("linkAttemptedAt", .instant, null: true),
            .field("dynamicContentUpdatedAt", .instant, null: true),
            .field("dynamicContentSyncedAt", .instant, null: true),
            .field("staticContentUpdatedAt", .instant, null: true),
            .field("staticContentSyncedAt", .instant, null: true),
            .field("images", .list(.object(newImage))),
            .field("options", .list(.object(namedValue))),
            .field("customFields", .list(.object(namedValue))),
        ], open: true)

    static let imageAnswer = BodyShape([
        .field("id", .integer),
        .field("externalListingId", .text, null: true),
    ])

    static let variantOfParentAnswer = BodyShape([
        .field("listingVariantId", .integer, required: true),
        .field("externalListingId", .text, null: true),
        .field("error", .text, null: true),
        .field("images", .list(.object(imageAnswer))),
    ])

    static let parentAnswer = BodyShape([
        .field("listingParentId", .integer, required: true),
        .field("externalListingId", .text, null: true),
        .field("error", .text, null: true),
        .field("variants", .list(.object(variantOfParentAnswer)), required: true),
        .field("images", .list(.object(imageAnswer))),
    ])

    static let namedOption = BodyShape([.field("name", .text, required: true)])

    static let parent = BodyShape(
        [
            .field("sku", .text, required: true),
            .field("channelId", .integer),
            .field("title", .text, null: true),
            .field("description", .text, null: true),
            .field("manufacturer", .text, null: true),
            .field("archived", .boolean, null: true),
            .field("externalListingId", .text, null: true),
            .field("externalReferenceId", .text, null: true),
            .field("externalReferenceIdType", .text, null: true),
            .field("syncError", .text, null: true),
            .field("publishError", .text, null: true),
            .field("linkedToRegularProduct", .boolean, null: true),
            .field("linkAttemptedAt", .instant, null: true),
            .field("dynamicContentUpdatedAt", .instant, null: true),
            .field("dynamicContentSyncedAt", .instant, null: true),
            .field("staticContentUpdatedAt", .instant, null: true),
            .field("staticContentSyncedAt", .instant, null: true),
            .field("images", .list(.object(newImage))),
            .field("options", .list(.object(namedOption))),
            .field("attributes", .list(.object(namedValue))),
            .field("customFields", .list(.object(namedValue))),
            .field("variants", .list(.object(variant))),
        ], open: true)

    static let variantSearch = BodyShape([
        .field("filterChannelId", .integer),
        .field("filterParentIds", .list(.integer)),
        .field("filterVariantIds", .list(.integer)),
        .field("filterExternalIds", .list(.text)),
        .field("filterProductVariantIds", .list(.integer)),
        .field("filterSkus", .list(.text)),
        .field("filterUpcs", .list(.text)),
        .field("filterMpns", .list(.text)),
        .field("filterEans", .list(.text)),
        .field("filterAsins", .list(.text)),
        .field("filterNeedsSynced", .boolean),
        .field("filterNeedsDeleting", .boolean),
    ])

    static let listingBuild = BodyShape([
        .field("mappingTemplateId", .integer),
        .field("rebuildIfExists", .boolean),
    ])
}
