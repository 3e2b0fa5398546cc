import CFlxChannel
import Testing

@testable import FlxChannel

/// Records whose answer could hide a change, because no instant tells it, are read once more (decision 16).
struct RereadTests {
    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func changeThatTheAnswerHidComesAgainOnce(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()

        #expect(try hub.pull(client, answering: true) == [["7", "8"]])
        hub.record.value = hub.named("New")
        try client.flushNow()
        #expect(hub.rig.writes.count == 1)
        #expect(!hub.rig.written(0).contains("syncedAt"))
        #expect(try hub.pull(client, answering: false) == [["7"]])
        #expect(try hub.pull(client, answering: true) == [["7"]], "the host did not answer it, as after a crash")
        hub.record.value = hub.named("Newer")
        try client.flushNow()
        #expect(try hub.pull(client, answering: true).isEmpty, "once")
        client.close()
    }

    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func whatTheAnswerItselfChangesIsNoChange(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()

        #expect(try hub.pull(client, answering: true) == [["7", "8"]])
        hub.record.value = hub.named(
            "Old", #","externalListingId":"P7","syncError":null,"publishError":null,"updatedAt":"2026-01-31T12:00:00Z""#)
        try client.flushNow()
        #expect(try hub.pull(client, answering: true).isEmpty)
        #expect(hub.rereads == 1)
        #expect(try hub.pull(client, answering: true).isEmpty)
        #expect(hub.rereads == 1)
        client.close()
    }

    @Test func statusThatASyncAnswerConfirmedUnseenIsAChangeButThatOfAPublishIsNot() throws {
        for (feed, expected) in [(Feed.listingsToSync, [["7"]]), (.listingsToPublish, [])] {
            let hub = QueueWithoutInstants(feed)
            let client = try hub.rig.client()
            _ = try hub.pull(client, answering: true)
            hub.record.value = hub.named("Old", #","listingStatus":{"handle":"hidden"}"#)
            try client.flushNow()
            #expect(try hub.pull(client, answering: false) == expected)
            client.close()
        }
    }

    /// `updatedAt` moves with each answer: it does not tell whether the content changed.
    @Test func parentWithUpdatedAtAloneIsJudgedByItsContent() throws {
        let hub = QueueWithoutInstants(.listingsToPublish, date: HubRig.date)
        hub.record.value = hub.named("Old", #","updatedAt":"2026-01-31T10:00:00Z""#)
        let client = try hub.rig.client()

        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("Old", #","updatedAt":"2026-01-31T12:30:00Z""#)
        try client.flushNow()
        #expect(try hub.pull(client, answering: true).isEmpty)
        let bound = hub.rig.requests.compactMap { $0.query["updatedAfter"] }.first
        #expect(bound?.hasPrefix("2026-01-31T11:59:5") == true)
        client.close()
    }

    @Test func syncAnswerWithAnInstantNeedsNoSecondReading() throws {
        for (date, instant) in [(HubRig.date, ""), (nil, #","updatedAt":"2026-01-31T10:00:00Z""#)] {
            let hub = QueueWithoutInstants(.listingsToSync, date: date)
            hub.record.value = hub.named("Old", instant)
            hub.other.value = #"{"id":8,"sku":"Q"\#(instant)}"#
            let client = try hub.rig.client()

            _ = try hub.pull(client, answering: true)
            try client.flushNow()
            _ = try hub.pull(client, answering: true)
            #expect(hub.rereads == 0)
            client.close()
        }
    }
}

/// A hub whose queue has records 7 and 8 until the first write.
private final class QueueWithoutInstants: Sendable {
    let record = Box("")
    let other = Box(#"{"id":8,"sku":"Q"}"#)
    let rig: HubRig
    private let feed: Feed

    init(_ feed: Feed, date: String? = nil) {
        self.feed = feed
        let isQueued = Box(true)
        let (record, other) = (record, other)
        rig = HubRig { request in
            if request.isWrite { isQueued.value = false }
            let isQueue = request.query["sync"] == "true" || request.query["publish"] == "true"
            let isEmpty = request.isWrite || request.page != 1 || (isQueue && !isQueued.value)
            return .reply(isEmpty ? "[]" : "[\(record.value),\(other.value)]", date: date)
        }
        record.value = named("Old")
    }

    func named(_ title: String, _ more: String = "") -> String {
        #"{"id":7,"sku":"P","title":"\#(title)"\#(more),"variants":[{"id":70\#(more)}]}"#
    }

    /// Walks that were not of the queue.
    var rereads: Int {
        rig.requests.count { !$0.isWrite && $0.page == 1 && $0.query["sync"] == nil && $0.query["publish"] == nil }
    }

    /// The ids of each page of a pull to its end.
    func pull(_ client: Client, answering: Bool) throws -> [[String]] {
        let pull = try client.open(feed)
        defer { pull.close() }
        let pages = try pull.pages()
        for page in pages where answering {
            try client.acknowledge(page, "[\(page.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]")
        }
        return pages.map { $0.ids }
    }
}
