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

struct VersionTableTests {
    @Test func onlyTheLatestVersionOfARecordIsCommitted() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            try store.versions.commit(feed: 3, name: "erp", [(id: "1", updatedAt: 5, hash: [1]), (id: "2", updatedAt: nil, hash: [2])])
            try store.versions.commit(feed: 3, name: "erp", [(id: "1", updatedAt: 6, hash: [9])])
        }

        try store.read { () throws(StateError) in
            #expect(try store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [9]))
            #expect(try !store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [1]))
            #expect(try store.versions.isCommitted(feed: 3, name: "erp", id: "2", hash: [2]))
            #expect(try !store.versions.isCommitted(feed: 3, name: "mail", id: "2", hash: [2]))
            #expect(try store.versions.count() == 2)
        }
    }

    @Test func forgettingIsOfOneCursor() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for name in ["erp", "mail"] {
                try store.versions.commit(feed: 3, name: name, [(id: "1", updatedAt: 5, hash: [1])])
            }
            try store.versions.forget(feed: 3, name: "erp")
        }

        try store.read { () throws(StateError) in
            #expect(try !store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [1]))
            #expect(try store.versions.isCommitted(feed: 3, name: "mail", id: "1", hash: [1]))
        }
    }
}

struct QuarantineTableTests {
    @Test func recordSeenAgainIsCounted_J15() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            try store.quarantine.note(feed: 1, key: "17", reason: "no id", at: 5)
            try store.quarantine.note(feed: 1, key: "18", reason: "no id", at: 6)
            try store.quarantine.note(feed: 1, key: "17", reason: "bad date", at: 7)
        }

        try store.read { () throws(StateError) in
            #expect(try store.quarantine.count() == 2)
            #expect(
                try store.quarantine.list(limit: 9) == [
                    QuarantineRow(feed: 1, key: "18", reason: "no id", firstAt: 6, lastAt: 6, times: 1),
                    QuarantineRow(feed: 1, key: "17", reason: "bad date", firstAt: 5, lastAt: 7, times: 2),
                ])
        }
    }

    @Test func oldestGiveWayBeyondTheCapacity_J14() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for index in 0...QuarantineTable.capacity {
                try store.quarantine.note(feed: 1, key: "\(index)", reason: "", at: index)
            }
        }

        try store.read { () throws(StateError) in
            #expect(try store.quarantine.count() == QuarantineTable.capacity)
            #expect(try store.quarantine.list(limit: 1).first?.key == "\(QuarantineTable.capacity)")
        }
    }
}

struct EventTableTests {
    @Test func historyIsOfOneOrderAndGoesOnAfterAnEvent() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for (row, what) in [(1, "sent"), (2, "sent"), (1, "resolved")] as [(Int64, String)] {
                try store.events.append(
                    row: row, at: 5, what: what, httpStatus: 200, verdict: .applied, message: "ok", requestId: "r-1",
                    tookMs: 12)
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
