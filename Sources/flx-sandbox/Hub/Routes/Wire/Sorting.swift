/// A row that can be put in the orders the hub may use.
protocol SortableRow {
    var rowId: Int { get }
    var rowUpdated: Instant { get }
    var rowInserted: Instant { get }
}

extension Variant: SortableRow {
    var rowId: Int { id }
    var rowUpdated: Instant { updated }
    var rowInserted: Instant { inserted }
}

extension Parent: SortableRow {
    var rowId: Int { id }
    var rowUpdated: Instant { updated }
    var rowInserted: Instant { inserted }
}

extension Order: SortableRow {
    var rowId: Int { id }
    var rowUpdated: Instant { updated }
    var rowInserted: Instant { inserted }
}

extension Shipment: SortableRow {
    var rowId: Int { id }
    var rowUpdated: Instant { updated }
    var rowInserted: Instant { inserted }
}

extension Return: SortableRow {
    var rowId: Int { id }
    var rowUpdated: Instant { updated }
    var rowInserted: Instant { inserted }
}

extension Hub {
    /// One page of the rows that pass, from a book in order of id.
    ///
    /// In order of id it stops reading once the page is full; any other order needs all rows.
    func page<Row: SortableRow>(
        of rows: [Row], order: Switch, _ paging: Paging, where passes: (Row) throws(Refusal) -> Bool
    ) throws(Refusal) -> [Row] {
        let wanted = paging.page.multipliedReportingOverflow(by: paging.size)
        let enough = switches[order] == "id" && !wanted.overflow ? wanted.partialValue : .max
        var found: [Row] = []
        for row in rows where try passes(row) {
            found.append(row)
            if found.count == enough { break }
        }
        sort(&found, switches[order])
        return paging.cut(found, switches)
    }

    /// The rows of a book that were there and changed long enough ago. Listings have `shownVariants` instead.
    func shown<Row: SortableRow>(_ rows: [Row]) -> [Row] {
        let late = switches.number(.lateVisible)
        return late > 0 ? rows.filter { $0.rowUpdated <= now - late } : rows
    }

    private func sort<Row: SortableRow>(_ rows: inout [Row], _ order: String) {
        switch order {
        case "id_desc": rows.reverse()
        case "updated": rows.sort { ($0.rowUpdated, $0.rowId) < ($1.rowUpdated, $1.rowId) }
        case "updated_desc": rows.sort { ($0.rowUpdated, $0.rowId) > ($1.rowUpdated, $1.rowId) }
        case "inserted": rows.sort { ($0.rowInserted, $0.rowId) < ($1.rowInserted, $1.rowId) }
        case "random": rows.shuffle(using: &random)
        default: break
        }
    }

    /// Whether an instant lies after a bound, which is itself in or out as the `bounds` switch says.
    func isAfter(_ instant: Instant, _ bound: Instant?) -> Bool {
        guard let bound else { return true }
        return switches[.bounds] == "inclusive" ? instant >= bound : instant > bound
    }

    /// Whether a list may show a row of that channel.
    func isInScope(_ channelId: Int, _ call: Call, asked: Int?, resource: String) -> Bool {
        guard let own = call.caller.channelId else { return asked == nil || asked == channelId }
        return channelId == own || switches.list(.foreignRows).contains(resource)
    }
}
