/// A JSON document whose numbers keep the text they were written with.
///
/// Objects keep the order of their members, and a member written twice is there twice.
indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// Text that goes out as it stands, valid JSON or not. Only faults use it.
    case raw(String)

    struct Member: Equatable, Sendable {
        var key: String
        var value: JSONValue
    }

    /// The last member of that name, or nil for a missing member or another kind of value.
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    var isNull: Bool { self == .null }

    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// A string, or a number or boolean as its text.
    var looseText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    var numberText: String? {
        if case .number(let text) = self { return text }
        return nil
    }

    var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// A number without fraction or exponent that fits 64 bits.
    var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    var array: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    var members: [Member]? {
        if case .object(let members) = self { return members }
        return nil
    }

    /// The same document with the members of every object sorted by name, for comparing content.
    var canonical: JSONValue {
        switch self {
        case .array(let elements):
            return .array(elements.map(\.canonical))
        case .object(let members):
            let sorted = members.map { Member(key: $0.key, value: $0.value.canonical) }
            return .object(sorted.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        default:
            return self
        }
    }

    /// The document as compact UTF-8 text.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .number(String(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
    init(nilLiteral: ()) { self = .null }

    /// A number from an integer.
    static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// A string, or null.
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
