import CFlxChannel

/// What a host asks of a pull: the name of its cursor, where to start, and the feed's filters.
struct PullSpec {
    let cursor: String
    let since: Instant?
    let pageSize: Int64
    /// Query parameters by the contract's names, in a settled order.
    let filters: [(String, String)]

    static let own = ["cursor", "since", "page_size"]

    static func read(_ bytes: [UInt8]?, feed: Feed, settings: Settings) throws(ChannelError) -> PullSpec {
        let standard = settings.pageSize
        let size = standard > 0 ? standard : feed.pageSize
        guard let bytes, !bytes.isEmpty else {
            return PullSpec(cursor: "default", since: nil, pageSize: size, filters: [])
        }
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the spec") }
        guard document.root.isObject else { throw ChannelError(FLX_E_JSON, "the spec is not a JSON object") }

        var faults: [Fault] = []
        let cursor = name(document.root, feed, &faults)
        let since = since(document.root, feed, &faults)
        var pageSize = size
        if let member = document.root.member("page_size"), !member.isNull {
            if let number = member.whole, (1...1000).contains(number) {
                pageSize = number
            } else {
                faults.append(Fault(path: "/page_size", message: "is not a whole number from 1 to 1000"))
            }
        }
        var filters: [(String, String)] = []
        let allowed = feed.filters
        for (key, value) in document.root.members where !own.contains(key) && !value.isNull {
            let path = "/" + Fault.pointerToken(key)
            guard let argument = allowed.first(where: { $0.name == key }) else {
                let hint = Text.suggestion(for: key, in: own + allowed.map { $0.name })
                faults.append(Fault(path: path, message: "is not a filter of feed \(feed.name)\(hint)"))
                continue
            }
            switch CallArguments.queryValues(value, argument, path: path) {
            case .values(let values): for text in settings.names.spelled(values) { filters.append((key, text)) }
            case .faults(let found): faults += found
            }
        }
        guard faults.isEmpty else { throw ChannelError(FLX_E_OPERATION, faults: faults) }
        return PullSpec(cursor: cursor, since: since, pageSize: pageSize, filters: filters)
    }

    private static func name(_ root: JSONValue, _ feed: Feed, _ faults: inout [Fault]) -> String {
        guard let member = root.member("cursor"), !member.isNull else { return "default" }
        guard !feed.isQueue else {
            faults.append(Fault(path: "/cursor", message: "has no meaning for a queue feed"))
            return "default"
        }
        guard let text = member.string, isCursorName(text) else {
            faults.append(Fault(path: "/cursor", message: "is not text of 1 to 64 bytes without control characters"))
            return "default"
        }
        return text
    }

    private static func since(_ root: JSONValue, _ feed: Feed, _ faults: inout [Fault]) -> Instant? {
        guard let member = root.member("since"), !member.isNull else { return nil }
        if feed.isQueue { faults.append(Fault(path: "/since", message: "has no meaning for a queue feed")) }
        guard let text = member.string, let instant = Instant(iso: text) else {
            faults.append(Fault(path: "/since", message: "is not an instant with a zone; write it like 2026-01-31T12:00:00Z"))
            return nil
        }
        return instant
    }

    static func isCursorName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
