import Testing

@testable import FlxChannel

struct ReconciliationTests {
    private static let hourMs: Int64 = 3_600_000
    private static let now: Int64 = 1_770_000_000_000

    /// What is due now for a cursor, every 24 hours.
    private static func due(
        at cursor: Int64? = now, every hours: Int64 = 24, pageSize: Int64 = 100, _ change: (inout CursorNote) -> Void = { _ in }
    ) throws -> Reconciliation? {
        var note = CursorNote(origin: now - 1000 * hourMs)
        note.reconciledAt = now - 25 * hourMs
        change(&note)
        let row = CursorRow(feed: Feed.orders.rawValue, name: "default", at: cursor, note: note.text, movedAt: 0)
        let settings = try Settings(
            ["channel": "shop", "state_dir": "/nowhere", "origin": "http://127.0.0.1:1"], token: Secret(text: "t"))
        let retention = Retention(settings)
        let spec = PullSpec(cursor: "default", since: nil, pageSize: pageSize, filters: [])
        let start = CursorStart(row, spec, leastOverlapMs: 0, retention, now: now)
        return Reconciliation.due(after: start, start.note, everyHours: hours, retention, now: now)
    }

    @Test func reconciliationIsDueOnceItsTimeHasCome() throws {
        #expect(try Self.due() == Reconciliation(origin: Instant(ms: Self.now - 1000 * Self.hourMs), firstPage: 1))
        #expect(try Self.due { $0.reconciledAt = Self.now - 23 * Self.hourMs } == nil)
        #expect(try Self.due { $0.reconciledAt = Self.now + Self.hourMs } != nil, "the clock was set back")
        #expect(try Self.due { $0.reconciledAt = nil } == nil, "the first walk is one itself")
        #expect(try Self.due(every: 0) == nil, "the host wants none")
        #expect(try Self.due(at: nil) == nil)
    }

    @Test func reconciliationGoesOnWhereAnEarlierPullLeftIt() throws {
        let left: (inout CursorNote) -> Void = { ($0.reconciledPage, $0.reconciledPageSize) = (50, 100) }

        #expect(try Self.due(left)?.firstPage == 51)
        #expect(try Self.due(pageSize: 20, left)?.firstPage == 1, "pages are of another size now (P-16)")
    }

    @Test func reconciliationReadsNothingThatIsForgotten() throws {
        let origin = try #require(try Self.due { $0.origin = 0 }?.origin)

        #expect((730 * 24...760 * 24).contains((Self.now - origin.ms) / Self.hourMs))
    }
}
