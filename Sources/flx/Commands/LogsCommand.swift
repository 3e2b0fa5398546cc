import ArgumentParser
import Glibc

/// Shows the log.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show the log of the channel: what was done, and what went wrong.",
        discussion: """
            The log is a file of JSON lines, which log_file of the configuration or
            FLXCHANNEL_LOG_FILE names: every flx command appends to it what the library says.
            Hosts may append their own records of the library. Without a log file it shows
            what the library says when it opens the channel. Each file is opened anew by each
            command, and by `flx sync --loop` for each round: move it away when it is large.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Option(help: ArgumentHelp("Another log file; - is standard input.", valueName: "file"), completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("Least important records to show: error, warn, info, debug.", valueName: "level"))
    var level: LogLevel = .debug

    @Option(name: [.customShort("n"), .customLong("lines")], help: ArgumentHelp("The newest so many.", valueName: "count"))
    var count = 100

    @Flag(name: [.customShort("f"), .customLong("follow")], help: "Go on with what comes, until SIGINT.")
    var follow = false

    func validate() throws {
        guard count >= 0 else { throw ValidationError("--lines is 0 or more, not \(count)") }
    }

    func run() throws {
        guard let path = try path() else {
            guard !follow else { throw Failure.usage("there is no log file to follow: name one in log_file of the configuration") }
            return try show(try channel.open().logs())
        }
        guard !follow else { return try follow(path) }
        guard path != "-" else { return try show(try Input.bytes("-", what: "the log")) }
        var tail = try LogTail(path)
        try show(try tail.read())
    }

    private func path() throws -> String? {
        if let file { return file }
        return try channel.settings().logFile
    }

    private func follow(_ path: String) throws {
        let interrupt = try Interrupt()
        var tail = try LogTail(path)
        try show(try tail.read())
        while interrupt.sleep(ms: 500) { try show(try tail.read(), most: Int.max) }
    }

    private func show(_ bytes: [UInt8], most: Int? = nil) throws {
        let records = bytes.split(separator: 0x0A).compactMap { try? JSONParser.parse(Array($0)) }
            .filter { LogLevel(rawValue: $0["level"]?.plain ?? "") ?? .error <= level }
        for record in records.suffix(most ?? count) {
            try Output.line(form.isJSON ? record.line : LogsCommand.line(record))
        }
    }

    /// "2026-01-31T12:00:00Z warn  pull.late  feed=orders late_s=3"
    static func line(_ record: JSON) -> String {
        let level = (record["level"]?.plain ?? "").padded(to: 5)
        let fields = record.members.filter { !["at", "level", "event"].contains($0.key) }
        return Clean.text(
            "\(Instant.text(record["at"]?.integer ?? 0)) \(level) \((record["event"]?.plain ?? "").padded(to: 20))"
                + fields.map { " \($0.key)=\($0.value.plain)" }.joined())
    }
}

/// How much a record matters.
enum LogLevel: String, CaseIterable, ExpressibleByArgument, Comparable {
    case error, warn, info, debug

    private var place: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }

    static func < (a: LogLevel, b: LogLevel) -> Bool { a.place < b.place }
}
