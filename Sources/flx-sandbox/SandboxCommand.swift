import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The command line.
@main
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flx-sandbox",
        abstract: "A faithful Flxpoint hub on loopback, for tests, demos and plugin authors.",
        discussion: Manual.text)

    @Option(help: "Port on 127.0.0.1; 0 takes a free one.")
    var port = 0

    @Option(
        help: "empty, tiny, demo, large or variants=N, with ,number= ,pending=on|off ,history=on|off ,exceptions=on|off after it.")
    var seed = "demo"

    @Option(name: .customLong("set"), parsing: .singleValue, help: "Sets a switch, name=value. Repeatable.")
    var settings: [String] = []

    @Option(name: .customLong("fault"), parsing: .singleValue, help: "Plans a fault, 'do=NAME key=value ...'. Repeatable.")
    var faults: [String] = []

    @Option(help: "A JSON file with seed, switches, faults and steps; see the manual below.")
    var scenario: String?

    @Option(help: "Appends one JSON line per request to this file, before the request is answered.")
    var journal: String?

    @Option(help: "The Channel token.")
    var token = "sandbox-channel-token"

    @Option(name: .customLong("account-token"), help: "The Account token.")
    var accountToken = "sandbox-account-token"

    @Option(name: .customLong("source-token"), help: "The Source token.")
    var sourceToken = "sandbox-source-token"

    @Flag(name: .customLong("exit-with-parent"), help: "Ends when standard input is closed.")
    var exitsWithParent = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535, not \(port)") }
    }

    func run() throws {
        let hub = try makeHub()
        blockEndSignals()
        let server = try SandboxServer(desk: Desk(hub: hub), port: port)
        announce("url http://127.0.0.1:\(server.port)\ntoken \(token)\nconsole http://127.0.0.1:\(server.port)\(Console.path)\n")
        if exitsWithParent { endWhenInputCloses() }
        waitForEndSignal()
        server.stop()
    }

    private func makeHub() throws -> Hub {
        let journal = try journal.map { path in try Journal(appendingTo: path) } ?? Journal()
        let tokens = Tokens(channel: token, account: accountToken, source: sourceToken)
        let scenario = try scenario.map { path in try Scenario(path: path) }
        let hub = Hub(tokens: tokens, seed: try Seed.read(scenario?.seed ?? seed), journal: journal)
        try scenario?.apply(to: hub)
        for setting in settings {
            let halves = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2 else { throw ValidationError("--set wants name=value, not \(setting)") }
            do { try hub.switches.set(halves[0], to: halves[1]) } catch { throw ValidationError(error.description) }
        }
        for fault in faults {
            do throws(Refusal) {
                let (match, action, times) = try Fault.read(Fault.object(words: fault))
                _ = hub.faults.add(match, action, times: times)
            } catch { throw ValidationError(error.message) }
        }
        return hub
    }
}

/// Ends on SIGTERM or SIGINT, which are taken by waiting for them and not by a handler.
private func endSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    return signals
}

/// Must come before the first thread is made, so that every thread inherits it.
private func blockEndSignals() {
    var signals = endSignals()
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
}

private func waitForEndSignal() {
    var signals = endSignals(), received: CInt = 0
    sigwait(&signals, &received)
}

private func endWhenInputCloses() {
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { _ in
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            kill(getpid(), SIGTERM)
            return nil
        }, nil)
}

/// Written at once: whoever started us waits for these lines.
private func announce(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}
