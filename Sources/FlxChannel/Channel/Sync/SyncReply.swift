import CFlxChannel

/// What a host says to an event.
enum SyncReply {
    /// Done, or stored. The members say more of a listing that was published or synced.
    case yes([(key: String, value: JSONValue)])
    /// It cannot be done; the merchant reads why at the hub.
    case failed(String)
    /// Nothing is said of it: it comes again. Why is for the summary.
    case later(String)

    /// Members that say that it was not done.
    private static let refusals = ["error", "later"]

    /// - Parameter members: what the reply may hold besides, for this kind of event.
    static func read(_ bytes: [UInt8], members: [String]) throws(ChannelError) -> SyncReply {
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the reply") }
        let root = document.root
        if let word = root.bool { return word ? .yes([]) : .later("") }
        guard root.isObject else {
            throw ChannelError(FLX_E_JSON, "the reply is not true, false or an object with \(list(refusals + members))")
        }
        var faults: [Fault] = []
        var said: [(key: String, value: JSONValue)] = []
        for (key, value) in root.members where !value.isNull {
            if members.contains(key) || refusals.contains(key) {
                said.append((key, value))
            } else {
                faults.append(fault(key, members))
            }
        }
        if let variants = said.first(where: { $0.key == "variants" })?.value, variants.kind == .array {
            for (index, variant) in variants.elements.enumerated() where variant.member("confirm") != nil {
                faults.append(Fault(path: "/variants/\(index)/confirm", message: isAskedByItself))
            }
        }
        let why = refusals.compactMap { key in said.first { $0.key == key } }
        for (key, value) in why where !(1...2000).contains(value.string?.utf8.count ?? 0) {
            faults.append(Fault(path: "/\(key)", message: "is not text of 1 to 2000 bytes that says why"))
        }
        if let first = why.first, said.count > 1 {
            faults.append(Fault(path: "/\(first.key)", message: "stands alone: nothing else is said with it"))
        }
        guard faults.isEmpty else { throw ChannelError(FLX_E_ANSWER, faults: faults) }
        guard let first = why.first else {
            // An empty object, also one of nulls: silence says of nothing that it was stored or done.
            guard !said.isEmpty || !members.isEmpty else {
                throw ChannelError(FLX_E_JSON, "the reply says nothing; true is done or stored, or give \(list(refusals))")
            }
            return .yes(said)
        }
        let text = first.value.string ?? ""
        return first.key == "error" ? .failed(text) : .later(text)
    }

    private static let isAskedByItself = "is asked in an event of its own: reply true to it there"

    private static func fault(_ key: String, _ members: [String]) -> Fault {
        let path = "/" + Fault.pointerToken(key)
        if key == "confirm" {
            return Fault(path: path, message: isAskedByItself)
        }
        return Fault(
            path: path, message: "is not a member of a reply to this event\(Text.suggestion(for: key, in: refusals + members))")
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
