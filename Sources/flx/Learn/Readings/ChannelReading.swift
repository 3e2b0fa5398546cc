/// What the answers tell of the channel: which it is, and which rows are of others (rows 15, 18 and 32).
struct ChannelReading {
    private let answers: Answers
    private let lists: [(name: String, pages: [Pages])]

    init(_ answers: Answers) {
        self.answers = answers
        func pages(_ lists: HubList...) -> [Pages] { lists.map { Pages($0, answers) } }
        lists = [("listings", pages(.variants, .parents)), ("orders", pages(.orders)), ("returns", pages(.returns))]
    }

    // MARK: which channel

    /// Ids that it may have: what is known already, then what rows bear, the most frequent first.
    private var candidates: [String] {
        var counts: [String: Int] = [:]
        for id in lists.flatMap(\.pages).flatMap(\.known).compactMap({ $0["channelId"]?.id }) { counts[id, default: 0] += 1 }
        let seen = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        return (answers.channel.map { [$0] } ?? []) + seen.filter { $0 != answers.channel }
    }

    /// The channel that the hub shows; its settings are ours as long as no other can be read.
    private var shown: JSON? { answers.body("channel") ?? answers.body("channel.second") }

    /// The id that the hub shows to this token.
    private var likely: String? { shown?["id"]?.id }

    /// The same, where the hub shows no other.
    var ours: String? { answers.refusal("channel.another") == nil ? nil : likely }

    /// The id of a channel that is not ours: one that rows bear, or the next.
    var another: String? {
        guard let own = likely ?? candidates.first else { return nil }
        return candidates.first { $0 != own } ?? Int64(own).map { "\($0 &+ 1)" }
    }

    private func question(_ name: String, _ id: String?) -> Question? {
        id.map { Question(name: name, operation: "getChannelById", arguments: [.init(key: "id", value: .text($0))]) }
    }

    static let asks: [Probe.Ask] = [
        {
            let reading = ChannelReading($0); return reading.question("channel", reading.candidates.first)
        },
        {
            let reading = ChannelReading($0)
            return $0.refusal("channel") == nil ? nil : reading.question("channel.second", reading.candidates.dropFirst().first)
        },
        {
            let reading = ChannelReading($0);
            return reading.likely == nil ? nil : reading.question("channel.another", reading.another)
        },
    ]

    // MARK: facts

    var facts: [Fact] { [channel, foreign] + settings + lists.flatMap { [bearsChannel($0), hasOthers($0)] } }

    private var channel: Fact {
        let key = SettingKey.channelId
        if let ours {
            return .settled(18, "channel", ours, "the hub shows channel \(ours) to this token, and no other").bearing(
                on: key, .text(ours))
        }
        if candidates.isEmpty { return .open(18, "channel", "no row bears the id of its channel").bearing(on: key) }
        if answers.body("channel.another") != nil {
            return .open(18, "channel", "the hub shows channels to this token that are not its own").bearing(on: key)
        }
        return .open(18, "channel", answers.why(likely == nil ? "channel" : "channel.another")).bearing(on: key)
    }

    private var foreign: Fact {
        let name = "auth.foreign_channel"
        if let status = answers.refusal("channel.another") {
            return .settled(15, name, "\(status)", "another channel's id gives \(status)")
        }
        if answers.body("channel.another") != nil { return .settled(15, name, "200", "another channel can be read") }
        return .open(15, name, likely == nil ? answers.why("channel") : answers.why("channel.another"))
    }

    private var settings: [Fact] {
        let members = [
            ("channel.payment_collection", "paymentCollection"), ("channel.price_protection", "listPriceProtection"),
            ("channel.archived", "archivedAt"),
        ]
        return [invoiceStatus, generation]
            + members.map { name, member in
                guard let shown else { return .open(32, name, answers.why("channel")) }
                return .settled(32, name, shown[member]?.line ?? "null", "\(member) of the channel")
            }
    }

    private var invoiceStatus: Fact {
        let name = "channel.invoice_status"
        guard let shown else { return .open(32, name, answers.why("channel")) }
        guard let status = shown["channelInvoiceDefaultStatus"]?.string else {
            return .open(32, name, "the channel does not tell it")
        }
        let isPaid = status == "Paid" || status == "Deferred"
        return .settled(32, name, status, isPaid ? "orders go on by themselves" : "each order waits until a person marks it paid")
    }

    private var generation: Fact {
        let name = "channel.generate_on_import"
        guard let shown else { return .open(32, name, answers.why("channel")) }
        guard let generates = shown["autoGeneratePoOnImport"]?.bool else { return .open(32, name, "the channel does not tell it") }
        return .settled(
            32, name, "\(generates)",
            generates ? "requests to sources are made on import" : "each order waits for a person to make its requests")
    }

    private func rows(_ list: (name: String, pages: [Pages])) -> [JSON] { list.pages.flatMap(\.known) }

    private func bearsChannel(_ list: (name: String, pages: [Pages])) -> Fact {
        let name = "channel.id_in.\(list.name)", rows = rows(list)
        if rows.isEmpty { return .open(18, name, empty(list)) }
        return rows.contains { $0["channelId"] != nil }
            ? .settled(18, name, "yes", "rows name their channel") : .settled(18, name, "no", "rows do not name their channel")
    }

    private func empty(_ list: (name: String, pages: [Pages])) -> String {
        list.pages.allSatisfy { answers.rows($0.list.name) == nil } ? answers.why(list.pages[0].list.name) : "there is no row"
    }

    private func hasOthers(_ list: (name: String, pages: [Pages])) -> Fact {
        let name = "foreign.rows.\(list.name)", rows = rows(list), ids = rows.distinct("channelId")
        if rows.isEmpty { return .open(18, name, empty(list)) }
        if ids.count > 1 { return .settled(18, name, "yes", "rows of channels \(ids.joined(separator: ", ")) came") }
        guard let only = ids.first else { return .open(18, name, "rows do not name their channel") }
        guard let ours else { return .open(18, name, "rows are of channel \(only), and it is not sure that it is ours") }
        if only != ours { return .settled(18, name, "yes", "rows are of channel \(only), and ours is \(ours)") }
        guard list.pages.allSatisfy(\.isWhole) else { return .open(18, name, "none among the first \(rows.count) rows") }
        return .settled(18, name, "no", "all rows are of our channel")
    }
}

/// What the answers tell of what this token may do (rows 15 and 17).
struct DeniedCalls {
    private let answers: Answers
    /// Questions that every channel token may ask, if it may ask that operation at all.
    private static let telling = ["count"] + HubList.all.map(\.name) + ["channel", "order"]

    init(_ answers: Answers) { self.answers = answers }

    private var asked: [(operation: String, status: Int64?)] {
        answers.all.filter { DeniedCalls.telling.contains($0.question.name) }.compactMap { question, answer in
            if case .failed = answer { return nil }
            // Of channels that were tried one may have been another's.
            if question.name == "channel", answers.body("channel.second") != nil { return (question.operation, nil) }
            // One order may be gone; a list cannot be.
            let statuses: [Int64] = question.name == "order" ? [401, 403] : [401, 403, 404]
            return (question.operation, answers.refusal(question.name).flatMap { statuses.contains($0) ? $0 : nil })
        }
    }

    var facts: [Fact] { calls + [.open(15, "auth.unknown", "not asked: no token is sent but the channel's own")] }

    private var calls: [Fact] {
        guard answers.hasBody else {
            return [.open(17, "channel.denied", answers.why("count")), .open(15, "auth.wrong_kind", answers.why("count"))]
        }
        let denied = asked.filter { $0.status != nil }
        let allowed = asked.filter { $0.status == nil }.map(\.operation)
        guard let status = denied.first?.status else {
            return [
                !HubList.all.allSatisfy { answers[$0.name] != nil }
                    ? .open(17, "channel.denied", answers.why(HubList.all.last?.name ?? ""))
                    : .settled(17, "channel.denied", "none", "allowed: \(allowed.joined(separator: ", "))"),
                .open(15, "auth.wrong_kind", "nothing was denied, and the library makes no call that is not for channel tokens"),
            ]
        }
        let names = denied.map(\.operation).joined(separator: ", ")
        return [
            .settled(17, "channel.denied", names, "denied with status \(status); allowed: \(allowed.joined(separator: ", "))"),
            .settled(15, "auth.wrong_kind", "\(status)", "the status of a call that this token may not make"),
        ]
    }
}

extension Probe {
    static let channel = Probe(
        rows: [15, 18, 32], about: "the channel and its settings", asks: ChannelReading.asks, read: { ChannelReading($0).facts })

    static let kinds = Probe(rows: [15, 17], about: "what this token may do", asks: [], read: { DeniedCalls($0).facts })
}
