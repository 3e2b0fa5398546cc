/// What one check found.
struct Finding {
    enum State: String, Comparable {
        case ok
        /// Could not be looked at, for something before it failed.
        case skipped
        case warn
        case fail

        private var rank: Int {
            switch self {
            case .ok, .skipped: 0
            case .warn: 1
            case .fail: 2
            }
        }

        static func < (a: State, b: State) -> Bool { a.rank < b.rank }
    }

    /// What was looked at, in a word or two: "state directory".
    let name: String
    let state: State
    /// What is so, and what it means.
    let text: String
    /// What to do; empty where nothing is.
    let advice: String

    static func ok(_ name: String, _ text: String) -> Finding { Finding(name: name, state: .ok, text: text, advice: "") }

    static func skipped(_ name: String, _ text: String) -> Finding { Finding(name: name, state: .skipped, text: text, advice: "") }

    static func warn(_ name: String, _ text: String, _ advice: String) -> Finding {
        Finding(name: name, state: .warn, text: text, advice: advice)
    }

    static func fail(_ name: String, _ text: String, _ advice: String) -> Finding {
        Finding(name: name, state: .fail, text: text, advice: advice)
    }

    /// A failure of a call; its message says what to do.
    static func fail(_ name: String, _ failure: Failure) -> Finding {
        let faults = failure.faults.isEmpty ? "" : ": " + failure.faults.joined(separator: "; ")
        return Finding(name: name, state: .fail, text: failure.message + faults, advice: "")
    }

    var json: JSON {
        .object([
            .init(key: "check", value: .text(name)), .init(key: "state", value: .text(state.rawValue)),
            .init(key: "text", value: .text(text)), .init(key: "advice", value: .text(advice)),
        ])
    }
}
