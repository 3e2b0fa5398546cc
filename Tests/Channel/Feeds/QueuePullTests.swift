import CFlxChannel
import Testing

@testable import FlxChannel

struct QueuePullTests {
    static let plain = #"{"id":17,"sku":"A","price":19.90,"updatedAt":"2026-01-31T10:00:00Z"}"#

    @Test func pagesComeInTheHubsBytesToAProvenEnd() throws {
        let rig = HubRig { $0.page <= 2 ? .reply(#"[{"id":\#($0.page),"sku":"A","price":19.90}]"#) : .empty }
        let client = try rig.client()
        let pages = try client.open(.listingsToSync).pages()

        #expect(pages.map { $0.ids } == [["1"], ["2"]])
        #expect(String(decoding: try #require(pages.first).jsonArray(), as: UTF8.self) == #"[{"id":1,"sku":"A","price":19.90}]"#)
        // One behind the end may be asked ahead where answers take long.
        #expect(rig.requests.prefix(3).map { $0.query["page"] } == ["1", "2", "3"])
        #expect(rig.requests.allSatisfy { $0.path == "/listing/variants" && $0.query["sync"] == "true" })
        #expect(rig.writes.isEmpty)
        client.close()
    }

    @Test func p02RecordThatComesTwiceIsGivenOnce() throws {
        let rig = HubRig {
            switch $0.page {
            case 1: .reply(#"[{"id":1,"sku":"A"},{"id":2,"sku":"B"},{"id":1,"sku":"A"}]"#)
            case 2: .reply(#"[{"id":2,"sku":"B"},{"id":3,"sku":"C"}]"#)
            case 3: .reply(#"[{"id":3,"sku":"C"},{"id":1,"sku":"A"}]"#)
            default: .empty
            }
        }
        let client = try rig.client()

        #expect(try client.open(.listingsToSync).pages().map { $0.ids } == [["1", "2"], ["3"]])
        client.close()
    }

    @Test func recordsWhoseAnswerWaitsAreLeftOutUntilItIsSent() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(#"{"id":1,"sku":"A"},{"id":2,"sku":"B"}"#, of: $0) }
        let client = try rig.client()
        let first = try client.open(.listingsToSync)
        let page = try #require(try first.page())
        try client.acknowledge(page, #"[{"id":"1"}]"#)
        first.close()

        let second = try client.open(.listingsToSync)
        #expect(try second.pages().map { $0.ids } == [["2"]])
        second.close()
        try client.flushNow()
        let third = try client.open(.listingsToSync)
        #expect(try third.pages().map { $0.ids } == [["1", "2"]])
        third.close()
        client.close()
    }

    @Test func onePullOfAFeedLivesAtATime() throws {
        let rig = HubRig { .onlyPage(Self.plain, of: $0) }
        let client = try rig.client(["state.wait_ms": "50"])
        let other = try rig.client(["state.wait_ms": "50"])
        let pull = try client.open(.listingsToSync)

        #expect(refusal { try client.open(.listingsToSync) }?.code == FLX_E_CLIENT_BUSY)
        #expect(refusal { try other.open(.listingsToSync) }?.code == FLX_E_CLIENT_BUSY)
        try other.open(.listingsToPublish).close()
        pull.close()
        try other.open(.listingsToSync).close()
        client.close()
        other.close()
    }

    @Test func pullThatIsDoneLetsItsFeedGo() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client(["state.wait_ms": "50"])
        let done = try client.open(.listingsToSync)
        #expect(try done.page() == nil)

        try client.open(.listingsToSync).close()
        #expect(try done.page() == nil)
        client.close()
    }

    @Test func closedPullAndItsClientsPullsAreOfNoUse() throws {
        let rig = HubRig { .onlyPage(Self.plain, of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        pull.close()

        #expect(refusal { try pull.page() }?.code == FLX_E_HANDLE)
        #expect(page.ids == ["17"])
        client.close()
        #expect(refusal { try client.open(.listingsToSync) }?.code == FLX_E_HANDLE)
    }

    @Test func queueHasNothingToCommit() throws {
        let rig = HubRig { .onlyPage(Self.plain, of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())

        #expect(refusal { try pull.commit(page) }?.code == FLX_E_USE)
        client.close()
    }

    @Test func filtersGoToTheHubByTheContractsNames() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync, #"{"skus":["A","B"],"includeParent":false,"page_size":7}"#)
        _ = try pull.pages()

        let query = try #require(rig.requests.first).query
        #expect(query["pageSize"] == "7")
        #expect(query["includeParent"] == "false")
        #expect(query["sync"] == "true")
        #expect(query["skus"] == "B")
        client.close()
    }

    @Test(arguments: [
        ("{", FLX_E_JSON), ("[1]", FLX_E_JSON), (#"{"skuss":["A"]}"#, FLX_E_OPERATION), (#"{"skus":7}"#, FLX_E_OPERATION),
        (#"{"sync":false}"#, FLX_E_OPERATION), (#"{"page":2}"#, FLX_E_OPERATION), (#"{"page_size":0}"#, FLX_E_OPERATION),
        (#"{"cursor":"x"}"#, FLX_E_OPERATION), (#"{"since":"2026-01-31T12:00:00Z"}"#, FLX_E_OPERATION),
    ])
    func specThatCannotBeIsRefusedWithoutARequest(_ spec: String, _ code: Int32) throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()

        #expect(refusal { try client.open(.listingsToSync, spec) }?.code == code)
        #expect(rig.requests.isEmpty)
        client.close()
    }

    // MARK: bad records

    @Test func j15BadRecordIsSetAsideOnceHoweverOftenItComes() throws {
        let records =
            #"{"id":1,"sku":"A"},{"id":2,"sku":"\ud800"},{"id":3},{"id":4,"sku":"D","updatedAt":"2026-01-31"},{"id":5,"sku":"E"}"#
        let rig = HubRig { .onlyPage(records, of: $0) }
        let client = try rig.client()

        for _ in 0..<3 {
            let pull = try client.open(.listingsToSync)
            let page = try #require(try pull.page())
            #expect(page.ids == ["1", "5"])
            #expect(page.quarantined.map { $0.id }.sorted() == ["2", "3", "4"])
            #expect(page.quarantined.first { $0.id == "4" }?.fault.path == "/updatedAt")
            #expect(!String(decoding: page.jsonArray(), as: UTF8.self).contains(#""id":2"#))
            #expect(try pull.page() == nil)
            pull.close()
        }
        let rows = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in try client.store.quarantine.list(limit: 10) }
        }
        #expect(rows.map { $0.times } == [3, 3, 3])
        client.close()
    }

    @Test func j14PageOfBadRecordsOnlyIsStillAPage() throws {
        let rig = HubRig { .onlyPage(#"{"id":1},{"id":2}"#, of: $0) }
        let client = try rig.client()
        let page = try #require(try client.open(.listingsToSync).page())

        #expect(page.records.isEmpty)
        #expect(page.quarantined.count == 2)
        client.close()
    }

    @Test func pageThatTheStateFileHeldUpComesWithTheNextCall() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"},{"id":2}"#, of: $0) }
        let client = try rig.client(["state.wait_ms": "30"])
        let other = try rig.client()
        let pull = try client.open(.listingsToSync)
        var error: ChannelError?
        try other.store.write { () throws(StateError) in error = refusal { try pull.page() } }

        #expect(error?.code == FLX_E_STATE_BUSY)
        #expect(try pull.pages().map { $0.ids } == [["1"]])
        client.close()
        other.close()
    }

    @Test func shortSlicesWaitForTheStateFileAsOneLongCallDoes() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"},{"id":2}"#, of: $0) }
        let client = try rig.client(["state.wait_ms": "400"])
        let other = try rig.client()
        let pull = try client.open(.listingsToSync)
        var calls = 0
        var error: ChannelError?
        try other.store.write { () throws(StateError) in
            while error == nil, calls < 50 {
                calls += 1
                error = refusal {
                    guard case .again = try pull.next(by: .after(ms: 60)) else {
                        return #expect(Bool(false), "a page without the state")
                    }
                }
            }
        }

        #expect(calls > 2)
        #expect(error?.code == FLX_E_STATE_BUSY)
        #expect(try pull.pages().map { $0.ids } == [["1"]])
        client.close()
        other.close()
    }

    @Test func j05PageWithARecordSetAsideIsNotTheHubsWholeAnswer() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"},{"id":2,"id":3,"sku":"B"},{"id":4,"sku":"C"}"#, of: $0) }
        let client = try rig.client()
        let page = try #require(try client.open(.listingsToSync).page())

        #expect(page.quarantined.count == 1)
        #expect(page.whole == nil)
        let json = try PageObject(page, mostViewBytes: 1 << 24).json()
        #expect(withExtendedLifetime(json) { String(cString: json.start) } == #"[{"id":1,"sku":"A"},{"id":4,"sku":"C"}]"#)
        client.close()
    }

    // MARK: receipts

    @Test func receiptHasAFetchInstantBeforeTheRequestByTheHubsClock() throws {
        let rig = HubRig { .onlyPage(Self.plain, of: $0) }
        let client = try rig.client()
        let page = try #require(try client.open(.listingsToSync).page())
        let receipt = try #require(Receipt.read(page.receipt, key: client.store.key))

        let fetched = try #require(receipt.fetchInstant)
        #expect(fetched < Instant(iso: "2026-01-31T12:00:00Z")!)
        #expect(fetched > Instant(iso: "2026-01-31T11:59:50Z")!)
        #expect(receipt.row("17")?.isHeld == false)
        client.close()
    }

    @Test func p07RowThatChangedAfterTheFetchInstantIsHeldAndNeverSent() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A","updatedAt":"2026-01-31T12:30:00Z"}"#, of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        try client.acknowledge(page, #"[{"id":"1"}]"#)
        pull.close()
        try client.flushNow()

        #expect(rig.writes.isEmpty)
        #expect(try client.verdicts() == ["1": "held"])
        let again = try client.open(.listingsToSync)
        #expect(try again.page()?.ids == ["1"])
        client.close()
    }

    @Test func receiptOfAnotherChannelOrOfNoneIsRefused() throws {
        let rig = HubRig { .onlyPage(Self.plain, of: $0) }
        let client = try rig.client()
        let other = try rig.client(["channel": "other"])
        let page = try #require(try client.open(.listingsToSync).page())

        #expect(refusal { try other.acknowledge(page, #"[{"id":"17"}]"#) }?.code == FLX_E_RECEIPT)
        #expect(refusal { try client.acknowledge(receipt: "flx1.00.{}", answers: Array("[]".utf8)) }?.code == FLX_E_RECEIPT)
        client.close()
        other.close()
    }

    // MARK: what changed while it was published

    @Test func parentThatChangedWhileItWasAnsweredComesAgainUntilItIsAnswered() throws {
        let parent = Box(#"{"id":7,"sku":"P","staticContentUpdatedAt":"2026-01-31T10:00:00Z","variants":[{"id":70}]}"#)
        let isQueued = Box(true)
        let rig = HubRig { request in
            if request.isWrite {
                isQueued.value = false
                return .empty
            }
            if request.isOfQueue { return isQueued.value ? .onlyPage(parent.value, of: request) : .empty }
            return request.query["skus"] == nil ? .status("400 Bad Request") : .onlyPage(parent.value, of: request)
        }
        let client = try rig.client()
        func pulled(_ answer: Bool) throws -> [[String]] {
            let pull = try client.open(.listingsToPublish)
            defer { pull.close() }
            let pages = try pull.pages()
            if answer { for page in pages { try client.acknowledge(page, #"[{"id":"7"}]"#) } }
            return pages.map { $0.ids }
        }

        #expect(try pulled(true) == [["7"]])
        parent.value = #"{"id":7,"sku":"P","staticContentUpdatedAt":"2026-01-31T11:59:59.999Z","variants":[{"id":70}]}"#
        try client.flushNow()
        #expect(try pulled(false).isEmpty, "too soon: the second of the answer is not over")
        try client.passRereads()
        #expect(try pulled(false) == [["7"]], "the change that the answer hid")
        #expect(try pulled(true) == [["7"]], "the host did not answer it, as after a crash")
        client.close()
    }

    @Test func parentThatDidNotChangeIsReadOnceMoreAndNotGiven() throws {
        let isQueued = Box(true)
        let record = #"{"id":7,"sku":"P","staticContentUpdatedAt":"2026-01-31T10:00:00Z"}"#
        let rig = HubRig { request in
            if request.isWrite {
                isQueued.value = false
                return .empty
            }
            return request.isOfQueue && !isQueued.value ? .empty : .onlyPage(record, of: request)
        }
        let client = try rig.client()
        let first = try client.open(.listingsToPublish)
        try client.acknowledge(try #require(try first.page()), #"[{"id":"7"}]"#)
        first.close()
        try client.flushNow()

        for _ in 0..<2 {
            try client.passRereads()
            let pull = try client.open(.listingsToPublish)
            #expect(try pull.pages().isEmpty)
            pull.close()
        }
        #expect(rig.requests.count { $0.isReread } == 1)
        client.close()
    }
}
