extension Switch {
    static let orderKey = Switch(
        "3", "order.key", .words(["orderNumber", "referenceNumber", "either"]), "orderNumber",
        "by which number a repeat is known; an order without that number repeats none")
    static let orderDuplicate = Switch(
        "3", "order.duplicate", .words(["first", "conflict", "bad_request", "second"]), "first",
        "same number, same content: first order, 409, 400 with text, or a second order (negative control)")
    static let orderChanged = Switch(
        "3", "order.changed", .words(["as_duplicate", "first", "conflict", "bad_request", "overwrite", "second"]),
        "as_duplicate", "same number, other content")
    static let orderNumberForm = Switch(
        "31", "order.number.form", .words(["as_sent", "trimmed", "upper", "lower", "plain", "cut", "number"]), "as_sent",
        "how both numbers are kept, shown and compared; plain drops a leading #, cut keeps 20 characters, number makes digits a JSON number"
    )
    static let orderNumberLimit = Switch(
        "31", "order.number.limit", .number(0...100_000), "0", "longest order number, in characters, then 400; 0 = any")
    static let orderInstants = Switch(
        "3", "order.instants", .words(["told", "absent"]), "told", "orderedAt, insertedAt and updatedAt of an order on reading")

    static let orderNumberSwitches = [orderKey, orderDuplicate, orderChanged, orderNumberForm, orderNumberLimit, orderInstants]
}
