import Testing

@testable import FlxChannel

/// How a record is asked for once more whose answer could hide a change (decision 16).
struct RereadRequestTests {
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
