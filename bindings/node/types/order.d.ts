// Made from tables/order_bodies.toml, listing_bodies.toml by `make generate`: edit there, not here.
import type { Decimal, Id, Instant, Json } from './json';

export interface AddressInput {
    name?: string | null;
    firstName?: string | null;
    lastName?: string | null;
    addressLine1?: string | null;
    addressLine2?: string | null;
    city?: string | null;
    postal?: string | null;
    state?: string | null;
    stateCode?: string | null;
    country?: string | null;
    countryCode?: string | null;
    email?: string | null;
    phone?: string | null;
    companyName?: string | null;
}

export interface OrderItemInput {
    quantity: Id;
    price?: Decimal | null;
    sku?: string | null;
    externalListingId?: string | null;
    listingVariantId?: Id | null;
    productVariantId?: Id | null;
    title?: string | null;
    shippingAddress?: AddressInput | null;
    customFields?: NamedValueInput[] | null;
    /** Members that go to the hub as they are, beside the fields here. */
    extra?: Record<string, Json>;
}

export interface OrderInput {
    orderNumber: string;
    referenceNumber?: string | null;
    orderedAt?: Instant | null;
    orderTotal?: Decimal | null;
    note?: string | null;
    shippingText?: string | null;
    shippingAddress: AddressInput;
    billingAddress?: AddressInput | null;
    orderItems: OrderItemInput[];
    tags?: string[] | null;
    customFields?: NamedValueInput[] | null;
    /** Members that go to the hub as they are, beside the fields here. */
    extra?: Record<string, Json>;
}

export interface NamedValueInput {
    name: string;
    value: string;
}
