/// Request bodies of the listing operations (contract 3.4, 3.7, 3.9).
enum ListingShapes {
    static let handles = [
        "not_listed", "listed", "hidden", "delisted", "published", "broken_link", "overwrite_data",
    ]

    static let status = BodyShape([
        .field("id", .integer), .field("handle", .text, required: true, of: handles), .field("name", .text),
    ])

    static let variantAnswer = BodyShape([
        .field("listingVariantId", .integer, required: true), .field("syncedAt", .instant),
        .field("error", .text, null: true), .field("overrideStatus", .object(status), null: true),
        .field("isLinkedToRegularProduct", .boolean),
    ])

    static let imageAnswer = BodyShape([.field("id", .integer), .field("externalListingId", .text, null: true)])

    static let parentAnswer = BodyShape([
        .field("listingParentId", .integer, required: true), .field("externalListingId", .text, null: true),
        .field("error", .text, null: true),
        .field(
            "variants",
            .list(
                .object(
                    BodyShape([
                        .field("listingVariantId", .integer, required: true),
                        .field("externalListingId", .text, null: true), .field("error", .text, null: true),
                        .field("images", .list(.object(imageAnswer))),
                    ]))), required: true),
        .field("images", .list(.object(imageAnswer))),
    ])

    static let variant = BodyShape(
        [
            .field("sku", .text, required: true), .field("channelId", .integer),
            .field("listingParentId", .integer, null: true),
        ]
            + texts("masterSku", "title", "description", "upc", "ean", "gtin", "mpn", "asin", "referenceIdentifier")
            + decimals("price", "cost", "msrp", "map", "shippingCost", "dropshipFee")
            + decimals("weight", "length", "width", "height")
            + [
                .field("quantity", .integer, null: true), .field("weightUnit", .object(unit), null: true),
                .field("dimensionUnit", .object(unit), null: true), .field("archived", .boolean, null: true),
                .field("changeToListingStatus", .object(status), null: true),
                .field("quantityOverwrite", .object(quantityOverwrite), null: true),
                .field("priceOverwrite", .object(priceOverwrite), null: true),
            ] + queueFields + [images, options, named("customFields")], open: true)

    static let parent = BodyShape(
        [.field("sku", .text, required: true), .field("channelId", .integer)]
            + texts("title", "description", "manufacturer") + [.field("archived", .boolean, null: true)] + queueFields
            + [
                images, .field("options", .list(.object(BodyShape([.field("name", .text, required: true)])))),
                named("attributes"), named("customFields"), .field("variants", .list(.object(variant))),
            ], open: true)

    static let search = BodyShape([
        .field("filterChannelId", .integer), .field("filterParentIds", .list(.integer)),
        .field("filterVariantIds", .list(.integer)), .field("filterExternalIds", .list(.text)),
        .field("filterProductVariantIds", .list(.integer)), .field("filterSkus", .list(.text)),
        .field("filterUpcs", .list(.text)), .field("filterMpns", .list(.text)), .field("filterEans", .list(.text)),
        .field("filterAsins", .list(.text)), .field("filterNeedsSynced", .boolean),
        .field("filterNeedsDeleting", .boolean),
    ])

    static let builder = BodyShape([.field("mappingTemplateId", .integer), .field("rebuildIfExists", .boolean)])

    private static let unit = BodyShape(
        [.field("id", .integer), .field("handle", .text), .field("name", .text)], open: true)

    private static let quantityOverwrite = BodyShape(
        [
            .field("quantityOverwritten", .boolean), .field("isLockedByOrderVolumeProtection", .boolean),
            .field("dynamicQuantity", .integer, null: true),
        ], open: true)

    private static let priceOverwrite = BodyShape(
        ["price", "cost", "msrp", "map", "shippingCost", "dropshipFee"].map { .field($0 + "Overwritten", .boolean) }
            + decimals("dynamicPrice", "dynamicCost", "dynamicMsrp", "dynamicMap"), open: true)

    /// Where a listing stands in the two queues (contract 3.1).
    private static let queueFields =
        texts("externalListingId", "externalReferenceId", "externalReferenceIdType", "syncError", "publishError") + [
            .field("linkedToRegularProduct", .boolean, null: true), .field("linkAttemptedAt", .instant, null: true),
            .field("dynamicContentUpdatedAt", .instant, null: true),
            .field("dynamicContentSyncedAt", .instant, null: true),
            .field("staticContentUpdatedAt", .instant, null: true),
            .field("staticContentSyncedAt", .instant, null: true),
        ]

    private static let images = Argument.field(
        "images", .list(.object(BodyShape([.field("url", .text, required: true), .field("sortOrder", .integer)]))))

    private static let options = named("options")

    private static func named(_ name: String) -> Argument {
        let shape = BodyShape([.field("name", .text, required: true), .field("value", .text, required: true)])
        return .field(name, .list(.object(shape)))
    }

    private static func texts(_ names: String...) -> [Argument] {
        names.map { .field($0, .text, null: true) }
    }

    private static func decimals(_ names: String...) -> [Argument] {
        names.map { .field($0, .decimal, null: true) }
    }
}
