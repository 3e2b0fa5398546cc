import ArgumentParser
import Glibc

/// The state of a channel in numbers.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show the channel's numbers: orders, answers, cursors, budget.",
        discussion: """
            `flx describe metrics` explains each. It makes no request. With --prometheus they
            are text for Prometheus; for the text file collector of its node exporter:
              flx stats --prometheus --output /var/lib/node_exporter/flx.prom
            which is replaced whole, so that nobody reads half of it.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Flag(help: "As Prometheus reads it.")
    var prometheus = false

    @Option(help: ArgumentHelp("Write to this file instead.", valueName: "file"), completion: .file())
    var output: String?

    func run() throws {
        let client = try channel.open()
        let stats = try client.stats()
        guard prometheus || output != nil else { return try form.show(stats, Table.sheet(stats)) }
        let waiting = try client.outbox(
            filter: .object([.init(key: "state", value: .text("queued")), .init(key: "limit", value: .integer(1))]))
        let text = prometheus ? Prometheus(stats, oldest: waiting.elements.first).text : stats.line + "\n"
        guard let output else { return try Output.write(Array(text.utf8), to: 1) }
        try StatsCommand.replace(output, with: text)
    }

    private static func replace(_ path: String, with text: String) throws {
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure.local("\(draft) cannot be written: \(SystemError.text(errno))") }
        defer { close(descriptor) }
        do { try Output.write(Array(text.utf8), to: descriptor) } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, path) == 0 else {
            let why = SystemError.text(errno)
            unlink(draft)
            throw Failure.local("\(path) cannot be written: \(why)")
        }
    }
}
