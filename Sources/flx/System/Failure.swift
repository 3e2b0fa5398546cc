/// How a run ends: its exit status tells a script what kind of trouble there was.
enum ExitClass: Int32, CaseIterable {
    case done = 0
    case notAllDone = 1
    case usage = 2
    case local = 3
    case transport = 4
    case hub = 5
    case fault = 6

    var meaning: String {
        switch self {
        case .done: "done"
        case .notAllDone: "not all was done: something waits, failed or was refused"
        case .usage: "the command line, the configuration or the input is at fault"
        case .local: "this machine: state directory, rights, disk, another process"
        case .transport: "no connection to the hub, or it broke"
        case .hub: "the hub said no: token, contract, an error status"
        case .fault: "a fault of flx or its library; please report it"
        }
    }

    /// The class of a status of the library: bands of 100, so that a code that is newer than this program has one too.
    init(status: Int32) {
        switch status {
        case 0...: self = .done
        case -199 ... -100: self = .usage
        case -299 ... -200: self = .local
        case -399 ... -300: self = .transport
        case -499 ... -400: self = .hub
        default: self = .fault
        }
    }
}

/// Why a command did not do what it was asked for.
struct Failure: Error {
    let exit: ExitClass
    /// What happened and what to do. No token, no buyer data.
    let message: String
    /// Each fault of bad input, with its path.
    var faults: [String] = []
    /// What the hub said, in its own words: for the shop's people.
    var hubSaid = ""
    /// The library's code and its name; 0 and empty where the failure is not of the library.
    var code: Int32 = 0
    /// Of the hub's answer, 0 if there was none.
    var httpStatus: Int64 = 0
    /// For how long the hub asks to wait; -1 where it does not say.
    var retryAfterMs: Int64 = -1
    /// A write that the hub may have taken.
    var isInDoubt = false
    var name = ""

    init(_ exit: ExitClass, _ message: String) {
        self.exit = exit
        self.message = message
    }

    /// A command line or input that cannot be used.
    static func usage(_ message: String) -> Failure { Failure(.usage, message) }

    /// This machine.
    static func local(_ message: String) -> Failure { Failure(.local, message) }

    var json: JSON {
        .object([
            .init(key: "error", value: .text(message)), .init(key: "name", value: .text(name)),
            .init(key: "exit", value: .integer(exit.rawValue)), .init(key: "faults", value: .texts(faults)),
        ])
    }

    var lines: [String] {
        ["flx: \(message)\(name.isEmpty ? "" : " [\(name)]")"] + faults.map { "  \($0)" }
            + (isInDoubt ? ["  the hub may have taken it: look before you repeat it"] : [])
            + (hubSaid.isEmpty ? [] : ["  the hub said: \(hubSaid)"])
    }
}
