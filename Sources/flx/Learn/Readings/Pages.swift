/// What the answers tell of a list's pages.
struct Pages {
    /// What asking for the second page brought.
    enum Turn: Equatable {
        /// The first page again.
        case overlooked
        /// Another page, on a hub that counts from this number.
        case from(Int)
        /// Another page; which one is not known.
        case turned
        case unknown
    }

    /// Sizes that are tried where a thousand rows are refused, from the largest.
    static let ladder = [100, 50, 20, 5]

    let list: HubList
    let answers: Answers
    /// Some beginning of the list was given.
    let isGiven: Bool
    /// Without a word on size or page.
    let plain: [JSON]
    /// A thousand, or as many as the hub gave.
    let many: [JSON]
    /// The longest beginning of the list that was seen.
    let known: [JSON]

    /// Each answer to a first page begins with the same rows.
    let isSteady: Bool

    init(_ list: HubList, _ answers: Answers) {
        (self.list, self.answers) = (list, answers)
        plain = answers.rows(list.name) ?? []
        many = answers.rows("\(list.name).many") ?? []
        let names = [list.name, "\(list.name).many"] + Pages.ladder.map { "\(list.name).\($0)" }
        let given = names.map(answers.rows)
        isGiven = given.contains { $0 != nil }
        let fronts = given.map { $0 ?? [] }
        let known = fronts.reduce([]) { $1.count > $0.count ? $1 : $0 }
        self.known = known
        isSteady = fronts.allSatisfy { $0.ids == Array(known.ids.prefix($0.count)) }
    }

    // MARK: the spelling that the hub knows

    private var second: [JSON]? { answers.rows("\(list.name).second") }

    private var secondByOtherSize: [JSON]? { list.otherSizes.lazy.compactMap { answers.rows("\(list.name).\($0)") }.first }

    /// The hub's name of the size; nil where it overlooks all that were tried.
    var sizeName: String? {
        guard let second else { return nil }
        if isOne(second) { return list.size }
        // What overlooks this name as well would have brought as many rows as the first.
        return list.otherSizes.first { answers.rows("\(list.name).\($0)")?.count == 1 && second.count != 1 }
    }

    /// Whether these rows show that one was asked for: they are one of the first, and not what a page of the usual size left over.
    private func isOne(_ rows: [JSON]) -> Bool {
        guard rows.count == 1, known.count > 1, let id = rows.ids.first else { return false }
        return isSteady ? known.ids.prefix(3).contains(id) : many.count > plain.count
    }

    /// Other rows than the one that was asked for: several, or what a page of the usual size left over. A list of three has a
    /// second page of one row, whatever the number of its first.
    var overlooksSize: Bool {
        guard sizeName == nil, let second else { return false }
        return second.count > 1 || second.isEmpty && plain.count > 2 || isSteady && known.count > 2
    }

    /// What asking for the second page brought, by the names that were tried for it.
    private var turns: [(name: String, rows: [JSON]?, turn: Turn)] {
        let own = sizeName == list.size || sizeName == nil ? second : secondByOtherSize
        let others = list.otherPages.map { ($0, answers.rows("\(list.name).\($0)")) }
        return ([(list.page, own)] + others).map { ($0.0, $0.1, turn($0.1)) }
    }

    /// The one that turned the page; nil where none is known to have.
    private var turned: (name: String, rows: [JSON]?, turn: Turn)? { turns.first { $0.turn != .overlooked && $0.turn != .unknown } }

    /// The name by which a page is turned; nil where none was found.
    var pageName: String? { turned?.name }

    var turn: Turn { turned?.turn ?? turns[0].turn }

    /// Where the first row of a second page stands in the list.
    private func turn(_ rows: [JSON]?) -> Turn {
        guard let rows, isSteady, known.count > 2 else { return .unknown }
        guard let first = rows.ids.first else { return overlooksSize ? .turned : .unknown }
        let length = sizeName == nil ? rows.count : 1
        guard let place = known.ids.firstIndex(of: first) else { return .turned }
        if place == 0 { return .overlooked }
        return place == length ? .from(1) : place == 2 * length ? .from(0) : .unknown
    }

    /// Names on the wire other than the contract's, by the keys of `hub.overrides`.
    var names: [String: String] {
        var names: [String: String] = [:]
        if let sizeName, sizeName != list.size { names["\(list.operation).\(list.size)"] = sizeName }
        if let pageName, pageName != list.page { names["\(list.operation).\(list.page)"] = pageName }
        return names
    }

    // MARK: sizes

    /// A page was refused as too long, not the list itself.
    var refusesMany: Bool { answers.rows("\(list.name).many") == nil && !refused.isEmpty }

    /// Sizes that were refused.
    private var refused: [String] {
        (["many"] + (Pages.ladder + Pages.ladder.map { $0 + 1 }).map { "\($0)" }).filter { size in
            answers.refusal("\(list.name).\(size)").map { ![401, 403, 404].contains($0) } ?? false
        }
    }

    /// The largest of the ladder that was given.
    var step: Int? { Pages.ladder.first { answers.rows("\(list.name).\($0)") != nil } }

    /// A size that the hub takes, and that the library asks for.
    var taken: Int { min(list.usual, refusesMany ? step ?? 1 : list.usual) }

    /// One row more than the longest page that is known.
    private var next: Int? { refusesMany ? step.map { $0 + 1 } : isCut ? many.count + 1 : nil }

    /// Fewer than a thousand came, and there are more.
    private var isCut: Bool {
        guard !overlooksSize, (1..<1000).contains(many.count), let more = answers.rows("\(list.name).more")?.ids else {
            return false
        }
        return !more.isEmpty && !more.contains(where: many.ids.contains)
    }

    /// The rows of a page that is one longer; nil where it was not given.
    var beyond: [JSON]? { next.flatMap { answers.rows("\(list.name).\($0)") } }

    /// The largest page, where two sizes show it.
    var cap: Int? {
        if refusesMany { return next.map { refused.contains("\($0)") } == true ? step : nil }
        return isCut && beyond?.count == many.count ? many.count : nil
    }

    /// Who asks for far too many gets fewer than who asks for less.
    var fallsBack: Bool { isCut && beyond.map { $0.count > many.count } ?? false }

    /// Nothing of the list is missing in `known`.
    var isWhole: Bool {
        if !isGiven { return false }
        if known.isEmpty { return true }
        if overlooksSize { return turned?.rows == [] }
        if let more = answers.rows("\(list.name).more") { return more.isEmpty }
        // More than came were asked for, of a hub that gives so many.
        return refusesMany && known.count < (step ?? 0)
    }

    /// More rows are there than the plain answer has.
    var isLongerThanPlain: Bool {
        known.count > plain.count || !(answers.rows("\(list.name).more") ?? []).isEmpty
            || overlooksSize && turned?.rows?.isEmpty == false
    }
}

// Questions.
extension Pages {
    private func named(_ name: String) -> String { "\(list.name).\(name)" }

    private func member(_ key: String, _ number: Int) -> JSON.Member { .init(key: key, value: .integer(number)) }

    /// The second page, a row long, with another name for one of the two.
    private func asksForSecond(_ name: String, page: String? = nil, size: String? = nil) -> Question {
        var names = self.names
        if let page { names["\(list.operation).\(list.page)"] = page }
        if let size { names["\(list.operation).\(list.size)"] = size }
        return Question(
            name: named(name), operation: list.operation, arguments: [member(list.page, 2), member(list.size, 1)], names: names)
    }

    /// A page of any size. The library asks for no more than the contract allows, and for pages of any number: so the two names
    /// are exchanged on the wire.
    private func sized(_ name: String, _ rows: Int, page: Int? = nil) -> Question {
        let (pageKey, sizeKey) = ("\(list.operation).\(list.page)", "\(list.operation).\(list.size)")
        let names = answers.wire.merging(self.names) { $1 }
        return Question(
            name: named(name), operation: list.operation,
            arguments: [member(list.page, rows)] + (page.map { [member(list.size, $0)] } ?? []),
            names: [pageKey: names[sizeKey] ?? list.size, sizeKey: names[pageKey] ?? list.page])
    }

    fileprivate var asksForSecond: Question? { answers.body(list.name) == nil ? nil : asksForSecond("second") }

    fileprivate func asks(otherSize name: String) -> Question? { overlooksSize ? asksForSecond(name, size: name) : nil }

    /// Another name of the number: first the one by which another list is turned. A hub that knew none of them for another list is
    /// not asked again.
    fileprivate var asksForOtherPage: Question? {
        guard pageName == nil, turn == .overlooked else { return nil }
        let others = HubList.all.filter { $0.name != list.name }.map { Pages($0, answers) }
        let found = list.otherPages.filter { name in others.contains { $0.pageName == name && name != $0.list.page } }
        let isInVain = others.contains { other in
            other.turn == .overlooked && other.list.otherPages.allSatisfy { answers[other.named($0)] != nil }
        }
        let names = found + (isInVain ? [] : list.otherPages.filter { !found.contains($0) })
        return names.first { answers[named($0)] == nil }.map { asksForSecond($0, page: $0) }
    }

    fileprivate var asksForMany: Question? { answers.body(list.name) == nil ? nil : sized("many", 1000) }

    /// What comes after many.
    fileprivate var asksForMore: Question? {
        guard (1..<1000).contains(many.count), !overlooksSize, answers[named("more")] == nil else { return nil }
        switch turn {
        case .from(let first): return sized("more", 1000, page: first + 1)
        case .turned: return sized("more", 1000, page: 2)
        case .unknown where many.count <= 2: return sized("more", 1000, page: 2)
        case .overlooked, .unknown: return nil
        }
    }

    /// The ladder downward. What is more than another list was found to give is left out, unless this one gives more than that.
    fileprivate func asks(step rows: Int) -> Question? {
        guard refusesMany, answers[named("\(rows)")] == nil, rows > step ?? 0, step == nil || beyond != nil else { return nil }
        let others = HubList.all.filter { $0.name != list.name }.compactMap { Pages($0, answers) }.filter(\.refusesMany)
        if beyond == nil, others.contains(where: { $0.cap.map { $0 < rows } ?? false }) { return nil }
        return sized("\(rows)", rows)
    }

    fileprivate var asksBeyond: Question? {
        next.flatMap { answers[named("\($0)")] == nil ? sized("\($0)", $0) : nil }
    }
}

extension Probe {
    static func pages(of list: HubList) -> Probe {
        let sizes: [Probe.Ask] = list.otherSizes.map { name in { Pages(list, $0).asks(otherSize: name) } }
        let numbers: [Probe.Ask] = list.otherPages.map { _ in { Pages(list, $0).asksForOtherPage } }
        let steps: [Probe.Ask] = Pages.ladder.map { rows in { Pages(list, $0).asks(step: rows) } }
        let begin: [Probe.Ask] = [
            { _ in Question(name: list.name, operation: list.operation) }, { Pages(list, $0).asksForSecond },
        ]
        let end: [Probe.Ask] = [{ Pages(list, $0).asksForMore }, { Pages(list, $0).asksBeyond }]
        return Probe(
            rows: [5, 6], about: "pages and order of \(list.name)",
            asks: begin + sizes + numbers + [{ Pages(list, $0).asksForMany }] + steps + end + steps + end,
            read: { PageFacts(Pages(list, $0)).all })
    }
}
