import Testing

@testable import FlxChannel

/// Where a cursor goes when clocks are wrong (L-01).
struct CursorClockTests {
    /// A hub with rows, some of whose answers bear a wrong date.
    private final class WrongClock {
        /// What the next answers say; then the truth.
        let dates = Box<[String]>([])
        let rows = Box("")
        let rig: HubRig

        init() {
            let (dates, rows) = (dates, rows)
            rig = HubRig { request in
                let date = dates.change { $0.isEmpty ? HubRig.date : $0.removeFirst() }
                let bound = request.query["filterUpdatedAfter"] ?? ""
                let new = rows.value.split(separator: " ").map(String.init).filter { bound.isEmpty || $0 > bound }
                let body =
                    request.page == 1 ? new.map { CursorPullTests.record(Int($0.filter(\.isNumber).suffix(8)) ?? 0, $0) } : []
                return .reply("[\(body.joined(separator: ","))]", date: date)
            }
        }

        /// What a new process is given, all of it committed, and where the cursor stands then.
        func walk() throws -> (rows: Int, cursor: Instant?) {
            let client = try rig.client(isTimeKnown: false)
            defer { client.close() }
            let pull = try client.open(.shipments)
            let pages = try pull.pages()
            for page in pages { try pull.commit(page) }
            return (pages.reduce(0) { $0 + $1.ids.count }, try client.cursor(.shipments))
        }
    }

    @Test(arguments: [
        "Sat, 31 Jan 2026 13:00:00 GMT", "Sat, 31 Jan 2026 12:10:00 GMT", "Wed, 11 Nov 2099 11:11:11 GMT",
        "Sat, 31 Jan 2026 11:00:00 GMT",
    ])
    func c04_wrongFirstDateMovesTheCursorPastNothing(_ wrong: String) throws {
        let hub = WrongClock()
        let truth = try #require(Instant(iso: "2026-01-31T12:00:00Z"))
        hub.rows.value = "2026-01-31T11:58:00Z"
        hub.dates.value = [wrong]
        let first = try hub.walk()
        #expect(first.rows == 1)
        #expect(try #require(first.cursor) <= truth)

        hub.dates.value = [wrong]
        hub.rows.value += " 2026-01-31T11:59:30Z"
        #expect(try hub.walk().rows == 1)
        hub.dates.value = [wrong]
        #expect(try #require(hub.walk().cursor) <= truth)
    }

    @Test func c04_clockThatIsWrongInEveryAnswerMovesTheCursorNoFurtherThanTheDoubt() throws {
        let hub = WrongClock()
        hub.rows.value = "2026-01-31T11:30:00Z"
        for _ in 0..<3 {
            hub.dates.value = [String](repeating: "Wed, 11 Nov 2099 11:11:11 GMT", count: 3)
            #expect(try #require(hub.walk().cursor) == Instant(iso: "2026-01-31T11:45:00Z"))
        }
    }

    @Test func hubsClockIsKeptForTheNextProcess() throws {
        let hub = WrongClock()
        _ = try hub.walk()
        let client = try hub.rig.client(isTimeKnown: false)
        defer { client.close() }
        let now = try #require(client.clock.now())
        let truth = try #require(Instant(iso: "2026-01-31T12:00:00Z"))
        #expect((-10_000...60_000).contains(now - truth.ms))

        let pull = try client.open(.shipments)
        _ = try pull.next(by: .after(ms: 5000))
        #expect(client.clock.instant(requestStartedMs: Clock.monotonicMs())?.isSure == true)
    }

    @Test func walkWithoutRowsMovesTheCursorNoFurtherThanTheOneBefore() throws {
        let hub = WrongClock()
        hub.rows.value = "2026-01-30T11:00:00Z"
        #expect(try #require(hub.walk().cursor) == Instant(iso: "2026-01-30T11:15:00Z"))

        for _ in 0..<2 {
            let again = try hub.walk()
            #expect(again.rows == 0)
            #expect(try #require(again.cursor) == Instant(iso: "2026-01-30T11:15:00Z"))
        }
        #expect(hub.rig.requests.last?.query["filterUpdatedAfter"] == "2026-01-30T11:13:00Z", "the row is not read again")
    }

    @Test func cursorWithoutAnyRowStays() throws {
        let hub = WrongClock()
        #expect(try hub.walk().cursor == nil)
        hub.rows.value = "2020-01-31T11:00:00Z"

        #expect(try hub.walk().rows == 1)
    }

    @Test func rowsWithoutAnyInstantMoveTheCursorByAClockWithTwoWitnesses() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"}"#, of: $0) }
        let client = try rig.client(isTimeKnown: false)
        let pull = try client.open(.shipments)
        for page in try pull.pages() { try pull.commit(page) }

        let at = try #require(try client.cursor(.shipments))
        #expect((-3000...0).contains(at.ms - Instant(iso: "2026-01-30T12:00:00Z")!.ms), "\(at.isoSeconds)")
        client.close()
    }

    @Test func rowOfTheFutureAtAHubWithoutAClockMovesTheCursorToOursAtMost() throws {
        let rig = HubRig {
            $0.page == 1 ? .reply("[\(CursorPullTests.record(1, "2099-11-11T11:11:11Z"))]", date: nil) : .reply("[]", date: nil)
        }
        let client = try rig.client(isTimeKnown: false)
        let pull = try client.open(.shipments)
        for page in try pull.pages() { try pull.commit(page) }

        #expect(try #require(try client.cursor(.shipments)).ms <= Clock.wallMs())
        client.close()
    }
}
