// Made from tables/orders.toml by `make generate`: edit there, not here.
import type { Json, View } from './json';
import type { NameValue } from './listings';
import type { ShipmentKind } from './codes';

/** A postal address as the hub has it (contract 4.2). */
export interface Address {
    readonly id: string | null;
    /** the hub's, of the whole address */
    readonly hash: string | null;
    /** first and last name, joined by the hub */
    readonly name: string | null;
    readonly firstName: string | null;
    readonly lastName: string | null;
    readonly companyName: string | null;
    readonly addressLine1: string | null;
    readonly addressLine2: string | null;
    readonly city: string | null;
    readonly state: string | null;
    readonly stateCode: string | null;
    readonly postal: string | null;
    readonly country: string | null;
    /** ISO 3166 */
    readonly countryCode: string | null;
    readonly email: string | null;
    /** free text */
    readonly phone: string | null;
    /** blanked by the hub after its retention period: do not overwrite yours with it */
    readonly redacted: boolean | null;
}

/** A part of a line that is a bundle (contract 4.2, 6). */
export interface BundleComponent {
    readonly id: string | null;
    readonly orderItemId: string | null;
    readonly componentVirtualVariantId: string | null;
    readonly sku: string | null;
    /** Not Started, Partially Completed, Completed */
    readonly shippedStatus: string | null;
    /** the same three */
    readonly allocatedStatus: string | null;
    /** the same three */
    readonly acknowledgedStatus: string | null;
    readonly cost: string | null;
    readonly componentQuantity: number | null;
    readonly quantity: number | null;
    readonly shippedQuantity: number | null;
    readonly allocatedQuantity: number | null;
    readonly acknowledgedQuantity: number | null;
}

/** A line of an order (contract 4.2). */
export interface OrderItem {
    readonly id: string | null;
    readonly orderId: string | null;
    readonly sku: string | null;
    readonly title: string | null;
    readonly listingVariantId: string | null;
    readonly productVariantId: string | null;
    readonly externalListingId: string | null;
    /** Not Started, Partially Completed, Completed */
    readonly shippedStatus: string | null;
    /** the same three */
    readonly allocatedStatus: string | null;
    /** the same three */
    readonly acknowledgedStatus: string | null;
    /** of one */
    readonly price: string | null;
    /** of one */
    readonly cost: string | null;
    readonly quantity: number | null;
    readonly shippedQuantity: number | null;
    readonly allocatedQuantity: number | null;
    readonly acknowledgedQuantity: number | null;
    readonly canceledQuantity: number | null;
    /** of this line alone, if it has one of its own */
    readonly shippingAddress: Address | null;
    readonly bundleComponents: readonly BundleComponent[];
    readonly customFields: readonly NameValue[];
}

/** What the hub asked one source to send for an order (contract 4.2). */
export interface FulfillmentRequest {
    readonly id: string | null;
    readonly number: string | null;
    readonly orderId: string | null;
    readonly sourceId: string | null;
    /** the handle of its status */
    readonly status: string | null;
    readonly statusName: string | null;
    readonly acknowledgedAt: Date | null;
    readonly sentAt: Date | null;
    readonly generatedAt: Date | null;
    readonly voidedAt: Date | null;
}

/** An order at the hub (contract 4.2). */
export interface Order {
    readonly id: string;
    readonly accountId: string | null;
    readonly channelId: string | null;
    readonly orderNumber: string | null;
    readonly referenceNumber: string | null;
    /** a number; the contract does not say of what */
    readonly importedFrom: string | null;
    /** Open, Closed, On Hold, Failed, No Shipping Method, Canceled, Not Managed, Draft */
    readonly orderStatus: string | null;
    /** Not Started, Partially Completed, Completed */
    readonly shippedStatus: string | null;
    /** the same three */
    readonly acknowledgedStatus: string | null;
    readonly shippingText: string | null;
    readonly note: string | null;
    readonly orderTotal: string | null;
    readonly orderedAt: Date | null;
    readonly insertedAt: Date | null;
    readonly updatedAt: Date | null;
    readonly shippingAddress: Address | null;
    readonly billingAddress: Address | null;
    readonly items: readonly OrderItem[];
    /** sure to be there only when one order is read */
    readonly fulfillmentRequests: readonly FulfillmentRequest[];
    readonly customFields: readonly NameValue[];
    readonly tags: readonly string[];
    /** The hub's own object. */
    readonly record: Json;
}
export const Order: View<Order>;

/** A line of a shipment (contract 5.1). Map it by order_item_id: the SKU may be the supplier's. */
export interface ShipmentItem {
    readonly id: string | null;
    readonly shipmentId: string | null;
    readonly orderItemId: string | null;
    /** to be replaced by the next */
    readonly purchaseOrderItemId: string | null;
    readonly fulfillmentRequestItemId: string | null;
    /** the supplier's variant */
    readonly inventoryVariantId: string | null;
    /** of goods that come back */
    readonly rmaItemId: string | null;
    readonly sku: string | null;
    readonly quantity: number | null;
    readonly committedStockReleasedQuantity: number | null;
    readonly partial: boolean | null;
    readonly customFields: readonly NameValue[];
}

/** A parcel (contract 5.1). Only one of kind DELIVERY is for the buyer's eyes. */
export interface Shipment {
    readonly kind: ShipmentKind;
    readonly partial: boolean | null;
    readonly id: string;
    readonly orderId: string | null;
    /** the host's number: from this channel's outbox, else from the order at the hub */
    readonly orderNumber: string | null;
    readonly accountId: string | null;
    readonly sourceId: string | null;
    readonly purchaseOrderId: string | null;
    readonly fulfillmentRequestId: string | null;
    /** of goods that come back, else absent */
    readonly rmaId: string | null;
    /** of an inbound leg, else absent */
    readonly crossDockPurchaseOrderId: string | null;
    readonly trackingNumber: string | null;
    /** as the hub has it, of any scheme: look at that before you make it a link */
    readonly trackingUrl: string | null;
    readonly carrier: string | null;
    readonly method: string | null;
    readonly note: string | null;
    /** as flagShipmentsWithErrors stored it (contract 5.3) */
    readonly syncError: string | null;
    readonly shippingCost: string | null;
    /** `kind` is the one to go by */
    readonly suppressed: boolean | null;
    /** nothing that a channel calls sets it (contract 5.3) */
    readonly syncedToChannel: boolean | null;
    readonly accountingSynced: boolean | null;
    readonly shippedAt: Date | null;
    readonly insertedAt: Date | null;
    readonly updatedAt: Date | null;
    readonly items: readonly ShipmentItem[];
    readonly customFields: readonly NameValue[];
    /** The hub's own object. */
    readonly record: Json;
}
export const Shipment: View<Shipment>;

/** A line of a return (contract 6). */
export interface ReturnItem {
    readonly id: string | null;
    readonly returnId: string | null;
    readonly orderItemId: string | null;
    readonly sku: string | null;
    readonly title: string | null;
    readonly reason: string | null;
    readonly condition: string | null;
    readonly salesPrice: string | null;
    readonly refundedAmount: string | null;
    readonly quantity: number | null;
    readonly bundleComponents: readonly BundleComponent[];
}

/** A line of an RMA (contract 6). */
export interface RmaItem {
    readonly id: string | null;
    readonly returnItemId: string | null;
}

/** What goes back to one source (contract 6): its authorisation of a return. */
export interface Rma {
    readonly id: string | null;
    readonly returnId: string | null;
    readonly accountId: string | null;
    readonly sourceId: string | null;
    readonly number: string | null;
    readonly returnToAddress: Address | null;
    readonly items: readonly RmaItem[];
}

/** Goods that a buyer sends back (contract 6). */
export interface Return {
    readonly id: string;
    readonly accountId: string | null;
    readonly channelId: string | null;
    readonly orderId: string | null;
    readonly returnNumber: string | null;
    readonly status: string | null;
    readonly totalReturnItems: number | null;
    readonly totalRmas: number | null;
    readonly items: readonly ReturnItem[];
    /** only with includeRmas */
    readonly rmas: readonly Rma[];
    /** The hub's own object. */
    readonly record: Json;
}
export const Return: View<Return>;
