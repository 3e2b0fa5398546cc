import ArgumentParser

/// Runs rounds of all the work of a channel with a handler in any language.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Run a round of all the work: orders, listings, parcels, with a handler in any language.",
        discussion: """
            Sends orders, tells what became of them, hands out what the feeds bring, sends
            the answers, and prints a summary. HANDLER is a command that /bin/sh starts,
            one process for the whole round. Each event is a line of JSON on its standard
            input; to each that has a number in "event" it prints one line:
              {"event":7,"reply":true}       done, or stored
              {"event":8,"reply":{"error":"the price is missing"}}
              {"event":9,"reply":false}      comes again in a later round
            Replies may come in any order, after several events. The last event is the
            summary, then its input ends. What it prints to standard error is passed on.
            The events and what they may be replied are in flxchannel.h, section Sync.

            A handler that ends early, hangs, or prints anything else ends the round: what
            it replied counts, nothing is said in its place, the rest comes again.

            Without --exec nothing would take the events: see `flx flush`, `flx pull`.

            Exit status 0: the round ended, and no part failed. A round that ran out of its
            --budget is one of those; the next goes on. 1: a part failed or is held by
            another process, the round was stopped, or the handler was at fault. 4: not all
            was done, for the hub is not reached or fails; 5: for it refuses the token.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Option(help: ArgumentHelp("The command that handles the events.", valueName: "handler"))
    var exec: String?

    @Option(help: ArgumentHelp("After so long no more is read; a round then ends soon.", valueName: "seconds"))
    var budget: Int?

    @Option(
        help: ArgumentHelp("Only these: results, publish, sync, orders, shipments, returns, gone; with commas.", valueName: "parts")
    )
    var parts: String?

    @Option(
        help: ArgumentHelp(
            "Time after which a part that was read is read again, such as returns=600; repeatable.", valueName: "part=seconds"))
    var every: [String] = []

    @Option(help: ArgumentHelp("Name of the cursors that are used.", valueName: "name"))
    var cursor: String?

    @Option(name: .customLong("handler-timeout"), help: ArgumentHelp("Longest wait for a reply.", valueName: "seconds"))
    var handlerTimeout = 60

    @Flag(help: "Run round after round until SIGTERM or SIGINT.")
    var loop = false

    @Option(help: ArgumentHelp("With --loop: time between two rounds.", valueName: "seconds"))
    var pause = 15

    func validate() throws {
        if let budget, !(1...86400).contains(budget) { throw ValidationError("--budget is 1 to 86400 seconds, not \(budget)") }
        guard (1...86400).contains(handlerTimeout) else {
            throw ValidationError("--handler-timeout is 1 to 86400 seconds, not \(handlerTimeout)")
        }
        _ = try every.map(SyncCommand.term)
        guard (0...86400).contains(pause) else { throw ValidationError("--pause is 0 to 86400 seconds, not \(pause)") }
    }

    func run() throws {
        guard let exec, !exec.allSatisfy(\.isWhitespace) else {
            throw Failure.usage(
                "sync needs a handler for what it brings: --exec HANDLER (flx help sync); `flx flush` sends orders and answers "
                    + "without one, `flx pull FEED` shows a feed")
        }
        let interrupt = try Interrupt()
        guard loop else { throw try report(try round(exec, interrupt)).code }
        // What fails on this side is tried again less often; what fails at the hub the library holds back itself.
        var failures = 0
        repeat {
            do {
                let end = try round(exec, interrupt)
                _ = try report(end)
                failures = end.fault == nil ? 0 : failures + 1
            } catch let failure as Failure {
                guard interrupt.signal == 0 else { break }
                guard failure.exit != .usage else { throw failure }
                for line in failure.lines { Output.note(line) }
                failures += 1
            }
        } while interrupt.sleep(ms: Int64(pause) * 1000 << Int64(min(failures, 4)))
    }

    /// Opens the channel anew each time, so that a log file that was moved away is left.
    private func round(_ exec: String, _ interrupt: Interrupt) throws -> HandledRound.End {
        let client = try channel.open(interrupt: interrupt)
        let progress = Progress("sync", budgetS: budget)
        defer { progress.clear() }
        let round = HandledRound(
            client: client, interrupt: interrupt, command: exec, timeoutMs: Int64(handlerTimeout) * 1000, progress: progress)
        var end = try round.run(plan: plan())
        end.heldBack = (try? client.stats())?["rate_limit"]?["paused"]?.string
        return end
    }

    /// `returns=600`; which parts there are the library knows.
    private static func term(_ text: String) throws -> JSON.Member {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let seconds = Int(parts[1]), seconds >= 0 else {
            throw ValidationError("--every is a part and seconds, such as returns=600, not \(text)")
        }
        return .init(key: String(parts[0]), value: .integer(seconds))
    }

    private func plan() throws -> JSON {
        var members: [JSON.Member] = [.init(key: "progress", value: .bool(Output.isErrorTerminal))]
        if let parts {
            let names = parts.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            members.append(.init(key: "parts", value: .texts(names)))
        }
        if let budget { members.append(.init(key: "budget_ms", value: .integer(budget * 1000))) }
        if !every.isEmpty { members.append(.init(key: "every_s", value: .object(try every.map(SyncCommand.term)))) }
        if let cursor { members.append(.init(key: "cursor", value: .text(cursor))) }
        return .object(members)
    }

    private func report(_ end: HandledRound.End) throws -> ExitClass {
        for refusal in end.refused { Output.note("flx: a reply was not taken, its event comes again: \(refusal)") }
        if let fault = end.fault {
            Output.note("flx: \(fault.message(timeoutS: handlerTimeout)) (\(end.given) events given, \(end.replied) replies)")
        }
        guard let summary = end.summary else { return .notAllDone }
        let view = SummaryView(summary)
        try form.show(summary, view.lines)
        guard end.fault == nil, end.refused.isEmpty, !view.hasFailed else { return .notAllDone }
        guard let outage = view.outage(heldBack: end.heldBack) else { return .done }
        Output.note("flx: not all was done: \(Clean.text(outage.why)); the next round goes on, `flx doctor` says more")
        return outage.exit
    }
}
