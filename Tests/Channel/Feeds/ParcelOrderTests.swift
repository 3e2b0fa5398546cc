import CFlxChannel
import Testing

@testable import FlxChannel

/// The numbers of parcels: of orders of this outbox, of others of this channel, of another channel's (O-04), and of orders that
/// the hub does not tell now (P-20).
@Suite(.serialized) struct ParcelOrderTests {
    private static func parcel(_ id: Int, of order: Int) -> String {
        #"{"id":\#(id),"orderId":\#(order),"updatedAt":"2026-01-31T11:58:00Z"}"#
    }

    /// A hub that takes orders of channel 77 from 5001 on, has these parcels, and tells of order 6002 what `tells` says.
    private static func rig(
        _ parcels: [String], readable: [String] = ["77"], tells: @escaping @Sendable (HubRequest) -> HubAnswer
    ) -> HubRig {
        let ids = Box(5000)
        return HubRig { request in
            if request.isWrite {
                let number = (try? parsed(request.body).member("orderNumber")?.string) ?? "?"
                return .reply(#"{"id":\#(ids.change { $0 += 1; return $0 }),"orderNumber":"\#(number)","channelId":77}"#)
            }
            let last = String(request.path.split(separator: "/").last ?? "")
            if request.path.hasPrefix("/channel/") {
                return readable.contains(last) ? .reply(#"{"id":\#(last)}"#) : .status("403 Forbidden")
            }
            if request.path.hasPrefix("/orders/") { return tells(request) }
            return request.path == "/shipments" ? .onlyPage(parcels.joined(separator: ","), of: request) : .empty
        }
    }

    private static func order(_ number: String, _ more: String) -> HubAnswer {
        .reply(#"{"id":6002,"orderNumber":"\#(number)",\#(more)}"#)
    }

    private static func asked(_ rig: HubRig) -> Int { rig.requests.count { $0.path.hasPrefix("/orders/") } }

    /// A client whose orders A-1 and so on are applied as 5001 and so on.
    private static func client(_ rig: HubRig, orders: Int, _ more: [String: String] = [:]) throws -> Client {
        let client = try rig.client(more)
        client.jitter = { _ in 0 }
        for number in 0..<orders { try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-\(number + 1)")) }
        try client.flushNow()
        return client
    }

    /// One pull to its end, all committed: each parcel with its number, and how many rows were left out.
    private static func pulled(_ client: Client) throws -> (parcels: [String], leftOut: Int) {
        let pull = try client.open(.shipments)
        defer { pull.close() }
        var parcels: [String] = []
        var leftOut = 0
        for page in try pull.pages() {
            for record in page.records {
                let order = record.member("orderId").flatMap(OrderField.idText) ?? ""
                parcels.append("\(record.member("id")?.text ?? "") \(page.orderNumbers[order] ?? "-")")
            }
            leftOut += page.leftOut
            try pull.commit(page)
        }
        return (parcels, leftOut)
    }

    /// Makes the hub be asked again, as time would; and lets what waits have waited for so long.
    private static func passTime(_ client: Client, waitedMs: Int64 = 0) throws {
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.outbox.database.change("UPDATE numbers SET kept_at = 0").run()
                let change = try client.store.outbox.database.change("UPDATE numbers SET awaited_since = awaited_since - ?1")
                try change.bind(1, waitedMs)
                try change.run()
            }
        }
    }

    private static func events(_ client: Client) -> String { client.log.take().joined(separator: "\n") }

    // MARK: whose it is

    @Test(arguments: [1, 2])
    func o04ParcelOfAnotherChannelsOrderIsLeftOutAndCounted(orders: Int) throws {
        let rig = Self.rig([Self.parcel(1, of: 5001), Self.parcel(2, of: 6002)]) { _ in Self.order("A-1", #""channelId":88"#) }
        let client = try Self.client(rig, orders: orders)

        let first = try Self.pulled(client)
        #expect(first.parcels == ["1 A-1"])
        #expect(first.leftOut == 1)
        #expect(client.leftOutRows == 1)
        #expect(try Self.pulled(client).parcels == [])
        #expect(Self.asked(rig) == 1, "what was learnt of the order is kept")
        client.close()
    }

    @Test func o04NumberOfAnOrderOfOursIsGivenToNoOtherOrdersParcel() throws {
        let rig = Self.rig([Self.parcel(2, of: 6002)]) { _ in Self.order("A-1", #""channelId":77"#) }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == ["2 -"])
        client.close()
    }

    @Test func parcelOfAnOrderThatTellsNoChannelHasItsNumber() throws {
        let rig = Self.rig([Self.parcel(2, of: 6002)]) { _ in Self.order("Z-9", #""note":1"#) }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == ["2 Z-9"])
        client.close()
    }

    @Test func channelThatTheHubLetsThisTokenReadIsNotAnotherOne() throws {
        let rig = Self.rig([Self.parcel(2, of: 6002)], readable: ["88"]) { _ in Self.order("Z-9", #""channelId":88"#) }
        let client = try Self.client(rig, orders: 1)

        #expect(try Self.pulled(client).parcels == ["2 Z-9"], "one answer alone does not make ours sure")
        client.close()
    }

    /// The answer to A-1 is lost, and the hub numbers orders its own way.
    @Test func parcelOfAnOrderThatMayBeOursWaitsForTheLookUp() throws {
        let known = Box(false)
        let record = #"{"id":6002,"orderNumber":"FLX-77","referenceNumber":"A-1"}"#
        let rig = HubRig { request in
            if request.isWrite { return .hangUp }
            if request.path == "/orders/6002" { return .reply(record) }
            if request.path == "/shipments" { return .onlyPage(Self.parcel(2, of: 6002), of: request) }
            return known.value && request.path == "/orders" ? .onlyPage(record, of: request) : .status("500 Down")
        }
        let client = try Self.client(rig, orders: 1)
        #expect(try client.order("A-1")?.verdict == .possiblyApplied)

        #expect(try Self.pulled(client).parcels == [], "it may be A-1, and may be another order")
        #expect(try client.cursor(.shipments) == nil)
        try Self.passTime(client, waitedMs: ParcelOrder.longestWaitMs)
        #expect(try Self.pulled(client).parcels == ["2 FLX-77"], "after an hour it comes as the hub has it")
        client.close()
    }

    // MARK: what the hub does not tell

    @Test func p20OrderThatTheHubFailsAtHoldsNoOtherParcelUp() throws {
        let heals = Box(false)
        let rig = Self.rig((1...5).map { Self.parcel($0, of: 5000 + $0) } + [Self.parcel(9, of: 6002)]) { _ in
            heals.value ? Self.order("Z-9", #""channelId":77"#) : .status("500 Down")
        }
        let client = try Self.client(rig, orders: 5)

        #expect(try Self.pulled(client).parcels == (1...5).map { "\($0) A-\($0)" })
        #expect(Self.asked(rig) == 3)
        #expect(try client.cursor(.shipments) == nil, "the cursor stays before what waits")
        #expect(Self.events(client).contains("pull.held_back"))
        #expect(try Self.pulled(client).parcels == [])
        #expect(Self.asked(rig) == 3, "it is not asked again at once")
        heals.value = true
        try Self.passTime(client)
        #expect(try Self.pulled(client).parcels == ["9 Z-9"])
        #expect(try client.cursor(.shipments) != nil)
        client.close()
    }

    @Test func p20RecordThatWaitedAnHourComesWithoutItsNumberAndAgainWithIt() throws {
        let heals = Box(false)
        let rig = Self.rig([Self.parcel(9, of: 6002)]) { _ in
            heals.value ? Self.order("Z-9", #""channelId":77"#) : .status("500 Down")
        }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == [])
        try Self.passTime(client, waitedMs: ParcelOrder.longestWaitMs)
        #expect(try Self.pulled(client).parcels == ["9 -"])
        #expect(try Self.pulled(client).parcels == [])
        heals.value = true
        try Self.passTime(client)
        #expect(try Self.pulled(client).parcels == ["9 Z-9"])
        #expect(!Self.events(client).contains("pull.late"), "the hub was not late with it")
        #expect(try Self.pulled(client).parcels == [])
        client.close()
    }

    @Test(arguments: ["404 Not Found", "403 Forbidden"])
    func orderThatTheHubDoesNotKnowIsAskedForAgainLater(status: String) throws {
        let heals = Box(false)
        let rig = Self.rig([Self.parcel(9, of: 6002)]) { _ in heals.value ? Self.order("Z-9", #""channelId":77"#) : .status(status)
        }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == ["9 -"])
        heals.value = true
        #expect(try Self.pulled(client).parcels == [])
        #expect(Self.asked(rig) == 1)
        try Self.passTime(client)
        #expect(try Self.pulled(client).parcels == ["9 Z-9"])
        client.close()
    }

    @Test(arguments: [
        ("<html>", false), (#"{"id":6002,"orderNu"#, false), ("[]", true), (#"[{"id":6002,"orderNumber":"Z-9"}]"#, true),
        (#"{"id":4242,"orderNumber":"WRONG-1"}"#, true),
    ])
    func answerThatIsNotTheOrderTellsNoNumber(body: String, comes: Bool) throws {
        let rig = Self.rig([Self.parcel(1, of: 5001), Self.parcel(9, of: 6002)]) { _ in .reply(body) }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == ["1 A-1"] + (comes ? ["9 -"] : []))
        client.close()
    }

    @Test func tokenThatMayReadNoOrderHasParcelsWithoutNumbers() throws {
        let rig = Self.rig((1...9).map { Self.parcel($0, of: 6000 + $0) }) { _ in .status("403 Forbidden") }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == (1...9).map { "\($0) -" })
        #expect(Self.asked(rig) == 5, "after so many refusals in a row the rest is not asked about")
        client.close()
    }

    @Test func hubThatFailsAtEveryOrderIsNotAskedAboutAllOfThem() throws {
        let rig = Self.rig((1...40).map { Self.parcel($0, of: 6000 + $0) } + [Self.parcel(99, of: 5001)]) { _ in .status("500 Down")
        }
        let client = try Self.client(rig, orders: 2)

        #expect(try Self.pulled(client).parcels == ["99 A-1"])
        #expect(Self.asked(rig) == 15)
        client.close()
    }

    @Test func p20FailureAtOneRecordIsNoneOfTheHub() {
        var state = RateLimit()
        for now in 0..<20 {
            state.answered(0, now: Int64(now), RateLimitAnswer(status: 500, isOfOneRecord: true))
        }
        #expect(state.breaker.failures == 0)
        for now in 20..<25 { state.answered(0, now: Int64(now), RateLimitAnswer(status: 500)) }
        #expect(state.breaker.isOpen)
    }
}
