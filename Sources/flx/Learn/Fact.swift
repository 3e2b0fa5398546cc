/// One thing about the hub, which the contract leaves open (its section 9).
struct Fact {
    /// Of the table of section 9.
    let row: Int
    /// Short, as the sandbox's switch of the same thing is called, where there is one: "page.cap.orders".
    let name: String
    /// Nil where the answers did not settle it.
    let value: String?
    /// The value in words, or why there is none.
    let text: String
    /// The config key that a client needs for it; nil where the client is right whatever the value is.
    var key: SettingKey?
    /// What that key has to be; nil where its default will do.
    var setting: JSON?
    /// What it rests on is a number, a comparison, or goes into the file: each answer of it has to be seen again. Else only those
    /// have that tell by what is missing.
    var isExact = false

    static func settled(_ row: Int, _ name: String, _ value: String, _ text: String) -> Fact {
        Fact(row: row, name: name, value: value, text: text)
    }

    static func open(_ row: Int, _ name: String, _ why: String) -> Fact { Fact(row: row, name: name, value: nil, text: why) }

    /// The same with what a client can do about it.
    func bearing(on key: SettingKey, _ setting: JSON? = nil) -> Fact {
        var fact = self
        (fact.key, fact.setting) = (key, setting)
        fact.isExact = isExact || setting != nil
        return fact
    }

    func exact(_ isExact: Bool = true) -> Fact {
        var fact = self
        fact.isExact = isExact
        return fact
    }

    /// What comes of it where its answers were not seen again. The file keeps what it has.
    func unsettled(_ why: String) -> Fact {
        var fact = Fact.open(row, name, why)
        fact.key = key
        return fact
    }

    func says(_ other: Fact?) -> Bool { value == other?.value && setting == other?.setting }

    var json: JSON {
        .object([
            .init(key: "row", value: .integer(row)), .init(key: "fact", value: .text(name)),
            .init(key: "settled", value: .bool(value != nil)), .init(key: "value", value: value.map { .text($0) } ?? .null),
            .init(key: "text", value: .text(text)),
        ])
    }
}

extension [JSON] {
    /// Every text or number that rows have under a name, each once, in the order in which they come.
    func distinct(_ member: String) -> [String] {
        var found: [String] = []
        for text in compactMap({ $0[member]?.id }) where !found.contains(text) { found.append(text) }
        return found
    }

    func id(_ index: Int) -> String? { indices.contains(index) ? self[index]["id"]?.id : nil }

    var ids: [String] { compactMap { $0["id"]?.id } }

    /// Whether some row has a member of that name, be it null.
    func has(_ member: String) -> Bool { contains { $0.members.contains { $0.key == member } } }
}
