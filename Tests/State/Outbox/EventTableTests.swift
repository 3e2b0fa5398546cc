import Testing

@testable import FlxChannel

struct EventTableTests {
    @Test func historyIsOfOneOrderAndGoesOnAfterAnEvent() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for (row, what) in [(1, "sent"), (2, "sent"), (1, "resolved")] as [(Int64, StaticString)] {
                var event = Event(what)
                (event.httpStatus, event.message, event.requestId, event.tookMs) = (200, "ok", "r-1", 12)
                try store.events.append(row: row, at: 5, event, .applied)
            }
        }

        try store.read { () throws(StateError) in
            let events = try store.events.list(row: 1, after: 0, limit: 9)
            #expect(events.map(\.what) == ["sent", "resolved"])
            #expect(events.first?.requestId == "r-1")
            #expect(events.first?.tookMs == 12)
            #expect(events.first?.verdict == .applied)
            #expect(try store.events.list(row: 1, after: 1, limit: 9).map(\.what) == ["resolved"])
        }
    }
}
