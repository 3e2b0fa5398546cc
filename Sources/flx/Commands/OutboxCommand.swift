import ArgumentParser

/// Lists the orders that were submitted here.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "List the orders of the outbox: what waits, what became of the others.",
        discussion: "`flx order history NUMBER` tells why one waits.")

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Option(help: ArgumentHelp("Only these: queued, sending, resolved, settled.", valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Only these: applied, refused, not_applied, possibly_applied.", valueName: "verdict"))
    var verdict: String?

    @Option(help: ArgumentHelp("At most so many, 1 to 10000.", valueName: "orders"))
    var limit = 1000

    @Option(help: ArgumentHelp("Those after this row.", valueName: "row"))
    var after: Int64?

    func run() throws {
        var filter: [JSON.Member] = [.init(key: "limit", value: .integer(limit))]
        if let state { filter.append(.init(key: "state", value: .text(state))) }
        if let verdict { filter.append(.init(key: "verdict", value: .text(verdict))) }
        if let after { filter.append(.init(key: "after", value: .integer(after))) }
        let orders = try channel.open().outbox(filter: .object(filter))
        let columns = [
            "number", "state", "waits", "verdict", "order_id", "order_status:status", "attempts", "submitted_at", "next_at",
            "message",
        ]
        let table = Table(columns, of: orders.elements.map(OutboxCommand.aged))
        try form.show(orders, table.isEmpty ? ["there are no such orders"] : table.lines)
    }

    /// With how long it has waited for its verdict, queued or being sent.
    private static func aged(_ order: JSON) -> JSON {
        guard ["queued", "sending"].contains(order["state"]?.string) else { return order }
        let waits = JSON.Member(key: "waits", value: .text(Instant.since(order["submitted_at"]?.plain)))
        return .object(order.members + [waits])
    }
}
