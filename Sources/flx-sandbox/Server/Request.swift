/// One header line.
struct Header: Equatable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        (self.name, self.value) = (name, value)
    }
}

/// One request as it arrived, complete with its body.
struct Request {
    var method: String
    var target: String
    var headers: [Header] = []
    var body: [UInt8] = []
    /// Counts connections of this run from 1, and requests on this connection from 1.
    var connection = 0
    var numberOnConnection = 1
    /// Microseconds since the sandbox started.
    var arrival = 0

    var path: String { String(target.prefix { $0 != "?" }) }

    var queryText: Substring {
        guard let mark = target.firstIndex(of: "?") else { return "" }
        return target[target.index(after: mark)...]
    }

    /// The path cut at its slashes and decoded; a slash at the end counts for nothing.
    var segments: [String] {
        path.split(separator: "/").map { percentDecoded($0, plusIsSpace: false) }
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
