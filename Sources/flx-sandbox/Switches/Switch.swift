/// A question the contract leaves open, or a manner of the hub, with the settings it may have.
///
/// Invariant: `initial` is one of the settings.
struct Switch: Sendable {
    enum Settings: Sendable {
        /// One of these words.
        case words([String])
        /// A number in this range.
        case number(ClosedRange<Int>)
        /// A number that need not be whole, from 0.
        case rate(String)
        /// Words with commas between them, of any content; empty for none.
        case list(String)
    }

    /// The row of the contract's table of unknowns (section 9), or `-` for a manner that table does not have.
    let row: String
    let name: String
    let settings: Settings
    let initial: String
    let about: String

    init(_ row: String, _ name: String, _ settings: Settings, _ initial: String, _ about: String) {
        (self.row, self.name, self.settings, self.initial, self.about) = (row, name, settings, initial, about)
    }

    func accepts(_ value: String) -> Bool {
        switch settings {
        case .words(let words): words.contains(value)
        case .number(let range): Int(value).map(range.contains) ?? false
        case .rate: Double(value).map { $0 >= 0 && $0.isFinite } ?? false
        case .list: true
        }
    }

    /// The settings as the help shows them.
    var settingsText: String {
        switch settings {
        case .words(let words): words.joined(separator: "|")
        case .number(let range): range.upperBound == .max ? "\(range.lowerBound).." : "\(range.lowerBound)..\(range.upperBound)"
        case .list(let of): "list of \(of)"
        case .rate(let what): what
        }
    }
}

/// The present setting of every switch.
struct Switches {
    struct Unknown: Error, CustomStringConvertible {
        var description: String
    }

    private var values: [ByteText: String] = [:]

    /// The setting of a switch as text.
    subscript(_ which: Switch) -> String {
        values[which.name] ?? which.initial
    }

    func isOn(_ which: Switch) -> Bool { self[which] == "on" }
    func number(_ which: Switch) -> Int { Int(self[which]) ?? 0 }

    func list(_ which: Switch) -> [String] {
        self[which].split(separator: ",").map { String($0) }
    }

    /// Sets a switch by name; an unknown name or setting is refused with the nearest name or the settings.
    mutating func set(_ name: String, to value: String) throws(Unknown) {
        guard let which = Switch.named(name) else {
            let nearest = Switch.all.min { distance($0.name, name) < distance($1.name, name) }
            throw Unknown(description: "no switch \(name); the nearest is \(nearest?.name ?? "none")")
        }
        guard which.accepts(value) else {
            throw Unknown(description: "\(name) is \(which.settingsText), not \(value)")
        }
        values[name] = value
    }

    mutating func reset() {
        values = [:]
    }
}

/// The number of single-letter changes between two names.
private func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8), right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
        var previous = row[0]
        row[0] = index + 1
        for column in 1..<(right.count + 1) {
            let change = previous + (letter == right[column - 1] ? 0 : 1)
            previous = row[column]
            row[column] = min(change, row[column] + 1, row[column - 1] + 1)
        }
    }
    return row[right.count]
}
