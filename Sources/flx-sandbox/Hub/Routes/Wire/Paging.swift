/// One resource's way of naming pages.
enum PageStyle {
    /// Listings and orders.
    case plain
    /// Shipments.
    case filter
    /// Returns.
    case number

    var page: String {
        switch self {
        case .plain: "page"
        case .filter: "filterPageNumber"
        case .number: "pageNumber"
        }
    }

    var size: String {
        switch self {
        case .plain, .number: "pageSize"
        case .filter: "filterPageSize"
        }
    }
}

/// Which rows of a list an answer holds.
struct Paging: Equatable {
    /// Counted from 1, whatever the hub's first page is called.
    var page: Int
    var size: Int

    /// Reads the parameters of a call under the switches; the other two spellings mean nothing here.
    init(_ call: Call, _ style: PageStyle, resource: String, _ switches: Switches) throws(Refusal) {
        let usual = Self.setting(resource, Switch.pageDefaults, or: .pageDefault, switches)
        let cap = Self.setting(resource, Switch.pageCaps, or: .pageCap, switches)
        let first = switches.number(.pageFirst)
        var page = try call.integer(style.page) ?? first
        guard page >= first else { throw .badRequest("\(style.page) starts at \(first)") }
        page = min(page, 1 << 40) + 1 - first
        var size = try call.integer(style.size) ?? usual
        guard size >= 1 else { throw .badRequest("\(style.size) starts at 1") }
        if cap > 0, size > cap {
            if switches[.pageOver] == "refuse" { throw .badRequest("\(style.size) is at most \(cap)") }
            size = cap
        }
        self.page = switches[.pageParameter] == "ignored" ? 1 : page
        self.size = switches[.pageSize] == "ignored" ? usual : size
    }

    private static func setting(_ resource: String, _ own: [Switch], or common: Switch, _ switches: Switches) -> Int {
        if let which = Switch.of(resource, in: own), switches.number(which) >= 0 { return switches.number(which) }
        return switches.number(common)
    }

    /// The rows of this page, with the paging faults of the switches.
    func cut<Row>(_ rows: some Sequence<Row>, _ switches: Switches) -> [Row] {
        if page == switches.number(.emptyPage) { return [] }
        let (number, overflow) = page.subtractingReportingOverflow(page > 1 && page == switches.number(.duplicatePage) ? 2 : 1)
        let (begin, tooFar) = number.multipliedReportingOverflow(by: size)
        guard !overflow, !tooFar else { return [] }
        let start = max(0, begin - (page > 1 ? switches.number(.pageOverlap) : 0))
        var found: [Row] = []
        for row in rows.lazy.dropFirst(start).prefix(size) { found.append(row) }
        if page == switches.number(.shortPage) { found.removeLast(found.count / 2) }
        return found
    }
}
