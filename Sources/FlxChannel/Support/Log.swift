/// How much a log record matters; the raw values are FLX_LOG_ of the header.
enum LogLevel: Int32, Comparable, CaseIterable, Sendable {
    case error = 1
    case warn = 2
    case info = 3
    case debug = 4

    var name: String {
        switch self {
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        }
    }

    static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}

/// A value in a log record. Text is cleaned when the record is made.
enum LogValue {
    case text(String)
    case number(Int64)
}

/// Where lines go; the last owner that lets go of it ends it.
typealias LogSink = (LogLevel, String) -> Void

/// Keeps log records as lines of JSON until the host takes them, or hands them to the host's function.
///
/// Invariant: at most `capacity` lines are kept; no line holds the token, because every text goes through `Redaction`.
final class Log: @unchecked Sendable {
    static let capacity = 1000

    private let lock = Lock()
    private let level: LogLevel
    private let sink: LogSink?
    private var secret: Secret
    private var lines: [String] = []
    private var dropped: Int64 = 0

    init(level: LogLevel, hiding secret: Secret, sink: LogSink?) {
        self.level = level
        self.secret = secret
        self.sink = sink
    }

    func hide(_ secret: Secret) {
        lock.holding { self.secret = secret }
    }

    /// Whether records of `level` are written at all.
    func takes(_ level: LogLevel) -> Bool { level <= self.level }

    /// Writes one record: `event` is a fixed word of ours, such as "order.sent".
    func write(_ level: LogLevel, _ event: String, _ fields: [(String, LogValue)] = []) {
        guard takes(level) else { return }
        let line = lock.holding { render(level, event, fields) }
        if let sink {
            sink(level, line)  // outside the lock: the host may be slow
        } else {
            lock.holding { keep(line) }
        }
    }

    /// Takes all kept lines, oldest first.
    func take() -> [String] {
        lock.holding {
            defer {
                lines = []
                dropped = 0
            }
            guard dropped > 0 else { return lines }
            return [render(.warn, "log.dropped", [("count", .number(dropped))])] + lines
        }
    }

    private func keep(_ line: String) {
        if lines.count >= Log.capacity {
            let surplus = lines.count - Log.capacity / 2  // halve it, so that a flood costs little
            lines.removeFirst(surplus)
            dropped += Int64(surplus)
        }
        lines.append(line)
    }

    private func render(_ level: LogLevel, _ event: String, _ fields: [(String, LogValue)]) -> String {
        var line = "{\"at\":\(Clock.wallMs()),\"level\":\"\(level.name)\",\"event\":\"\(event)\""
        for (name, value) in fields {
            line += ",\"\(name)\":"
            switch value {
            case .number(let number): line += "\(number)"
            case .text(let text): line += quoted(Redaction.clean(text, hiding: secret))
            }
        }
        return line + "}"
    }

    /// Control characters are gone already, so that only two need an escape.
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
