extension Switch {
    static let variantFields = Switch(
        "22", "variant.fields", .words(["full", "minimal", "no_quantity", "no_price"]), "full",
        "members of a listing variant; minimal = id and sku and the queue's")
    static let listingStatusShape = Switch(
        "24", "listing_status", .words(["object", "omit", "text"]), "object", "the listingStatus member")
    static let priceEcho = Switch(
        "27", "order.numbers", .words(["echo", "two_places", "text"]), "echo", "money of an order on reading")
    static let descriptions = Switch(
        "28", "descriptions", .words(["seeded", "plain", "hostile", "mixed", "null"]), "seeded",
        "listing descriptions; hostile adds scripts and event handlers; mixed = lists, entities, a word processor's and an editor's"
    )
    static let numbers = Switch(
        "30", "numbers", .words(["cents", "four_places", "trailing_zeros", "exponent", "text", "integer_as_float"]), "cents",
        "prices of listings: 19.9, 19.9012, 19.9000, 199e-1, \"19.90\", and ids or quantities such as 5.0")
    static let updatedAt = Switch("-", "updated_at", .words(["emit", "omit", "null"]), "emit", "updatedAt of listings")
    static let queueStamps = Switch(
        "-", "queue.stamps", .words(["emit", "omit"]), "emit", "the ...ContentUpdatedAt and ...SyncedAt members")
    static let imageNode = Switch(
        "-", "image.node", .words(["images", "image", "both"]), "images", "name of a variant's image node")
    static let dates = Switch(
        "-", "dates", .words(["z", "offset", "millis", "zoneless", "local"]), "z",
        "dates in answers; the documented form is z, the others are faults")
    static let dateHeader = Switch(
        "-", "date.header", .words(["on", "off", "epoch", "two", "garbage", "rfc850", "asctime"]), "on", "the Date header")
    static let dateSkew = Switch(
        "-", "date.skew_s", .number(-100_000_000...100_000_000), "0", "seconds the Date header is ahead of the hub's clock")

    static let wireSwitches = [
        variantFields, listingStatusShape, priceEcho, descriptions, numbers, updatedAt, queueStamps, imageNode, dates,
        dateHeader, dateSkew,
    ]
}
