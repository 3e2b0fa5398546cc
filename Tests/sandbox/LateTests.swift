import Testing

@testable import flx_sandbox

/// A hub whose lists show changes late.
@Suite struct LateTests {
    private func list(_ rig: Rig, _ target: String) -> [JSONValue] { rig.ask("GET", target).json.array ?? [] }

    @Test(arguments: [1, 3])
    func changeOfAVariantIsShownAfterSoManySeconds(late: Int) throws {
        let rig = try Rig(seed: "tiny,pending=off", ["late.visible_s": "\(late)"])
        let variant = rig.hub.catalogue.variants[0], before = variant.quantity ?? 0
        let target = "/listing/variants?ids=\(variant.id)"
        rig.pass(millis: 900)
        _ = try rig.hub.act("listings", ["id": .integer(variant.id), "quantity": 7777])

        rig.pass(millis: late * 1000 - 1)
        #expect(list(rig, target).map { $0["quantity"]?.integer } == [before])
        #expect(list(rig, "/listing/variants?sync=true").isEmpty)
        #expect(rig.ask("GET", "/listing/variants/count?sync=true").json["count"] == 0)

        rig.pass(millis: 1)
        #expect(list(rig, target).map { $0["quantity"]?.integer } == [7777])
        #expect(rig.ask("GET", "/listing/variants?sync=true").ids == [variant.id])
    }

    @Test(arguments: [1, 3])
    func changeOfAParentIsShownAfterSoManySeconds(late: Int) throws {
        let rig = try Rig(seed: "tiny,pending=off", ["late.visible_s": "\(late)"])
        let parent = rig.hub.catalogue.parents[0], before = parent.title, instant = parent.updated.iso
        rig.pass(millis: 900)
        _ = try rig.hub.act("listings", ["parent_id": .integer(parent.id), "title": "Renamed"])

        rig.pass(millis: late * 1000 - 1)
        let old = try #require(list(rig, "/listing/parents").first)
        #expect((old["title"]?.text, old["updatedAt"]?.text) == (before, instant))
        #expect(list(rig, "/listing/parents?publish=true").isEmpty)
        #expect(list(rig, "/listing/variants?includeParent=true").first?["parent"]?["title"]?.text == before)

        rig.pass(millis: 1)
        #expect(list(rig, "/listing/parents").first?["title"] == "Renamed")
        #expect(rig.ask("GET", "/listing/parents?publish=true").ids == [parent.id])
    }

    @Test func eachOfTwoChangesHasItsOwnTime() throws {
        let rig = try Rig(["late.visible_s": "3"])
        let id = rig.hub.catalogue.variants[0].id
        for quantity in [7001, 7002] {
            _ = try rig.hub.act("listings", ["id": .integer(id), "quantity": .integer(quantity)])
            rig.pass(seconds: 2)
        }

        #expect(list(rig, "/listing/variants?ids=\(id)").first?["quantity"] == 7001)
        rig.pass(seconds: 1)
        #expect(list(rig, "/listing/variants?ids=\(id)").first?["quantity"] == 7002)
    }

    @Test func newListingIsMissingAtFirst() throws {
        let rig = try Rig(["late.visible_s": "3"])
        let parent = rig.hub.catalogue.parents[0], count = parent.variants.count
        _ = rig.ask("POST", "/listing/variants", ["sku": "NEW"])
        _ = rig.ask("POST", "/listing/variants", ["sku": "NEW-2", "listingParentId": .integer(parent.id)])

        #expect(list(rig, "/listing/variants?skus=NEW&skus=NEW-2").isEmpty)
        #expect(list(rig, "/listing/parents?skus=P-NEW").isEmpty)
        #expect(list(rig, "/listing/parents").first?["variants"]?.array?.count == count)
        rig.pass(seconds: 3)
        #expect(list(rig, "/listing/variants?skus=NEW&skus=NEW-2").count == 2)
        #expect(list(rig, "/listing/parents?skus=P-NEW").count == 1)
    }

    /// P-07, late: an answer is seen at once, the change it did not see comes when its time is over.
    @Test func answeredRowComesAgainOnlyWithTheLateChange() throws {
        let rig = try Rig(["late.visible_s": "3"])
        let variant = rig.hub.catalogue.variants[0]
        let fetched = rig.hub.now
        rig.pass(seconds: 1)
        _ = try rig.hub.act("listings", ["id": .integer(variant.id), "quantity": 7777])
        _ = rig.ask("PATCH", "/listing/variants", [["listingVariantId": .integer(variant.id), "syncedAt": .string(fetched.iso)]])

        #expect(!rig.ask("GET", "/listing/variants?sync=true").ids.contains(variant.id))
        rig.pass(seconds: 3)
        #expect(rig.ask("GET", "/listing/variants?sync=true").ids.contains(variant.id))
    }

    @Test func publishedPageKeepsItsOldTextUntilTheTimeIsOver() throws {
        let rig = try Rig(seed: "tiny,pending=off", ["late.visible_s": "3"])
        let parent = rig.hub.catalogue.parents[0], before = parent.title
        rig.pass(seconds: 60)
        _ = try rig.hub.act("listings", ["parent_id": .integer(parent.id), "title": "Renamed"])
        _ = rig.ask(
            "PATCH", "/listing/parents", [["listingParentId": .integer(parent.id), "externalListingId": "E", "variants": []]])

        let old = try #require(list(rig, "/listing/parents").first)
        #expect((old["title"]?.text, old["externalListingId"]?.text) == (before, "E"))
        rig.pass(seconds: 3)
        #expect(list(rig, "/listing/parents").first?["title"] == "Renamed")
        #expect(list(rig, "/listing/parents?publish=true").isEmpty)
    }

    @Test(arguments: [1, 3])
    func newOrderIsInTheListAfterSoManySeconds(lag: Int) throws {
        let rig = try Rig(["orders.lag_s": "\(lag)"])
        rig.pass(millis: 900)
        let id = try #require(rig.ask("POST", "/orders", rig.order("1")).json["id"]?.integer)

        rig.pass(millis: lag * 1000 - 1)
        #expect(rig.ask("GET", "/orders?orderNumber=1").ids == [])
        #expect(rig.ask("GET", "/orders/\(id)").status == 200)
        #expect(rig.ask("POST", "/orders", rig.order("1")).json["id"]?.integer == id)

        rig.pass(millis: 1)
        #expect(rig.ask("GET", "/orders?orderNumber=1").ids == [id])
    }

    /// A clock that is stopped loses the fraction of its second.
    @Test func stoppedClockHidesNoOrder() throws {
        let rig = try Rig()
        rig.pass(millis: 900)
        _ = rig.ask("POST", "/orders", rig.order("1"))

        _ = try rig.hub.act("clock", ["freeze": true])

        #expect(rig.ask("GET", "/orders").ids.count == 1)
    }

    @Test func ordersOfTheSeedAreOldEnough() throws {
        let rig = try Rig(seed: "demo", ["orders.lag_s": "3600"])
        #expect(rig.ask("GET", "/orders").ids.count == 6)
    }
}
