import Testing

@testable import FlxChannel

/// Which instant a version of a record bears: when it changed last, as far as it tells.
struct VersionInstantTests {
    private static func version(_ more: String, _ feed: Feed = .orders) throws -> Page.Version {
        try Page.Version(try parsed(#"{"id":1,"orderNumber":"A-1","sku":"S"\#(more)}"#), feed: feed, of: nil)
    }

    @Test func rowThatTellsOnlyWhenItWasMadeIsOfNoInstant() throws {
        #expect(try Self.version(#","insertedAt":"2026-01-31T11:00:00Z""#).updatedAt == 0)
        #expect(
            try Self.version(#","insertedAt":"2026-01-31T11:00:00Z","updatedAt":"2026-01-31T12:00:00Z""#).updatedAt
                == Instant(iso: "2026-01-31T12:00:00Z")?.ms)
        #expect(throws: (any Error).self) { try Self.version(#","insertedAt":"yesterday""#) }
    }

    @Test func contentOfAListingTellsAsWell() throws {
        let text = #","insertedAt":"2026-01-31T11:00:00Z","dynamicContentUpdatedAt":"2026-01-31T12:00:00Z""#

        #expect(try Self.version(text, .listings).updatedAt == Instant(iso: "2026-01-31T12:00:00Z")?.ms)
        #expect(try Self.version(text).updatedAt == 0)
    }
}
