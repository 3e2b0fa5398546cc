import CFlxChannel
import Testing

@testable import FlxChannel

/// What is older than `state.keep_days` is forgotten, and nothing comes twice or is lost because of that.
struct RetentionTests {
    private static let day: Int64 = 86_400_000

    private func settings(_ values: [String: String] = [:]) throws -> Settings {
        try Settings(
            values.merging(["channel": "shop", "state_dir": "/tmp"]) { given, _ in given }, token: Secret(text: HubRig.token))
    }

    @Test func cursorInItsFirstWalkForgetsNothing() throws {
        let retention = Retention(try settings())
        #expect(retention.versions(of: CursorNote(origin: nil), at: Instant(ms: 900 * Self.day), now: 1000 * Self.day) == nil)
    }

    @Test func nothingIsForgottenThatTheCursorHasNotPassed() throws {
        var note = CursorNote(origin: nil)
        note.reconciledAt = 1
        let retention = Retention(try settings(["state.keep_days": "60"]))
        let now = 1000 * Self.day
        #expect(retention.versions(of: note, at: Instant(ms: 990 * Self.day), now: now) == 940 * Self.day)
        #expect(retention.versions(of: note, at: Instant(ms: 500 * Self.day), now: now) == 500 * Self.day - 120_000)
        #expect(retention.versionsForgotten(of: note, at: 990 * Self.day, now: now) == 939 * Self.day)
        #expect(retention.versionsForgotten(of: note, at: nil, now: now) == nil)
    }

    @Test func reconciliationReadsNoFurtherBackAndItsBoundRests() throws {
        let retention = Retention(try settings(["state.keep_days": "60"]))
        let bounds = (1000..<1030).map { retention.reconciled(from: CursorNote(origin: nil), now: $0 * Self.day + 7)?.ms ?? 0 }
        #expect(Set(bounds).count <= 2)
        #expect(bounds.allSatisfy { (910 * Self.day...970 * Self.day).contains($0) })
        #expect(retention.reconciled(from: CursorNote(origin: 990 * Self.day), now: 1000 * Self.day)?.ms == 990 * Self.day)
    }

    /// A hub that shows everything since ever, whatever it is asked for, and a state that forgot the oldest of it.
    @Test func whatIsForgottenDoesNotComeAgainAndWhatChangesDoes() throws {
        let rows = Box([#"{"id":1,"updatedAt":"2020-01-31T11:00:00Z"}"#, #"{"id":2,"updatedAt":"2026-01-31T11:00:00Z"}"#])
        let rig = HubRig { .onlyPage(rows.value.joined(separator: ","), of: $0) }
        let client = try rig.client()
        func walked() throws -> [[String]] {
            let pull = try client.open(.shipments)
            defer { pull.close() }
            return try pull.pages().map { page in
                try pull.commit(page)
                return page.ids
            }
        }
        func versions() throws -> Int64 {
            try client.state { () throws(StateError) in
                try client.store.read { () throws(StateError) in try client.store.versions.count() }
            }
        }
        #expect(try walked() == [["1", "2"]])
        #expect(try versions() == 2)
        _ = try client.flushNow(0)
        #expect(try versions() == 1)
        #expect(try walked() == [])
        try client.readInFull(.shipments, hoursAgo: 25)
        let before = rig.requests.count
        #expect(try walked() == [])
        #expect(rig.requests.count > before + 2)

        rows.value[0] = #"{"id":1,"updatedAt":"2026-01-31T11:30:00Z"}"#
        #expect(try walked() == [["1"]])
        client.close()
    }
}
