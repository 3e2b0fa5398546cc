extension Switch {
    /// Every switch, in the order the help shows them.
    static let all: [Switch] = orderSwitches + pagingSwitches + queueSwitches + limiterSwitches + errorSwitches
        + wireSwitches + deliverySwitches

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static func named(_ name: String) -> Switch? { byName[name] }

    /// The table of switches as text, for `--help`.
    static var table: String {
        let rows = [["ROW", "NAME", "DEFAULT", "SETTINGS"]]
            + all.map { [$0.row, $0.name, $0.initial.isEmpty ? "(none)" : $0.initial, $0.settingsText] }
        let widths = (0..<3).map { column in rows.map { min($0[column].count, 34) }.max() ?? 0 }
        var text = ""
        for (index, row) in rows.enumerated() {
            for column in 0..<3 {
                text += row[column] + String(repeating: " ", count: max(1, widths[column] + 2 - row[column].count))
            }
            text += row[3] + "\n"
            if index > 0 { text += "      " + all[index - 1].about + "\n" }
        }
        return text
    }
}
