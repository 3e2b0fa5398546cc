/// A setting whose value is a whole number.
struct NumberKey: Sendable {
    let key: ConfigKey
    let standard: Int64

    init(_ name: String, _ range: ClosedRange<Int64>, standard: Int64, unit: String = "", _ meaning: String) {
        key = ConfigKey(name, .number(range), "\(standard)", unit: unit, meaning)
        self.standard = standard
    }
}

/// A setting whose value is text, or is made of text.
struct TextKey: Sendable {
    let key: ConfigKey

    init(_ name: String, _ kind: ConfigKey.Kind, standard: String? = nil, _ meaning: String) {
        key = ConfigKey(name, kind, standard, meaning)
    }
}

/// A setting whose value is one of a few words.
struct ChoiceKey<Choice: SettingChoice>: Sendable {
    let key: ConfigKey
    let standard: Choice

    init(_ name: String, standard: Choice, _ meaning: String) {
        key = ConfigKey(name, .choice(Choice.allCases.map { $0.word }), standard.word, meaning)
        self.standard = standard
    }
}

protocol SettingChoice: CaseIterable, Sendable {
    /// As hosts write it.
    var word: String { get }
}

/// What goes to the hub as the reference number of an order that has none.
enum ReferenceNumber: SettingChoice {
    case orderNumber
    case asGiven

    var word: String {
        switch self {
        case .orderNumber: "order_number"
        case .asGiven: "as_given"
        }
    }
}

/// How a list is written in a query.
enum ListSpelling: SettingChoice {
    case repeated
    case joined

    var word: String {
        switch self {
        case .repeated: "repeated"
        case .joined: "joined"
        }
    }
}

extension LogLevel: SettingChoice {
    var word: String { name }
}

/// What a host has set, read by typed keys; what it has not set has its default. Every value obeys its key.
struct GivenSettings {
    private let values: [ByteText: String]

    init(_ values: [ByteText: String]) { self.values = values }

    func number(_ key: NumberKey) -> Int64 { values[ByteText(key.key.name)].flatMap { Int64($0) } ?? key.standard }

    /// Nil if it is empty, or is not set and has no default.
    func text(_ key: TextKey) -> String? {
        guard let text = values[ByteText(key.key.name)] ?? key.key.standard, !text.isEmpty else { return nil }
        return text
    }

    func choice<Choice>(_ key: ChoiceKey<Choice>) -> Choice {
        let given = values[ByteText(key.key.name)]
        return Choice.allCases.first { given.spells($0.word) } ?? key.standard
    }
}
