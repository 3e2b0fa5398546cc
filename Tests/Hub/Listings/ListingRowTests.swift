import Testing

@testable import FlxChannel

struct ListingRowTests {
    @Test func variantTellsIdContentAndChannel() throws {
        let row = try read(
            #"{"id":17,"sku":"A","channelId":3,"updatedAt":"2026-01-31T12:00:00Z","dynamicContentUpdatedAt":"2026-01-31T11:00:00Z"}"#
        )

        #expect(row.id == "17")
        #expect(row.contentAt == Instant(iso: "2026-01-31T11:00:00Z"))
        #expect(row.pending == nil)
        #expect(row.variants.isEmpty)
    }

    /// A name more than there are places would never be found.
    @Test func everyNameThatTheChannelReadsHasAPlace() throws {
        let names = ListingFields.Name.allCases
        let text = "{" + names.map { "\"\($0.text)\":\($0.rawValue)" }.joined(separator: ",") + "}"
        let fields = ListingFields(of: try JSONDocument.parse(Array(text.utf8)).root)

        for name in names { #expect(fields.value(name)?.integer == Int64(name.rawValue)) }
        #expect(ListingFields.Places.count == names.count)
    }

    @Test func contentInstantIsThatOfTheFeed() throws {
        let text =
            #"{"id":1,"sku":"A","dynamicContentUpdatedAt":"2026-01-31T11:00:00Z","staticContentUpdatedAt":"2026-01-31T10:00:00Z"}"#

        #expect(try read(text).contentAt == Instant(iso: "2026-01-31T11:00:00Z"))
        #expect(try read(text, .listingsToPublish).contentAt == Instant(iso: "2026-01-31T10:00:00Z"))
        #expect(
            try read(#"{"id":1,"sku":"A","updatedAt":"2026-01-31T09:00:00Z"}"#).contentAt == Instant(iso: "2026-01-31T09:00:00Z"))
        #expect(try read(#"{"id":1,"sku":"A"}"#).contentAt == nil)
        #expect(
            try read(#"{"id":1,"sku":"A","updatedAt":"2026-01-31T09:00:00Z"}"#, .listingsToPublish).contentAt == nil,
            "an answer moves it")
    }

    @Test(arguments: [
        #"{"id":1,"sku":"A","changeToListingStatus":{"id":3,"handle":"hidden"}}"#,
        #"{"id":1,"sku":"A","changeToListingStatus":"hidden"}"#,
        #"{"id":1,"sku":"A","parent":{"changeToListingStatus":{"handle":"hidden"}}}"#,
        #"{"id":1,"sku":"A","changeToListingStatus":null,"parent":{"changeToListingStatus":{"handle":"hidden"}}}"#,
        #"{"id":1,"sku":"A","changeToListingStatus":{"handle":"hidden"},"parent":{"changeToListingStatus":{"handle":"listed"}}}"#,
        #"{"id":1,"sku":"A","changeToListingStatus":{"id":null,"handle":null},"parent":{"changeToListingStatus":{"handle":"hidden"}}}"#,
    ])
    func queuedChangeIsFoundOnTheVariantAndOnItsParent(_ text: String) throws {
        let row = try read(text)

        #expect(row.pending == "hidden")
        #expect(ListingRow.mustBeNamed(row.pending))
    }

    @Test(arguments: [
        #"{"id":1,"sku":"A","changeToListingStatus":null}"#, #"{"id":1,"sku":"A","changeToListingStatus":{}}"#,
        #"{"id":1,"sku":"A","changeToListingStatus":{"handle":""}}"#, #"{"id":1,"sku":"A","parent":null}"#,
        #"{"id":1,"sku":"A","parent":{}}"#, #"{"id":1,"sku":"A","listingStatus":{"handle":"hidden"}}"#,
    ])
    func nothingQueuedIsNothingPending(_ text: String) throws {
        #expect(try read(text).pending == nil)
    }

    /// An answer without an error would confirm it.
    @Test(arguments: [
        (#"{"id":1,"sku":"A","changeToListingStatus":{"id":3,"name":"Hidden"}}"#, "/changeToListingStatus"),
        (#"{"id":1,"sku":"A","changeToListingStatus":[{"handle":"hidden"}]}"#, "/changeToListingStatus"),
        (#"{"id":1,"sku":"A","changeToListingStatus":3}"#, "/changeToListingStatus"),
        (#"{"id":1,"sku":"A","parent":{"changeToListingStatus":{"id":3}}}"#, "/parent/changeToListingStatus"),
    ])
    func changeThatCannotBeReadIsNotNone(_ text: String, _ path: String) throws {
        do {
            _ = try read(text)
            Issue.record("read: \(text)")
        } catch { #expect((error as? Fault)?.path == path) }
    }

    @Test func changeOfAVariantThatCannotBeReadIsNotNone() throws {
        let text = #"{"id":7,"sku":"P","variants":[{"id":70},{"id":71,"changeToListingStatus":{"name":"Hidden"}}]}"#
        do {
            _ = try read(text, .listingsToPublish)
            Issue.record("read: \(text)")
        } catch { #expect((error as? Fault)?.path == "/variants/1/changeToListingStatus") }
    }

    @Test func parentNamesItsVariants() throws {
        let row = try read(#"{"id":7,"sku":"P","variants":[{"id":70},{"id":"71"},{"sku":"x"},{"id":1.5},7]}"#, .listingsToPublish)

        #expect(row.variants.map { $0.id } == ["70", "71"])
        #expect(try read(#"{"id":7,"sku":"P","variants":null}"#, .listingsToPublish).variants.isEmpty)
    }

    @Test func queuedChangeOfAVariantIsItsOwn() throws {
        let row = try read(
            #"{"id":7,"sku":"P","changeToListingStatus":{"handle":"listed"},"variants":[{"id":70,"changeToListingStatus":{"handle":"hidden"}},{"id":71,"changeToListingStatus":null},{"id":72,"changeToListingStatus":"delisted"}]}"#,
            .listingsToPublish)

        #expect(row.pending == "listed")
        #expect(row.variants.map { $0.pending } == ["hidden", nil, "delisted"])
    }

    @Test(arguments: [
        #"{"sku":"A"}"#, #"{"id":null,"sku":"A"}"#, #"{"id":1.0,"sku":"A"}"#, #"{"id":1e3,"sku":"A"}"#, #"{"id":-1,"sku":"A"}"#,
        #"{"id":9223372036854775808,"sku":"A"}"#, #"{"id":true,"sku":"A"}"#, #"{"id":{},"sku":"A"}"#, #"{"id":"","sku":"A"}"#,
        #"{"id":"1x","sku":"A"}"#, #"{"id":"01","sku":"A"}"#,
    ])
    func j06RecordWithoutAnExactIdIsSetAside(_ text: String) throws {
        #expect(try fault(text)?.path == "/id")
    }

    @Test(arguments: [
        ("9007199254740993", "9007199254740993"), ("9223372036854775807", "9223372036854775807"), (#""17""#, "17"), ("0", "0"),
    ])
    func j06ExactIdIsKeptDigitByDigit(_ id: String, _ text: String) throws {
        #expect(try read(#"{"id":\#(id),"sku":"A"}"#).id == text)
    }

    @Test(arguments: [
        (#"{"id":1}"#, "/sku"), (#"{"id":1,"sku":null}"#, "/sku"), (#"{"id":1,"sku":7}"#, "/sku"), ("7", ""), ("[]", ""),
    ])
    func j09RecordWithoutWhatItMustHaveIsSetAside(_ text: String, _ path: String) throws {
        #expect(try fault(text)?.path == path)
    }

    @Test(arguments: ["\"2026-01-31\"", "\"2026-01-31T12:00:00\"", "\"2026-02-30T12:00:00Z\"", "\"\"", "1769860800", "{}"])
    func j10UnclearInstantIsSetAside(_ instant: String) throws {
        #expect(try fault(#"{"id":1,"sku":"A","dynamicContentUpdatedAt":\#(instant)}"#)?.path == "/dynamicContentUpdatedAt")
        #expect(try fault(#"{"id":1,"sku":"A","updatedAt":\#(instant)}"#)?.path == "/updatedAt")
    }

    private func read(_ text: String, _ feed: Feed = .listingsToSync) throws -> ListingRow {
        try ListingRow.read(parsed(text), feed: feed)
    }

    private func fault(_ text: String) throws -> Fault? {
        let record = try parsed(text)
        do throws(Fault) {
            _ = try ListingRow.read(record, feed: .listingsToSync)
            return nil
        } catch { return error }
    }
}
