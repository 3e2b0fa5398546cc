import Testing

@testable import FlxChannel

/// Records whose answer could hide a change, because no instant tells it, are read once more (decision 16).
struct RereadTests {
    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func changeThatTheAnswerHidComesAgainUntilItIsAnswered(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()

        #expect(try hub.pull(client, answering: true) == [["7", "8"]])
        hub.record.value = hub.named("New")
        try client.flushNow()
        #expect(hub.rig.writes.count == 1)
        #expect(!hub.rig.written(0).contains("syncedAt"))
        try client.passRereads()
        #expect(try hub.pull(client, answering: false) == [["7"]])
        #expect(try hub.pull(client, answering: true) == [["7"]], "the host did not answer it, as after a crash")
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
        client.close()
    }

    /// The second answer hides a change as well as the first one.
    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func changeThatTheNextAnswerHidComesAgainToo(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)

        for title in ["New", "Newer", "Newest"] {
            hub.record.value = hub.named(title)
            try client.flushNow()
            try client.passRereads()
            #expect(try hub.pull(client, answering: true) == [["7"]], "\(title)")
        }
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
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
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
        #expect(hub.rereads == 1)
        try client.passRereads()
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
            try client.passRereads()
            #expect(try hub.pull(client, answering: false) == expected)
            client.close()
        }
    }

    /// Such as a hide in the second of the answer, which the hub did not take for confirmed.
    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func statusChangeThatWasQueuedUnseenComesAgain(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("Old", #","changeToListingStatus":{"handle":"hidden"}"#)
        try client.flushNow()
        try client.passRereads()

        let pull = try client.open(feed)
        let page = try #require(try pull.page())
        #expect(page.ids == ["7"])
        try client.acknowledge(
            page,
            #"[{"id":"7","confirm":"hidden","variants":[]}]"#.replacing(
                feed == .listingsToSync ? #","variants":[]"# : "-", with: ""))
        #expect(try pull.page() == nil)
        pull.close()
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: false).isEmpty, "it is the one that was answered")
        client.close()
    }

    /// `updatedAt` moves with each answer: it does not tell whether the content changed.
    @Test func parentWithUpdatedAtAloneIsJudgedByItsContent() throws {
        let hub = QueueWithoutInstants(.listingsToPublish, date: HubRig.date)
        hub.record.value = hub.named("Old", #","updatedAt":"2026-01-31T10:00:00Z""#)
        let client = try hub.rig.client()

        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("Old", #","updatedAt":"2026-01-31T12:30:00Z""#)
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
        #expect(hub.rereads == 1)
        client.close()
    }

    // MARK: which answers hide something

    @Test func syncAnswerClaimsNoMoreThanWasSeenAndIsReadAgainOnlyWhereItsSecondIsInDoubt() throws {
        let fetched = "2026-01-31T11:59:5"  // 12:00:00 less the second of the request and one for safety
        let cases: [(date: String?, instant: String, rereads: Int, claim: String)] = [
            (HubRig.date, #","dynamicContentUpdatedAt":"2026-01-31T10:00:00Z""#, 0, fetched),
            (HubRig.date, #","updatedAt":"2026-01-31T10:00:00Z""#, 0, fetched),
            (HubRig.date, "", 0, fetched),
            (HubRig.date, #","updatedAt":"2026-01-31T11:59:57Z""#, 1, "2026-01-31T11:59:57Z"),
            (nil, #","updatedAt":"2026-01-31T10:00:00Z""#, 1, "2026-01-31T10:00:00Z"),
            (nil, "", 1, ""),
        ]
        for one in cases {
            let hub = QueueWithoutInstants(.listingsToSync, date: one.date)
            hub.record.value = hub.named("Old", one.instant)
            hub.other.value = #"{"id":8,"sku":"Q"\#(one.instant)}"#
            let client = try hub.rig.client()

            _ = try hub.pull(client, answering: true)
            try client.flushNow()
            try client.passRereads()
            _ = try hub.pull(client, answering: true)
            #expect(hub.rereads == one.rereads, "\(one)")
            #expect(
                hub.rig.written(0).contains(#""syncedAt":"\#(one.claim)"#) != one.claim.isEmpty, "\(one): \(hub.rig.written(0))")
            if one.claim == fetched { #expect(!hub.rig.written(0).contains("11:59:57"), "four seconds may be shown late") }
            client.close()
        }
    }

    @Test func changeInTheSecondOfItsInstantIsFoundByItsContent() throws {
        let stamp = #","dynamicContentUpdatedAt":"2026-01-31T11:59:57Z""#
        let hub = QueueWithoutInstants(.listingsToSync, date: HubRig.date)
        hub.record.value = hub.named("Old", stamp)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("New", stamp)
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true) == [["7"]])
        hub.record.value = hub.named("What an answer changes", stamp)
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty, "that second was over when it was read last")
        client.close()
    }

    @Test func heldParentIsReadAgainToo() throws {
        let stamp = #","staticContentUpdatedAt":"2026-01-31T12:00:00Z""#
        let hub = QueueWithoutInstants(.listingsToPublish, date: HubRig.date)
        hub.record.value = hub.named("Old", stamp)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        #expect(try client.verdicts()["7"] == "held")
        try client.flushNow()
        try client.passRereads()
        hub.record.value = hub.named("New", stamp)
        #expect(try hub.pull(client, answering: true) == [["7"]])
        try client.flushNow()
        #expect(try client.verdicts()["7"] == "applied", "it is in no queue, so that its answer must go")
        client.close()
    }

    // MARK: when

    @Test func readingThatIsNotDueIsLeftToALaterPullAndNeverForgotten() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client(["feeds.late_s": "0"])
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("New")
        try client.flushNow()
        let answeredAt = Clock.monotonicMs()

        #expect(try hub.pull(client, answering: false).isEmpty, "a pull does not wait for it")
        #expect(hub.rereads == 0)
        client.close()
        let next = try hub.rig.client(["feeds.late_s": "0"])
        while hub.rereads == 0, Clock.monotonicMs() < answeredAt + 5000 {
            if try hub.pull(next, answering: false) == [["7"]] { break }
        }
        #expect(hub.rereads == 1)
        #expect(Clock.monotonicMs() >= answeredAt + 1000, "the second of the answer is over then, whatever the hub's clock")
        next.close()
    }

    @Test(arguments: [("0", 1), ("4", 5), ("60", 61)])
    func readingIsDueASecondAndTheLatenessAfterTheReply(_ lateS: String, _ seconds: Int64) throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client(["feeds.late_s": lateS])
        _ = try hub.pull(client, answering: true)
        let before = Clock.bootMs()
        try client.flushNow()

        let due = try hub.due(client)
        #expect(due.count == 2)
        for at in due { #expect((before + seconds * 1000...Clock.bootMs() + seconds * 1000 + 200).contains(at)) }
        client.close()
    }

    /// A machine whose boot clock stood still, such as one in a snapshot, or a hub whose time is moved on by a test.
    @Test func readingIsDueWhenTheHubsOwnClockHasMovedOn() throws {
        let hub = QueueWithoutInstants(.listingsToPublish, date: HubRig.date)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        try client.flushNow()
        client.close()
        hub.record.value = hub.named("New")

        for (date, rereads) in [("Sat, 31 Jan 2026 12:00:04 GMT", 0), ("Sat, 31 Jan 2026 12:01:00 GMT", 1)] {
            hub.date.value = date
            let next = try hub.rig.client()  // it hears of the hub's time anew, and believes it the second time
            next.clock.forget()
            for _ in 0..<2 { _ = try hub.pull(next, answering: false) }
            #expect(hub.rereads == rereads, "\(date)")
            next.close()
        }
    }

    @Test func hubThatWasSeenToBeLateIsGivenTwiceThatTime() throws {
        let hub = QueueWithoutInstants(.listingsToPublish, date: HubRig.date)
        hub.record.value = hub.named("Old", #","staticContentUpdatedAt":"2026-01-31T10:00:00Z""#)
        let client = try hub.rig.client()
        #expect(try client.lateMs() == 4000)
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("New", #","staticContentUpdatedAt":"2026-01-31T11:59:30Z""#)  // 28 s before the fetch
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true) == [["7"]])

        let late = try client.lateMs()
        #expect((56_000...62_000).contains(late))
        try client.flushNow()
        #expect(try hub.due(client).allSatisfy { $0 > Clock.bootMs() + late })
        client.close()
    }

    /// A hub that changes something of a record with each answer, and tells no instant, must not make it come all the time.
    @Test func recordThatComesByReadingsAloneWaitsLongerAndLonger() {
        let waits = (0...30).map { RereadDue.after($0, lateMs: 4000, now: 0) }

        #expect(Array(waits[0...8]) == Array(repeating: 5100, count: 9))
        #expect(waits[9] == 10_200)
        #expect(waits == waits.sorted())
        #expect(waits.last == 3_600_000)
        #expect(RereadDue.after(Int64.max, lateMs: Int64.max, now: 5) < 30_000_000_000)
    }

    /// A host that closes its pulls before their end would never come to it.
    @Test func overdueReadingsComeBeforeTheQueue() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        try client.flushNow()
        hub.record.value = hub.named("New")
        hub.isQueued.value = true
        try client.passRereads()
        let pull = try client.open(.listingsToPublish)
        #expect(try pull.page()?.ids == ["7"], "what changed")
        #expect(hub.rig.requests.last?.isReread == true)
        #expect(try pull.pages().map { $0.ids } == [["8"]], "what the queue still has")
        #expect(hub.rereads == 1)
        pull.close()
        client.close()
    }

    @Test func queueDoesNotWaitForReadingsAtWhichTheHubFails() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client(["pull.give_up_ms": "1000"])
        client.jitter = { _ in 0 }
        _ = try hub.pull(client, answering: true)
        try client.flushNow()
        hub.names.value = "failed"
        hub.isQueued.value = true
        try client.passRereads()
        let pull = try client.open(.listingsToPublish)

        var page: Page?
        let end = Deadline.after(ms: 60_000)
        while page == nil, !end.isOver {
            try hub.rig.openRateLimit()
            if case .page(let given) = try pull.next(by: .after(ms: 300)) { page = given }
        }
        #expect(page?.ids == ["7", "8"])
        pull.close()
        client.close()
    }
}
