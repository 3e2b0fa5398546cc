import CFlxChannel
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

    // MARK: how it is asked for

    @Test(arguments: [Feed.listingsToSync, .listingsToPublish])
    func answeredPageIsReadAgainWithOneRequestByItsNames(_ feed: Feed) throws {
        let hub = QueueWithoutInstants(feed)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true, spec: #"{"includeOptions":false,"skus":["P","Q"]}"#)
        try client.flushNow()
        try client.passRereads()
        _ = try hub.pull(client, answering: true, spec: #"{"includeOptions":false,"skus":["no such"]}"#)

        let asked = hub.rig.requests.filter { $0.isReread }
        #expect(asked.count == 1)
        #expect(
            asked.first?.values(feed == .listingsToSync ? "ids" : "skus").sorted()
                == (feed == .listingsToSync ? ["7", "8"] : ["P", "Q"]))
        #expect(asked.first?.query["includeOptions"] == "false")
        #expect(asked.first?.query["updatedAfter"] == nil)
        client.close()
    }

    @Test func parentThatNoListNamesIsReadAlone() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        hub.other.value = #"{"id":8,"sku":"A,B"}"#
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("New").replacing(#""sku":"P""#, with: #""sku":"Renamed""#)
        hub.other.value = #"{"id":8,"sku":"A,B","title":"New"}"#
        try client.flushNow()
        try client.passRereads()

        #expect(try hub.pull(client, answering: true).flatMap { $0 }.sorted() == ["7", "8"])
        #expect(
            hub.rig.requests.filter { $0.isReread }.map { $0.path } == [
                "/listing/parents", "/listing/parents/7", "/listing/parents/8",
            ])
        try client.flushNow()
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
        client.close()
    }

    @Test func parentThatIsGoneIsReadNoMore() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        try client.flushNow()
        try client.passRereads()
        hub.isGone.value = true
        #expect(try hub.pull(client, answering: true).isEmpty)
        let asked = hub.rereads
        try client.passRereads()
        #expect(try hub.pull(client, answering: true).isEmpty)
        #expect(hub.rereads == asked)
        client.close()
    }

    @Test func variantThatIsMissingIsAskedForThriceBeforeItIsGone() throws {
        let hub = QueueWithoutInstants(.listingsToSync)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        try client.flushNow()
        hub.isGone.value = true
        for turn in 1...4 {
            try client.passRereads()
            #expect(try hub.pull(client, answering: true).isEmpty)
            #expect(hub.rig.requests.count { $0.isReread && $0.page == 1 } == min(turn, 3))
        }
        client.close()
    }

    /// It may be shown late, or be back.
    @Test func variantThatWasMissingOnceIsNotForgotten() throws {
        let hub = QueueWithoutInstants(.listingsToSync)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.record.value = hub.named("New")
        try client.flushNow()
        hub.isGone.value = true
        try client.passRereads()
        _ = try hub.pull(client, answering: true)
        hub.isGone.value = false
        try client.passRereads()
        #expect(try hub.pull(client, answering: true) == [["7"]])
        client.close()
    }

    @Test(arguments: [Feed.listingsToSync, .listingsToPublish], ["ignored", "refused"])
    func hubThatKnowsNoNamesIsAskedForAllThatChangedAndIsRemembered(_ feed: Feed, _ way: String) throws {
        let hub = QueueWithoutInstants(feed)
        hub.names.value = way
        func stamp(_ second: Int) -> String {
            #","staticContentUpdatedAt":"2026-01-31T11:59:4\#(second)Z","dynamicContentUpdatedAt":"2026-01-31T11:59:4\#(second)Z""#
        }
        let client = try hub.rig.client()
        hub.record.value = hub.named("Old", stamp(0))
        _ = try hub.pull(client, answering: true)
        var named: [Int] = []
        for turn in 1...3 {
            hub.record.value = hub.named("New \(turn)", stamp(turn))
            try client.flushNow()
            try client.passRereads()
            let before = hub.rig.requests.count
            #expect(try hub.pull(client, answering: true) == [["7"]], "\(turn)")
            let asked = hub.rig.requests.dropFirst(before).filter { $0.isReread }
            named.append(asked.count { !$0.values(feed == .listingsToSync ? "ids" : "skus").isEmpty })
            #expect(
                turn == 1 || asked.last?.query["updatedAfter"] == "2026-01-31T11:59:3\(4 + turn)Z", "5 s before what was answered")
        }

        #expect(named.last == 0, "once it was seen it is remembered")
        #expect(named.reduce(0, +) <= 2)
        client.close()
    }

    @Test func tokenThatMayNotReadAParentAloneReadsAllThatChanged() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        hub.other.value = #"{"id":8,"sku":"A,B"}"#
        hub.alone.value = "403 Forbidden"
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.other.value = #"{"id":8,"sku":"A,B","title":"New"}"#
        try client.flushNow()
        try client.passRereads()

        #expect(try hub.pull(client, answering: true) == [["8"]])
        client.close()
    }

    @Test func recordThatCannotBeReadNowIsSetAsideAndStaysMarked() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client()
        _ = try hub.pull(client, answering: true)
        hub.record.value = #"{"id":7,"sku":"P","price":"a lot"}"#
        try client.flushNow()
        try client.passRereads()
        let pull = try client.open(.listingsToPublish)
        let page = try #require(try pull.page())
        #expect(page.records.isEmpty)
        #expect(page.quarantined.map { $0.id } == ["7"])
        #expect(try pull.page() == nil)
        pull.close()

        hub.record.value = hub.named("New")
        try client.passRereads()
        #expect(try hub.pull(client, answering: true) == [["7"]])
        client.close()
    }

    @Test func manyAnsweredRecordsAreReadAPageAtATime() throws {
        let records = (1...230).map { #"{"id":\#($0),"sku":"S\#($0)"}"# }
        let isQueued = Box(true)
        let rig = HubRig { request in
            if request.isWrite { isQueued.value = false }
            let ids = Set(request.values("ids"))
            let found =
                request.isWrite || (request.isOfQueue && !isQueued.value)
                ? [] : records.enumerated().filter { ids.isEmpty || ids.contains("\($0.offset + 1)") }.map { $0.element }
            return .reply("[\(found.dropFirst(max(0, request.page - 1) * 100).prefix(100).joined(separator: ","))]", date: nil)
        }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        while let page = try pull.page() {
            try client.acknowledge(page, "[\(page.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]")
        }
        pull.close()
        try client.flushNow(5000)
        try client.passRereads()
        let again = try client.open(.listingsToSync)
        #expect(try again.pages().isEmpty)
        again.close()

        #expect(rig.requests.filter { $0.isReread }.map { $0.values("ids").count } == [100, 100, 30])
        #expect(Set(rig.requests.filter { $0.isReread }.flatMap { $0.values("ids") }).count == 230)
        client.close()
    }

    /// A page's answers go in several requests: what of it is due in a moment is read with the rest, so that it costs one.
    @Test func rowsThatAreDueInAMomentAreWaitedForByAnotherPull() throws {
        let hub = QueueWithoutInstants(.listingsToPublish)
        let client = try hub.rig.client(["answers.batch": "1"])
        _ = try hub.pull(client, answering: true)
        try client.flushNow(3000)
        #expect(try hub.due(client).count == 2)
        func put(_ atMs: [Int64]) throws {
            let now = Clock.bootMs()
            try client.state { () throws(StateError) in
                try client.store.write { () throws(StateError) in
                    let rows = try client.store.answers.rereads(
                        feed: 1, boot: Int64(bitPattern: Boot.id), dueBy: Int64.max, after: AnswerTable.RereadMark(), limit: 10)
                    for (row, at) in zip(rows, atMs) {
                        var row = row
                        row.rereadAt = now + at
                        try client.store.answers.save(row)
                    }
                }
            }
        }
        try put([-10, 800])
        _ = try hub.pull(client, answering: true)
        #expect(hub.rereads == 0)
        try put([-4000, 800])
        _ = try hub.pull(client, answering: true)
        #expect(hub.rereads == 1, "but not for ever")
        client.close()
    }
}

/// A hub whose queue has records 7 and 8 until the first write.
private final class QueueWithoutInstants: Sendable {
    let record = Box("")
    let other = Box(#"{"id":8,"sku":"Q"}"#)
    let isGone = Box(false)
    let isQueued = Box(true)
    /// What it does with ids and SKUs.
    let names = Box("known")
    /// The status with which it answers who reads one parent.
    let alone = Box("200 OK")
    let date: Box<String?>
    let rig: HubRig
    private let feed: Feed

    init(_ feed: Feed, date told: String? = nil) {
        self.feed = feed
        date = Box(told)
        let (record, other, isGone, isQueued, names, alone, date) = (record, other, isGone, isQueued, names, alone, date)
        rig = HubRig { request in
            let date = date.value
            if request.isWrite { isQueued.value = false }
            if request.path.hasPrefix("/listing/parents/") {
                if isGone.value { return .status("404 Not Found") }
                return .reply(request.path.hasSuffix("7") ? record.value : other.value, status: alone.value, date: date)
            }
            let wanted = Set(request.isOfQueue ? [] : request.values("ids") + request.values("skus"))
            if !wanted.isEmpty, names.value == "failed" { return .status("500 Oops") }
            if !wanted.isEmpty, names.value == "refused" { return .status("400 Bad Request", #"{"error":"unknown parameter"}"#) }
            let isEmpty = request.isWrite || request.page != 1 || (request.isOfQueue && !isQueued.value) || isGone.value
            let found = [record.value, other.value].filter { text in
                guard names.value == "known", !wanted.isEmpty, let row = try? parsed(text) else { return true }
                return wanted.contains(row.member("id")?.text ?? "") || wanted.contains(row.member("sku")?.string ?? "")
            }
            return .reply(isEmpty ? "[]" : "[\(found.joined(separator: ","))]", date: date)
        }
        record.value = named("Old")
    }

    func named(_ title: String, _ more: String = "") -> String {
        #"{"id":7,"sku":"P","title":"\#(title)"\#(more),"variants":[{"id":70\#(more)}]}"#
    }

    /// First pages of what was not asked of the queue.
    var rereads: Int { rig.requests.count { $0.isReread && $0.page <= 1 } }

    /// When its answered records are due, by the boot clock.
    func due(_ client: Client) throws -> [Int64] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.rereads(
                    feed: feed.rawValue, boot: Int64(bitPattern: Boot.id), dueBy: Int64.max, after: AnswerTable.RereadMark(),
                    limit: 10)
            }
        }.compactMap { $0.rereadAt }
    }

    /// The ids of each page of a pull to its end.
    func pull(_ client: Client, answering: Bool, spec: String? = nil) throws -> [[String]] {
        let pull = try client.open(feed, spec)
        defer { pull.close() }
        let pages = try pull.pages()
        for page in pages where answering {
            try client.acknowledge(page, "[\(page.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]")
        }
        return pages.map { $0.ids }
    }
}
