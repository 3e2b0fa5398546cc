/// Colours of a terminal.
enum Ink: String {
    case bold = "1"
    case red = "31"
    case yellow = "33"
    case green = "32"

    func on(_ text: String, if isColoured: Bool) -> String { isColoured ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text }

    /// At most so many columns; colours take none.
    static func cut(_ line: String, most: Int) -> String {
        var cut = "", width = 0, isEscape = false
        for character in line {
            if isEscape {
                cut.append(character)
                isEscape = character != "m"
            } else if character == "\u{1B}" {
                cut.append(character)
                isEscape = true
            } else if width < most {
                cut.append(character)
                width += 1
            }
        }
        return cut
    }
}
