// Made from tables/orders.toml by `make generate`: edit there, not here.
'use strict';

const { decimal, flag, found, instant, integer, many, one, text, texts, view, whole } = require('./fields');
const { NameValue } = require('./listings');

const Address = view(() => ({
    id: text('id'),
    hash: text('hash'),
    name: text('name'),
    firstName: text('firstName'),
    lastName: text('lastName'),
    companyName: text('companyName'),
    addressLine1: text('addressLine1'),
    addressLine2: text('addressLine2'),
    city: text('city'),
    state: text('state'),
    stateCode: text('stateCode'),
    postal: text('postal'),
    country: text('country'),
    countryCode: text('countryCode'),
    email: text('email'),
    phone: text('phone'),
    redacted: flag('redacted'),
}));

const BundleComponent = view(() => ({
    id: text('id'),
    orderItemId: text('orderItemId'),
    componentVirtualVariantId: text('componentVirtualVariantId'),
    sku: text('sku'),
    shippedStatus: text('shippedStatus'),
    allocatedStatus: text('allocatedStatus'),
    acknowledgedStatus: text('acknowledgedStatus'),
    cost: decimal('cost'),
    componentQuantity: integer('componentQuantity'),
    quantity: integer('quantity'),
    shippedQuantity: integer('shippedQuantity'),
    allocatedQuantity: integer('allocatedQuantity'),
    acknowledgedQuantity: integer('acknowledgedQuantity'),
}));

const OrderItem = view(() => ({
    id: text('id'),
    orderId: text('orderId'),
    sku: text('sku'),
    title: text('title'),
    listingVariantId: text('listingVariantId'),
    productVariantId: text('productVariantId'),
    externalListingId: text('externalListingId'),
    shippedStatus: text('shippedStatus'),
    allocatedStatus: text('allocatedStatus'),
    acknowledgedStatus: text('acknowledgedStatus'),
    price: decimal('price'),
    cost: decimal('cost'),
    quantity: integer('quantity'),
    shippedQuantity: integer('shippedQuantity'),
    allocatedQuantity: integer('allocatedQuantity'),
    acknowledgedQuantity: integer('acknowledgedQuantity'),
    canceledQuantity: integer('canceledQuantity'),
    shippingAddress: one('shippingAddress', () => Address),
    bundleComponents: many('bundleComponents', () => BundleComponent),
    customFields: many('customFields', () => NameValue),
}));

const FulfillmentRequest = view(() => ({
    id: text('id'),
    number: text('fulfillmentRequestNumber'),
    orderId: text('orderId'),
    sourceId: text('sourceId'),
    status: text('fulfillmentRequestStatus/handle'),
    statusName: text('fulfillmentRequestStatus/name'),
    acknowledgedAt: instant('acknowledgedAt'),
    sentAt: instant('sentAt'),
    generatedAt: instant('generatedAt'),
    voidedAt: instant('voidedAt'),
}));

const Order = view(() => ({
    id: text('id'),
    accountId: text('accountId'),
    channelId: text('channelId'),
    orderNumber: text('orderNumber'),
    referenceNumber: text('referenceNumber'),
    importedFrom: text('importedFrom'),
    orderStatus: text('orderStatus'),
    shippedStatus: text('shippedStatus'),
    acknowledgedStatus: text('acknowledgedStatus'),
    shippingText: text('shippingText'),
    note: text('note'),
    orderTotal: decimal('orderTotal'),
    orderedAt: instant('orderedAt'),
    insertedAt: instant('insertedAt'),
    updatedAt: instant('updatedAt'),
    shippingAddress: one('shippingAddress', () => Address),
    billingAddress: one('billingAddress', () => Address),
    items: many('orderItems', () => OrderItem),
    fulfillmentRequests: many('fulfillmentRequests', () => FulfillmentRequest),
    customFields: many('customFields', () => NameValue),
    tags: texts('tags'),
    record: whole(),
}));

const ShipmentItem = view(() => ({
    id: text('id'),
    shipmentId: text('shipmentId'),
    orderItemId: text('orderItemId'),
    purchaseOrderItemId: text('purchaseOrderItemId'),
    fulfillmentRequestItemId: text('fulfillmentRequestItemId'),
    inventoryVariantId: text('inventoryVariantId'),
    rmaItemId: text('rmaItemId'),
    sku: text('sku'),
    quantity: integer('quantity'),
    committedStockReleasedQuantity: integer('committedStockReleasedQuantity'),
    partial: flag('partial'),
    customFields: many('customFields', () => NameValue),
}));

const Shipment = view(() => ({
    kind: found,
    partial: flag('partial'),
    id: text('id'),
    orderId: text('orderId'),
    orderNumber: found,
    accountId: text('accountId'),
    sourceId: text('sourceId'),
    purchaseOrderId: text('purchaseOrderId'),
    fulfillmentRequestId: text('fulfillmentRequestId'),
    rmaId: text('rmaId'),
    crossDockPurchaseOrderId: text('crossDockPurchaseOrderId'),
    trackingNumber: text('trackingNumber'),
    trackingUrl: text('trackingUrl'),
    carrier: text('carrier'),
    method: text('method'),
    note: text('note'),
    syncError: text('syncError'),
    shippingCost: decimal('shippingCost'),
    suppressed: flag('suppressed'),
    syncedToChannel: flag('syncedToChannel'),
    accountingSynced: flag('accountingSynced'),
    shippedAt: instant('shippedAt'),
    insertedAt: instant('insertedAt'),
    updatedAt: instant('updatedAt'),
    items: many('shipmentItems', () => ShipmentItem),
    customFields: many('customFields', () => NameValue),
    record: whole(),
}));

const ReturnItem = view(() => ({
    id: text('id'),
    returnId: text('returnId'),
    orderItemId: text('orderItemId'),
    sku: text('sku'),
    title: text('title'),
    reason: text('returnReason'),
    condition: text('returnCondition'),
    salesPrice: decimal('salesPrice'),
    refundedAmount: decimal('refundedAmount'),
    quantity: integer('returnQuantity'),
    bundleComponents: many('bundleComponents', () => BundleComponent),
}));

const RmaItem = view(() => ({
    id: text('id'),
    returnItemId: text('returnItemId'),
}));

const Rma = view(() => ({
    id: text('id'),
    returnId: text('returnId'),
    accountId: text('accountId'),
    sourceId: text('sourceId'),
    number: text('rmaNumber'),
    returnToAddress: one('returnToAddress', () => Address),
    items: many('items', () => RmaItem),
}));

const Return = view(() => ({
    id: text('id'),
    accountId: text('accountId'),
    channelId: text('channelId'),
    orderId: text('orderId'),
    returnNumber: text('returnNumber'),
    status: text('returnStatus'),
    totalReturnItems: integer('totalReturnItems'),
    totalRmas: integer('totalRmas'),
    items: many('items', () => ReturnItem),
    rmas: many('rmas', () => Rma),
    record: whole(),
}));

module.exports = {
    Address, BundleComponent, OrderItem, FulfillmentRequest, Order, ShipmentItem, Shipment, ReturnItem, RmaItem, Rma, Return,
};
