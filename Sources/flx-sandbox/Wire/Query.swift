/// The decoded parameters of a request line, in the order they came.
struct Query {
    struct Pair: Equatable {
        var name: String
        var value: String
    }

    private(set) var pairs: [Pair] = []

    init(_ text: Substring) {
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append(
                Pair(
                    name: percentDecoded(halves[0], plusIsSpace: true),
                    value: halves.count > 1 ? percentDecoded(halves[1], plusIsSpace: true) : ""))
        }
    }

    /// The first value of that name.
    subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    mutating func drop(where isDropped: (String) -> Bool) {
        pairs.removeAll { isDropped($0.name) }
    }

    mutating func rename(_ change: (String) -> String) {
        for index in pairs.indices { pairs[index].name = change(pairs[index].name) }
    }
}

/// Undoes percent encoding; bytes that are not UTF-8 become replacement characters.
func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
