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
