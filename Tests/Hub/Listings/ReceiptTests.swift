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
                Receipt.Row(
                    id: "9007199254740993", isHeld: true, pending: "hidden", contentAt: content,
                    variants: [Self.variant("70", "delisted"), Self.variant("71"), Self.variant("72", "listed")]),
                Receipt.Row(id: "8", isHeld: false, pending: nil, contentAt: nil, variants: []),
                Receipt.Row(
                    id: "9", isHeld: false, pending: nil, contentAt: nil, variants: [Self.variant("90", "hidden")],
                    fingerprint: "abc"),
            ])

        let read = try #require(Receipt.read(receipt.text(key: Self.key), key: Self.key))

        #expect(read.feed == .listingsToPublish)
        #expect(read.fetchInstant == fetched)
        #expect(read.rows.map { $0.id } == ["9007199254740993", "8", "9"])
        let held = try #require(read.row("9007199254740993"))
        #expect(held.isHeld)
        #expect(held.pending == "hidden")
        #expect(held.contentAt == content)
        #expect(held.variants == [Self.variant("70", "delisted"), Self.variant("71"), Self.variant("72", "listed")])
        #expect(held.fingerprint == nil)
        let plain = try #require(read.row("8"))
        #expect(!plain.isHeld)
        #expect(plain.pending == nil)
        #expect(plain.contentAt == nil)
        #expect(plain.variants.isEmpty)
        let printed = try #require(read.row("9"))
        #expect(printed.fingerprint == "abc")
        #expect(printed.variants == [Self.variant("90", "hidden")])
        #expect(read.row("10") == nil)
    }

    @Test func skuAndReadingsStandBesideTheRest() throws {
        let sku = "A.B\"\\é,1"
        let rows = [
            Receipt.Row(
                id: "7", isHeld: false, pending: nil, contentAt: nil, variants: [Self.variant("70")], fingerprint: "abc", sku: sku,
                rereads: 3),
            Receipt.Row(id: "8", isHeld: false, pending: nil, contentAt: nil, variants: [Self.variant("80", "hidden")], sku: "B"),
        ]
        let text = Receipt(feed: .listingsToPublish, fetchInstant: nil, rows: rows).text(key: Self.key)
        let read = try #require(Receipt.read(text, key: Self.key))

        #expect(read.rows.map { $0.sku } == [sku, "B"])
        #expect(read.rows.map { $0.rereads } == [3, 0])
        #expect(read.rows.map { $0.fingerprint } == ["abc", nil])
        #expect(read.rows.map { $0.variants } == rows.map { $0.variants })
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
        let row = Receipt.Row(id: "1", isHeld: false, pending: "a.b\"\\\n.flx1.é", contentAt: nil, variants: [])
        let text = Receipt(feed: .listingsToSync, fetchInstant: nil, rows: [row]).text(key: Self.key)

        #expect(Receipt.read(text, key: Self.key)?.row("1")?.pending == row.pending)
    }

    /// As releases wrote it that did not know of variants with a queued change.
    @Test func receiptOfAnOlderReleaseIsRead() throws {
        let body = #"{"feed":"listings_to_publish","at":"2026-01-31T12:00:00Z","rows":[[7,0,"hidden","",70,71],[8,1,"",""]]}"#

        let row = try #require(Receipt.read(Self.sealed(body), key: Self.key)?.row("7"))
        #expect(row.pending == "hidden")
        #expect(row.variants == [Self.variant("70"), Self.variant("71")])
        #expect(row.fingerprint == nil)
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
        #expect(ListingRow.mustBeNamed(pending) == needs)
    }

    private static var some: Receipt {
        Receipt(
            feed: .listingsToSync, fetchInstant: Instant(iso: "2026-01-31T12:00:00Z"),
            rows: [Receipt.Row(id: "17", isHeld: false, pending: nil, contentAt: nil, variants: [])])
    }

    private static func variant(_ id: String, _ pending: String? = nil) -> ListingRow.Variant {
        ListingRow.Variant(id: id, pending: pending)
    }

    private static func sealed(_ body: String) -> String {
        "flx1.\(Text.hex(Array(SHA256.hmac(key: key, Array(body.utf8)).prefix(16)))).\(body)"
    }
}
