/// One thing that is wrong with what a host gave: where, and what is allowed there.
struct Fault: Error, Equatable, Sendable {
    /// A JSON pointer into what the host gave; empty for the whole of it.
    let path: String
    let message: String

    /// `key` as one part of a JSON pointer (RFC 6901), fit for an error message.
    static func pointerToken(_ key: String) -> String {
        var token = ""
        for scalar in Redaction.clean(key, longest: 100).unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}

/// Every fault that was found, so that the host's developer mends all of them at once.
///
/// Invariant: `faults` is not empty and not longer than `most`.
struct Faults: Error, Equatable {
    static let most = 100

    let faults: [Fault]
}

/// Faults as they are found.
struct FaultList {
    private(set) var list: [Fault] = []

    mutating func add(_ path: String, _ message: String) {
        guard list.count < Faults.most else { return }  // enough for a person to go on with
        list.append(Fault(path: path, message: message))
    }

    /// Throws them, if there are any.
    func check() throws(Faults) {
        if !list.isEmpty { throw Faults(faults: list) }
    }
}
