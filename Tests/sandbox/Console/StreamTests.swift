import Testing

@testable import flx_sandbox

/// A reader that takes as much as a test lets it.
final class TestSink: EventSink {
    var takesMore = true
    /// Whether it is full after each event, as a reader that is slow.
    var isSlow = false
    private(set) var isEnded = false
    private(set) var events: [String] = []

    func send(_ bytes: [UInt8]) {
        events.append(String(decoding: bytes, as: UTF8.self))
        if isSlow { takesMore = false }
    }

    func end() { isEnded = true }

    var text: String { events.joined() }

    /// The contents of the events of a name.
    func contents(of name: String) -> [JSONValue] {
        events.compactMap { event in
            guard event.begins("event: \(name)\ndata: "), event.ends("\n\n") else { return nil }
            return try? JSONParser.parse(String(event.dropFirst("event: \(name)\ndata: ".count).dropLast(2)))
        }
    }
}

/// What readers of events are told, and what they cannot do to the hub.
@Suite struct StreamTests {
    @Test func readerIsToldFirstWhatIsSoNow() throws {
        let rig = try Rig(seed: "demo")
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        rig.rounds()
        #expect(sink.contents(of: "state").first?["totals"]?["variants"]?.integer == 1180)
        #expect(sink.contents(of: "budget").first?["pools"]?.array?.count == 1)
        #expect(sink.contents(of: "settings").first?["faults"] == [])
        #expect(sink.contents(of: "orders").first?["ids"]?.array?.count == 7)
        #expect(sink.contents(of: "journal").first?["entries"] == [])
    }

    @Test func everyEventIsOneLineOfNameAndOneOfJSON() throws {
        let rig = try Rig()
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        _ = rig.ask("POST", "/orders", rig.order("17\nevent: end\n\ndata: {}\r\r"))
        rig.rounds()
        #expect(sink.events.count >= 5)
        for event in sink.events {
            #expect(event.split(separator: "\n", omittingEmptySubsequences: false).count == 4 && event.ends("\n\n"))
            #expect(!event.utf8.contains(0x0D))
        }
        #expect(sink.contents(of: "orders").last?["orders"]?.array?.first?["order_number"] == "17\nevent: end\n\ndata: {}\r\r")
    }

    @Test func orderIsToldInTheNextRoundAndOnlyWhatChanged() throws {
        let rig = try Rig()
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        for number in 1...5 { _ = rig.ask("POST", "/orders", rig.order("\(number)")) }
        rig.rounds()
        let told = sink.contents(of: "orders").count

        let id = rig.hub.orders.orders[2].id
        _ = rig.ask("POST", "/_admin/ship", ["id": .integer(id), "tracking_number": "T-1"], token: nil)
        rig.rounds()

        let news = Array(sink.contents(of: "orders").dropFirst(told))
        #expect(news.count == 1)
        #expect(news.first?["ids"]?.array?.count == 5)
        #expect(news.first?["orders"]?.array?.map { $0["id"]?.integer } == [id])
        #expect(news.first?["orders"]?.array?.first?["shipments"]?.array?.first?["tracking_number"] == "T-1")
    }

    @Test func nothingIsToldWhereNothingHappens() throws {
        let rig = try Rig()
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        rig.rounds()
        let told = sink.events.count
        rig.rounds()
        #expect(sink.events.count == told)
        #expect(rig.plannedRounds == 0)
    }

    @Test func hubWithoutReadersPlansNoRound() throws {
        let rig = try Rig()
        let stream = rig.desk.watch.add(TestSink())
        rig.rounds()
        rig.desk.watch.remove(stream)
        for _ in 0..<10 { _ = rig.ask("GET", "/orders") }
        #expect(rig.plannedRounds == 0)
    }

    @Test func manyRequestsOfAMomentAreOneRound() throws {
        let rig = try Rig()
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        rig.rounds()
        let told = sink.events.count
        for _ in 0..<1000 { _ = rig.ask("GET", "/orders") }
        #expect(rig.plannedRounds == 1)
        rig.rounds()
        // The counts, the budget, and the newest 200 entries in four.
        #expect(sink.events.count - told <= 6)
    }

    @Test func readerThatTakesNothingIsSentNothingAndMissesNothingInTheEnd() throws {
        let rig = try Rig()
        let slow = TestSink(), quick = TestSink()
        slow.takesMore = false
        let stream = rig.desk.watch.add(slow)
        _ = rig.desk.watch.add(quick)
        for number in 1...250 {
            _ = rig.ask("POST", "/orders", rig.order("\(number)"))
            if number % 50 == 0 { rig.rounds() }
        }
        #expect(slow.events.isEmpty)
        #expect(quick.contents(of: "journal").flatMap { $0["entries"]?.array ?? [] }.count == 250)

        slow.takesMore = true
        rig.desk.watch.advance(stream)

        #expect(slow.contents(of: "state").count == 1)
        #expect(slow.contents(of: "state").last?["totals"]?["orders"]?.integer == 250)
        let orders = slow.contents(of: "orders")
        #expect(orders.flatMap { $0["orders"]?.array ?? [] }.count == Glance.mostOrders)
        #expect(orders.allSatisfy { $0["orders"]?.array?.count ?? 0 <= Glance.rowsInEvent })
        let entries = slow.contents(of: "journal")
        #expect(entries.flatMap { $0["entries"]?.array ?? [] }.count == Glance.mostEntries)
        #expect(entries.first?["skipped"]?.integer == 50)
    }

    @Test func slowReaderGetsOneEventAtATime() throws {
        let rig = try Rig(seed: "demo")
        let sink = TestSink()
        sink.isSlow = true
        let stream = rig.desk.watch.add(sink)
        rig.rounds()
        #expect(sink.events.count == 1)
        sink.takesMore = true
        rig.desk.watch.advance(stream)
        #expect(sink.events.count == 2)
    }

    @Test func eventStaysSmallWhateverTheHubHolds() throws {
        let rig = try Rig()
        let long = String(repeating: "x", count: 2000)
        for number in 1...22 {
            guard case .object(var members) = rig.order("\(number)", note: long) else { return }
            let item: JSONValue = ["sku": .string(long), "title": .string(long), "quantity": 1]
            members.removeAll { $0.key == "orderItems" || $0.key == "shippingAddress" }
            members.append(.init(key: "orderItems", value: .array(Array(repeating: item, count: 25))))
            members.append(.init(key: "shippingAddress", value: ["name": .string(long), "city": .string(long)]))
            #expect(rig.ask("POST", "/orders?\(long)", .object(members)).status < 300)
        }
        _ = try rig.hub.act("faults", ["do": "body", "text": .string(long), "times": 0])
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        rig.rounds()
        #expect(sink.contents(of: "orders").flatMap { $0["orders"]?.array ?? [] }.count == 22)
        #expect(sink.contents(of: "orders").first?["orders"]?.array?.first?["more_items"]?.integer == 5)
        for event in sink.events { #expect(event.utf8.count < 200_000) }
    }

    @Test func readersBeyondTheMostAreSentAway() throws {
        let rig = try Rig()
        for _ in 0..<Watch.mostStreams { _ = rig.desk.watch.add(TestSink()) }
        let refused = rig.ask("GET", "/_console/events", token: nil)
        #expect(refused.status == 503 && !refused.steps.contains(.events))

        rig.desk.watch.remove(rig.desk.watch.streams[0])
        let taken = rig.ask("GET", "/_console/events", token: nil)

        #expect(taken.status == 200 && taken.steps.last == .events)
        #expect(taken.text.range(of: "Content-Type: text/event-stream\r\n") != nil)
        #expect(taken.text.range(of: "Content-Length") == nil)
        #expect(taken.body == "retry: 2000\n\n")
    }

    @Test func readerThatTakesNothingForAMinuteLosesItsPlace() throws {
        let rig = try Rig()
        let dead = TestSink(), alive = TestSink()
        dead.takesMore = false
        _ = rig.desk.watch.add(dead)
        _ = rig.desk.watch.add(alive)
        rig.rounds()
        rig.pass(seconds: 61)
        _ = rig.ask("GET", "/orders")
        rig.rounds()
        #expect(dead.isEnded && !alive.isEnded)
        #expect(rig.desk.watch.streams.count == 1)
    }

    @Test func clearedJournalIsToldAsSuch() throws {
        let rig = try Rig()
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        _ = rig.ask("GET", "/orders")
        rig.rounds()
        _ = rig.ask("DELETE", "/_admin/journal", token: nil)
        _ = rig.ask("GET", "/orders/1")
        rig.rounds()
        let last = sink.contents(of: "journal").last
        #expect(last?["clear"] == true)
        #expect(last?["entries"]?.array?.map { $0["path"]?.text ?? "" } == ["/orders/1"])
    }

    @Test func gaugeMovesWhileTheBudgetRegainsAndThenStandsStill() throws {
        let rig = try Rig(["limiter": "bucket", "pool.size": "4", "pool.refill": "2"])
        let sink = TestSink()
        _ = rig.desk.watch.add(sink)
        for _ in 0..<4 { _ = rig.ask("GET", "/orders") }
        func used() -> String? { sink.contents(of: "budget").last?["pools"]?.array?.first?["used"]?.numberText }
        rig.rounds(most: 1)
        #expect(used() == "4.00")
        rig.pass(millis: 1000)
        rig.rounds(most: 1)
        #expect(used() == "2.00")
        rig.pass(millis: 5000)
        rig.rounds()
        #expect(used() == "0.00")
        #expect(rig.plannedRounds == 0)
    }

    @Test func endIsToldToEverybody() throws {
        let rig = try Rig()
        let sinks = (0..<3).map { _ in TestSink() }
        for sink in sinks { _ = rig.desk.watch.add(sink) }
        rig.desk.watch.end()
        #expect(sinks.allSatisfy { $0.isEnded && $0.contents(of: "end").count == 1 })
        #expect(rig.desk.watch.streams.isEmpty)
    }

    @Test func limiterTellsHowFullItIsWithoutAnArrival() {
        for model in [Limiter.Model.sliding(limit: 3, micros: 1_000_000), .fixed(limit: 3, micros: 1_000_000), .strict] {
            var limiter = Limiter()
            for _ in 0..<2 { _ = limiter.arrive(at: 100, under: model) }
            #expect(limiter.fill(at: 200, under: model).used == 2)
            #expect(limiter.fill(at: 1_000_200, under: model).used == 0)
            #expect(limiter.arrive(at: 300, under: model).used == 3 || model == .strict)
        }
    }
}
