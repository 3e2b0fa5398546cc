/// Addresses as the hub keeps them: a name made of two, a country and a state with their codes.
extension Hub {
    /// The stored form of a sent address; null when none was sent and none is required.
    func address(_ value: JSONValue?, _ path: String, required: Bool) throws(Refusal) -> JSONValue {
        guard let value, !value.isNull else {
            if required { throw .badRequest("\(path) is missing") }
            return .null
        }
        guard value.members != nil else { throw .badRequest("\(path) is not an object") }
        let names = [
            "addressLine1", "addressLine2", "city", "state", "country", "stateCode", "countryCode", "postal",
            "email", "phone", "companyName", "firstName", "lastName", "name",
        ]
        var texts: [ByteText: String] = [:]
        for name in names {
            guard let member = value[name], !member.isNull else { continue }
            guard let text = member.text else { throw .badRequest("\(path).\(name) is not a string") }
            texts[name] = text
        }
        if let email = texts["email"], !email.contains("@") { throw .badRequest("\(path).email is not an address") }
        complete(&texts)
        var members: [JSONValue.Member] = [.init(key: "id", value: .integer(orders.newAddressId()))]
        members.append(.init(key: "name", value: .string(texts["name"] ?? "")))
        for name in names.dropLast() { members.append(.init(key: name, value: .text(texts[name]))) }
        members.append(.init(key: "redacted", value: false))
        let hash = SHA256.hex(Array(names.map { texts[$0] ?? "" }.joined(separator: "\n").utf8))
        members.append(.init(key: "hash", value: .string(String(hash.prefix(32)))))
        return .object(members)
    }

    private func complete(_ texts: inout [ByteText: String]) {
        if let name = texts["name"], texts["firstName"] == nil, texts["lastName"] == nil {
            let words = name.split(separator: " ", maxSplits: 1)
            texts["firstName"] = words.first.map(String.init)
            texts["lastName"] = words.count > 1 ? String(words[1]) : nil
        }
        let parts = [texts["firstName"], texts["lastName"]].compactMap { $0 }
        if !parts.isEmpty { texts["name"] = parts.joined(separator: " ") }
        for (full, code, table) in [("country", "countryCode", Self.countries), ("state", "stateCode", Self.states)] {
            if texts[full] == nil, let known = texts[code] { texts[full] = table[known] }
            if texts[code] == nil, let known = texts[full] { texts[code] = table.first { $0.value == known }?.key }
        }
    }

    /// The same address after its retention period.
    func redacted(_ address: JSONValue) -> JSONValue {
        guard let members = address.members else { return address }
        return .object(
            members.map { member in
                switch member.key {
                case "id", "hash": member
                case "redacted": .init(key: "redacted", value: true)
                case "name": .init(key: "name", value: "")
                default: .init(key: member.key, value: .null)
                }
            })
    }

    private static let countries = [
        "US": "United States", "CA": "Canada", "MX": "Mexico", "GB": "United Kingdom", "DE": "Germany", "FR": "France",
        "NL": "Netherlands", "AT": "Austria", "CH": "Switzerland", "AU": "Australia",
    ]
    private static let states = [
        "CA": "California", "NY": "New York", "TX": "Texas", "WA": "Washington", "OR": "Oregon", "FL": "Florida",
        "IL": "Illinois", "CO": "Colorado", "MA": "Massachusetts", "OH": "Ohio", "GA": "Georgia", "MN": "Minnesota",
    ]
}
