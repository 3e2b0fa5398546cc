import ArgumentParser

/// Looks at everything that a channel needs, and says what to do.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether the channel is healthy, and say what to do where it is not.",
        discussion: """
            Looks at the configuration, the files, the hub, the token, the channel's settings,
            the clock, the budget, who holds the feeds, and what waits. It makes about three
            requests, within about five seconds; --offline makes none.

            Exit status 0: nothing failed. 1: something did.
            --check prints one line for Nagios and its kin, and ends with 0 OK, 1 WARNING,
            2 CRITICAL, 3 UNKNOWN: the configuration cannot be read.

            --learn settles what the contract leaves open and reading can tell, with about 55
            requests inside the budget (60 at most), all of them reads. What a client needs of
            it goes into a file beside the configuration, NAME.learnt.json, or where
            learnt_file says, as config keys: flx reads it by itself, and what the
            configuration says is stronger. Exit status 0: all was asked. Else it ended early,
            and what was settled until then counts.
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Flag(help: "Make no request.")
    var offline = false

    @Flag(help: "One line and an exit status as Nagios has them.")
    var check = false

    @Flag(help: "Settle what the contract leaves open by reading, and write down what a client needs.")
    var learn = false

    @Option(help: ArgumentHelp("Write what is learnt to this file instead.", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        name: .customLong("learn-limits"),
        help: ArgumentHelp(
            "With --learn: also look for the limit, by 60 requests at once with the spare channel token in this file.",
            valueName: "file"), completion: .file())
    var learnLimits: String?

    func validate() throws {
        if learn, offline || check { throw ValidationError("--learn asks the hub, and goes with neither --offline nor --check") }
        if !learn, output != nil || learnLimits != nil { throw ValidationError("--output and --learn-limits go with --learn") }
    }

    func run() throws {
        guard !learn else { return try runLearning() }
        var examination = Examination(asksHub: !offline)
        examination.run { try channel.settings() }
        let findings = examination.findings
        guard !check else { try nagios(findings, isKnown: examination.settings != nil) }
        try form.show(.list(findings.map(\.json)), lines(findings))
        if findings.contains(where: { $0.state == .fail }) { throw ExitClass.notAllDone.code }
    }

    private func runLearning() throws {
        let report = try Learning(settings: try channel.settings(), output: output, spare: learnLimits).run()
        try form.show(report.json, report.lines)
        guard let end = report.end else { return }
        throw (end.name == "FLX_E_CANCELED" ? .notAllDone : end.exit).code
    }

    private func lines(_ findings: [Finding]) -> [String] {
        let width = findings.map { $0.name.count }.max() ?? 0
        let inks: [Finding.State: Ink] = [.ok: .green, .warn: .yellow, .fail: .red]
        var lines = findings.flatMap { finding -> [String] in
            let word = finding.state == .skipped ? "-" : finding.state.rawValue
            let state = inks[finding.state]?.on(word, if: Output.isTerminal) ?? word
            let blank = String(repeating: " ", count: max(0, 5 - word.count))
            let first = "\(state)\(blank) \(finding.name.padded(to: width))  \(Clean.text(finding.text))"
            return [first]
                + (finding.advice.isEmpty ? [] : [String(repeating: " ", count: width + 8) + "> " + Clean.text(finding.advice)])
        }
        let (fails, warns) = (findings.filter { $0.state == .fail }.count, findings.filter { $0.state == .warn }.count)
        lines.append("\(findings.count) checks, \(fails) failed, \(warns) warnings")
        return lines
    }

    private func nagios(_ findings: [Finding], isKnown: Bool) throws -> Never {
        let worst = findings.map(\.state).max() ?? .ok
        let (word, status): (String, Int32) =
            if !isKnown { ("UNKNOWN", 3) } else if worst == .fail { ("CRITICAL", 2) } else if worst == .warn { ("WARNING", 1) } else
            { ("OK", 0) }
        let bad = findings.filter { $0.state == .fail } + findings.filter { $0.state == .warn }
        let text = bad.isEmpty ? "\(findings.count) checks" : bad.map { "\($0.name): \($0.text)" }.joined(separator: "; ")
        // A bar begins the figures of a plugin's line.
        let line = String(Clean.text("FLX \(word) - \(text)", most: 1000).map { $0 == "|" ? "/" : $0 })
        try Output.line(line)
        throw ExitCode(status)
    }
}
