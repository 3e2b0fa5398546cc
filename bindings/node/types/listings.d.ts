// Made from tables/listings.toml by `make generate`: edit there, not here.
import type { Json, View } from './json';

/** A listing status (contract 3.2). */
export interface ListingStatus {
    readonly id: string | null;
    /** not_listed, listed, hidden, delisted, published, overwrite_data, broken_link */
    readonly handle: string;
    readonly name: string | null;
}

/** A unit of weight or length (contract 3.3). The hub's list of units is not known. */
export interface Unit {
    readonly id: string | null;
    /** such as pound or inch */
    readonly handle: string;
    readonly name: string | null;
}

/** An image of a listing (contract 3.6). */
export interface Image {
    readonly id: string | null;
    readonly channelId: string | null;
    readonly listingParentId: string | null;
    /** absent for an image of the parent */
    readonly listingVariantId: string | null;
    readonly url: string | null;
    readonly originalUrl: string | null;
    readonly hash: string | null;
    /** the shop's id, from the answer to a publish */
    readonly externalListingId: string | null;
    /** ascending; the first image is the main one */
    readonly sortOrder: number | null;
}

/** A named value (contract 3.6): an option, attribute or custom field. */
export interface NameValue {
    readonly id: string | null;
    /** of an option of a parent, else absent */
    readonly listingParentId: string | null;
    /** of an attribute, else absent */
    readonly attributeId: string | null;
    /** of an attribute, else absent */
    readonly attributeValueId: string | null;
    readonly name: string | null;
    /** absent for an option of a parent */
    readonly value: string | null;
}

/** Which prices of a variant the merchant locked, and what the hub's rules would make of them (contract 3.3). */
export interface PriceOverwrite {
    readonly priceOverwritten: boolean | null;
    readonly costOverwritten: boolean | null;
    readonly msrpOverwritten: boolean | null;
    readonly mapOverwritten: boolean | null;
    readonly shippingCostOverwritten: boolean | null;
    readonly dropshipFeeOverwritten: boolean | null;
    /** comes back when the lock is removed, like the next three */
    readonly dynamicPrice: string | null;
    readonly dynamicCost: string | null;
    readonly dynamicMsrp: string | null;
    readonly dynamicMap: string | null;
}

/** Whether the merchant locked the quantity of a variant, and what the hub's rules would make of it (contract 3.3). */
export interface QuantityOverwrite {
    readonly quantityOverwritten: boolean | null;
    readonly lockedByOrderVolumeProtection: boolean | null;
    /** comes back when the lock is removed */
    readonly dynamicQuantity: number | null;
}

/**
 * A category (contract 3.6): of the channel's listings, of the products behind them, or of the source's inventory behind
 * those. What only some of the three have is absent in the others.
 */
export interface Category {
    readonly id: string | null;
    readonly name: string | null;
    readonly accountId: string | null;
    /** of a listing category */
    readonly channelId: string | null;
    /** of an inventory category */
    readonly sourceId: string | null;
    readonly parentCategoryId: string | null;
    /** of a listing or inventory category */
    readonly productCategoryId: string | null;
    readonly customized: boolean | null;
    /** of an inventory category */
    readonly excluded: boolean | null;
    readonly insertedAt: Date | null;
    readonly updatedAt: Date | null;
    /** behind a listing category */
    readonly productCategory: Category | null;
    /** behind a product category */
    readonly inventoryCategory: Category | null;
}

/** A listing's sellable unit (contract 3.3). */
export interface ListingVariant {
    readonly id: string;
    readonly accountId: string | null;
    readonly channelId: string | null;
    readonly listingParentId: string | null;
    /** the product it is linked to, absent if none */
    readonly productVariantId: string | null;
    readonly sku: string;
    readonly masterSku: string | null;
    readonly title: string | null;
    readonly description: string | null;
    readonly upc: string | null;
    readonly ean: string | null;
    readonly gtin: string | null;
    readonly mpn: string | null;
    readonly asin: string | null;
    readonly referenceIdentifier: string | null;
    /** the shop's id, from the answer to a publish */
    readonly externalListingId: string | null;
    /** another id of the shop's, of the type that follows */
    readonly externalReferenceId: string | null;
    readonly externalReferenceIdType: string | null;
    /** of one, as the next five */
    readonly price: string | null;
    readonly cost: string | null;
    readonly msrp: string | null;
    /** the least that may be advertised */
    readonly map: string | null;
    readonly shippingCost: string | null;
    readonly dropshipFee: string | null;
    readonly weight: string | null;
    readonly length: string | null;
    readonly width: string | null;
    readonly height: string | null;
    readonly weightUnit: Unit | null;
    /** of length, width and height */
    readonly dimensionUnit: Unit | null;
    /** of the last sync answer, absent if it was fine */
    readonly syncError: string | null;
    /** of the last publish answer, absent if it was fine */
    readonly publishError: string | null;
    /** absent means: do not change it */
    readonly quantity: number | null;
    readonly archived: boolean | null;
    readonly paused: boolean | null;
    readonly linkedToRegularProduct: boolean | null;
    readonly linkAttemptedAt: Date | null;
    readonly insertedAt: Date | null;
    readonly updatedAt: Date | null;
    /** price, quantity or status changed */
    readonly dynamicContentUpdatedAt: Date | null;
    /** the last sync answer */
    readonly dynamicContentSyncedAt: Date | null;
    /** title, description, images and the like changed */
    readonly staticContentUpdatedAt: Date | null;
    /** the last publish answer */
    readonly staticContentSyncedAt: Date | null;
    readonly status: ListingStatus | null;
    /** a queued status change to confirm (contract 3.2); the parent's if it stands only there */
    readonly changeTo: ListingStatus | null;
    /** only with includeOverwrites */
    readonly priceOverwrite: PriceOverwrite | null;
    /** only with includeOverwrites */
    readonly quantityOverwrite: QuantityOverwrite | null;
    readonly images: readonly Image[];
    readonly options: readonly NameValue[];
    readonly customFields: readonly NameValue[];
    /** only with includeTags, and only those that are text */
    readonly tags: readonly string[];
    /** only with includeParent, which listings to sync have on */
    readonly parent: ListingParent | null;
    /** The hub's own object. */
    readonly record: Json;
}
export const ListingVariant: View<ListingVariant>;

/** A listing's product page (contract 3.6). */
export interface ListingParent {
    readonly id: string;
    readonly accountId: string | null;
    readonly channelId: string | null;
    readonly sku: string;
    readonly title: string | null;
    /** HTML as the merchant wrote it: sanitise it before you show it */
    readonly description: string | null;
    readonly manufacturer: string | null;
    /** the shop's id, from the answer to a publish */
    readonly externalListingId: string | null;
    /** another id of the shop's, of the type that follows */
    readonly externalReferenceId: string | null;
    readonly externalReferenceIdType: string | null;
    readonly syncError: string | null;
    /** of the last publish answer, absent if it was fine */
    readonly publishError: string | null;
    readonly archived: boolean | null;
    readonly linkedToRegularProduct: boolean | null;
    readonly linkAttemptedAt: Date | null;
    readonly insertedAt: Date | null;
    readonly updatedAt: Date | null;
    /** the four as in a variant */
    readonly dynamicContentUpdatedAt: Date | null;
    readonly dynamicContentSyncedAt: Date | null;
    readonly staticContentUpdatedAt: Date | null;
    readonly staticContentSyncedAt: Date | null;
    /** a queued status change to confirm (contract 3.2) */
    readonly changeTo: ListingStatus | null;
    /** three nodes of their own, not a path (contract 3.6) */
    readonly categoryOne: Category | null;
    readonly categoryTwo: Category | null;
    readonly categoryThree: Category | null;
    readonly images: readonly Image[];
    /** without values */
    readonly options: readonly NameValue[];
    readonly attributes: readonly NameValue[];
    readonly customFields: readonly NameValue[];
    /** only those that are text */
    readonly tags: readonly string[];
    /** none in the parent of a variant */
    readonly variants: readonly ListingVariant[];
    /** The hub's own object. */
    readonly record: Json;
}
export const ListingParent: View<ListingParent>;
