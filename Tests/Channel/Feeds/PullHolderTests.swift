import CFlxChannel
import Foundation
import Testing

@testable import FlxChannel

/// Decision 14 as the host meets it: who may pull, who is told what, and what whoever lost a feed can still do.
struct PullHolderTests {
    private static let two = #"{"id":1,"sku":"A"},{"id":2,"sku":"B"}"#
    private static func shipments(_ request: HubRequest) -> HubAnswer {
        .onlyPage(
            (1...2).map { #"{"id":\#($0),"orderId":1,"orderNumber":"A-\#($0)","updatedAt":"2026-01-31T10:00:00Z"}"# }.joined(
                separator: ","), of: request)
    }

    /// Makes every holder look as if nobody had used it for so long.
    private func age(_ rig: HubRig, by ms: Int64 = 600_000) throws {
        let slots = try FileSlots(rig.scratch.at("state/shop.lock"))
        for (slot, _) in slots.records() { try slots.write(usedUntilMs: Clock.monotonicMs() - ms, at: slot) }
    }

    private func holders(_ client: Client) throws -> [JSONValue] { Array(try parsed(client.holderList()).elements) }

    @Test func busyNamesTheProcessAndDoesNotWait() throws {
        let rig = HubRig { .onlyPage(Self.two, of: $0) }
        let client = try rig.client(["state.wait_ms": "600000"])
        let other = try rig.client(["state.wait_ms": "600000"])
        let pull = try client.open(.listingsToSync)
        let error = try #require(refusal { try other.open(.listingsToSync) })

        #expect(error.code == FLX_E_CLIENT_BUSY)
        #expect(error.isRetryable)
        for word in ["listings_to_sync", "process \(getpid())", "since", "s ago", "pull.idle_s"] {
            #expect(error.message.contains(word), "\(error.message)")
        }
        pull.close()
        client.close()
        other.close()
    }

    @Test func closingAClientLetsTheFeedsOfItsPullsGo() throws {
        let rig = HubRig { .onlyPage(Self.two, of: $0) }
        let client = try rig.client()
        let other = try rig.client()
        let (queue, cursor) = (try client.open(.listingsToSync), try client.open(.shipments))
        let page = try #require(try queue.page())
        client.close()

        try other.acknowledge(page, #"[{"id":"1"}]"#)
        let report = try other.flushNow()
        #expect(report.answersSent == 1)
        try other.open(.listingsToSync).close()
        try other.open(.shipments).close()
        for pull in [queue, cursor] { #expect(refusal { try pull.next(by: .passed) }?.code == FLX_E_HANDLE) }
        queue.close()
        cursor.close()
        other.close()
    }

    @Test func forgottenPullLosesItsFeedAndItsReceiptsAreAnswered() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.two, of: $0) }
        let client = try rig.client()
        let other = try rig.client()
        let forgotten = try client.open(.listingsToSync)
        let page = try #require(try forgotten.page())
        try age(rig, by: 590_000)
        #expect(refusal { try other.open(.listingsToSync) }?.code == FLX_E_CLIENT_BUSY)
        try age(rig)
        let pull = try other.open(.listingsToSync)

        for _ in 0..<2 {
            let error = try #require(refusal { try forgotten.next(by: .after(ms: 1000)) })
            #expect(error.code == FLX_E_CLIENT_BUSY)
            #expect(error.isFatal)
            #expect(!error.isRetryable)
            #expect(error.message.contains("process \(getpid())"), "\(error.message)")
        }
        #expect(try pull.pages().map { $0.ids } == [["1", "2"]])
        try client.acknowledge(page, #"[{"id":"1"},{"id":"2"}]"#)
        #expect(try client.flushNow().answersSent == 2)
        forgotten.close()
        client.close()
        other.close()
    }

    @Test func pullThatAnswersIsNotForgotten() throws {
        let rig = HubRig { .onlyPage(Self.two, of: $0) }
        let client = try rig.client()
        let other = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        try age(rig)
        try client.acknowledge(page, #"[{"id":"1"}]"#)

        #expect(refusal { try other.open(.listingsToSync) }?.code == FLX_E_CLIENT_BUSY)
        #expect(try pull.page() == nil)
        client.close()
        other.close()
    }

    @Test func commitOfWhoLostItsCursorWritesNothing() throws {
        let rig = HubRig(Self.shipments)
        let client = try rig.client()
        let other = try rig.client()
        let forgotten = try client.open(.shipments)
        let page = try #require(try forgotten.page())
        #expect(try forgotten.page() == nil)
        try age(rig)
        let pull = try other.open(.shipments)

        #expect(refusal { try forgotten.commit(page) }?.code == FLX_E_CLIENT_BUSY)
        #expect(try other.cursor(.shipments) == nil)
        #expect(try pull.pages().map { $0.ids } == [["1", "2"]])
        client.close()
        other.close()
    }

    @Test func pullInACallIsInUseHoweverLong() throws {
        let rig = HubRig { _ in .silence }
        let client = try rig.client(["pull.idle_s": "1"])
        let other = try rig.client()
        let pull = try client.open(.listingsToSync)
        let ended = DispatchSemaphore(value: 0)
        Thread {
            _ = try? pull.next(by: .after(ms: 6000))
            ended.signal()
        }.start()
        var refused = 0
        let begun = Deadline.after(ms: 5000)
        while !begun.isOver, try holders(other).first?.member("in_call")?.bool != true { Pause.micro(1000) }
        let end = Deadline.after(ms: 2500)
        while !end.isOver {
            if refusal({ try other.open(.listingsToSync) })?.code == FLX_E_CLIENT_BUSY { refused += 1 }
            Pause.micro(50_000)
        }

        #expect(refused > 0)
        #expect(try holders(other).count == 1)
        #expect(try holders(other).first?.member("in_call")?.bool == true)
        client.close()
        ended.wait()
        other.close()
    }

    @Test func flushSaysForWhomItsAnswersWaitAndTakesWhatIsForgotten() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.two, of: $0) }
        let client = try rig.client()
        let other = try rig.client()
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), #"[{"id":"1"}]"#)
        let waiting = try parsed(other.flushNow().json())

        #expect(waiting.member("waits_for")?.string == "another_process")
        #expect(waiting.member("paused")?.string?.contains("process \(getpid())") == true)
        #expect(rig.writes.isEmpty)
        try age(rig)
        #expect(try other.flushNow().answersSent == 1)
        #expect(refusal { try pull.page() }?.code == FLX_E_CLIENT_BUSY)
        client.close()
        other.close()
    }

    /// In one call, and as bindings flush: slice after slice, with the host's own work in between.
    @Test(arguments: [20_000, 20]) func pullWaitsForAFlushThatIsAtIt(sliceMs: Int64) throws {
        let rig = HubRig { request in
            if request.isWrite { Thread.sleep(forTimeInterval: 0.7) }
            return request.isWrite ? .empty : .onlyPage(Self.two, of: request)
        }
        let client = try rig.client()
        let other = try rig.client(["state.wait_ms": "60000"])
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), #"[{"id":"1"}]"#)
        pull.close()
        let sent = Box<Int64>(0)
        let ended = DispatchSemaphore(value: 0)
        Thread {
            let enough = Deadline.after(ms: 20_000)
            while !enough.isOver, sent.value == 0 {
                sent.value = (try? client.flushNow(sliceMs).answersSent) ?? -1
                Pause.micro(30_000)
            }
            ended.signal()
        }.start()
        let begun = Deadline.after(ms: 10_000)
        while !begun.isOver, rig.writes.isEmpty { Pause.micro(1000) }

        try other.open(.listingsToSync).close()
        ended.wait()
        #expect(sent.value == 1)
        client.close()
        other.close()
    }

    @Test func flushThatNobodyGoesOnWithLosesItsFeedToAPull() throws {
        let rig = HubRig { $0.isWrite ? .silence : .onlyPage(Self.two, of: $0) }
        let client = try rig.client(["state.wait_ms": "50"])
        let other = try rig.client(["state.wait_ms": "50"])
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), #"[{"id":"1"}]"#)
        pull.close()
        let begun = Deadline.after(ms: 60_000)
        while !begun.isOver, rig.writes.isEmpty { try client.flushNow(600) }
        #expect(try holders(other).first?.member("by")?.string == "flush")
        #expect(refusal { try other.open(.listingsToSync) }?.code == FLX_E_CLIENT_BUSY)
        try age(rig)
        let taker = try other.open(.listingsToSync)

        #expect(try client.flushNow(600).answersSent == 0)
        #expect(rig.writes.count == 1)  // what it has on the wire, and no more while somebody pulls
        #expect(try taker.pages().map { $0.ids } == [["2"]])
        client.close()
        other.close()
    }

    @Test func holdersAreListedWithWhoTheyAre() throws {
        let rig = HubRig(Self.shipments)
        let client = try rig.client(["pull.idle_s": "7"])
        let pulls = [try client.open(.listingsToSync), try client.open(.shipments, #"{"cursor":"erp"}"#)]
        let list = try holders(client)

        #expect(list.map { $0.member("feed")?.string } == ["listings_to_sync", "shipments"])
        #expect(list.map { $0.member("cursor")?.string } == ["", "erp"])
        for holder in list {
            #expect(holder.member("pid")?.integer == Int64(getpid()))
            #expect(holder.member("process")?.string?.isEmpty == false)
            #expect(holder.member("by")?.string == "pull")
            #expect(holder.member("in_call")?.bool == false)
            #expect(holder.member("idle_limit_ms")?.integer == 7000)
            #expect((holder.member("idle_ms")?.integer ?? -1) >= 0)
            #expect(holder.member("since")?.string?.isEmpty == false)
        }
        #expect(try parsed(client.stats()).member("holders").map { Array($0.elements).count } == 2)
        for pull in pulls { pull.close() }
        #expect(try holders(client).isEmpty)
        client.close()
    }
}
