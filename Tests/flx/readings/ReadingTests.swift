import Testing

@testable import flx

/// A hub in memory: each list has so many rows, of which the newest have the largest ids.
private struct MemoryHub {
    var rows = 60
    var standard = 20
    var cap = 100
    var first = 1
    var refuses = false
    var overlooksSize = false
    var overlooksPage = false
    /// Filters that it knows.
    var filters = ["updatedAfter"]
    /// The names on the wire by which pages and sizes are known.
    var names = (page: "page", size: "pageSize")

    /// All that `Probe.all` asks, answered.
    var answers: Answers {
        var answers = Answers()
        for ask in Probe.all.flatMap(\.asks) {
            if let question = ask(answers) { answers.add(answer(question), to: question) }
        }
        return answers
    }

    var facts: [String: String?] {
        let facts = Probe.all.flatMap { [answers] probe in probe.read(answers) }
        return Dictionary(facts.map { ($0.name, $0.value) }) { $1 }
    }

    private func answer(_ question: Question) -> Answer {
        guard question.operation == "listOrders" else { return .failed("not of this test") }
        var wire: [String: JSON] = [:]
        for member in question.arguments { wire[question.names["listOrders.\(member.key)"] ?? member.key] = member.value }
        let asked = wire[names.size]?.integer.map(Int.init)
        if refuses, let asked, asked > cap { return .refused(400, "") }
        let size = overlooksSize ? standard : min(asked ?? standard, cap)
        let page = overlooksPage ? first : wire[names.page]?.integer.map(Int.init) ?? first
        let after = filters.contains("updatedAfter") ? wire["updatedAfter"]?.string.flatMap(Instant.ms) : nil
        let found = (0..<rows).map(row).filter { row in after.map { Instant.ms(row["updatedAt"]?.string ?? "") ?? 0 > $0 } ?? true }
        return .body(.list(Array(found.dropFirst((page - first) * size).prefix(size))))
    }

    private func row(_ index: Int) -> JSON {
        let instant = JSON.text(Instant.text(1_700_000_000_000 + Int64(index) * 60_000))
        return .object([.init(key: "id", value: .integer(7000 + index)), .init(key: "updatedAt", value: instant)])
    }
}

@Suite struct ReadingTests {
    @Test func pagesAreRead() {
        let facts = MemoryHub(rows: 230).facts

        #expect(facts["page.default.orders"] == "20")
        #expect(facts["page.cap.orders"] == "100")
        #expect(facts["page.over_cap.orders"] == "lower")
        #expect(facts["page.size.orders"] == "honoured")
        #expect(facts["page.parameter.orders"] == "honoured")
        #expect(facts["page.first.orders"] == "1")
        #expect(facts["sort.orders"] == "id or updated")
    }

    @Test func pagesThatAreCountedFrom0AreTold() {
        #expect(MemoryHub(first: 0).facts["page.first.orders"] == "0")
    }

    @Test(arguments: [(100, "100"), (50, "50"), (60, "51+"), (7, "6+"), (1000, nil)])
    func capOfAHubThatRefusesIsFoundStepByStep(cap: Int, want: String?) {
        #expect(MemoryHub(standard: 5, cap: cap, refuses: true).facts["page.cap.orders"] == want)
    }

    @Test(arguments: [0, 1, 2, 3, 19])
    func shortListDoesNotTellSizes(rows: Int) {
        let facts = MemoryHub(rows: rows).facts

        #expect(facts["page.default.orders"] == .some(nil))
        #expect(facts["page.cap.orders"] == .some(nil))
    }

    /// One row came because it was left over, not because one was asked for.
    @Test func rowThatIsLeftOverIsNoSize() {
        #expect(MemoryHub(rows: 21, overlooksSize: true).facts["page.size.orders"] == "ignored")
        #expect(MemoryHub(rows: 41, first: 0, overlooksSize: true).facts["page.size.orders"] == "ignored")
        #expect(MemoryHub(rows: 20, overlooksSize: true).facts["page.size.orders"] == "ignored")
    }

    @Test func pageThatIsOverlookedIsTold() {
        let facts = MemoryHub(overlooksPage: true).facts

        #expect(facts["page.parameter.orders"] == "ignored")
        #expect(facts["page.first.orders"] == .some(nil))
    }

    @Test(arguments: [("filterPageNumber", "pageSize"), ("page", "filterPageSize"), ("pageNumber", "filterPageSize")])
    func otherSpellingsAreTried(page: String, size: String) {
        let answers = MemoryHub(rows: 230, names: (page, size)).answers
        let facts = Probe.pages(of: .orders).read(answers)
        let names = Dictionary(facts.flatMap { $0.setting?.members ?? [] }.map { ($0.key, $0.value.plain) }) { $1 }

        #expect(names["listOrders.page"] ?? "page" == page)
        #expect(names["listOrders.pageSize"] ?? "pageSize" == size)
        #expect(facts.first { $0.name == "page.cap.orders" }?.value == "100")
    }

    @Test func filterIsToldByARowThatItShouldLeaveOut() {
        #expect(MemoryHub().facts["query.listOrders.updatedAfter"] == "honoured")
        #expect(MemoryHub(filters: []).facts["query.listOrders.updatedAfter"] == "ignored")
        #expect(MemoryHub(rows: 1).facts["query.listOrders.updatedAfter"] == .some(nil))
    }

    /// Whatever is missing: a reading has an answer for it, and it is that nothing is settled.
    @Test func nothingIsSettledByNoAnswers() {
        let facts = Probe.all.flatMap { $0.read(Answers()) }

        #expect(facts.allSatisfy { $0.value == nil && !$0.text.isEmpty })
        #expect(Set(facts.map(\.name)).count == facts.count)
        #expect(MemoryHub(rows: 0).facts.values.allSatisfy { $0 == nil || $0 == "none" })
    }

    @Test func factCountsOnceItsAnswersWereSeenAgain() {
        var answers = MemoryHub(overlooksSize: true).answers
        func size(_ answers: Answers) -> Fact? { Confirmation(answers).facts.first { $0.name == "page.size.orders" } }
        #expect(size(answers)?.value == nil)
        #expect(size(answers)?.text.hasPrefix("seen once") == true)

        for name in Confirmation(answers).doubts { answers.again[name] = answers[name] }
        #expect(size(answers)?.value == "ignored")

        answers.again["orders.second"] = .failed("a bad moment")
        #expect(size(answers)?.value == nil)
    }

    @Test func answerOfAnotherKindIsNone() {
        let channel = Question(name: "channel", operation: "getChannelById", arguments: [.init(key: "id", value: .text("501"))])

        #expect(channel.accepts(.object([.init(key: "id", value: .integer(501))])))
        #expect(!channel.accepts(.object([.init(key: "id", value: .integer(777))])))
        #expect(!channel.accepts(.list([])))
        #expect(!Question(name: "orders", operation: "listOrders").accepts(.object([])))
    }

    /// Every row of section 9 is asked for, waits for a write or a spare token, or cannot be asked for at all (25, 26).
    @Test func eachRowOfTheContractHasItsPlace() {
        let asked = Set(Probe.all.flatMap(\.rows)), written = Set(Probe.needAWrite.map(\.row))

        #expect(asked.union(written).union([12, 13, 25, 26]) == Set(1...33))
        #expect(asked.isDisjoint(with: written))
        for probe in Probe.all { #expect(Set(probe.read(Answers()).map(\.row)).isSubset(of: probe.rows)) }
    }
}

@Suite struct LearntChangeTests {
    private func change(_ facts: [Fact], _ before: [JSON.Member] = []) -> LearntChange {
        LearntChange(facts, before: LearntFile(path: "/x", members: before))
    }

    private func fact(_ value: String?, _ key: SettingKey, _ setting: JSON? = nil) -> Fact {
        Fact(row: 6, name: "a", value: value, text: "b").bearing(on: key, setting)
    }

    @Test func smallestPageIsWritten() {
        let found = change([fact("50", .pageSize, .integer(50)), fact("7", .pageSize, .integer(7)), fact("100", .pageSize)])

        #expect(found.after.members == [.init(key: "page.size", value: .integer(7))])
    }

    @Test func oneNumberOfTheFirstPageHasToDoForAllLists() {
        #expect(change([fact("0", .pageFirst, .integer(0)), fact(nil, .pageFirst)]).after[.pageFirst] == .integer(0))
        #expect(change([fact("0", .pageFirst, .integer(0)), fact("1", .pageFirst)]).isEmpty)
    }

    @Test func whatIsNotSettledStaysAndWhatIsNotNeededGoes() {
        let before = [JSON.Member(key: "hub.arrays", value: .text("joined"))]

        #expect(change([fact(nil, .listSpelling)], before).isEmpty)
        #expect(change([fact("both", .listSpelling)], before).words == [#"hub.arrays was "joined", and is not needed any more"#])
    }

    @Test func namesOfAllListsStandInOneObject() {
        let found = change([
            fact("honoured", .overrides, .object([.init(key: "listReturns.pageNumber", value: .text("page"))])),
            fact("honoured", .overrides, .object([.init(key: "listOrders.page", value: .text("p"))])),
        ])

        #expect(found.after[.overrides]?.line == #"{"listOrders.page":"p","listReturns.pageNumber":"page"}"#)
    }
}
