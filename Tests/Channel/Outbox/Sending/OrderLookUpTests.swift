import Testing

@testable import FlxChannel

/// What is asked of the hub's list of orders, and what its answers say. No socket.
struct OrderLookUpTests {
    @Test func emptyListOfAHubThatFindsOrdersByTheirNumberIsAnAnswer() {
        var lookUp = Self.lookUp()
        #expect(lookUp.question == OrderLookUp.Question(page: 1, size: 100, filter: "orderNumber", value: "A-1"))
        #expect(Self.word(lookUp.read(Self.page(#"[{"id":7,"orderNumber":"A-1"}]"#), hiding: "t")) == "found 7")
        var next = OrderLookUp(number: "A-2", madeAt: Self.madeAt, lookUp.manners)

        #expect(Self.word(next.read(Self.page("[]"), hiding: "t")) == "nothing")
    }

    @Test func emptyListOfAFilterThatNobodySawWorkingIsAskedByDateAsWell() {
        var lookUp = Self.lookUp()
        #expect(lookUp.isAtFirstQuestion)
        #expect(lookUp.read(Self.page("[]"), hiding: "t") == nil)
        #expect(!lookUp.isAtFirstQuestion, "the retry budget is drawn on once")
        #expect(lookUp.question == OrderLookUp.Question(page: 1, size: 100, filter: "orderedAfter", value: "2026-01-31T11:45:00Z"))
        #expect(!lookUp.manners.overlooksNumber)
        #expect(Self.word(lookUp.read(Self.page(#"[{"id":7,"orderNumber":"A-1"}]"#), hiding: "t")) == "found 7")

        var long = Self.lookUp()
        var finding = long.read(Self.page("[]"), hiding: "t")
        for _ in 0..<50 { finding = long.read(Self.page(#"[{"id":1,"orderNumber":"B"}]"#), hiding: "t") }
        #expect(Self.word(finding) == "nothing", "the filter's word is all there is where the other list has no end")
    }

    @Test func filterThatFindsAnotherOrderOfOursWouldHaveFoundThisOne() {
        var lookUp = OrderLookUp(number: "A-1", madeAt: Self.madeAt, OrderLookUp.Manners(witness: "A-0"))
        #expect(lookUp.read(Self.page("[]"), hiding: "t") == nil)
        #expect(lookUp.question == OrderLookUp.Question(page: 1, size: 100, filter: "orderNumber", value: "A-0"))
        #expect(!lookUp.isAtFirstQuestion, "the retry budget is drawn on once")
        #expect(Self.word(lookUp.read(Self.page(#"[{"id":7,"orderNumber":"A-0"}]"#), hiding: "t")) == "nothing")
        #expect(lookUp.manners.findsByNumber)
    }

    @Test(arguments: ["[]", #"[{"id":7,"orderNumber":"B"}]"#])
    func filterThatDoesNotFindIt(_ answer: String) {
        var lookUp = OrderLookUp(number: "A-1", madeAt: Self.madeAt, OrderLookUp.Manners(witness: "A-0"))
        #expect(lookUp.read(Self.page("[]"), hiding: "t") == nil)
        #expect(lookUp.read(Self.page(answer), hiding: "t") == nil)
        #expect(lookUp.question == OrderLookUp.Question(page: 1, size: 100, filter: "orderedAfter", value: "2026-01-31T11:45:00Z"))
        #expect(!lookUp.manners.findsByNumber)
        #expect(Self.word(lookUp.read(Self.page(#"[{"id":7,"orderNumber":"A-1"}]"#), hiding: "t")) == "found 7")
    }

    @Test func hubThatOverlooksTheNumberIsAskedByDateToTheEnd() {
        var lookUp = Self.lookUp()
        #expect(lookUp.read(Self.page(#"[{"id":1,"orderNumber":"B"}]"#), hiding: "t") == nil)
        #expect(lookUp.manners.overlooksNumber)
        for page in 1...3 {
            #expect(
                lookUp.question
                    == OrderLookUp.Question(page: page, size: 100, filter: "orderedAfter", value: "2026-01-31T11:45:00Z"))
            #expect(lookUp.read(Self.page(#"[{"id":1,"orderNumber":"B"}]"#), hiding: "t") == nil)
        }
        #expect(Self.word(lookUp.read(Self.page("[]"), hiding: "t")) == "nothing")
    }

    @Test func whatAHubWasSeenToDoIsNotFoundOutAgain() {
        var lookUp = OrderLookUp(number: "A-1", madeAt: Self.madeAt, OrderLookUp.Manners(overlooksNumber: true, size: 2))

        #expect(lookUp.question == OrderLookUp.Question(page: 1, size: 20, filter: "orderedAfter", value: "2026-01-31T11:45:00Z"))
        #expect(Self.word(lookUp.read(Self.page("[]"), hiding: "t")) == "nothing")
    }

    @Test func listWithoutAnEndSaysNothing() {
        var lookUp = Self.lookUp()
        var finding: OrderLookUp.Finding?
        var pages = 0
        while finding == nil, pages < 100 {
            finding = lookUp.read(Self.page(#"[{"id":1,"orderNumber":"B"}]"#), hiding: "t")
            pages += 1
        }

        #expect(Self.word(finding) == "unclear")
        #expect(pages == 51)
    }

    @Test(arguments: [
        (#"[{"id":"x","orderNumber":"A-1"}]"#, "unclear"), (#"[{"id":7,"orderNumber":"A-1","id":8}]"#, "unclear"),
        (#"[{"id":7,"orderNumber":"A-1"}]"#, "found 7"),
        (#"[{"id":8,"orderNumber":"a-1"},{"id":7,"orderNumber":"A-1"}]"#, "found 7"),
        (#"[{"id":8,"orderNumber":"a1"}]"#, "found 8"), ("<html>", "unclear"), (#"{"data":[]}"#, "unclear"), ("[", "unclear"),
    ])
    func recordThatCannotBeReadIsNoProofThatThereIsNone(_ body: String, _ word: String) {
        var lookUp = Self.lookUp()
        var finding = lookUp.read(Self.page(body), hiding: "t")
        if finding == nil { finding = lookUp.read(Self.page("[]"), hiding: "t") }

        #expect(Self.word(finding) == word)
    }

    /// One old record that is broken must not keep all orders in doubt for ever.
    @Test func brokenRecordOfAnotherOrderDoesNotMatterInALongList() {
        var lookUp = Self.lookUp()
        _ = lookUp.read(Self.page(#"[{"id":"x","orderNumber":"B"},{"id":2,"orderNumber":"C"}]"#), hiding: "t")
        _ = lookUp.read(Self.page(#"[{"id":"x","orderNumber":"B"},{"id":2,"orderNumber":"C"}]"#), hiding: "t")

        #expect(Self.word(lookUp.read(Self.page("[]"), hiding: "t")) == "nothing")
    }

    @Test func refusedPageSizeIsMadeSmallerBeforeTheListCountsAsDenied() {
        var lookUp = Self.lookUp()
        var sizes: [Int?] = []
        for _ in 0..<3 {
            sizes.append(lookUp.question.size)
            #expect(lookUp.read(Self.answer(400, ""), hiding: "t") == nil)
        }
        sizes.append(lookUp.question.size)

        #expect(sizes == [100, 50, 20, nil])
        #expect(Self.word(lookUp.read(Self.answer(400, ""), hiding: "t")) == "denied")
    }

    @Test(arguments: [(401, "denied"), (403, "denied"), (404, "denied"), (429, "unclear"), (500, "unclear"), (503, "unclear")])
    func statusSaysWhetherItIsWorthAskingAgain(_ status: Int, _ word: String) {
        var lookUp = Self.lookUp()

        #expect(Self.word(lookUp.read(Self.answer(status, ""), hiding: "t")) == word)
        #expect(Self.word(lookUp.read(.failed(.receive(detail: "")), hiding: "t")) == "unclear")
    }

    // MARK: given

    private static let madeAt = Instant(iso: "2026-01-31T12:00:00Z") ?? Instant(ms: 0)

    private static func lookUp() -> OrderLookUp { OrderLookUp(number: "A-1", madeAt: madeAt, OrderLookUp.Manners()) }

    private static func page(_ body: String) -> ExchangeOutcome { answer(200, body) }

    private static func answer(_ status: Int, _ body: String) -> ExchangeOutcome {
        .answered(
            HTTPResponse(
                status: status, body: Array(body.utf8), requestId: "r-1", startedMs: 0, tookMs: 1, dateMs: nil, retryAfterMs: nil,
                pool: nil))
    }

    private static func word(_ finding: OrderLookUp.Finding?) -> String {
        switch finding {
        case nil: "more"
        case .found(let orders): "found \(orders.first?.id ?? "")"
        case .nothing: "nothing"
        case .denied: "denied"
        case .unclear: "unclear"
        }
    }
}
