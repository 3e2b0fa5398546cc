// Made from tables/listings.toml by `make generate`: edit there, not here.
'use strict';

const { decimal, flag, handle, instant, integer, many, one, text, texts, view, whole } = require('./fields');

const ListingStatus = view(() => ({
    id: text('id'),
    handle: text('handle'),
    name: text('name'),
}));

const Unit = view(() => ({
    id: text('id'),
    handle: text('handle'),
    name: text('name'),
}));

const Image = view(() => ({
    id: text('id'),
    channelId: text('channelId'),
    listingParentId: text('listingParentId'),
    listingVariantId: text('listingVariantId'),
    url: text('url'),
    originalUrl: text('originalUrl'),
    hash: text('hash'),
    externalListingId: text('externalListingId'),
    sortOrder: integer('sortOrder'),
}));

const NameValue = view(() => ({
    id: text('id'),
    listingParentId: text('listingParentId'),
    attributeId: text('attributeId'),
    attributeValueId: text('attributeValueId'),
    name: text('name'),
    value: text('value'),
}));

const PriceOverwrite = view(() => ({
    priceOverwritten: flag('priceOverwritten'),
    costOverwritten: flag('costOverwritten'),
    msrpOverwritten: flag('msrpOverwritten'),
    mapOverwritten: flag('mapOverwritten'),
    shippingCostOverwritten: flag('shippingCostOverwritten'),
    dropshipFeeOverwritten: flag('dropshipFeeOverwritten'),
    dynamicPrice: decimal('dynamicPrice'),
    dynamicCost: decimal('dynamicCost'),
    dynamicMsrp: decimal('dynamicMsrp'),
    dynamicMap: decimal('dynamicMap'),
}));

const QuantityOverwrite = view(() => ({
    quantityOverwritten: flag('quantityOverwritten'),
    lockedByOrderVolumeProtection: flag('isLockedByOrderVolumeProtection'),
    dynamicQuantity: integer('dynamicQuantity'),
}));

const Category = view(() => ({
    id: text('id'),
    name: text('name'),
    accountId: text('accountId'),
    channelId: text('channelId'),
    sourceId: text('sourceId'),
    parentCategoryId: text('parentCategoryId'),
    productCategoryId: text('productCategoryId'),
    customized: flag('customized'),
    excluded: flag('excluded'),
    insertedAt: instant('insertedAt'),
    updatedAt: instant('updatedAt'),
    productCategory: one('productCategory', () => Category),
    inventoryCategory: one('inventoryCategory', () => Category),
}));

const ListingVariant = view(() => ({
    id: text('id'),
    accountId: text('accountId'),
    channelId: text('channelId'),
    listingParentId: text('listingParentId'),
    productVariantId: text('productVariantId'),
    sku: text('sku'),
    masterSku: text('masterSku'),
    title: text('title'),
    description: text('description'),
    upc: text('upc'),
    ean: text('ean'),
    gtin: text('gtin'),
    mpn: text('mpn'),
    asin: text('asin'),
    referenceIdentifier: text('referenceIdentifier'),
    externalListingId: text('externalListingId'),
    externalReferenceId: text('externalReferenceId'),
    externalReferenceIdType: text('externalReferenceIdType'),
    price: decimal('price'),
    cost: decimal('cost'),
    msrp: decimal('msrp'),
    map: decimal('map'),
    shippingCost: decimal('shippingCost'),
    dropshipFee: decimal('dropshipFee'),
    weight: decimal('weight'),
    length: decimal('length'),
    width: decimal('width'),
    height: decimal('height'),
    weightUnit: handle('weightUnit', () => Unit),
    dimensionUnit: handle('dimensionUnit', () => Unit),
    syncError: text('syncError'),
    publishError: text('publishError'),
    quantity: integer('quantity'),
    archived: flag('archived'),
    paused: flag('paused'),
    linkedToRegularProduct: flag('linkedToRegularProduct'),
    linkAttemptedAt: instant('linkAttemptedAt'),
    insertedAt: instant('insertedAt'),
    updatedAt: instant('updatedAt'),
    dynamicContentUpdatedAt: instant('dynamicContentUpdatedAt'),
    dynamicContentSyncedAt: instant('dynamicContentSyncedAt'),
    staticContentUpdatedAt: instant('staticContentUpdatedAt'),
    staticContentSyncedAt: instant('staticContentSyncedAt'),
    status: handle('listingStatus', () => ListingStatus),
    changeTo: handle('changeToListingStatus', () => ListingStatus, 'parent/changeToListingStatus'),
    priceOverwrite: one('priceOverwrite', () => PriceOverwrite),
    quantityOverwrite: one('quantityOverwrite', () => QuantityOverwrite),
    images: many('images|image', () => Image),
    options: many('options', () => NameValue),
    customFields: many('customFields', () => NameValue),
    tags: texts('tags'),
    parent: one('parent', () => ListingParent),
    record: whole(),
}));

const ListingParent = view(() => ({
    id: text('id'),
    accountId: text('accountId'),
    channelId: text('channelId'),
    sku: text('sku'),
    title: text('title'),
    description: text('description'),
    manufacturer: text('manufacturer'),
    externalListingId: text('externalListingId'),
    externalReferenceId: text('externalReferenceId'),
    externalReferenceIdType: text('externalReferenceIdType'),
    syncError: text('syncError'),
    publishError: text('publishError'),
    archived: flag('archived'),
    linkedToRegularProduct: flag('linkedToRegularProduct'),
    linkAttemptedAt: instant('linkAttemptedAt'),
    insertedAt: instant('insertedAt'),
    updatedAt: instant('updatedAt'),
    dynamicContentUpdatedAt: instant('dynamicContentUpdatedAt'),
    dynamicContentSyncedAt: instant('dynamicContentSyncedAt'),
    staticContentUpdatedAt: instant('staticContentUpdatedAt'),
    staticContentSyncedAt: instant('staticContentSyncedAt'),
    changeTo: handle('changeToListingStatus', () => ListingStatus),
    categoryOne: one('categoryOne', () => Category),
    categoryTwo: one('categoryTwo', () => Category),
    categoryThree: one('categoryThree', () => Category),
    images: many('images', () => Image),
    options: many('options', () => NameValue),
    attributes: many('attributes', () => NameValue),
    customFields: many('customFields', () => NameValue),
    tags: texts('tags'),
    variants: many('variants', () => ListingVariant),
    record: whole(),
}));

module.exports = {
    ListingStatus, Unit, Image, NameValue, PriceOverwrite, QuantityOverwrite, Category, ListingVariant, ListingParent,
};
