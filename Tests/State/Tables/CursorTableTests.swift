import Testing

@testable import FlxChannel

struct CursorTableTests {
    @Test func cursorsAreNamedPlacesOfAFeed() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let first = CursorRow(feed: 3, name: "erp", at: nil, note: "{}", movedAt: 1)
        var second = CursorRow(feed: 3, name: "mail", at: 500, note: "{}", movedAt: 2)
        try store.write { () throws(StateError) in
            try store.cursors.put(second)
            try store.cursors.put(first)
            second.at = 900
            second.note = #"{"filter":"ignored"}"#
            try store.cursors.put(second)
        }

        try store.read { () throws(StateError) in
            #expect(try store.cursors.get(feed: 3, name: "erp") == first)
            #expect(try store.cursors.get(feed: 4, name: "erp") == nil)
            #expect(try store.cursors.list() == [first, second])
        }
    }
}
