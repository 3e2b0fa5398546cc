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
            """)

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    @Flag(help: "Make no request.")
    var offline = false

    @Flag(help: "One line and an exit status as Nagios has them.")
    var check = false

    func run() throws {
        var examination = Examination(asksHub: !offline)
        examination.run { try channel.settings() }
        let findings = examination.findings
        guard !check else { try nagios(findings, isKnown: examination.settings != nil) }
        try form.show(.list(findings.map(\.json)), lines(findings))
        if findings.contains(where: { $0.state == .fail }) { throw ExitClass.notAllDone.code }
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
