// Made from tables/operations.toml by `make generate`: edit there, not here.

extension OperationTable {
    static let listings: [Operation] = [
        getListingVariants,
        acknowledgeListingVariants,
        upsertListingVariant,
        getListingVariantsCount,
        deleteListingVariant,
        getListingParents,
        acknowledgeListingParents,
        upsertListingParent,
        getListingParentById,
        searchListingVariants,
        deleteOrphanedListingCategories,
        buildListing,
        rebuildListingVariant,
    ]

    static let getListingVariants = Operation(
        "getListingVariants", .get, "/listing/variants", "3.3",
        "lists variants",
        [
            .query("page", .integer, least: 1),
            .query("pageSize", .integer, least: 1, most: 100),
            .query("channelId", .integer),
            .query("updatedAfter", .instant),
            .query("basicsUpdatedAfter", .instant),
            .query("sync", .boolean),
            .query("skus", .list(.text), most: 100, withinPageSize: true),
            .query("upcs", .list(.text), most: 100, withinPageSize: true),
            .query("ids", .list(.integer), most: 100, withinPageSize: true),
            .query("includeParent", .boolean),
            .query("includeImages", .boolean),
            .query("includeOptions", .boolean),
            .query("includeAttributes", .boolean),
            .query("includeCategories", .boolean),
            .query("includeCustomFields", .boolean),
            .query("includeCustomAggregates", .boolean),
            .query("includeOverwrites", .boolean),
            .query("includeTags", .boolean),
        ],
        pages: .page)

    static let acknowledgeListingVariants = Operation(
        "acknowledgeListingVariants", .patch, "/listing/variants", "3.4",
        "answers variants of the sync queue",
        body: .list(of: ListingBodies.variantAnswer),
        repeatable: true,
        reservedFor: "flx_ack")

    static let upsertListingVariant = Operation(
        "upsertListingVariant", .post, "/listing/variants", "3.9",
        "creates or updates one variant",
        [
            .query("restrictCreateOrUpdate", .text, of: ListingBodies.createOrUpdate),
            .query("modifyContent", .text, of: ListingBodies.modify),
            .query("modifyIdentifiers", .text, of: ListingBodies.modify),
            .query("modifyDimensions", .text, of: ListingBodies.modify),
            .query("modifyOptions", .text, of: ListingBodies.modifyNodes),
            .query("modifyImages", .text, of: ListingBodies.modifyNodes),
            .query("modifyQuantityOverwrite", .text, of: ListingBodies.modifyQuantity),
            .query("modifyPriceOverwrite", .text, of: ListingBodies.modifyPrice),
            .query("modifyPublishData", .text, of: ListingBodies.modify),
            .query("modifyChannelData", .text, of: ListingBodies.modify),
            .query("modifySyncData", .text, of: ListingBodies.modify),
        ],
        body: .object(ListingBodies.variant),
        tokensInferred: true)

    static let getListingVariantsCount = Operation(
        "getListingVariantsCount", .get, "/listing/variants/count", "3.5",
        "counts variants",
        [
            .query("channelId", .integer),
            .query("updatedAfter", .instant),
            .query("basicsUpdatedAfter", .instant),
            .query("sync", .boolean),
            .query("publish", .boolean),
            .query("includeDeleting", .boolean),
            .query("includeImagesCached", .boolean),
            .query("includePaused", .boolean),
            .query("minimumQuantity", .integer),
            .query("skus", .list(.text), most: 50),
        ])

    static let deleteListingVariant = Operation(
        "deleteListingVariant", .delete, "/listing/variants/{variantId}", "3.9",
        "deletes one variant",
        [
            .id("variantId"),
            .query("deleteParentIfLastVariant", .boolean),
        ],
        tokensInferred: true)

    static let getListingParents = Operation(
        "getListingParents", .get, "/listing/parents", "3.6",
        "lists parents with their variants",
        [
            .query("page", .integer, least: 1),
            .query("pageSize", .integer, least: 1, most: 50),
            .query("channelId", .integer),
            .query("skus", .list(.text), most: 50),
            .query("updatedAfter", .instant),
            .query("publish", .boolean),
            .query("includeDeleting", .boolean),
            .query("includePaused", .boolean),
            .query("includeOutOfStockVariants", .boolean),
            .query("includeHavingImagesCached", .boolean),
            .query("changeToListingStatusHandle", .text, of: ListingBodies.listingStatuses),
            .query("includeImages", .boolean),
            .query("includeOptions", .boolean, inferred: true),
            .query("includeAttributes", .boolean, inferred: true),
            .query("includeCategories", .boolean, inferred: true),
            .query("includeCustomFields", .boolean, inferred: true),
        ],
        pages: .page)

    static let acknowledgeListingParents = Operation(
        "acknowledgeListingParents", .patch, "/listing/parents", "3.7",
        "answers parents of the publish queue",
        body: .list(of: ListingBodies.parentAnswer),
        repeatable: true,
        reservedFor: "flx_ack")

    static let upsertListingParent = Operation(
        "upsertListingParent", .post, "/listing/parents", "3.9",
        "creates or updates one parent",
        [
            .query("restrictCreateOrUpdate", .text, of: ListingBodies.createOrUpdate),
            .query("modifyContent", .text, of: ListingBodies.modify),
            .query("modifyOptions", .text, of: ListingBodies.modifyNodes),
            .query("modifyImages", .text, of: ListingBodies.modifyNodes),
            .query("modifyAttributes", .text, of: ListingBodies.modifyNodes),
            .query("modifyCustomFields", .text, of: ListingBodies.modifyNodes),
            .query("modifyCategories", .text, of: ListingBodies.modifyCategories),
            .query("modifyPublishData", .text, of: ListingBodies.modify),
            .query("modifyChannelData", .text, of: ListingBodies.modify),
            .query("modifySyncData", .text, of: ListingBodies.modify),
        ],
        body: .object(ListingBodies.parent),
        tokensInferred: true)

    static let getListingParentById = Operation(
        "getListingParentById", .get, "/listing/parents/{parentId}", "3.8",
        "reads one parent with all it has",
        [.id("parentId")],
        tokensInferred: true)

    static let searchListingVariants = Operation(
        "searchListingVariants", .post, "/listing/search/variants", "3.9",
        "searches variants, also by external id; the hub calls it deprecated",
        [
            .query("pageSize", .integer, least: 1),
            .query("page", .integer, least: 1),
            .query("includeParent", .boolean),
            .query("includeImages", .boolean),
            .query("includeOptionValues", .boolean),
            .query("includeOverwrites", .boolean),
            .query("includeCustomFields", .boolean),
        ],
        body: .object(ListingBodies.variantSearch),
        pages: .page,
        tokensInferred: true,
        repeatable: true,
        query: true)

    static let deleteOrphanedListingCategories = Operation(
        "deleteOrphanedListingCategories", .delete, "/listing/category/orphaned/channel", "3.9",
        "deletes listing categories that no listing uses",
        [.query("channelId", .integer)],
        repeatable: true)

    static let buildListing = Operation(
        "buildListing", .post, "/listing/{channelId}/builder/build/{productVariantId}", "3.9",
        "builds a listing from a product variant",
        [
            .id("channelId"),
            .id("productVariantId"),
        ],
        body: .object(ListingBodies.listingBuild, required: false),
        tokensInferred: true)

    static let rebuildListingVariant = Operation(
        "rebuildListingVariant", .post, "/listing/{channelId}/builder/re-build/variant/{listingVariantId}", "3.9",
        "builds a variant again",
        [
            .id("channelId"),
            .id("listingVariantId"),
        ],
        body: .object(ListingBodies.listingBuild, required: false),
        tokensInferred: true,
        repeatable: true)
}
