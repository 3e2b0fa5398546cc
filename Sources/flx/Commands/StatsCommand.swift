import ArgumentParser

/// The state of a channel in numbers.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show the channel's numbers: orders, answers, cursors, budget.",
        discussion: """
            `flx describe metrics` explains each. It makes no request. With --prometheus they
            are text for Prometheus; for the text file collector of its node exporter:
              flx stats --prometheus --output /var/lib/node_exporter/flx.prom
            which is replaced whole, so that nobody reads half of it. A file that is there and
            has no figures is left alone, and so is a link, a device or a pipe.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Flag(help: "As Prometheus reads it.")
    var prometheus = false

    @Option(help: ArgumentHelp("Write to this file instead.", valueName: "file"), completion: .file())
    var output: String?

    func run() throws {
        if let output {
            let sign = prometheus ? "# HELP flx_" : #""outbox":{"queued":"#
            try Replacement.check(output, kind: "figures") { String(decoding: $0, as: UTF8.self).contains(sign) }
        }
        let client = try channel.open()
        let stats = try client.stats()
        guard prometheus || output != nil else { return try form.show(stats, Table.sheet(stats)) }
        let text = prometheus ? Prometheus(stats).text : stats.line + "\n"
        guard let output else { return try Output.write(Array(text.utf8), to: 1) }
        try Replacement.write(output, text, mode: 0o644)
    }
}
