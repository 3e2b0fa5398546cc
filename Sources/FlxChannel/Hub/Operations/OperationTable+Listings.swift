extension OperationTable {
    /// Contract 3. Their bodies are in `ListingShapes`.
    static let listings: [Operation] = [
        getListingVariants,
        Operation(
            "acknowledgeListingVariants", .patch, "/listing/variants", "3.4", "answers variants of the sync queue",
            body: .list(of: ListingShapes.variantAnswer), repeatable: true, reservedFor: "flx_ack"),
        Operation(
            "upsertListingVariant", .post, "/listing/variants", "3.9", "creates or updates one variant",
            [
                createOrUpdate, modify("Content"), modify("Identifiers"), modify("Dimensions"),
                modifyNodes("Options"), modifyNodes("Images"),
                .query("modifyQuantityOverwrite", .text, of: ["none", "update", "delete", "updateNonNull"]),
                .query("modifyPriceOverwrite", .text, of: ["none", "update", "updateNonNull", "delete"]),
                modify("PublishData"), modify("ChannelData"), modify("SyncData"),
            ], body: .object(ListingShapes.variant), tokensInferred: true),
        Operation(
            "getListingVariantsCount", .get, "/listing/variants/count", "3.5", "counts variants",
            [
                .query("channelId", .integer), .query("updatedAfter", .instant),
                .query("basicsUpdatedAfter", .instant), .query("sync", .boolean), .query("publish", .boolean),
                .query("includeDeleting", .boolean), .query("includeImagesCached", .boolean),
                .query("includePaused", .boolean), .query("minimumQuantity", .integer),
                .query("skus", .list(.text), most: 50),
            ]),
        Operation(
            "deleteListingVariant", .delete, "/listing/variants/{variantId}", "3.9", "deletes one variant",
            [.id("variantId"), .query("deleteParentIfLastVariant", .boolean)], tokensInferred: true),
        getListingParents,
        Operation(
            "acknowledgeListingParents", .patch, "/listing/parents", "3.7", "answers parents of the publish queue",
            body: .list(of: ListingShapes.parentAnswer), repeatable: true, reservedFor: "flx_ack"),
        Operation(
            "upsertListingParent", .post, "/listing/parents", "3.9", "creates or updates one parent",
            [
                createOrUpdate, modify("Content"), modifyNodes("Options"), modifyNodes("Images"),
                modifyNodes("Attributes"), modifyNodes("CustomFields"),
                .query("modifyCategories", .text, of: ["none", "update", "delete"]),
                modify("PublishData"), modify("ChannelData"), modify("SyncData"),
            ], body: .object(ListingShapes.parent), tokensInferred: true),
        getListingParentById,
        Operation(
            "searchListingVariants", .post, "/listing/search/variants", "3.9",
            "searches variants, also by external id; the hub calls it deprecated",
            [
                .query("pageSize", .integer, least: 1), .query("page", .integer, least: 1),
                .query("includeParent", .boolean), .query("includeImages", .boolean),
                .query("includeOptionValues", .boolean), .query("includeOverwrites", .boolean),
                .query("includeCustomFields", .boolean),
            ], body: .object(ListingShapes.search), pages: .page, tokensInferred: true, repeatable: true, query: true),
        Operation(
            "deleteOrphanedListingCategories", .delete, "/listing/category/orphaned/channel", "3.9",
            "deletes listing categories that no listing uses", [.query("channelId", .integer)], repeatable: true),
    ]

    /// Contract 3.9.
    static let listingBuilder: [Operation] = [
        Operation(
            "buildListing", .post, "/listing/{channelId}/builder/build/{productVariantId}", "3.9",
            "builds a listing from a product variant", [.id("channelId"), .id("productVariantId")],
            body: .object(ListingShapes.builder, required: false), tokensInferred: true),
        Operation(
            "rebuildListingVariant", .post, "/listing/{channelId}/builder/re-build/variant/{listingVariantId}", "3.9",
            "builds a variant again", [.id("channelId"), .id("listingVariantId")],
            body: .object(ListingShapes.builder, required: false), tokensInferred: true, repeatable: true),
    ]

    static let getListingVariants = Operation(
        "getListingVariants", .get, "/listing/variants", "3.3", "lists variants",
        [
            .query("page", .integer, least: 1), .query("pageSize", .integer, least: 1, most: 100),
            .query("channelId", .integer),
            .query("updatedAfter", .instant), .query("basicsUpdatedAfter", .instant), .query("sync", .boolean),
            .query("skus", .list(.text), most: 100, withinPageSize: true),
            .query("upcs", .list(.text), most: 100, withinPageSize: true),
            .query("ids", .list(.integer), most: 100, withinPageSize: true),
            .query("includeParent", .boolean), .query("includeImages", .boolean),
            .query("includeOptions", .boolean), .query("includeAttributes", .boolean),
            .query("includeCategories", .boolean), .query("includeCustomFields", .boolean),
            .query("includeCustomAggregates", .boolean), .query("includeOverwrites", .boolean),
            .query("includeTags", .boolean),
        ], pages: .page)

    static let getListingParents = Operation(
        "getListingParents", .get, "/listing/parents", "3.6", "lists parents with their variants",
        [
            .query("page", .integer, least: 1), .query("pageSize", .integer, least: 1, most: 50),
            .query("channelId", .integer), .query("skus", .list(.text), most: 50), .query("updatedAfter", .instant),
            .query("publish", .boolean), .query("includeDeleting", .boolean), .query("includePaused", .boolean),
            .query("includeOutOfStockVariants", .boolean), .query("includeHavingImagesCached", .boolean),
            .query("changeToListingStatusHandle", .text, of: ListingShapes.handles),
            .query("includeImages", .boolean), .query("includeOptions", .boolean, inferred: true),
            .query("includeAttributes", .boolean, inferred: true),
            .query("includeCategories", .boolean, inferred: true),
            .query("includeCustomFields", .boolean, inferred: true),
        ], pages: .page)

    static let getListingParentById = Operation(
        "getListingParentById", .get, "/listing/parents/{parentId}", "3.8", "reads one parent with all it has",
        [.id("parentId")], tokensInferred: true)

    private static let createOrUpdate =
        Argument.query("restrictCreateOrUpdate", .text, of: ["createOnly", "updateOnly"])

    private static func modify(_ what: String) -> Argument {
        .query("modify" + what, .text, of: ["none", "update", "updateNonNull"])
    }

    private static func modifyNodes(_ what: String) -> Argument {
        .query("modify" + what, .text, of: ["none", "update", "merge", "deleteIncluded", "deleteAll"])
    }
}
