import CFlxChannel
import Testing

@testable import FlxChannel

/// A hub with one variant of each kind of news, which takes what it is told.
private final class NewsHub: @unchecked Sendable {
    let rig: HubRig
    let answered = Box<Set<String>>([])

    static let variants = [
        (id: "1", json: #"{"id":1,"sku":"S1","channelId":5,"quantity":3}"#),
        (id: "2", json: #"{"id":2,"sku":"S2","channelId":5,"changeToListingStatus":{"handle":"hidden"}}"#),
        (id: "3", json: #"{"id":3,"sku":"S3","channelId":5,"changeToListingStatus":{"handle":"listed"}}"#),
    ]

    init(orders: String = "", shipments: String = "", fails path: String = "-", with status: String = "400 Bad Request") {
        let answered = answered
        rig = HubRig { request in
            if request.path.hasPrefix(path) { return .status(status) }
            switch (request.method, request.path) {
            case ("GET", "/listing/variants") where request.isOfQueue:
                let left = NewsHub.variants.filter { !answered.value.contains($0.id) }.map { $0.json }
                return .onlyPage(left.joined(separator: ","), of: request)
            case ("PATCH", "/listing/variants"):
                for variant in NewsHub.variants where request.body.contains("\"listingVariantId\":\(variant.id)") {
                    answered.change { _ = $0.insert(variant.id) }
                }
                return .reply(#"{"success":true}"#)
            case ("GET", "/orders"): return .onlyPage(orders, of: request)
            case ("GET", "/shipments"): return .onlyPage(shipments, of: request)
            default: return .empty
            }
        }
    }
}

struct SyncTests {
    private struct Seen {
        var events: [JSONValue] = []
        var summary: JSONValue?

        func types() -> [String] { events.compactMap { $0.member("type")?.string } }
        func ids(_ type: String) -> [String] {
            events.filter { $0.member("type")?.string == type }.compactMap { $0.member("id")?.string }
        }
        func part(_ name: String) -> JSONValue? { summary?.member("parts")?.member(name) }
    }

    private static func order(_ number: String) -> String {
        #"{"orderNumber":"\#(number)","orderedAt":"2026-01-31T12:00:00Z","orderItems":[{"sku":"S","quantity":1}],"#
            + #""shippingAddress":{"name":"N","addressLine1":"L","city":"C","postal":"P","countryCode":"US"}}"#
    }

    private static func open(_ client: Client, _ plan: String) throws -> Sync {
        try Sync(client, try SyncPlan.read(Array(plan.utf8)))
    }

    /// Runs a round to its end, or to where `reply` gives nil: then it is closed there.
    private static func run(_ client: Client, _ plan: String, _ reply: (JSONValue) -> String? = { _ in "true" }) throws -> Seen {
        let sync = try open(client, plan)
        defer { sync.close() }
        var seen = Seen()
        let deadline = Deadline.after(ms: 60_000)
        while !deadline.isOver {
            switch try sync.next(by: .after(ms: 200)) {
            case .again: continue
            case .waitsForReplies:
                Issue.record("waits for replies that were given")
                return seen
            case .done(let summary):
                seen.summary = try parsed(summary.json)
                return seen
            case .event(let event):
                let json = try parsed(event.json)
                seen.events.append(json)
                guard let text = reply(json) else { return seen }
                if event.number > 0 { try sync.reply(event.number, Array(text.utf8)) }
            }
        }
        throw Pull.Late()
    }

    @Test func listingsAreAskedAndAnswered() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()

        let seen = try Self.run(client, #"{"parts":["sync"]}"#)

        #expect(seen.ids("sync") == ["1", "3"])
        #expect(Set(seen.ids("change")) == ["2", "3"])
        #expect(seen.part("sync")?.member("end")?.string == "done")
        #expect(seen.part("sync")?.member("done")?.integer == 4)
        #expect(seen.summary?.member("complete")?.bool == true)
        #expect(hub.answered.value == ["1", "2", "3"])
    }

    @Test func nothingIsAnsweredThatTheHostDidNotSay() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()

        let seen = try Self.run(client, #"{"parts":["sync"]}"#) { $0.member("type")?.string == "change" ? "false" : "true" }

        #expect(hub.answered.value == ["1"])
        #expect(seen.part("sync")?.member("later")?.integer == 2)
        #expect(seen.summary?.member("complete")?.bool == false)
        // They come again, and are asked again.
        #expect(Set(try Self.run(client, #"{"parts":["sync"]}"#).ids("change")) == ["2", "3"])
        #expect(hub.answered.value == ["1", "2", "3"])
    }

    @Test func roundThatIsClosedAnswersWhatIsCompleteAndNoMore() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        var count = 0

        _ = try Self.run(client, #"{"parts":["sync"]}"#) { _ in
            count += 1
            return count == 1 ? "true" : nil
        }
        try client.flushNow()

        #expect(hub.answered.value == ["1"])
    }

    @Test func wrongReplyIsRefusedAndTheEventStillWaits() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        let sync = try Self.open(client, #"{"parts":["sync"]}"#)
        defer { sync.close() }
        guard case .event(let event) = try sync.next(by: .after(ms: 20_000)) else { return #expect(Bool(false)) }

        let wrong = refusal { try sync.reply(event.number, Array(#"{"status":"nonsense"}"#.utf8)) }
        #expect(wrong?.code == FLX_E_ANSWER && wrong?.path == "/status")
        #expect(refusal { try sync.reply(event.number + 9, Array("true".utf8)) }?.code == FLX_E_NOT_FOUND)
        try sync.reply(event.number, Array("true".utf8))
        #expect(refusal { try sync.reply(event.number, Array("true".utf8)) }?.code == FLX_E_NOT_FOUND)
    }

    @Test func eventsThatHaveNoReplyHoldTheRest() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        let sync = try Self.open(client, #"{"parts":["sync"]}"#)
        defer { sync.close() }
        var numbers: [Int64] = []
        var waits = false
        while !waits {
            switch try sync.next(by: .after(ms: 20_000)) {
            case .event(let event): numbers.append(event.number)
            case .waitsForReplies: waits = true
            case .again, .done: return #expect(Bool(false))
            }
        }

        #expect(numbers.count == 3)  // two contents and the change that stands alone
        for number in numbers { try sync.reply(number, Array("true".utf8)) }
        guard case .event = try sync.next(by: .after(ms: 20_000)) else { return #expect(Bool(false)) }
    }

    @Test func cursorFeedIsCommittedOnlyWhenAllOfAPageIsStored() throws {
        let orders = (1...3).map {
            #"{"id":\#($0),"orderNumber":"N\#($0)","channelId":5,"updatedAt":"2026-01-31T10:00:0\#($0)Z","orderStatus":"Open"}"#
        }
        let hub = NewsHub(orders: orders.joined(separator: ","))
        let client = try hub.rig.client(["hub.channel_id": "5"])

        let first = try Self.run(client, #"{"parts":["orders"]}"#) {
            $0.member("id")?.string == "2" ? #"{"error":"full"}"# : "true"
        }
        #expect(first.ids("order") == ["1", "2", "3"])
        #expect(first.part("orders")?.member("failed")?.integer == 1)
        #expect(first.summary?.member("complete")?.bool == false)
        #expect(first.part("orders")?.member("why")?.element(0)?.string == "full")
        #expect(try Self.run(client, #"{"parts":["orders"]}"#).ids("order") == ["1", "2", "3"])

        #expect(try Self.run(client, #"{"parts":["orders"]}"#).ids("order") == [])
        #expect(!hub.rig.requests.isEmpty)
    }

    @Test func parcelsThatNoBuyerMayBeToldOfHaveATypeOfTheirOwn() throws {
        func parcel(_ id: Int, _ more: String) -> String {
            #"{"id":\#(id),"channelId":5,"updatedAt":"2026-01-31T10:00:00Z"\#(more)}"#
        }
        let hub = NewsHub(
            shipments: [
                parcel(1, ""), parcel(2, #","suppressed":true"#), parcel(3, #","rmaId":9"#),
                parcel(4, #","crossDockPurchaseOrderId":8"#),
            ].joined(separator: ","))

        let seen = try Self.run(try hub.rig.client(["hub.channel_id": "5"]), #"{"parts":["shipments"]}"#)

        #expect(seen.ids("shipment") == ["1"])
        #expect(
            seen.events.filter { $0.member("type")?.string == "other_parcel" }.compactMap { $0.member("kind")?.string }
                == ["suppressed", "return", "cross_dock"])
        #expect(!hub.rig.requests.isEmpty)
    }

    @Test func rowsOfOtherChannelsAreCountedAlsoWhereNoneIsOurs() throws {
        let theirs = #"{"id":7,"orderNumber":"B-7","channelId":6,"updatedAt":"2026-01-31T10:00:00Z"}"#
        let hub = NewsHub(orders: theirs)

        let seen = try Self.run(try hub.rig.client(["hub.channel_id": "5"]), #"{"parts":["orders"]}"#)

        #expect(seen.ids("order").isEmpty)
        #expect(seen.part("orders")?.member("left_out")?.integer == 1)
        #expect(seen.part("orders")?.member("end")?.string == "done")
    }

    @Test func partThatFailsIsToldAndTheOthersGoOn() throws {
        let hub = NewsHub(fails: "/orders")

        let seen = try Self.run(try hub.rig.client(), #"{"parts":["orders","sync"]}"#)

        #expect(seen.part("orders")?.member("end")?.string == "failed")
        #expect(seen.part("sync")?.member("end")?.string == "done")
        #expect(hub.answered.value == ["1", "2", "3"])
        #expect(seen.summary?.member("complete")?.bool == false)
        #expect((seen.summary?.member("to_do")?.count ?? 0) > 0)
    }

    @Test func partAtWhichTheHubFailsLetsTheOthersGoFirstAndIsToldWithItsReason() throws {
        let hub = NewsHub(fails: "/orders", with: "500 Internal Server Error")
        let client = try hub.rig.client()

        let seen = try Self.run(client, #"{"parts":["orders","sync"],"budget_ms":8000}"#)

        #expect(seen.ids("sync") == ["1", "3"])
        #expect(seen.part("sync")?.member("end")?.string == "done")
        let orders = try #require(seen.part("orders"))
        #expect(orders.member("end")?.string == "not_done")
        #expect(["FLX_E_HUB", "FLX_E_UNAVAILABLE"].contains(orders.member("code")?.string ?? ""))
        #expect(orders.member("why")?.element(0)?.string?.isEmpty == false)
    }

    @Test func callThatTheHubDoesNotGrantIsItsPartsMatter() throws {
        let hub = NewsHub(fails: "/returns", with: "403 Forbidden")
        let client = try hub.rig.client()

        let seen = try Self.run(client, #"{"parts":["returns","sync"]}"#)

        #expect(seen.part("returns")?.member("code")?.string == "FLX_E_TOKEN")
        #expect(seen.part("sync")?.member("end")?.string == "done")
        #expect(seen.summary?.member("stopped")?.isNull == true)
        #expect(hub.answered.value.isEmpty == false)
    }

    @Test func hubThatDoesNotAnswerWithinTheRoundIsNamed() throws {
        let hub = HubRig { _ in .silence }
        let client = try hub.client()

        let seen = try Self.run(client, #"{"parts":["sync"],"budget_ms":1000}"#)

        let why = seen.part("sync")?.member("why")?.element(0)?.string
        #expect(why == "the hub did not answer within the time of this round; give rounds more")
        #expect(hub.requests.isEmpty == false)
    }

    @Test func feedThatSomebodyElseHasIsBusy() throws {
        let hub = NewsHub()
        let (client, other) = (try hub.rig.client(), try hub.rig.client())
        let pull = try other.open(.listingsToSync)
        defer { pull.close() }

        let seen = try Self.run(client, #"{"parts":["sync"]}"#)

        #expect(seen.part("sync")?.member("end")?.string == "busy")
    }

    @Test func partThatWasReadIsNotDueAgain() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        let plan = #"{"parts":["sync","orders"],"every_s":{"orders":3600}}"#

        #expect(try Self.run(client, plan).part("orders")?.member("end")?.string == "done")
        let seen = try Self.run(client, plan)

        #expect(seen.part("orders")?.member("end")?.string == "not_due")
        #expect(seen.part("sync")?.member("end")?.string == "done")
    }

    @Test func whoWaitedLongestComesFirst() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        let plan = try SyncPlan.read(nil)
        var turns = try SyncTurns(client, plan)
        #expect(turns.order(plan.parts) == plan.parts)
        try turns.begin(.publish)
        try turns.begin(.sync)

        let next = try SyncTurns(client, plan).order(plan.parts)

        #expect(next.first == .results)
        #expect(next.suffix(2) == [.publish, .sync])
        #expect(hub.rig.requests.isEmpty)
    }

    @Test func resultsAreSettledByTheReply() throws {
        let hub = HubRig { _ in .empty }
        let client = try hub.client()
        for number in ["A-1", "A-2"] {
            try client.submit(Self.order(number))
            try client.outboxDiscard(number)
        }

        let seen = try Self.run(client, #"{"parts":["results"]}"#) { event in
            event.member("order")?.member("number")?.string == "A-1" ? "true" : "false"
        }

        #expect(seen.events.compactMap { $0.member("order")?.member("number")?.string } == ["A-1", "A-2"])
        #expect(try client.order("A-1")?.state == .settled)
        #expect(try client.order("A-2")?.state == .resolved)
        #expect(hub.requests.isEmpty)
    }

    @Test func resultsAreToldByOneRoundAtATime() throws {
        let rig = HubRig { _ in .empty }
        let (client, other) = (try rig.client(), try rig.client())
        try client.submit(Self.order("A-1"))
        try client.outboxDiscard("A-1")
        let sync = try Self.open(client, #"{"parts":["results"]}"#)
        defer { sync.close() }
        guard case .event = try sync.next(by: .after(ms: 20_000)) else { return #expect(Bool(false)) }

        let seen = try Self.run(other, #"{"parts":["results"]}"#)

        #expect(seen.events.isEmpty)
        #expect(seen.part("results")?.member("end")?.string == "busy")
    }

    @Test func resultOfAnOrderThatWasSentAgainIsNotSettled() throws {
        let hub = HubRig { _ in .empty }
        let client = try hub.client()
        try client.submit(Self.order("A-1"))
        try client.outboxDiscard("A-1")
        let sync = try Self.open(client, #"{"parts":["results"]}"#)
        defer { sync.close() }
        guard case .event(let event) = try sync.next(by: .after(ms: 20_000)) else { return #expect(Bool(false)) }
        try client.outboxRetry(Array(#"["A-1"]"#.utf8))

        try sync.reply(event.number, Array("true".utf8))

        #expect(try client.order("A-1")?.state == .queued)
        #expect(hub.requests.isEmpty)
    }

    @Test(arguments: ["{}", "[]", #"{"error":null}"#])
    func silenceIsNoReply(_ text: String) {
        #expect(refusal { try SyncReply.read(Array(text.utf8), members: []) }?.code == FLX_E_JSON)
        #expect(refusal { try SyncReply.read(Array(text.utf8), members: ListingTask.contentOfVariant) } == nil)
    }

    @Test func budgetEndsTheRoundAndTheSummarySaysWhatIsLeft() throws {
        let hub = NewsHub()
        let client = try hub.rig.client()
        try hub.rig.closeRateLimit()

        let seen = try Self.run(client, #"{"parts":["sync"],"budget_ms":300}"#)

        #expect(seen.part("sync")?.member("end")?.string == "not_done")
        #expect(seen.summary?.member("complete")?.bool == false)
    }

    @Test func twoThreadsAreNotInOneRound() throws {
        let hub = HubRig { _ in .silence }
        let client = try hub.client()
        let sync = try Self.open(client, #"{"parts":["sync"]}"#)
        let codes = Box<[Int32]>([])

        onThreads(2) { _ in
            let error = refusal { try sync.next(by: .after(ms: 1500)) }
            codes.change { $0.append(error?.code ?? FLX_AGAIN) }
        }
        sync.close()

        #expect(codes.value.contains(FLX_AGAIN))
        #expect(refusal { try sync.next(by: .passed) }?.code == FLX_E_HANDLE)
    }

    /// What is asked in between for those that are missing puts no read off.
    @Test func wholeReadIsDueOnceADayHoweverManyRoundsThereAre() throws {
        let hub = HubRig { request in
            request.path == "/listing/variants" ? .onlyPage(#"{"id":1,"sku":"S1","channelId":5}"#, of: request) : .empty
        }
        let client = try hub.client()
        let plan = #"{"parts":["gone"]}"#
        #expect(try Self.run(client, plan).part("gone")?.member("end")?.string == "done")

        for _ in 0..<3 { #expect(try Self.run(client, plan).part("gone")?.member("end")?.string == "not_due") }
        try client.write { store throws(StateError) in
            let turn = try store.meta.text("turn/gone") ?? ""
            let done = turn.split(separator: " ").compactMap { Int64($0) }.last ?? 0
            #expect(Clock.wallMs() - done < 60_000)
            try store.meta.set("turn/gone", "0 \(done - 86_400_001)")
        }

        #expect(try Self.run(client, plan).part("gone")?.member("end")?.string == "done")
    }
}
