/// A filter of a list: whether the hub knows it, which it never says (contract 1.5: what it does not know it overlooks).
struct Filter {
    enum Kind {
        /// Rows with this value of the member.
        case equal
        /// Rows whose member is later.
        case after
        /// Rows in a state.
        case status
        /// Rows of a channel.
        case channel
    }

    let list: HubList
    /// The parameter, as the contract has it.
    let name: String
    /// Another name on the wire that is asked for instead: one that the contract does not have.
    var wire: String?
    /// The member of a row that it goes by.
    let member: String
    let kind: Kind
    /// Names that are tried where it is overlooked.
    var others: [String] = []

    static let all = [
        Filter(list: .orders, name: "orderNumber", member: "orderNumber", kind: .equal, others: ["number", "filterOrderNumber"]),
        Filter(list: .orders, name: "orderNumber", wire: "referenceNumber", member: "referenceNumber", kind: .equal),
        Filter(
            list: .orders, name: "orderedAfter", member: "orderedAt", kind: .after, others: ["createdAfter", "filterOrderedAfter"]),
        Filter(
            list: .orders, name: "updatedAfter", member: "updatedAt", kind: .after, others: ["updatedSince", "filterUpdatedAfter"]),
        Filter(list: .orders, name: "createdSince", member: "insertedAt", kind: .after),
        Filter(list: .orders, name: "status", member: "orderStatus", kind: .status),
        Filter(list: .orders, name: "channelId", member: "channelId", kind: .channel),
        Filter(list: .shipments, name: "filterUpdatedAfter", member: "updatedAt", kind: .after),
    ]

    var isOfChange: Bool { kind == .after && member == "updatedAt" && list.name == "orders" }

    /// How its fact is called, and its first question.
    var title: String { "query.\(list.operation).\(wire ?? name)" }
}

/// What the answers tell of one filter.
struct FilterReading {
    enum Outcome: Equatable {
        case honoured
        case overlooked
        case refused(Int64)
        case open(String)

        var isOpen: Bool { if case .open = self { true } else { false } }
    }

    let filter: Filter
    private let answers: Answers
    private let pages: Pages

    init(_ filter: Filter, _ answers: Answers) {
        (self.filter, self.answers) = (filter, answers)
        pages = Pages(filter.list, answers)
    }

    /// What would come without the filter, on a page of that size.
    private var basis: [JSON] { Array(pages.known.prefix(pages.taken)) }

    /// The value to ask for: one that leaves some rows of `basis` out, and lets others in.
    private var value: JSON? {
        if let asked = answers.argument(filter.name, of: filter.title) { return asked }
        let rows = basis
        switch filter.kind {
        case .equal:
            let values = rows.distinct(filter.member)
            return values.count > 1 ? values.last.map { .text($0) } : nil
        case .after: return bound.map { .text(Instant.text($0)) }
        case .status:
            let states = rows.distinct(filter.member)
            guard let one = states.last else { return nil }
            return .text(states.count > 1 ? one : one == "Draft" ? "Open" : "Draft")
        case .channel: return rows.isEmpty ? nil : ChannelReading(answers).another.map { .text($0) }
        }
    }

    /// A second before an instant that is two or more later than another: whether a bound is in or out changes nothing.
    private var bound: Int64? {
        let instants = Set(basis.compactMap(at)).sorted()
        return zip(instants, instants.dropFirst()).first { $1 - $0 >= 2000 }.map { $1 - 1000 }
    }

    private func at(_ row: JSON) -> Int64? { row[filter.member]?.string.flatMap(Instant.ms) }

    // MARK: questions

    func question(as other: String?) -> Question? {
        if other != nil, outcome(of: filter.title) != .overlooked || worked != nil { return nil }
        guard let value else { return nil }
        let key = "\(filter.list.operation).\(filter.name)"
        let wire = other ?? filter.wire
        return filter.list.question(
            other.map { "\(filter.title).\($0)" } ?? filter.title, answers, [.init(key: filter.name, value: value)],
            names: wire.map { [key: $0] } ?? [:])
    }

    /// The other name under which it is honoured.
    private var worked: String? { filter.others.first { outcome(of: "\(filter.title).\($0)") == .honoured } }

    // MARK: reading

    private func outcome(of question: String) -> Outcome {
        guard let value else {
            let fault = answers.rows(filter.list.name) == nil ? answers.why(filter.list.name) : nil
            return .open(fault ?? "the rows that came do not differ in \(filter.member)")
        }
        if let status = answers.refusal(question) { return .refused(status) }
        guard let rows = answers.rows(question) else { return .open(answers.why(question)) }
        let excluded = basis.filter { !isIn($0, value) }
        guard rows.allSatisfy({ isIn($0, value) }) else { return .overlooked }
        if filter.kind == .channel, !basis.has(filter.member) { return rows.isEmpty ? .honoured : .overlooked }
        if excluded.isEmpty { return .open("no row that came first is one to leave out") }
        // A list in no order may have shown the right ones by chance.
        guard pages.isSteady || rows.count < basis.count else { return .open("the list has no order of its own") }
        let expected = basis.filter { isIn($0, value) }
        if rows.isEmpty, !expected.isEmpty, !(filter.isOfChange && expected.allSatisfy(isUntouched)) {
            return .open("no row came, though \(expected.count) fit")
        }
        let missing = expected.filter { !(filter.isOfChange && isUntouched($0)) && !rows.ids.contains($0["id"]?.id ?? "") }
        if pages.isSteady, !rows.isEmpty, !missing.isEmpty { return .open("\(missing.count) rows that fit did not come") }
        return .honoured
    }

    private func isIn(_ row: JSON, _ value: JSON) -> Bool {
        switch filter.kind {
        case .equal, .status: row[filter.member]?.id == value.string
        case .channel: row[filter.member] == nil || row[filter.member]?.id == value.string
        case .after: at(row).map { $0 > value.string.flatMap(Instant.ms) ?? 0 } ?? true
        }
    }

    private func isUntouched(_ row: JSON) -> Bool { row["updatedAt"] == row["insertedAt"] }

    var facts: [Fact] { [fact] + (filter.isOfChange ? [changed] : []) }

    private var fact: Fact {
        let canBeNamed = filter.list.name == "orders" && filter.wire == nil
        func bearing(_ fact: Fact, _ setting: JSON? = nil) -> Fact {
            canBeNamed ? fact.bearing(on: .overrides, setting) : fact
        }
        switch outcome(of: filter.title) {
        case .honoured:
            return bearing(.settled(5, filter.title, "honoured", "rows that it leaves out do not come").exact(filter.wire != nil))
        case .refused(let status):
            return bearing(.settled(5, filter.title, "refused", "a list with it is refused with status \(status)"))
        case .open(let why): return bearing(.open(5, filter.title, why))
        case .overlooked:
            guard let worked else { return bearing(overlooked) }
            let setting = JSON.object([.init(key: "\(filter.list.operation).\(filter.name)", value: .text(worked))])
            return bearing(.settled(5, filter.title, "honoured", "under the name \(worked)"), setting)
        }
    }

    private var overlooked: Fact {
        let doubtful = filter.others.first { outcome(of: "\(filter.title).\($0)").isOpen }
        return doubtful.map { .open(5, filter.title, "it is overlooked, and it is not clear whether \($0) is") }
            ?? .settled(5, filter.title, "ignored", "it is overlooked: all rows come")
    }

    /// Whether an order that was not changed since it was made is among those changed after an instant.
    private var changed: Fact {
        let name = "orders.updated_after"
        let question = worked.map { "\(filter.title).\($0)" } ?? filter.title
        guard let value, outcome(of: question) == .honoured, let rows = answers.rows(question) else {
            return .open(5, name, "the filter is not known to work")
        }
        let untouched = basis.filter { isIn($0, value) && isUntouched($0) }.ids
        if untouched.isEmpty { return .open(5, name, "every order that came was changed since it was made") }
        if untouched.contains(where: rows.ids.contains) {
            return .settled(5, name, "filters", "new orders are among those changed")
        }
        guard pages.isWhole, rows.count < pages.taken else { return .open(5, name, "the list is too long to tell") }
        return .settled(5, name, "needs_change", "an order is left out until it changes")
    }
}

extension Probe {
    static func filter(_ filter: Filter) -> Probe {
        let others: [Probe.Ask] = filter.others.map { name in { FilterReading(filter, $0).question(as: name) } }
        return Probe(
            rows: [5], about: "the filter \(filter.wire ?? filter.name) of \(filter.list.name)",
            asks: [{ FilterReading(filter, $0).question(as: nil) }] + others, read: { FilterReading(filter, $0).facts })
    }
}
