import Testing

@testable import FlxChannel

struct HubOrderTests {
    @Test(arguments: [
        (#"{"id":1,"orderNumber":1001}"#, "1001", OrderNumber.Likeness.same),
        (#"{"id":1,"orderNumber":"1001","referenceNumber":"R"}"#, "1001", .same),
        (#"{"id":1,"referenceNumber":"1001"}"#, "1001", .same),
        (#"{"id":1,"orderNumber":"A-1","referenceNumber":"1001"}"#, "1001", .alike),
        (#"{"id":1,"orderNumber":"10"}"#, "1001", .other),
        (#"{"id":1,"orderNumber":"1001","referenceNumber":"R"}"#, "R", .alike),
        (#"{"id":1}"#, "1001", .other),
    ])
    func itsOwnNumberComesBeforeItsReference(_ record: String, _ number: String, _ likeness: OrderNumber.Likeness) throws {
        #expect(try #require(HubOrder(parsed(record))).likeness(to: number) == likeness)
    }

    @Test(arguments: [("Closed", true), ("Canceled", true), ("Open", false), ("On Hold", false), ("Failed", false)])
    func closedAndCanceledOrdersAreFinal(_ status: String, _ isFinal: Bool) throws {
        #expect(try HubOrder(parsed(#"{"id":1,"orderStatus":"\#(status)"}"#))?.isFinal == isFinal)
    }

    @Test(arguments: [#"{}"#, #"{"id":"x"}"#, #"{"id":1.0}"#, #"{"id":-1}"#, "[]", "7"])
    func recordWithoutAnExactIdIsNoOrder(_ text: String) throws {
        #expect(try HubOrder(parsed(text)) == nil)
    }
}

struct OrderNumberTests {
    @Test(arguments: [
        ("A-1", "A-1", OrderNumber.Likeness.same), ("a-1", "A-1", .alike), (" A-1 ", "A-1", .alike), ("1001", "#1001", .alike),
        ("A1", "A-1", .alike), ("A-2", "A-1", .other), ("", "A-1", .other), ("---", "A-1", .other), ("A-1", "A-11", .other),
        ("WEB-2026-0000000001", "WEB-2026-0000000001-EXTRA", .alike), ("0077", "77", .other),
        ("caf\u{E9}-1", "cafe\u{301}-1", .other),
    ])
    func anotherSpellingIsAlikeAndBytesAreWhatCounts(_ theirs: String, _ ours: String, _ likeness: OrderNumber.Likeness) {
        #expect(OrderNumber.likeness(theirs, to: ours) == likeness)
    }
}

struct OrderContentTests {
    private static let sent =
        #"{"orderNumber":"A-1","orderedAt":"2026-01-31T12:00:00Z","orderTotal":19.90,"shippingAddress":{"name":"Ann  Lee","addressLine1":"1 Road","city":"Ulm","postal":"12 345","countryCode":"US"},"orderItems":[{"sku":"A","quantity":2},{"sku":"A","quantity":1},{"sku":"B","quantity":1}]}"#

    @Test(arguments: [
        ("{}", []), (#"{"orderTotal":"19.9"}"#, []), (#"{"orderTotal":20}"#, ["/orderTotal"]),
        (#"{"orderedAt":"2026-01-31T12:00:00.900Z"}"#, []), (#"{"orderedAt":"2026-02-01T12:00:00Z"}"#, ["/orderedAt"]),
        (#"{"shippingAddress":{"firstName":"ANN","lastName":"Lee","city":"ULM","postal":"12345","state":"X"}}"#, []),
        (
            #"{"shippingAddress":{"addressLine1":"2 Road","city":"Bonn"}}"#,
            ["/shippingAddress/addressLine1", "/shippingAddress/city"]
        ),
        (#"{"shippingAddress":{"redacted":true,"city":"x"}}"#, []),
        (#"{"orderItems":[{"sku":"B","quantity":1},{"sku":"A","quantity":3}]}"#, []),
        (#"{"orderItems":[{"sku":"A","quantity":3}]}"#, ["/orderItems"]),
        (#"{"orderItems":[{"sku":"P-A","quantity":3},{"sku":"P-B","quantity":1}]}"#, ["/orderItems"]),
        (#"{"orderItems":[{"quantity":4}]}"#, []), (#"{"orderItems":[{"quantity":5}]}"#, ["/orderItems"]),
        (#"{"orderItems":[]}"#, []),
    ])
    func onlyWhatBothTellIsCompared(_ shown: String, _ paths: [String]) throws {
        let sent = OrderContent(sent: Array(Self.sent.utf8), WireNames())

        #expect(sent.differences(from: OrderContent(of: try parsed(shown))) == paths)
    }

    @Test func linesAgreeByAnyNameThatAllBear() throws {
        let sent = OrderContent(
            sent: Array(#"{"orderItems":[{"sku":"SHOP","listingVariantId":7,"quantity":2}]}"#.utf8), WireNames())

        #expect(
            sent.differences(
                from: OrderContent(of: try parsed(#"{"orderItems":[{"sku":"HUB","listingVariantId":7,"quantity":2}]}"#))) == [])
        #expect(
            sent.differences(
                from: OrderContent(of: try parsed(#"{"orderItems":[{"sku":"HUB","listingVariantId":8,"quantity":2}]}"#))) == [
                    "/orderItems"
                ])
    }

    @Test func contentIsReadByTheNamesThatWereSent() throws {
        let names = try WireNames(overrides: parsed(#"{"createOrder":{"orderTotal":"total","orderItems":{"sku":"itemSku"}}}"#))
        let sent = OrderContent(sent: Array(#"{"total":5,"orderItems":[{"itemSku":"A","quantity":1}]}"#.utf8), names)

        let shown = OrderContent(of: try parsed(#"{"orderTotal":6,"orderItems":[{"sku":"B","quantity":1}]}"#))
        #expect(sent.differences(from: shown) == ["/orderTotal", "/orderItems"])
    }
}

struct HubOrderIdTests {
    @Test(arguments: ["0", #""0""#, "-1", "null", #""x""#, "1.5"]) func whatIsNoIdNamesNoOrder(_ id: String) throws {
        #expect(HubOrder(try parsed(#"{"id":\#(id),"orderNumber":"A-1"}"#)) == nil)
    }
}

/// Decision 12: whose order it is.
struct OrderOwnerTests {
    private static let sentAt = Instant(iso: "2026-01-31T12:00:00Z")?.ms ?? 0

    @Test(arguments: [
        ("2026-01-31T12:00:00Z", 5, OrderOwner.ours(differing: [])), ("2026-01-31T12:00:00Z", 6, .ours(differing: ["/orderTotal"])),
        ("2026-01-31T11:59:58Z", 6, .ours(differing: ["/orderTotal"])),
        ("2026-01-31T11:50:00Z", 5, .ours(differing: [])), ("2026-01-31T11:50:00Z", 6, .unclear(differing: ["/orderTotal"])),
        ("2026-01-30T12:00:00Z", 5, .ours(differing: [])), ("2026-01-30T12:00:00Z", 6, .somebodyElse(differing: ["/orderTotal"])),
    ])
    func orderMadeAfterOurFirstAttemptIsOursAndAnOlderOneOnlyIfItAgrees(_ madeAt: String, _ total: Int, _ owner: OrderOwner) throws
    {
        let order = try #require(
            HubOrder(parsed(#"{"id":1,"orderNumber":"A-1","orderTotal":\#(total),"insertedAt":"\#(madeAt)"}"#)))

        #expect(OrderOwner.of(order, sent: Self.sent, firstSentAt: Self.sentAt) == owner)
    }

    @Test(arguments: [
        (5, false, OrderOwner.ours(differing: [])), (6, false, .unclear(differing: ["/orderTotal"])),
        (6, true, .ours(differing: ["/orderTotal"])),
    ])
    func withoutInstantsAgreementDecidesUnlessItWasJustMade(_ total: Int, _ isNew: Bool, _ owner: OrderOwner) throws {
        let order = try #require(HubOrder(parsed(#"{"id":1,"orderTotal":\#(total)}"#)))

        #expect(OrderOwner.of(order, sent: Self.sent, firstSentAt: Self.sentAt, isNew: isNew) == owner)
        #expect(OrderOwner.of(order, sent: Self.sent, firstSentAt: nil, isNew: isNew) == owner)
    }

    private static let sent = OrderContent(sent: Array(#"{"orderTotal":5}"#.utf8), WireNames())

    private static let whole = OrderContent(
        sent: Array(#"{"shippingAddress":{"name":"Jane","addressLine1":"1 A St"},"orderItems":[{"sku":"A","quantity":1}]}"#.utf8),
        WireNames())

    private static func shown(_ name: String, _ sku: String, madeAt: String = "2026-01-31T12:00:05Z") throws -> HubOrder {
        try #require(
            HubOrder(
                parsed(
                    #"{"id":1,"orderNumber":"A-1","insertedAt":"\#(madeAt)","shippingAddress":{"name":"\#(name)","addressLine1":"1 A St"},"orderItems":[{"sku":"\#(sku)","quantity":1}]}"#
                )))
    }

    /// Somebody else may use a number in the same second.
    @Test func orderOfAnotherBuyerForOtherGoodsIsNotOursHoweverNewItIs() throws {
        func owner(_ name: String, _ sku: String, isNew: Bool = false, isDenied: Bool = false) throws -> OrderOwner {
            OrderOwner.of(try Self.shown(name, sku), sent: Self.whole, firstSentAt: Self.sentAt, isNew: isNew, isDenied: isDenied)
        }
        let both = ["/shippingAddress/name", "/orderItems"]
        #expect(try owner("Bob", "B") == .unclear(differing: both))
        #expect(try owner("Bob", "B", isNew: true) == .ours(differing: both))
        #expect(try owner("Jane", "B") == .ours(differing: ["/orderItems"]))
        #expect(try owner("Bob", "A") == .ours(differing: ["/shippingAddress/name"]))
    }

    /// A hub that took none of our attempts has what was there before.
    @Test func orderBehindARefusalOfOurOnlyAttemptIsOursOnlyIfItAgrees() throws {
        func owner(_ sku: String) throws -> OrderOwner {
            OrderOwner.of(try Self.shown("Jane", sku), sent: Self.whole, firstSentAt: Self.sentAt, isDenied: true)
        }
        #expect(try owner("A") == .ours(differing: []))
        #expect(try owner("B") == .unclear(differing: ["/orderItems"]))
    }

    /// (made at, the hub's clock is so far behind ours, whose)
    @Test(
        arguments: [
            ("2026-01-31T11:00:00Z", 0, "theirs"), ("2026-01-31T11:00:00Z", -240, "unclear"),
            ("2026-01-31T06:00:00Z", -240, "theirs"),
            ("2026-01-31T12:00:05Z", 240, "unclear"), ("2026-01-31T16:00:05Z", 240, "ours"), ("2026-01-31T12:00:05Z", 10, "ours"),
            ("2026-01-31T12:00:05Z", -240, "ours"),
        ] as [(String, Int64, String)])
    func whereTheClocksContradictEachOtherAnOrderMustBeOldOrNewByBoth(_ madeAt: String, _ minutes: Int64, _ whose: String) throws {
        let owner = OrderOwner.of(
            try Self.shown("Jane", "B", madeAt: madeAt), sent: Self.whole, firstSentAt: Self.sentAt, gapMs: minutes * 60_000)
        switch owner {
        case .ours: #expect(whose == "ours")
        case .unclear: #expect(whose == "unclear")
        case .somebodyElse: #expect(whose == "theirs")
        }
    }
}
