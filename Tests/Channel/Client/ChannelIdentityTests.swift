import CFlxChannel
import Testing

@testable import FlxChannel

/// Which channel a state is of, and a token that is of another (decisions 10 and 26). Ours is 501.
@Suite(.serialized) struct ChannelIdentityTests {
    /// What the hub of a test tells to each token.
    private struct Manners {
        var readable: [Int] = []
        var listing: Int?
        var channelStatus = "403 Forbidden"
        var sees = false
        var orderStatus = "404 Not Found"
    }

    private static func rig(_ manners: Box<Manners>) -> HubRig {
        let ids = Box(5000)
        return HubRig { request in
            if request.isWrite {
                let id = ids.change { id -> Int in
                    id += 1
                    return id
                }
                return .reply(#"{"id":\#(id)}"#, status: "201 Created")
            }
            if request.path.hasPrefix("/channel/") {
                let id = Int(request.path.split(separator: "/").last ?? "") ?? 0
                return manners.value.readable.contains(id) ? .reply(#"{"id":\#(id)}"#) : .status(manners.value.channelStatus)
            }
            if request.path == "/listing/variants", let channel = manners.value.listing {
                return .reply(#"[{"id":1,"sku":"A","channelId":\#(channel)}]"#)
            }
            guard request.path.hasPrefix("/orders/"), let id = request.path.split(separator: "/").last else { return .empty }
            return manners.value.sees ? .reply(#"{"id":\#(id),"orderNumber":"A-1"}"#) : .status(manners.value.orderStatus)
        }
    }

    /// A state that is of 501 beyond doubt, with one order waiting, and a token that it has not met.
    private static func copied(_ rig: HubRig) throws -> Client {
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow(5000)
        for _ in 0..<2 { client.identity.hear("501", from: "createOrder") }
        try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-2"))
        try client.setToken("other-token")
        return client
    }

    @Test func tokenOfAnotherChannelPostsNothingAndNamesBoth() throws {
        let manners = Box(Manners(readable: [502], listing: 502))
        let rig = Self.rig(manners)
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")
        let report = try client.flushNow(2000)

        #expect(report.status == FLX_E_IDENTITY)
        #expect(report.paused?.message.contains("501") == true)
        #expect(report.paused?.message.contains("502") == true)
        #expect(rig.writes.count == 1)
        #expect(try client.order("A-2")?.state == .queued)
        client.close()
    }

    @Test func tokenOfTheSameChannelGoesOn() throws {
        let rig = Self.rig(Box(Manners(sees: true)))
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")

        #expect(try client.flushNow(2000).applied == 1)
        #expect(rig.requests.map { $0.path } == ["/orders", "/listing/variants", "/orders/5001", "/orders"])
        client.close()
        let next = try rig.client()
        try next.setToken("other-token")
        try next.submit(OrderDocumentTests.order().replacing("A-1", with: "A-3"))
        #expect(try next.flushNow(2000).applied == 1)
        #expect(rig.requests.count == 5, "a token that was found good is not asked about again")
        next.close()
    }

    /// A channel that cannot be asked about is told by its listings.
    @Test(arguments: ["500 Oops", "404 Not Found", "403 Forbidden"])
    func hubThatDoesNotLetAnyoneReadChannelsIsAskedForAListing(_ status: String) throws {
        let rig = Self.rig(Box(Manners(listing: 501, channelStatus: status)))
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")

        #expect(try client.flushNow(2000).applied == 1)
        client.close()
    }

    /// Contract 2.2: a hub may let every token read every channel.
    @Test(arguments: [502, nil]) func tokenThatMayReadEveryChannelIsToldByWhatItSees(_ listing: Int?) throws {
        let rig = Self.rig(Box(Manners(readable: [501, 502], listing: listing)))
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")

        #expect(try client.flushNow(2000).status == FLX_E_IDENTITY)
        #expect(rig.writes.count == 1)
        client.close()
    }

    @Test func questionThatFailsIsNoConsent() throws {
        let manners = Box(Manners(channelStatus: "500 Oops", orderStatus: "500 Oops"))
        let rig = Self.rig(manners)
        let client = try Self.copied(rig)
        client.jitter = { _ in 0 }
        for _ in 0..<4 {
            try rig.openRateLimit(token: "other-token")
            let report = try client.flushNow(500)
            #expect(report.status != FLX_E_IDENTITY)
        }
        #expect(rig.writes.count == 1)

        manners.value.sees = true
        try rig.openRateLimit(token: "other-token")
        #expect(try client.flushNow(8000).applied == 1)
        client.close()
    }

    /// A shop that only pulled before it was copied.
    @Test func tokenByWhichTheStateLearntItsChannelIsMetAndAnotherIsAskedAbout() throws {
        let manners = Box(Manners(listing: 501))
        let rig = Self.rig(manners)
        let client = try rig.client()
        client.identity.hear("501", from: "a list")
        try client.submit(OrderDocumentTests.order())
        try client.setToken("other-token")
        try rig.openRateLimit(token: "other-token")
        manners.value.listing = 502

        #expect(try client.flushNow(2000).status == FLX_E_IDENTITY)
        #expect(rig.writes.isEmpty)
        client.close()
        let first = try rig.client()
        #expect(try first.flushNow(2000).applied == 1)
        first.close()
    }

    @Test func callThatWritesAsksToo() throws {
        let rig = Self.rig(Box(Manners(readable: [502], listing: 502)))
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")
        let cancel = Array(#"{"id":5001,"status":"Canceled"}"#.utf8)

        #expect(refusal { try client.call("updateOrderStatus", cancel, by: .after(ms: 2000)) }?.code == FLX_E_IDENTITY)
        #expect(rig.writes.count == 1)
        #expect(refusal { try client.call("listOrders", nil, by: .after(ms: 2000)) } == nil, "a read is nobody's loss")
        client.close()
    }

    @Test func personSaysThatTheChannelWasMadeAnew() throws {
        let rig = Self.rig(Box(Manners(readable: [502], listing: 502)))
        let client = try Self.copied(rig)
        try rig.openRateLimit(token: "other-token")
        #expect(try client.flushNow(2000).status == FLX_E_IDENTITY)
        try client.forgetChannel()

        #expect(try client.flushNow(2000).applied == 1)
        #expect(try client.order("A-1")?.verdict == .applied, "the outbox is kept")
        client.close()
    }

    @Test func firstTokenIsTakenWithoutAQuestion() throws {
        let rig = Self.rig(Box(Manners()))
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()

        #expect(rig.requests.map { $0.path } == ["/orders"])
        client.close()
    }

    // MARK: what is learnt

    /// One reply is not believed for ever.
    @Test func oneAnswerMakesAnIdLikelyAndASecondOneSure() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        client.identity.hear("999", from: "createOrder")
        #expect((client.identity.known, client.identity.likely) == (nil, "999"))
        client.identity.hear("501", from: "a list of listings")
        client.identity.hear("501", from: "createOrder")

        #expect(client.identity.known == "501")
        client.close()
        let next = try rig.client()
        #expect(next.identity.known == "501")
        next.close()
    }

    @Test func sureIdIsNeverReplacedByAnswersAndTwoOfThemStopWriting() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        for _ in 0..<2 { client.identity.hear("501", from: "createOrder") }
        client.identity.hear("502", from: "createOrder")
        #expect(client.identity.contradiction == nil)
        client.identity.hear("502", from: "createOrder")

        #expect(client.identity.known == "501")
        #expect(client.identity.contradiction?.code == FLX_E_IDENTITY)
        #expect(refusal { try client.open(.orders).page() }?.code == FLX_E_IDENTITY)
        try client.forgetChannel()
        #expect(client.identity.contradiction == nil)
        client.close()
    }

    @Test func configOutweighsWhatIsOnlyLikely() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        client.identity.hear("999", from: "createOrder")
        client.close()
        let named = try rig.client(["hub.channel_id": "501"])

        #expect(named.identity.known == "501")
        #expect(named.identity.contradiction == nil)
        named.close()
    }
}
