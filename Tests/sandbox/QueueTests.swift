import Testing

@testable import flx_sandbox

@Suite struct QueueTests {
    @Test func ackWithFetchInstantTakesARowOut() throws {
        let rig = try Rig()
        let id = try #require(rig.ask("GET", "/listing/variants?sync=true").ids.first)

        #expect(
            rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(id), "syncedAt": .string(rig.hub.now.iso)]]).status
                == 200)

        #expect(!rig.ask("GET", "/listing/variants?sync=true").ids.contains(id))
    }

    /// P-07: a change after the fetch must survive an answer that names the fetch instant.
    @Test func changeAfterFetchStaysPending() throws {
        let rig = try Rig()
        let id = try #require(rig.ask("GET", "/listing/variants?sync=true").ids.first)
        let fetched = rig.hub.now
        rig.pass(seconds: 5)
        _ = try rig.hub.act("listings", ["id": .integer(id), "quantity": 3])

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(id), "syncedAt": .string(fetched.iso)]])

        #expect(rig.ask("GET", "/listing/variants?sync=true").ids.contains(id))
    }

    @Test func ackWithoutInstantHidesAChange() throws {
        let rig = try Rig()
        let id = try #require(rig.ask("GET", "/listing/variants?sync=true").ids.first)
        rig.pass(seconds: 5)
        _ = try rig.hub.act("listings", ["id": .integer(id), "quantity": 3])
        rig.pass(seconds: 5)

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(id)]])

        #expect(!rig.ask("GET", "/listing/variants?sync=true").ids.contains(id))
    }

    @Test func futureInstantIsClamped() throws {
        let rig = try Rig()
        let variant = try #require(rig.hub.catalogue.variants.first)

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "syncedAt": "2090-01-01T00:00:00Z"]])

        #expect(variant.dynamic.synced == rig.hub.now)
    }

    @Test func errorStoresTextAndAppliesNothing() throws {
        let rig = try Rig()
        let variant = try #require(rig.hub.catalogue.variants.first)
        rig.hub.queue(.hidden, for: variant)

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "error": "no such item"]])

        #expect(variant.syncError == "no such item")
        #expect(variant.change == .hidden)
        #expect(rig.hub.queueRules.waitsForSync(variant))
    }

    @Test func successConfirmsAQueuedDelistAndUnlinks() throws {
        let rig = try Rig()
        let variant = try #require(rig.hub.catalogue.variants.first)
        rig.hub.catalogue.link(variant, to: "e-1")
        rig.hub.queue(.delisted, for: variant)

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id)]])

        #expect(variant.status == .delisted)
        #expect(variant.change == nil)
        #expect(variant.externalId == nil)
    }

    @Test func overrideWinsOverAQueuedChange() throws {
        let rig = try Rig()
        let variant = try #require(rig.hub.catalogue.variants.first)
        rig.hub.queue(.hidden, for: variant)

        _ = rig.ask(
            "PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "overrideStatus": ["handle": "broken_link"]]])

        #expect(variant.status == .brokenLink)
    }

    @Test func changeQueuedLaterIsNotConfirmedWhenOnlySeenOnesAre() throws {
        let rig = try Rig(["status_change.confirm": "seen"])
        let variant = try #require(rig.hub.catalogue.variants.first)
        let fetched = rig.hub.now
        rig.pass(seconds: 5)
        rig.hub.queue(.hidden, for: variant)

        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "syncedAt": .string(fetched.iso)]])

        #expect(variant.change == .hidden)
    }

    @Test func publishAckFallsBackToSkuAndRefusesDoubles() throws {
        let rig = try Rig(seed: "variants=40,history=off")
        let waiting = rig.hub.catalogue.parents.filter { rig.hub.queueRules.waitsForPublish($0) }
        let (first, second) = (try #require(waiting.first), try #require(waiting.last))
        func answer(_ parent: Parent, _ external: JSONValue) -> JSONValue {
            [
                [
                    "listingParentId": .integer(parent.id), "externalListingId": external,
                    "variants": .array(parent.variants.map { ["listingVariantId": .integer($0.id)] }),
                ]
            ]
        }

        #expect(rig.ask("PATCH", "/listing/parents", answer(first, nil)).status == 200)
        #expect(rig.ask("PATCH", "/listing/parents", answer(second, .string(first.sku))).status == 400)

        #expect(first.externalId == first.sku)
        #expect(first.variants.allSatisfy { $0.externalId == $0.sku && $0.status == .listed })
        #expect(!rig.hub.queueRules.waitsForPublish(first))
        #expect(rig.hub.queueRules.waitsForPublish(second))
    }

    @Test func pausedAndProtectedRowsAreInNoQueue() throws {
        let rig = try Rig()
        rig.hub.catalogue.variants[0].paused = true
        rig.hub.catalogue.variants[1].priceProtected = true

        let ids = rig.ask("GET", "/listing/variants?sync=true").ids

        #expect(ids.count == 7)
        #expect(!ids.contains(rig.hub.catalogue.variants[0].id))
    }

    @Test func erroredRowLeavesUntilItChangesIfTheSwitchSaysSo() throws {
        let rig = try Rig(["ack.errored": "leaves"])
        let variant = try #require(rig.hub.catalogue.variants.first)
        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "error": "x"]])
        #expect(!rig.hub.queueRules.waitsForSync(variant))

        rig.hub.touchDynamic(variant)

        #expect(rig.hub.queueRules.waitsForSync(variant))
    }

    @Test(arguments: [("refuse_all", 400, 0), ("rows", 200, 1), ("some_applied", 400, 1), ("silent", 200, 1)])
    func oneBadRow(mode: String, status: Int, applied: Int) throws {
        let rig = try Rig(["ack.partial": mode])
        let id = rig.hub.catalogue.variants[0].id

        let answer = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(id)], ["listingVariantId": "x"]])

        #expect(answer.status == status)
        #expect(rig.hub.answers.answers.count == applied)
    }

    @Test func parentsAreCutAtTheVariantLimitInSilence() throws {
        let rig = try Rig(["parents.variant_limit": "4"])

        let parents = rig.ask("GET", "/listing/parents").json.array ?? []

        #expect(parents.count == rig.hub.catalogue.parents.count)
        #expect(parents.reduce(0) { $0 + ($1["variants"]?.array?.count ?? 0) } == 4)
    }
}

@Suite struct CountTests {
    @Test(arguments: [("ignored", [9, 9, 4]), ("without", [5, 9, 4])])
    func falseMayMeanOnlyTheOthers(setting: String, counts: [Int]) throws {
        let rig = try Rig(seed: "tiny,pending=off", ["count.false_flags": setting])
        for variant in rig.hub.catalogue.variants.prefix(4) { rig.hub.queue(.hidden, for: variant) }

        let queries = ["sync=false", "publish=false", "sync=true"]

        #expect(queries.map { rig.ask("GET", "/listing/variants/count?\($0)").json["count"]?.integer } == counts)
    }
}

@Suite struct AcknowledgementBodyTests {
    @Test func goodStatusMaySayThatNothingWasTaken() throws {
        let rig = try Rig(["ack.success": "false_object"])
        let ids = rig.hub.catalogue.variants.prefix(2).map(\.id)
        try rig.hub.switches.set("ack.poison", to: "\(ids[1])")
        func answer(_ ids: [Int]) -> Rig.Answer {
            rig.ask("PATCH", "/listing/variants", .array(ids.map { ["listingVariantId": .integer($0)] }))
        }

        let (both, one) = (answer(ids), answer([ids[0]]))

        #expect((both.status, both.json["success"]) == (200, false))
        #expect(both.json["error"] == "row 1 cannot be acknowledged")
        #expect((one.status, one.body) == (200, #"{"success":true}"#))
        #expect(rig.hub.answers.answers.map(\.id) == [ids[0]])
        #expect(rig.hub.journal.entries.map(\.effect.isAccepted) == [false, true])
    }

    @Test func poisonedPageIsNamedByItsSKUToo() throws {
        let rig = try Rig(["ack.success": "false_object"])
        let parent = rig.hub.catalogue.parents[0]
        try rig.hub.switches.set("ack.poison", to: parent.sku)

        let answer = rig.ask("PATCH", "/listing/parents", [["listingParentId": .integer(parent.id), "variants": []]])

        #expect(answer.json["success"] == false)
        #expect(rig.hub.answers.answers.isEmpty)
    }
}
