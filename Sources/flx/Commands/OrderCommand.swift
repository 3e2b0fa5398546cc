import ArgumentParser

/// What can be done about one order.
struct OrderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order",
        abstract: "Check, submit, look up, cancel, retry, give up or purge orders.",
        subcommands: [
            OrderCheck.self, OrderSubmit.self, OrderStatus.self, OrderHistory.self, OrderCancel.self, OrderRetry.self,
            OrderDiscard.self, OrderPurge.self,
        ])
}

struct OrderCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with an order. Needs no channel.",
        discussion:
            "FILE holds one order as JSON (flx describe schema/order); - is standard input. Exit status 1: there are faults.")

    @Argument(help: "The order.", completion: .file()) var file = "-"
    @OptionGroup var form: FormOptions

    func run() throws {
        let report = try Client.check(order: try Input.bytes(file, what: "the order"))
        func lines(_ key: String, _ kind: String) -> [String] {
            (report[key]?.elements ?? []).map { Clean.text("\(kind) \($0["path"]?.plain ?? ""): \($0["message"]?.plain ?? "")") }
        }
        let isGood = report["ok"]?.bool == true
        try form.show(report, lines("faults", "fault") + lines("warnings", "warning") + (isGood ? ["the order is good"] : []))
        if !isGood { throw ExitClass.notAllDone.code }
    }
}

struct OrderSubmit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Accept an order for sending; `flx flush` or `flx sync` sends it.",
        discussion: "It is on the disk when this ends. The same order again is no fault and sends nothing twice.")

    @Argument(help: ArgumentHelp("Files with one order each; - is standard input.", valueName: "file"), completion: .file())
    var files = ["-"]
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    func run() throws {
        let client = try channel.open()
        for file in files {
            let receipt = try client.submit(order: try Input.bytes(file, what: "the order"))
            let state = receipt["new"]?.bool == true ? "queued" : "known already"
            try form.show(receipt, ["\(Clean.text(receipt["number"]?.plain ?? "")) is \(state)"])
        }
    }
}

struct OrderStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Read an order of the outbox at the hub, now.",
        discussion: "In JSON it is the hub's own record, which names the buyer; the table does not.")

    @Argument(help: "The order number.") var number: String
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions
    @OptionGroup var wait: WaitOption

    func run() throws {
        let client = try channel.open(interrupt: Interrupt())
        let bytes = Clean.oneLine(try client.status(order: number, waitMs: wait.ms))
        guard !form.isJSON else { return try Output.line(bytes) }
        let order = try JSON.read(bytes, what: "the order")
        let names = [
            "orderNumber", "id", "orderStatus", "shippedStatus", "acknowledgedStatus", "orderTotal", "orderedAt", "updatedAt",
        ]
        try Output.lines(Table.sheet(.object(order.members.filter { names.contains($0.key) })))
        let items = Table(
            ["sku", "quantity", "shippedQuantity:shipped", "canceledQuantity:canceled"], of: order["orderItems"]?.elements ?? [])
        if !items.isEmpty { try Output.lines(items.lines) }
    }
}

struct OrderHistory: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history", abstract: "Tell all that happened to an order.")

    @Argument(help: "The order number.") var number: String
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    func run() throws {
        let history = try channel.open().history(order: number)
        let head = JSON.object(history.members.filter { $0.key != "events" && $0.value != .null && $0.value.plain != "" })
        var table = Table(["at", "what", "status", "verdict", "ms", "why"])
        for event in history["events"]?.elements ?? [] { table.add(OrderHistory.row(event)) }
        try form.show(history, Table.sheet(head) + [""] + table.lines)
    }

    /// What was no request has no status and no time.
    private static func row(_ event: JSON) -> [String] {
        let said = event["hub_said"]?.plain ?? ""
        let why = [event["message"]?.plain ?? "", said.isEmpty ? "" : "the hub said: \(said)"].filter { !$0.isEmpty }
        let isRequest = !(event["request_id"]?.plain ?? "").isEmpty
        func number(_ key: String) -> String { isRequest ? event[key]?.plain ?? "" : "" }
        return [
            event["at"]?.plain ?? "", event["what"]?.plain ?? "", number("http_status"), event["verdict"]?.plain ?? "",
            number("took_ms"),
            why.joined(separator: "; "),
        ]
    }
}

struct OrderCancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel an order wherever it stands, and say what became of it.",
        discussion: "Exit status 1: its end is in doubt; cancel it again later.")

    @Argument(help: "The order number.") var number: String
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions
    @OptionGroup var wait: WaitOption

    func run() throws {
        let end = try channel.open(interrupt: Interrupt()).cancel(order: number, waitMs: wait.ms)
        let outcome = (end["outcome"]?.plain ?? "").split(separator: "_").joined(separator: " ")
        try form.show(end, [Clean.text("\(number): \(outcome)\(end["message"].map { ", \($0.plain)" } ?? "")")])
        let isOver = ["not_sent", "canceled", "not_at_hub"].contains(end["outcome"]?.string)
        if !isOver { throw ExitClass.notAllDone.code }
    }
}

struct OrderRetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue orders again that were refused or given up: the same bytes, once more.")

    @Argument(help: "Order numbers.") var numbers: [String]
    @OptionGroup var channel: ChannelOptions

    func run() throws {
        try channel.open().retry(orders: numbers)
        Output.note("\(numbers.count) queued again; `flx flush` sends them")
    }
}

struct OrderDiscard: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "discard", abstract: "Give orders up that are still queued.")

    @Argument(help: "Order numbers.") var numbers: [String]
    @OptionGroup var channel: ChannelOptions

    func run() throws {
        try channel.open().discard(orders: numbers)
        Output.note("\(numbers.count) given up")
    }
}

struct OrderPurge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove the buyer's data of settled orders from the state, now.",
        discussion: """
            Number, verdict and hub id stay, so that the same order is not sent again. By itself it happens
            \(SettingKey.ordersKeepHours.name) after an order was settled.
            """)

    @Argument(help: "Order numbers.") var numbers: [String]
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    func run() throws {
        let report = try channel.open().purge(orders: numbers)
        try form.show(report, ["\(report["purged"]?.plain ?? "0") purged"])
    }
}

/// How long a command that asks the hub waits.
struct WaitOption: ParsableArguments {
    @Option(help: ArgumentHelp("Longest wait for the hub. (default: \(SettingKey.httpWaitMs.name))", valueName: "seconds"))
    var wait: Int?

    var ms: Int32 { wait.map { Int32(clamping: $0 * 1000) } ?? -1 }

    func validate() throws {
        if let wait, !(0...600).contains(wait) { throw ValidationError("--wait is 0 to 600 seconds, not \(wait)") }
    }
}
