import Testing

@testable import FlxChannel

struct ReceiptTests {
    static let key = [UInt8](repeating: 7, count: 32)

    @Test func receiptReadsBackAsItWasWritten() throws {
        let fetched = try #require(Instant(iso: "2026-01-31T12:00:00Z"))
        let content = try #require(Instant(iso: "2026-01-31T11:00:00Z"))
        let receipt = Receipt(
            feed: .listingsToPublish, fetchInstant: fetched,
            rows: [
                Receipt.Row(id: "9007199254740993", isHeld: true, pending: "hidden", contentAt: content, variantIds: ["70", "71"]),
                Receipt.Row(id: "8", isHeld: false, pending: nil, contentAt: nil, variantIds: []),
            ])

        let read = try #require(Receipt.read(receipt.text(key: Self.key), key: Self.key))

        #expect(read.feed == .listingsToPublish)
        #expect(read.fetchInstant == fetched)
        #expect(read.rows.map { $0.id } == ["9007199254740993", "8"])
        let held = try #require(read.row("9007199254740993"))
        #expect(held.isHeld)
        #expect(held.pending == "hidden")
        #expect(held.contentAt == content)
        #expect(held.variantIds == ["70", "71"])
        let plain = try #require(read.row("8"))
        #expect(!plain.isHeld)
        #expect(plain.pending == nil)
        #expect(plain.contentAt == nil)
        #expect(plain.variantIds.isEmpty)
        #expect(read.row("9") == nil)
    }

    @Test(arguments: Feed.all)
    func receiptNamesItsFeed(_ feed: Feed) {
        let text = Receipt(feed: feed, fetchInstant: nil, rows: []).text(key: Self.key)

        #expect(Receipt.read(text, key: Self.key)?.feed == feed)
        #expect(Receipt.read(text, key: Self.key)?.rows.isEmpty == true)
    }

    @Test func hubWithoutAClockLeavesNoFetchInstant() throws {
        let text = Receipt(feed: .listingsToSync, fetchInstant: nil, rows: []).text(key: Self.key)

        #expect(try #require(Receipt.read(text, key: Self.key)).fetchInstant == nil)
    }

    @Test func handleWithEveryKindOfCharacterSurvives() {
        let row = Receipt.Row(id: "1", isHeld: false, pending: "a.b\"\\\n.flx1.é", contentAt: nil, variantIds: [])
        let text = Receipt(feed: .listingsToSync, fetchInstant: nil, rows: [row]).text(key: Self.key)

        #expect(Receipt.read(text, key: Self.key)?.row("1")?.pending == row.pending)
    }

    @Test func receiptOfAnotherChannelIsNone() {
        let text = Self.some.text(key: Self.key)

        #expect(Receipt.read(text, key: [UInt8](repeating: 8, count: 32)) == nil)
    }

    @Test func editedReceiptIsNone() {
        let bytes = Array(Self.some.text(key: Self.key).utf8)

        for index in bytes.indices {
            var edited = bytes
            edited[index] = edited[index] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            #expect(Receipt.read(String(decoding: edited, as: UTF8.self), key: Self.key) == nil, "byte \(index)")
        }
    }

    @Test func cutOrLongerReceiptIsNone() {
        let text = Self.some.text(key: Self.key)

        for count in 0..<text.count { #expect(Receipt.read(String(text.prefix(count)), key: Self.key) == nil, "\(count)") }
        #expect(Receipt.read(text + " ", key: Self.key) == nil)
        #expect(Receipt.read(text + text, key: Self.key) == nil)
    }

    @Test(arguments: ["", ".", "..", "flx1", "flx1..", "flx1.00.{}", "nonsense", "flx2.00.{}"])
    func nonsenseIsNoReceipt(_ text: String) {
        #expect(Receipt.read(text, key: Self.key) == nil)
    }

    @Test(arguments: [
        ("hidden", true), ("delisted", true), ("listed", true), ("published", false), ("overwrite_data", false), (nil, false),
    ])
    func whatThePublishItselfDoesNeedsNoConfirmation(_ pending: String?, _ needs: Bool) {
        #expect(Receipt.Row(id: "1", isHeld: false, pending: pending, contentAt: nil, variantIds: []).needsConfirmation == needs)
    }

    private static var some: Receipt {
        Receipt(
            feed: .listingsToSync, fetchInstant: Instant(iso: "2026-01-31T12:00:00Z"),
            rows: [Receipt.Row(id: "17", isHeld: false, pending: nil, contentAt: nil, variantIds: [])])
    }
}
