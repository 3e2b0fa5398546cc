import ArgumentParser

/// Calls one operation of the hub's contract.
struct CallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one operation of the hub's contract by its name.",
        discussion: """
            `flx describe operations` lists them with their arguments:
              flx call getListingVariantsCount
              flx call getOrderById --args '{"id":"5001"}'
            The answer is {"status":200,"body":...} with the hub's JSON. An operation that
            writes is sent once. With --dry-run nothing is sent: the request is shown, its
            token masked.
            """)

    @Argument(help: "Name of the operation.") var operation: String
    @OptionGroup var channel: ChannelOptions
    @OptionGroup var wait: WaitOption

    @Option(
        help: ArgumentHelp("The arguments, a JSON object; @FILE reads them from a file, @- from standard input.", valueName: "json")
    )
    var args = "{}"

    @Flag(name: .customLong("dry-run"), help: "Send nothing, show the request.")
    var isDryRun = false

    func run() throws {
        let arguments = args.hasPrefix("@") ? try Input.bytes(String(args.dropFirst()), what: "the arguments") : Array(args.utf8)
        let client = try channel.open(interrupt: Interrupt())
        guard !isDryRun else {
            let call = JSON.object([
                .init(key: "operation", value: .text(operation)),
                .init(key: "arguments", value: try JSON.read(arguments, what: "the arguments")),
            ])
            return try Output.requests(try client.preview(call))
        }
        try Output.line(Clean.oneLine(try client.call(operation, arguments, waitMs: wait.ms)))
    }
}
