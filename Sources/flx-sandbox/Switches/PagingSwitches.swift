extension Switch {
    private static let resources = ["variants", "parents", "orders", "shipments", "returns"]

    static let pageDefault = Switch("6", "page.default", .number(1...100_000), "20", "rows of a page when no size is asked for")
    static let pageCap = Switch("6", "page.cap", .number(0...100_000), "100", "largest page; 0 = any size")
    static let pageOver = Switch("6", "page.over_cap", .words(["lower", "refuse"]), "lower", "a size over the cap")
    static let pageSize = Switch(
        "6", "page.size", .words(["honoured", "ignored"]), "honoured", "ignored = always the default size")
    static let pageParameter = Switch(
        "6", "page.parameter", .words(["honoured", "ignored"]), "honoured", "ignored = every page is the first")
    static let pageFirst = Switch("6", "page.first", .words(["1", "0"]), "1", "the number of the first page")

    /// Per resource, overriding `page.default` and `page.cap`; -1 = not set.
    static let pageDefaults = resources.map {
        Switch("6", "page.default.\($0)", .number(-1...100_000), "-1", "the same for \($0) alone; -1 = as page.default")
    }
    static let pageCaps = resources.map {
        Switch("6", "page.cap.\($0)", .number(-1...100_000), "-1", "the same for \($0) alone; -1 = as page.cap")
    }

    /// The switch of one resource among `pageDefaults` or `pageCaps`.
    static func of(_ resource: String, in switches: [Switch]) -> Switch? {
        switches.first { $0.name.ends("." + resource) }
    }

    private static let orders = ["id", "id_desc", "updated", "updated_desc", "random"]
    static let sortVariants = Switch("5", "sort.variants", .words(orders), "id", "order of listing variants")
    static let sortParents = Switch("5", "sort.parents", .words(orders), "id", "order of listing parents")
    static let sortOrders = Switch("5", "sort.orders", .words(orders), "id", "order of orders")
    static let sortShipments = Switch(
        "5", "sort.shipments", .words(["inserted"] + orders), "inserted", "order of shipments; documented: insertedAt ascending")
    static let sortReturns = Switch("5", "sort.returns", .words(orders), "id", "order of returns")

    static let bounds = Switch("11", "bounds", .words(["exclusive", "inclusive"]), "exclusive", "...After and ...Since bounds")
    static let arrays = Switch("16", "arrays", .words(["both", "repeated", "joined"]), "both", "spelling of array parameters")

    static let duplicatePage = Switch(
        "-", "paging.duplicate", .number(0...100_000), "0", "this page is answered with the rows of the page before")
    static let emptyPage = Switch("-", "paging.empty", .number(0...100_000), "0", "this page is empty, later ones are not")
    static let shortPage = Switch(
        "-", "paging.short", .number(0...100_000), "0", "this page lacks its second half, which follows nowhere")
    static let pageOverlap = Switch(
        "-", "paging.overlap", .number(0...1000), "0", "rows of the page before that every page repeats")
    static let drift = Switch(
        "-", "paging.drift", .words(["none", "touch", "insert", "delete", "mix"]), "none",
        "what happens to listings after each page of a listing read")
    static let driftRows = Switch("-", "paging.drift_rows", .number(0...1000), "3", "how many rows drift after a page")
    static let lateVisible = Switch(
        "-", "late.visible_s", .number(0...86400), "0",
        "seconds until lists show a change: listings are as they were until then, other rows are missing")

    static let ordersLag = Switch(
        "5", "orders.lag_s", .number(0...86400), "0",
        "seconds until the order list shows a new order; by its id it can be read, and a repeat is known, at once")

    static let pagingSwitches =
        [
            pageDefault, pageCap, pageOver, pageSize, pageParameter, pageFirst,
        ] + pageDefaults + pageCaps + [
            sortVariants, sortParents, sortOrders, sortShipments, sortReturns, bounds, arrays, duplicatePage, emptyPage,
            shortPage, pageOverlap, drift, driftRows, lateVisible, ordersLag,
        ]
}
