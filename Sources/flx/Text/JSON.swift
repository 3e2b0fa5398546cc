/// A JSON value. Numbers keep their text, members their order.
enum JSON: Equatable {
    struct Member: Equatable {
        let key: String
        let value: JSON
    }

    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([JSON])
    case object([Member])

    static func integer(_ value: some BinaryInteger) -> JSON { .number("\(value)") }

    static func texts(_ values: [String]) -> JSON { .list(values.map { .text($0) }) }

    /// A member of an object; nil for every other value, and where it is missing or null.
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self, let value = members.first(where: { $0.key == key })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// The same without a member, whose name may go on within an object: `a.b` is the member `b` of `a` as well.
    func without(_ name: String) -> JSON {
        guard case .object(let members) = self else { return self }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        return .object(
            members.filter { $0.key != name }.map { member in
                guard parts.count == 2, member.key == parts[0] else { return member }
                return Member(key: member.key, value: member.value.without(parts[1]))
            })
    }

    var elements: [JSON] { if case .list(let elements) = self { elements } else { [] } }

    var members: [Member] { if case .object(let members) = self { members } else { [] } }

    var string: String? { if case .text(let text) = self { text } else { nil } }

    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    var integer: Int64? {
        switch self {
        case .number(let text), .text(let text): Int64(text)
        default: nil
        }
    }

    /// An id, which may be text or a number.
    var id: String? {
        switch self {
        case .number(let text), .text(let text): text
        default: nil
        }
    }

    /// What people read in a cell: text without its quotes, nothing for null.
    var plain: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "yes" : "no"
        case .number(let text), .text(let text): text
        case .list, .object: line
        }
    }
}

/// JSON as text on one line.
extension JSON {
    var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): text += number
        case .text(let string): JSON.quote(string, to: &text)
        case .list(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                JSON.quote(member.key, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
