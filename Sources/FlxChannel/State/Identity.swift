/// Whose state a file holds: its channel, its origin, and the secret that only it knows.
enum Identity {
    static let keyBytes = 32

    /// A hash that only the file with this key can make.
    static func keyed(_ key: [UInt8], _ purpose: StaticString, _ bytes: [UInt8]) -> [UInt8] {
        SHA256.hmac(key: key, Array("\(purpose):".utf8) + bytes)
    }

    /// Writes the identity into a state that has none, or refuses one of another channel or origin. One that has no key and
    /// anything else is damaged, and is left as it is (D-07).
    ///
    /// - Returns: the secret of the file.
    static func establish(
        _ meta: MetaTable, _ database: any Database, channel: String, origin: String
    ) throws(StateError) -> [UInt8] {
        if try meta.text("key") == nil {
            guard try isBlank(meta, database) else { throw .corrupt(detail: "it has lost its key") }
            try write(meta, database, channel: channel, origin: origin)
        }
        try compare(meta, "channel", channel)
        try compare(meta, "origin", origin)
        guard let key = try key(meta) else { throw .corrupt(detail: "it has lost its key") }
        return key
    }

    /// The secret of a state; nil if it has no identity yet.
    static func key(_ meta: MetaTable) throws(StateError) -> [UInt8]? {
        guard let text = try meta.text("key") else { return nil }
        guard let key = bytes(ofHex: text), key.count == keyBytes else {
            throw .corrupt(detail: "its key is not \(keyBytes) bytes")
        }
        return key
    }

    /// Nothing but tables was made yet.
    static func isBlank(_ meta: MetaTable, _ database: any Database) throws(StateError) -> Bool {
        for key in ["channel", "origin", "created_at"] where try meta.text(key) != nil { return false }
        return try database.integer(
            "SELECT EXISTS (SELECT 1 FROM outbox) OR EXISTS (SELECT 1 FROM answers) OR EXISTS (SELECT 1 FROM cursors)") == 0
    }

    private static func write(
        _ meta: MetaTable, _ database: any Database, channel: String, origin: String
    ) throws(StateError) {
        guard let key = Random.bytes(keyBytes) else { throw .random }  // K-16: never a key that others can guess
        try database.transaction { () throws(StateError) in
            try meta.set("channel", channel)
            try meta.set("origin", origin)
            try meta.set("created_at", "\(Clock.wallMs())")
            try meta.set("key", Text.hex(key))
        }
    }

    private static func compare(_ meta: MetaTable, _ key: String, _ given: String) throws(StateError) {
        let stored = try meta.text(key) ?? ""
        guard stored == given else {
            throw .identity(key: key, stored: Redaction.clean(stored), given: Redaction.clean(given))
        }
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }
}
