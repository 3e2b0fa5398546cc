import ArgumentParser

/// Sends orders and answers.
struct FlushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Send orders, then answers, for a slice of time.",
        discussion: """
            Any number of processes may do so at once. It ends before its time when nothing
            more can be sent now. Exit status 1: something waits; the report says for what.
            With --dry-run nothing leaves: each request that would is shown, its token masked.
            Bodies hold buyer data.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Option(help: ArgumentHelp("How long to work.", valueName: "seconds"))
    var budget = 20

    @Flag(name: .customLong("dry-run"), help: "Send nothing, show the requests.")
    var isDryRun = false

    func validate() throws {
        guard (0...86400).contains(budget) else { throw ValidationError("--budget is 0 to 86400 seconds, not \(budget)") }
    }

    func run() throws {
        let client = try channel.open(interrupt: Interrupt())
        guard !isDryRun else { return try Output.requests(try client.preview()) }
        let end = Instant.monotonicMs() + Int64(budget) * 1000
        var total = Total()
        let progress = Progress("flush", budgetS: budget)
        var isMore = true
        while isMore {
            let left = max(0, end - Instant.monotonicMs())
            let (status, report) = try client.flush(budgetMs: Int32(min(left, 2000)))
            total.add(report)
            progress.add(Int(clamping: (report["sent"]?.integer ?? 0) + (report["answers_sent"]?.integer ?? 0)))
            isMore = status == 1 && left > 0
        }
        progress.clear()
        try form.show(total.json, Table.sheet(total.json))
        if total.isWaiting { throw ExitClass.notAllDone.code }
    }

    /// What several slices did together; what waits is what the last one left.
    private struct Total {
        private static let counts = ["sent", "applied", "refused", "possibly_applied", "given_up", "answers_sent"]
        private var last = JSON.object([])
        private var sums = [Int64](repeating: 0, count: counts.count)

        mutating func add(_ report: JSON) {
            last = report
            for (index, key) in Total.counts.enumerated() { sums[index] += report[key]?.integer ?? 0 }
        }

        var json: JSON {
            .object(
                last.members.map { member in
                    guard let index = Total.counts.firstIndex(of: member.key) else { return member }
                    return JSON.Member(key: member.key, value: .integer(sums[index]))
                })
        }

        /// -1: another process had the state, so that it is not known.
        var isWaiting: Bool {
            guard let waiting = last["waiting"] else { return false }
            guard case .object(let members) = waiting else { return (waiting.integer ?? 0) != 0 }
            return members.contains { ($0.value.integer ?? 0) != 0 }
        }
    }
}
