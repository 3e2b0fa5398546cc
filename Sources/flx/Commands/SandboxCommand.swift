import ArgumentParser
import Glibc

/// Starts a hub on loopback.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Start a hub on loopback, to try things without the real one.",
        discussion: "All words after it go to flx-sandbox; `flx sandbox -- --help` shows its manual.")

    @Argument(parsing: .captureForPassthrough, help: "Words for flx-sandbox.") var words: [String] = []

    func run() throws {
        let words = self.words.first == "--" ? Array(self.words.dropFirst()) : self.words
        for place in SandboxCommand.places where access(place, X_OK) == 0 {
            var copies = ([place] + words).map { strdup($0) } + [nil]
            signal(SIGPIPE, SIG_DFL)
            execv(place, &copies)
            throw Failure.local("\(place) cannot be started: \(SystemError.text(errno))")
        }
        throw Failure.local(
            "flx-sandbox is neither beside flx nor in PATH; build it from the sources of flxchannel: make sandbox, and put "
                + ".build-lib/flx-sandbox into PATH")
    }

    /// Beside this program, then in PATH.
    private static var places: [String] {
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = readlink("/proc/self/exe", &buffer, 4096)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.lastIndex(of: "/").map { String(own[..<$0]) }
        let path = Environment.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        return ([folder].compactMap { $0 } + path.split(separator: ":").map(String.init)).map { "\($0)/flx-sandbox" }
    }
}
