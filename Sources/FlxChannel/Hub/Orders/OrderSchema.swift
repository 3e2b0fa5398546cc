/// What a host may write into an order, as data: the check, the wire bytes, the digest and the schema that
/// `flx_describe` prints are all derived from it.
///
/// The names are those of contract 4.3, most of them INFERRED there; `WireNames` renames them on the way out.
final class OrderField: Sendable {
    enum Kind: Sendable {
        /// Text of at most so many bytes.
        case text(most: Int)
        /// The order's key: text without control characters.
        case number
        /// Decimal text or a JSON number.
        case decimal
        /// A whole number of at least one.
        case quantity
        /// A hub id: digits as text or a JSON integer.
        case id
        /// ISO 8601 with a zone.
        case instant
        /// An object with these fields.
        case object(schema: String, [OrderField])
        /// A list of such objects, with bounds for its length.
        case objects(schema: String, [OrderField], least: Int, most: Int)
        /// A list of text.
        case texts(most: Int)
    }

    let name: String
    let kind: Kind
    let isRequired: Bool
    let meaning: String

    init(_ name: String, _ kind: Kind, required: Bool = false, _ meaning: String) {
        self.name = name
        self.kind = kind
        self.isRequired = required
        self.meaning = meaning
    }
}

/// The order as a whole.
enum OrderSchema {
    /// Largest order a host may submit, in bytes of JSON.
    static let mostBytes = 1 << 20
    /// Longest text in an order, in bytes.
    static let mostText = 64 << 10
    /// The member whose members go to the hub as they are.
    static let extra = "extra"

    static let order: [OrderField] = [
        OrderField("orderNumber", .number, required: true, "the host's number of the order, its key at the hub"),
        OrderField("referenceNumber", .text(most: 200), "a second number, such as a marketplace's"),
        OrderField("orderedAt", .instant, "when the buyer ordered"),
        OrderField("orderTotal", .decimal, "what the buyer pays in all"),
        OrderField("note", .text(most: mostText), "a note for the merchant"),
        OrderField("shippingText", .text(most: 200), "shipping method; the hub maps it to a shipping policy"),
        OrderField("shippingAddress", .object(schema: "AddressRequest", address), required: true, "where it goes"),
        OrderField("billingAddress", .object(schema: "AddressRequest", address), "who pays"),
        OrderField(
            "orderItems", .objects(schema: "CreateOrderItem", item, least: 1, most: 5000), required: true,
            "the lines"),
        OrderField("tags", .texts(most: 100), "labels"),
        OrderField(
            "customFields", .objects(schema: "CustomField", customField, least: 0, most: 200), "named values"),
    ]

    static let item: [OrderField] = [
        OrderField("quantity", .quantity, required: true, "how many"),
        OrderField("price", .decimal, "price of one, without tax"),
        OrderField("sku", .text(most: 200), "SKU of the listing"),
        OrderField("externalListingId", .text(most: 200), "id that the publish answer gave the listing"),
        OrderField("listingVariantId", .id, "the hub's id of the variant"),
        OrderField("productVariantId", .id, "the hub's id of the product behind it"),
        OrderField("title", .text(most: 2000), "title as the buyer saw it"),
        OrderField("shippingAddress", .object(schema: "AddressRequest", address), "where this line goes"),
        OrderField(
            "customFields", .objects(schema: "CustomField", customField, least: 0, most: 200), "named values"),
    ]

    static let address: [OrderField] = [
        OrderField("name", .text(most: 500), "whole name; the hub splits it when first and last are absent"),
        OrderField("firstName", .text(most: 500), "first name"),
        OrderField("lastName", .text(most: 500), "last name"),
        OrderField("companyName", .text(most: 500), "company"),
        OrderField("addressLine1", .text(most: 500), "street and number"),
        OrderField("addressLine2", .text(most: 500), "flat, floor, building"),
        OrderField("city", .text(most: 500), "city"),
        OrderField("state", .text(most: 500), "state or province"),
        OrderField("stateCode", .text(most: 20), "its code"),
        OrderField("postal", .text(most: 50), "postal code"),
        OrderField("country", .text(most: 500), "country"),
        OrderField("countryCode", .text(most: 100), "ISO 3166 code of two letters"),
        OrderField("email", .text(most: 500), "e-mail"),
        OrderField("phone", .text(most: 100), "telephone"),
    ]

    static let customField: [OrderField] = [
        OrderField("id", .id, "the hub's id of the field"),
        OrderField("name", .text(most: 500), "its name"),
        OrderField("value", .text(most: mostText), "its value"),
    ]

    /// One of these must say which listing a line means.
    static let itemKeys = ["sku", "externalListingId", "listingVariantId", "productVariantId"]
}
