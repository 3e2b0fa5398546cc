import Glibc

/// Variables FLXCHANNEL_...: a config key in capitals, `_` for `.`, such as FLXCHANNEL_RATE_LIMIT_DIR.
struct Environment {
    private static let prefix = "FLXCHANNEL_"
    /// Those that are no config keys. LIBRARY and HEADER are of the bindings.
    private static let own = ["TOKEN", "TOKEN_FILE", "LOG_FILE", "LEARNT_FILE", "CONFIG_DIR", "LIBRARY", "HEADER"]

    /// By their names without the prefix, in their order.
    private let variables: [(name: String, value: String)]

    init() {
        var found: [(name: String, value: String)] = []
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].hasPrefix(Environment.prefix) {
                found.append((String(parts[0].dropFirst(Environment.prefix.count)), String(parts[1])))
            }
            next += 1
        }
        variables = found.sorted { $0.name < $1.name }
    }

    static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    static var logFile: String? { variable("FLXCHANNEL_LOG_FILE") }

    /// Where `--channel` looks.
    static var configFolder: String { variable("FLXCHANNEL_CONFIG_DIR") ?? "/etc/flxchannel" }

    /// Names of the variables that are config keys.
    var settingNames: [String] {
        variables.filter { !Environment.own.contains($0.name) && !$0.value.isEmpty }.map { Environment.prefix + $0.name }
    }

    /// The config keys that are set. A variable that is none is a fault: it was meant to be one.
    func settings() throws -> [JSON.Member] {
        let keys = try JSON.read(try Call.describe("config"), what: "the table of config keys").elements.compactMap {
            $0["key"]?.string
        }
        return try variables.filter { !Environment.own.contains($0.name) && !$0.value.isEmpty }.map { name, value in
            guard let key = keys.first(where: { Environment.name($0) == name }) else {
                throw Failure.usage(
                    "\(Environment.prefix)\(name) is no config key\(Environment.suggestion(name, keys)); `flx describe config` lists them"
                )
            }
            return JSON.Member(key: key, value: .text(value))
        }
    }

    private static func name(_ key: String) -> String {
        String(key.uppercased().map { $0 == "." ? "_" : $0 })
    }

    private static func suggestion(_ name: String, _ keys: [String]) -> String {
        let near = keys.map(Environment.name).map { (name: $0, distance: distance($0, name)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(2, name.count / 4) else { return "" }
        return "; did you mean \(prefix)\(near.name)?"
    }

    /// How many letters have to be put in, taken out or changed.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var before = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let cost = letter == other ? before : 1 + min(before, row[j], row[j + 1])
                (before, row[j + 1]) = (row[j + 1], cost)
            }
        }
        return row[b.count]
    }
}
