import Testing

@testable import FlxChannel

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
