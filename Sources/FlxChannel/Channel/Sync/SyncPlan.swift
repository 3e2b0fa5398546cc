import CFlxChannel

/// What a host asks of a round: which parts, in how much time, how often each.
struct SyncPlan {
    /// Without one twice, in the order of `SyncPart`.
    let parts: [SyncPart]
    /// The host named them.
    let hasParts: Bool
    /// 0: as long as it takes.
    let budgetMs: Int64
    /// Of the cursor feeds.
    let cursor: String
    let wantsProgress: Bool
    private let every: [(part: SyncPart, seconds: Int64)]

    func everyMs(_ part: SyncPart) -> Int64 { (every.first { $0.part == part }?.seconds ?? part.everyS) * 1000 }

    /// The same with no other parts than these.
    func limited(to allowed: [SyncPart]) throws(ChannelError) -> SyncPlan {
        if hasParts, let other = parts.first(where: { !allowed.contains($0) }) {
            throw ChannelError(FLX_E_OPERATION, "the plan has \(other.name), and handlers has no function for it", path: "/parts")
        }
        return SyncPlan(
            parts: parts.filter { allowed.contains($0) }, hasParts: hasParts, budgetMs: budgetMs, cursor: cursor,
            wantsProgress: wantsProgress, every: every)
    }

    private static let known = ["parts", "budget_ms", "cursor", "every_s", "progress"]
    private static let mostBudgetMs: Int64 = 86_400_000
    private static let mostEveryS: Int64 = 31_536_000

    static func read(_ bytes: [UInt8]?) throws(ChannelError) -> SyncPlan {
        guard let bytes, !bytes.isEmpty else {
            return SyncPlan(
                parts: SyncPart.allCases, hasParts: false, budgetMs: 0, cursor: "default", wantsProgress: false, every: [])
        }
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "the plan") }
        guard document.root.isObject else { throw ChannelError(FLX_E_JSON, "the plan is not a JSON object") }
        var reader = Reader(root: document.root)
        let plan = SyncPlan(
            parts: reader.parts(), hasParts: reader.has("parts"), budgetMs: reader.number("budget_ms", 0...mostBudgetMs) ?? 0,
            cursor: reader.cursor(),
            wantsProgress: reader.flag("progress"), every: reader.every())
        reader.refuseUnknown()
        guard reader.faults.isEmpty else { throw ChannelError(FLX_E_OPERATION, faults: reader.faults) }
        return plan
    }

    /// Finds every fault at once.
    private struct Reader {
        let root: JSONValue
        var faults: [Fault] = []

        mutating func refuseUnknown() {
            for (key, _) in root.members where !known.contains(key) {
                let near = Text.suggestion(for: key, in: known)
                fault("/" + Fault.pointerToken(key), "is not a member of a plan\(near)")
            }
        }

        mutating func parts() -> [SyncPart] {
            guard let list = value("parts") else { return SyncPart.allCases }
            guard list.kind == .array, list.count > 0 else {
                fault("/parts", "is not a list of parts; leave it out for all")
                return []
            }
            var wanted: [SyncPart] = []
            for (index, element) in list.elements.enumerated() {
                if let part = part(element.string ?? element.text, at: "/parts/\(index)") { wanted.append(part) }
            }
            return SyncPart.allCases.filter { wanted.contains($0) }
        }

        mutating func cursor() -> String {
            guard let value = value("cursor") else { return "default" }
            guard let name = value.string, PullSpec.isCursorName(name) else {
                fault("/cursor", "is not text of 1 to 64 bytes without control characters")
                return "default"
            }
            return name
        }

        mutating func flag(_ name: String) -> Bool {
            guard let value = value(name) else { return false }
            if let flag = value.bool { return flag }
            fault("/\(name)", "is not true or false")
            return false
        }

        mutating func every() -> [(part: SyncPart, seconds: Int64)] {
            guard let object = value("every_s") else { return [] }
            guard object.isObject else {
                fault("/every_s", "is not an object of seconds by part")
                return []
            }
            var every: [(part: SyncPart, seconds: Int64)] = []
            for (name, value) in object.members {
                let path = "/every_s/" + Fault.pointerToken(name)
                guard let part = part(name, at: path), let seconds = number(value, 0...mostEveryS, at: path) else { continue }
                every.append((part, seconds))
            }
            return every
        }

        mutating func number(_ name: String, _ range: ClosedRange<Int64>) -> Int64? {
            value(name).flatMap { number($0, range, at: "/\(name)") }
        }

        private mutating func number(_ value: JSONValue, _ range: ClosedRange<Int64>, at path: String) -> Int64? {
            if let number = value.whole, range.contains(number) { return number }
            fault(path, "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }

        private mutating func part(_ name: String, at path: String) -> SyncPart? {
            if let part = SyncPart.named(name) { return part }
            fault(path, "is not a part\(Text.suggestion(for: name, in: SyncPart.allCases.map { $0.name }))")
            return nil
        }

        func has(_ name: String) -> Bool { value(name) != nil }

        private func value(_ name: String) -> JSONValue? {
            guard let value = root.member(name), !value.isNull else { return nil }
            return value
        }

        private mutating func fault(_ path: String, _ message: String) { faults.append(Fault(path: path, message: message)) }
    }
}
