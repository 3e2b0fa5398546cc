import ArgumentParser
import Glibc

/// Where the program begins and ends: what goes wrong becomes one message and one exit status.
@main
enum Entry {
    static func main() {
        // A handler or a pager that ends early is an error of a write, not the end of us.
        signal(SIGPIPE, SIG_IGN)
        do {
            try refuseToken()
            try Version.check()
            var command = try FlxCommand.parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            end(failure.name == "FLX_E_CANCELED" ? stopped : failure)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            parsing(error)
        }
    }

    /// Before anything is parsed: no message may repeat it.
    private static func refuseToken() throws {
        let words = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
        // That one has a token of its own making.
        guard words.first != "sandbox" else { return }
        guard !words.contains(where: { $0 == "--token" || $0.hasPrefix("--token=") }) else {
            throw Failure.usage(TokenSource.refusal)
        }
    }

    private static let stopped = Failure(.notAllDone, "stopped by a signal; nothing that was accepted is lost")

    private static func end(_ failure: Failure) -> Never {
        if CommandLine.arguments.contains("--json") {
            Output.note(failure.json.line)
        } else {
            for line in failure.lines { Output.note(line) }
        }
        exit(failure.exit.rawValue)
    }

    /// Help, version and completion end well; the parser's own status for a wrong command line is another than ours.
    private static func parsing(_ error: Error) -> Never {
        if FlxCommand.exitCode(for: error).isSuccess { FlxCommand.exit(withError: error) }
        try? Output.write(Array((FlxCommand.fullMessage(for: error) + "\n").utf8), to: 2)
        exit(ExitClass.usage.rawValue)
    }
}

extension ExitClass {
    /// Ends the command here, with its output written.
    var code: ExitCode { ExitCode(rawValue) }
}
