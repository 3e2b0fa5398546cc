import CFlxChannel
import Testing

@testable import FlxChannel

/// P-21: a hub that overlooks the cursor's bound shows everything each time. The end of a pull is the end of a list that was
/// read.
@Suite(.serialized) struct IgnoredBoundTests {
    /// A hub whose lists of all feeds have these records whatever they are asked for.
    private static func rig(_ records: Box<[String]>) -> HubRig {
        HubRig { request in
            guard request.page > 0 else { return .status("404 Not Found") }
            let size = Int(request.query["pageSize"] ?? request.query["filterPageSize"] ?? "") ?? 20
            let page = records.value.dropFirst((request.page - 1) * size).prefix(size)
            return .reply("[\(page.joined(separator: ","))]")
        }
    }

    private static func record(_ id: Int, _ updatedAt: String = "2026-01-31T08:00:00Z", _ status: String = "Open") -> String {
        #"{"id":\#(id),"sku":"S\#(id)","orderNumber":"N-\#(id)","orderStatus":"\#(status)","updatedAt":"\#(updatedAt)"}"#
    }

    /// One pull to its end, all committed: the ids it gave, and how many requests it made.
    private static func pulled(_ client: Client, _ rig: HubRig, _ feed: Feed, _ spec: String? = nil) throws -> (
        ids: [String], requests: Int
    ) {
        let before = rig.requests.count
        let pull = try client.open(feed, spec)
        defer { pull.close() }
        var ids: [String] = []
        for page in try pull.pages() {
            ids += page.ids
            try pull.commit(page)
        }
        return (ids, rig.requests.count - before)
    }

    @Test(arguments: [Feed.orders, .listings, .shipments])
    func p21NewRecordComesWithEveryPull(feed: Feed) throws {
        let records = Box((1...3).map { Self.record($0) } + [Self.record(4, "2026-01-31T11:58:00Z")])
        let rig = Self.rig(records)
        let client = try rig.client(["feeds.reconcile_h": "0"])
        #expect(try Self.pulled(client, rig, feed).ids == ["1", "2", "3", "4"])

        for new in 5...8 {
            #expect(try Self.pulled(client, rig, feed).requests >= 2, "the end of a list that nobody read")
            records.change { $0.append(Self.record(new, "2026-01-31T11:58:0\(new)Z")) }
            #expect(try Self.pulled(client, rig, feed).ids == ["\(new)"])
        }
        #expect(try parsed(client.cursorList()).element(0)?.member("filter_ignored")?.bool == true)
        client.close()
    }

    @Test func p21OrderThatIsOpenedAgainIsSeen() throws {
        let records = Box([Self.record(1), Self.record(2, "2026-01-31T11:58:00Z")])
        let rig = Self.rig(records)
        let client = try rig.client()
        for (minute, status) in ["Open", "Canceled", "Open", "Closed", "Open"].enumerated() {
            records.change { $0[1] = Self.record(2, "2026-01-31T11:59:0\(minute)Z", status) }
            #expect(try Self.pulled(client, rig, .orders).ids.contains("2"), "\(status)")
        }
        client.close()
    }

    @Test func p21ListOfTenThousandThatStandsStillIsReadOnce() throws {
        let records = Box((1...10_000).map { Self.record($0) } + [Self.record(10_001, "2026-01-31T11:58:00Z")])
        let rig = Self.rig(records)
        let client = try rig.client(["feeds.reconcile_h": "0"])
        let spec = #"{"page_size":100}"#
        #expect(try Self.pulled(client, rig, .orders, spec).ids.count == 10_001)
        _ = try Self.pulled(client, rig, .orders, spec)

        let (ids, requests) = try Self.pulled(client, rig, .orders, spec)
        #expect(ids == [])
        #expect(requests <= 110, "101 pages and the proof of their end")
        records.change { $0[0] = Self.record(1, "2026-01-31T11:58:00Z", "Closed") }
        #expect(try Self.pulled(client, rig, .orders, spec).ids == ["1"])
        client.close()
    }

    @Test func p21PullsThatAreClosedEarlyComeRound() throws {
        let records = Box((1...400).map { Self.record($0) } + [Self.record(401, "2026-01-31T11:58:00Z")])
        let rig = Self.rig(records)
        let client = try rig.client(["feeds.reconcile_h": "0"])
        let spec = #"{"page_size":10}"#
        for _ in 0..<2 { _ = try Self.pulled(client, rig, .orders, spec) }
        let before = try client.cursor(.orders)
        records.change {
            for id in stride(from: 20, through: 400, by: 20) { $0[id - 1] = Self.record(id, "2026-01-31T11:59:00Z", "Closed") }
        }

        var seen: Set<String> = []
        for _ in 0..<9 {  // four news each, of twenty
            let pull = try client.open(.orders, spec)
            for _ in 0..<4 where seen.count < 20 {
                let page = try #require(try pull.page())
                seen.formUnion(page.ids)
                try pull.commit(page)
            }
            pull.close()
            if seen.count == 20 { break }
        }
        #expect(seen.count == 20)
        #expect(try client.cursor(.orders) == before, "no walk came to its end")
        #expect(try Self.pulled(client, rig, .orders, spec).ids == [])
        client.close()
    }

    @Test func p21PageThatWasNotCommittedIsNotPassedByTheNextPull() throws {
        let records = Box((1...100).map { Self.record($0) } + [Self.record(101, "2026-01-31T11:58:00Z")])
        let rig = Self.rig(records)
        let client = try rig.client(["feeds.reconcile_h": "0"])
        let spec = #"{"page_size":10}"#
        for _ in 0..<2 { _ = try Self.pulled(client, rig, .orders, spec) }
        records.change { for id in [35, 75] { $0[id - 1] = Self.record(id, "2026-01-31T11:59:00Z", "Closed") } }

        let early = try client.open(.orders, spec)
        #expect(try early.page()?.ids == ["35"])
        #expect(try early.page()?.ids == ["75"])
        early.close()
        let next = try client.open(.orders, spec)
        #expect(try next.page()?.ids == ["35"])
        next.close()
        client.close()
    }

    @Test func hubThatKeepsToTheBoundAgainIsBelieved() throws {
        let heeds = Box(false)
        let rig = HubRig { request in
            let isBounded = heeds.value && request.query["updatedAfter"] != nil
            return isBounded ? .empty : .onlyPage("\(Self.record(1)),\(Self.record(2, "2026-01-31T11:58:00Z"))", of: request)
        }
        let client = try rig.client(["feeds.reconcile_h": "0"])
        for _ in 0..<2 { _ = try Self.pulled(client, rig, .orders) }
        #expect(try parsed(client.cursorList()).element(0)?.member("filter_ignored")?.bool == true)
        heeds.value = true
        _ = try Self.pulled(client, rig, .orders)
        #expect(try parsed(client.cursorList()).element(0)?.member("filter_ignored")?.bool == false)
        client.close()
    }
}
