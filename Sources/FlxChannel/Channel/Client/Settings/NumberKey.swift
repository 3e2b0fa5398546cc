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
