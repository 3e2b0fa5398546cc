extension Switch {
    /// Every switch, in the order the help shows them.
    static let all: [Switch] =
        orderSwitches + orderNumberSwitches + channelSwitches + pagingSwitches + queueSwitches
        + limiterSwitches + errorSwitches + wireSwitches + deliverySwitches

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static func named(_ name: String) -> Switch? { byName[name] }

    /// The table of switches as text for `--help`, at most 78 columns wide.
    static var table: String {
        all.map { which in
            let row = which.row.count == 1 ? " " + which.row : which.row
            let initial = which.initial.isEmpty ? "(none)" : which.initial
            return wrapped("\(row)  \(which.name) = \(initial)", indent: 0)
                + wrapped(which.settingsText.replacing("|", with: " | "), indent: 6) + wrapped(which.about, indent: 6)
        }.joined()
    }

    /// Lines of words, indented, each with its line end.
    private static func wrapped(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = [], line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + word.count + 1 + indent > 78 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
        return lines.map { margin + $0 + "\n" }.joined()
    }
}
