import Glibc

/// Config keys that `flx doctor --learn` found to be needed, in a file of their own: a JSON object as `flx_config_set_json` takes it.
struct LearntFile {
    /// The keys that it may have.
    static let keys: [SettingKey] = [.listSpelling, .channelId, .overrides, .pageFirst, .pageSize]

    let path: String
    /// Of which channel and hub it was learnt. A file of before says neither.
    private(set) var channel: String?
    private(set) var origin: String?
    let members: [JSON.Member]
    /// When it was written; nil where it is not there.
    let writtenMs: Int64?

    init(path: String, members: [JSON.Member], of settings: Settings? = nil) {
        (self.path, self.members, writtenMs) = (path, members, nil)
        (channel, origin) = (settings?.own(.channel), settings?.origin)
    }

    /// What it has. That it is not there is no fault.
    init(_ path: String) throws {
        self.path = path
        var found = stat()
        guard stat(path, &found) == 0 || errno != ENOENT else {
            (members, writtenMs) = ([], nil)
            return
        }
        let what = "what was learnt,"
        let bytes = try PrivateFile(path, what: what, isSecret: false).bytes
        let read = try JSON.read(bytes, what: "\(what) \(path)")
        guard case .object(var members) = read else {
            throw Failure.usage("\(what) \(path) is not a JSON object; take it away, and it is learnt anew")
        }
        (channel, origin) = (read[SettingKey.channel.name]?.string, read[SettingKey.origin.name]?.string)
        members.removeAll { [SettingKey.channel.name, SettingKey.origin.name].contains($0.key) }
        if let strange = members.first(where: { !LearntFile.keys.map(\.name).contains($0.key) }) {
            throw Failure.usage(
                "\(path) has \"\(Clean.text(strange.key, most: 60))\", which is never learnt: it belongs into the configuration")
        }
        (self.members, writtenMs) = (members, Int64(found.st_mtim.tv_sec) * 1000)
    }

    subscript(key: SettingKey) -> JSON? { members.first { $0.key == key.name }?.value }

    /// Beside the configuration: shop.learnt.json for shop.json.
    static func place(beside path: String) -> String {
        (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".learnt.json"
    }

    /// Why it is not for these settings: it was learnt of another channel or another hub.
    func fault(for settings: Settings) -> String? {
        let isOfChannel = channel.map { $0 == settings.own(.channel) } ?? true
        let isOfHub = origin.map { Settings.isSame($0, settings.origin) } ?? true
        guard !isOfChannel || !isOfHub else { return nil }
        let place = origin.map { " at \(Clean.text($0, most: 300))" } ?? ""
        return """
            \(path) was learnt of channel "\(Clean.text(channel ?? "?", most: 70))"\(place), and this is channel \
            "\(settings.own(.channel) ?? "")" at \(settings.origin); `flx doctor --learn` learns it anew, or take it away
            """
    }

    /// As people see it. Channel and origin are config keys as well: a host that loads it sets its own after them.
    func write() throws {
        let about = [(SettingKey.channel, channel), (SettingKey.origin, origin)].compactMap { key, text in
            text.map { JSON.Member(key: key.name, value: .text($0)) }
        }
        let lines = (about + members).map { "  \(JSON.text($0.key).line): \($0.value.line)" }
        try Replacement.write(path, "{\n" + lines.joined(separator: ",\n") + "\n}\n", mode: 0o600)
    }
}

/// What learning makes of the file that was there.
struct LearntChange {
    let after: LearntFile
    /// Each key that is other than before.
    let words: [String]

    var isEmpty: Bool { words.isEmpty }

    init(_ facts: [Fact], before: LearntFile, of settings: Settings? = nil) {
        var members: [JSON.Member] = [], words: [String] = []
        for key in LearntFile.keys {
            let bearing = facts.filter { $0.key == key }
            let old = before[key], needed = LearntChange.value(of: key, bearing)
            // What could not be settled this time stays as it is.
            let new = needed ?? (bearing.contains { $0.value == nil } ? old : nil)
            if let new { members.append(.init(key: key.name, value: new)) }
            switch (old, new) {
            case (nil, let new?): words.append("\(key.name) is \(new.line)")
            case (let old?, nil): words.append("\(key.name) was \(old.line), and is not needed any more")
            case (let old?, let new?) where old != new: words.append("\(key.name) was \(old.line), and is \(new.line)")
            default: break
            }
        }
        (after, self.words) = (LearntFile(path: before.path, members: members, of: settings), words)
    }

    /// What the facts make of a key; nil where its default will do, or they contradict one another.
    private static func value(of key: SettingKey, _ facts: [Fact]) -> JSON? {
        let settings = facts.compactMap(\.setting)
        guard let first = settings.first else { return nil }
        switch key {
        case .overrides: return .object(settings.flatMap(\.members).sorted { $0.key < $1.key })
        // One size for all lists: the smallest that one of them needs, and no more than pages of parents are to have.
        case .pageSize: return settings.compactMap(\.integer).min().map { .integer(min($0, Int64(HubList.parents.usual))) }
        // One number for all lists: a list that counts otherwise would be read from its second page.
        case .pageFirst: return facts.contains { $0.value != nil && $0.setting == nil } ? nil : first
        default: return first
        }
    }
}
