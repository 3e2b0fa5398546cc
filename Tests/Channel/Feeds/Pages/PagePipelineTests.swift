import CFlxChannel
import Foundation
import Testing

@testable import FlxChannel

/// Pages asked for ahead of the host, at a hub whose round trip is long.
struct PagePipelineTests {
    /// A hub of `pages` full pages of one record, which counts how many requests it has at a time.
    private final class FarHub: @unchecked Sendable {
        let now = Box(0)
        let most = Box(0)
        // A test without a hub is none.
        // swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
        private(set) var rig: HubRig!

        init(
            pages: Int, trip: @escaping @Sendable (Int) -> Double = { _ in 0.3 },
            fails: @escaping @Sendable (Int) -> Bool = { _ in false }
        ) {
            rig = HubRig { [now, most] request in
                let count = now.change { count -> Int in
                    count += 1
                    return count
                }
                most.change { $0 = max($0, count) }
                Thread.sleep(forTimeInterval: trip(request.page))
                now.change { $0 -= 1 }
                if fails(request.page) { return .status("503 Busy") }
                return .reply(request.page <= pages ? #"[{"id":\#(request.page),"sku":"A"}]"# : "[]")
            }
        }
    }

    /// (round trip, refill, free places, answers so far, pages on the way)
    @Test(
        arguments: [
            (50, 2000, 39, 9, 1), (250, 2000, 39, 9, 3), (1000, 2000, 39, 9, 8), (1000, 2000, 8, 9, 3), (1000, 2000, 0, 9, 3),
            (50, 2000, 0, 9, 1),
            (1000, 2000, 39, 1, 3), (1000, 2000, 39, 4, 5), (250, 2000, 39, 1, 2), (3000, 2000, 0, 1, 7),
            (1000, 1_000_000, 10_000, 1, 8),
            (0, 2000, 40, 9, 1), (Int64.max, 1_000_000, Int64.max, 9, 8), (1000, 100, -1, 9, 1),
        ] as [(Int64, Int64, Int64, Int, Int)])
    func flightIsFilledByWhatThePoolAllows(_ tripMs: Int64, _ refillMilli: Int64, _ free: Int64, _ answered: Int, _ depth: Int) {
        #expect(Flights.width(tripMs: tripMs, refillMilli: refillMilli, free: free, answered: answered) == depth)
    }

    @Test func pagesAreAskedForAheadAndComeInOrder() throws {
        let hub = FarHub(pages: 9, trip: { $0 % 2 == 0 ? 0.15 : 0.35 })
        let client = try hub.rig.client()
        let pages = try client.open(.listingsToSync, #"{"page_size":1}"#).pages()

        #expect(pages.flatMap { $0.ids } == (1...9).map { "\($0)" })
        #expect((2...Flights.most).contains(hub.most.value))
        #expect(hub.rig.requests.count <= 9 + Flights.most)
        #expect(Set(hub.rig.requests.map { $0.page }).count == hub.rig.requests.count)
        client.close()
    }

    @Test func firstPageIsAskedForAloneAndAShortOneEndsTheHurry() throws {
        let hub = FarHub(pages: 1)
        let client = try hub.rig.client()

        #expect(try client.open(.listingsToSync, #"{"page_size":100}"#).pages().count == 1)
        #expect(hub.rig.requests.map { $0.page } == [1, 2])
        #expect(hub.most.value == 1)
        client.close()
    }

    @Test func failedPageKeepsItsPlace() throws {
        let hasFailed = Box(false)
        let hub = FarHub(
            pages: 8,
            fails: { page in
                hasFailed.change { failed -> Bool in
                    guard page == 5, !failed else { return false }
                    failed = true
                    return true
                }
            })
        let client = try hub.rig.client()
        client.jitter = { _ in 0 }

        #expect(try client.open(.listingsToSync, #"{"page_size":1}"#).pages().flatMap { $0.ids } == (1...8).map { "\($0)" })
        #expect(hub.rig.requests.count { $0.page == 5 } == 2)
        client.close()
    }

    @Test func everyPageHasTheFetchInstantOfItsOwnRequest() throws {
        let hub = FarHub(pages: 6)
        let client = try hub.rig.client()
        let pages = try client.open(.listingsToSync, #"{"page_size":1}"#).pages()
        let instants = try pages.map { try #require(Receipt.read($0.receipt, key: client.store.key)).fetchInstant }

        #expect(instants.allSatisfy { $0 != nil })
        #expect(hub.most.value > 1)
        client.close()
    }

    @Test func readingAheadStopsWhileTheHostIsAway() throws {
        let hub = FarHub(pages: 100, trip: { _ in 0.2 })
        let client = try hub.rig.client()
        let pull = try client.open(.listingsToSync, #"{"page_size":1}"#)
        for _ in 0..<4 { _ = try pull.page() }
        Thread.sleep(forTimeInterval: 1)

        #expect(hub.rig.requests.count <= 4 + Flights.most)
        #expect(try pull.page()?.ids == ["5"])
        client.close()
    }

    @Test func canceledRequestIsNoFailureAndIsNotAskedTwice() throws {
        let hub = FarHub(pages: 1, trip: { _ in 0.4 })
        let client = try hub.rig.client()
        let flag = try #require(CancelFlag.make())
        client.cancel.set(flag)
        let pull = try client.open(.listingsToSync)
        guard case .again = try pull.next(by: .after(ms: 100)) else {
            Issue.record("an answer came too early")
            return
        }
        CancelFlag.fire(flag)
        #expect(refusal { try pull.next(by: .after(ms: 1000)) }?.code == FLX_E_CANCELED)
        CancelFlag.reset(flag)

        #expect(try pull.pages().map { $0.ids } == [["1"]])
        #expect(hub.rig.requests.map { $0.page } == [1, 2])
        client.cancel.set(nil)
        client.close()
        CancelFlag.free(flag)
    }

    // MARK: orders

    @Test func ordersAreOnTheirWayTogetherWhenTheRoundTripIsLong() throws {
        let now = Box(0)
        let most = Box(0)
        let ids = Box(0)
        let rig = HubRig { request in
            let count = now.change { count -> Int in
                count += 1
                return count
            }
            let id = ids.change { id -> Int in
                id += 1
                return id
            }
            most.change { $0 = max($0, count) }
            Thread.sleep(forTimeInterval: 0.6)
            now.change { $0 -= 1 }
            return .reply(#"{"id":\#(id)}"#)
        }
        let client = try rig.client()
        for number in 1...6 { try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-\(number)x")) }
        let report = try client.flushNow(8000)

        #expect(report.applied == 6)
        #expect(rig.writes.count == 6)
        #expect((2...Flights.most).contains(most.value))
        client.close()
    }

    @Test func orderThatGotNoSlotIsFreeForOtherProcesses() throws {
        let rig = HubRig { _ in .reply(#"{"id":1}"#) }
        let (first, second) = (try rig.client(), try rig.client())
        try first.submit(OrderDocumentTests.order())
        try rig.closeRateLimit()
        try first.flushNow(50)
        try rig.openRateLimit()

        #expect(try second.flushNow(2000).applied == 1)
        first.close()
        second.close()
    }
}
