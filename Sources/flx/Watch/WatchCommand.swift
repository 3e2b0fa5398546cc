import ArgumentParser
import Glibc

/// A live view of a channel.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the channel live: budget, orders, feeds, errors. Makes no request.",
        discussion: "It reads the state file and the log, and is redrawn until Ctrl-C. Into a pipe it prints frame after frame.")

    @OptionGroup var channel: ChannelOptions

    @Flag(help: "Print one frame and end.")
    var once = false

    @Option(help: ArgumentHelp("Time between two frames.", valueName: "seconds"))
    var interval = 1

    func validate() throws {
        guard (1...3600).contains(interval) else { throw ValidationError("--interval is 1 to 3600 seconds, not \(interval)") }
    }

    func run() throws {
        let settings = try channel.settings()
        let client = try Client(try settings.config([(.stateWaitMs, "500")]))
        let interrupt = try Interrupt()
        let isScreen = Output.isTerminal && !once
        // The screen of before comes back at the end.
        if isScreen { try Output.write(Array("\u{1B}[?1049h\u{1B}[?25l".utf8), to: 1) }
        defer { if isScreen { try? Output.write(Array("\u{1B}[?25h\u{1B}[?1049l".utf8), to: 1) } }
        repeat {
            try draw(lines(client, settings.logFile), isScreen: isScreen)
        } while !once && interrupt.sleep(ms: Int64(interval) * 1000)
    }

    /// The state may be another's for a moment; the next frame has it.
    private func lines(_ client: Client, _ logFile: String?) -> [String] {
        do {
            let frame = Frame(
                stats: try client.stats(), waiting: try client.unsent(most: 3), log: LogRecords(logFile),
                isColoured: Output.isTerminal)
            return frame.lines
        } catch let failure as Failure {
            return failure.lines
        } catch {
            return ["\(error)"]
        }
    }

    private func draw(_ lines: [String], isScreen: Bool) throws {
        guard isScreen else { return try Output.lines(lines + (once ? [] : [""])) }
        var size = winsize()
        let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 1 && size.ws_col > 1
        let (rows, columns) = isKnown ? (Int(size.ws_row) - 1, Int(size.ws_col)) : (23, 80)
        let text = lines.prefix(rows).map { "\(Ink.cut($0, most: columns))\u{1B}[K\r\n" }.joined()
        try Output.write(Array("\u{1B}[H\(text)\u{1B}[J".utf8), to: 1)
    }
}
