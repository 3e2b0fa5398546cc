import Testing

@testable import FlxChannel

/// What the hub told, and what it takes to change our mind.
@Suite struct LearntTests {
    private var known: Learnt<ByteText> { Learnt("501", source: "createOrder", at: 1000, witnesses: 3) }

    @Test func firstAnswerIsKnownAtOnce() {
        var fact: Learnt<ByteText>?
        #expect(Learnt.hear("501", source: "createOrder", at: 1000, in: &fact) == .first)

        #expect(fact == Learnt("501", source: "createOrder", at: 1000))
        #expect(fact?.witnesses == 1)
    }

    @Test func oneOtherAnswerChangesNothing() {
        var fact = known
        #expect(fact.hear("999", source: "createOrder", at: 2000) == .doubted)

        #expect(fact.value == "501")
        #expect(fact.witnesses == 3)
        #expect(fact.at == 1000)
        #expect(fact.rival == "999")
    }

    @Test func secondAnswerThatAgreesOutweighsWhatWasKnown() {
        var fact = known
        fact.hear("502", source: "createOrder", at: 2000)
        #expect(fact.hear("502", source: "listOrders", at: 3000) == .replaced)

        #expect(fact == Learnt("502", source: "listOrders", at: 3000, witnesses: 2))
    }

    @Test func hearingTheKnownValueAgainDropsTheRival() {
        var fact = known
        fact.hear("999", source: "createOrder", at: 2000)
        #expect(fact.hear("501", source: "createOrder", at: 3000) == .confirmed)
        #expect(fact == Learnt("501", source: "createOrder", at: 3000, witnesses: 4))

        #expect(fact.hear("999", source: "createOrder", at: 4000) == .doubted)
        #expect(fact.value == "501")
    }

    @Test func twoRivalsThatDifferAreOneWitnessEach() {
        var fact = known
        fact.hear("998", source: "createOrder", at: 2000)
        #expect(fact.hear("999", source: "createOrder", at: 3000) == .doubted)

        #expect(fact.value == "501")
        #expect(fact.rival == "999")
    }

    @Test func nearIsAsGoodAsEqualWhereTheCallerSaysSo() {
        var fact = Learnt<Int64>(100_000, source: "Date", at: 0)
        func isNear(_ a: Int64, _ b: Int64) -> Bool { abs(a - b) <= 2000 }

        #expect(fact.hear(101_000, source: "Date", at: 1, isSame: isNear) == .confirmed)
        #expect(fact.value == 101_000)
        #expect(fact.hear(900_000, source: "Date", at: 2, isSame: isNear) == .doubted)
        #expect(fact.hear(901_500, source: "Date", at: 3, isSame: isNear) == .replaced)
        #expect(fact.value == 901_500)
    }

    @Test func factOfTheFutureIsNotFresh() {
        #expect(known.isFresh(within: 500, now: 1500))
        #expect(!known.isFresh(within: 499, now: 1500))
        #expect(!known.isFresh(within: 5000, now: 999))
        #expect(!Learnt(ByteText(""), source: "", at: .min).isFresh(within: .max, now: .max))
    }

    @Test func whatIsStoredIsReadBack() {
        var fact = known
        fact.hear(#"9"9\"#, source: "createOrder", at: 2000)
        #expect(Learnt<ByteText>(text: fact.text) == fact)
        #expect(Learnt<ByteText>(text: known.text) == known)

        let offset = Learnt<Int64>(-172_800_000, source: "Date", at: 1_700_000_000_000, witnesses: 8, rival: 12)
        #expect(Learnt<Int64>(text: offset.text) == offset)
    }

    @Test(arguments: [
        "", "null", "{}", "501", #"{"value":501,"source":"x","at":1,"witnesses":1}"#, #"{"value":"x","source":"x","at":1}"#,
    ])
    func whatIsNoFactIsNone(_ text: String) {
        #expect(Learnt<ByteText>(text: text) == nil)
    }

    @Test func storedNumbersAreHeldWithinTheirBounds() {
        #expect(Learnt<Int64>(text: #"{"value":"1x","source":"Date","at":1,"witnesses":1}"#) == nil)
        #expect(Learnt<Int64>(text: #"{"value":"1","source":"Date","at":1,"witnesses":-5}"#)?.witnesses == 1)
        #expect(
            Learnt<Int64>(text: #"{"value":"1","source":"Date","at":1,"witnesses":9223372036854775807}"#)?.witnesses == 1_000_000)
    }
}
