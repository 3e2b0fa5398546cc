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
    var key: String?
    /// What that key has to be; nil where its default will do.
    var setting: JSON?

    static func settled(_ row: Int, _ name: String, _ value: String, _ text: String) -> Fact {
        Fact(row: row, name: name, value: value, text: text)
    }

    static func open(_ row: Int, _ name: String, _ why: String) -> Fact { Fact(row: row, name: name, value: nil, text: why) }

    /// The same with what a client can do about it.
    func bearing(on key: String, _ setting: JSON? = nil) -> Fact {
        var fact = self
        (fact.key, fact.setting) = (key, setting)
        return fact
    }

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
