/// What the hub said of channels that rows bore, and what it is still to be asked, kept from a pull that was closed before its
/// end to the next: one that has time for one answer asks first what the last one had no time for.
struct AskedChannels {
    private static let key = "channels_asked"
    /// What was said so long ago, or to another token, may be otherwise now.
    private static let keptMs: Int64 = 3_600_000

    private(set) var channels: [(id: String, isReadable: Bool?)] = []

    /// The first that is to be asked.
    var open: String? {
        for one in channels where one.isReadable == nil { return one.id }
        return nil
    }

    func isReadable(_ id: String) -> Bool? { place(of: id).flatMap { channels[$0].isReadable } }

    /// Adds one, or says more of it.
    mutating func note(_ id: String, isReadable: Bool?) {
        guard let place = place(of: id) else { return channels.append((id, isReadable)) }
        if let isReadable { channels[place].isReadable = isReadable }
    }

    mutating func forget(_ id: String) {
        if let place = place(of: id) { channels.remove(at: place) }
    }

    /// Never inlined: it would stand in five places.
    @inline(never)
    private func place(of id: String) -> Int? { channels.firstIndex { Text.isSame($0.id, id) } }

    /// As it is written down: ids, and behind each whether it may be read, 1 or 0, or -1 where it is to be asked.
    var text: String {
        var text = ""
        for one in channels { text += " \(one.id) \(one.isReadable.map { $0 ? 1 : 0 } ?? -1)" }
        return text
    }

    // MARK: the state

    static func read(_ client: Client) throws(ChannelError) -> AskedChannels {
        var asked = AskedChannels()
        let words = Text.words(try client.kept(key))
        guard words.count > 2, Text.isSame(words[0], client.identity.tokenName), let at = Int64(words[1]),
            (0..<keptMs).contains(client.store.clock.wallMs() &- at)
        else { return asked }
        var place = 2
        while place + 1 < words.count {
            let said = Int64(words[place + 1]) ?? -1
            asked.channels.append((words[place], said < 0 ? nil : said == 1))
            place += 2
        }
        return asked
    }

    /// What cannot be written down now is asked again.
    func keep(_ client: Client) {
        let text = channels.isEmpty ? "" : "\(client.identity.tokenName) \(client.store.clock.wallMs())\(text)"
        try? client.keep(AskedChannels.key, text)
    }
}

/// What a piece of work that is cut short leaves for the next, in `meta`.
extension Client {
    @inline(never)
    func kept(_ key: String) throws(ChannelError) -> String {
        try stored { store throws(StateError) in try store.meta.text(key) } ?? ""
    }

    /// - Parameter text: what takes the place of what was kept; nothing is kept if it is empty.
    @inline(never)
    func keep(_ key: String, _ text: String) throws(ChannelError) {
        try write { store throws(StateError) in
            if text.isEmpty { try store.meta.remove(key) } else { try store.meta.set(key, text) }
        }
    }
}
