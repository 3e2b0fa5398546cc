import Testing

@testable import flx_sandbox

@Suite struct PagingTests {
    @Test func eachResourceHasItsOwnSpelling() throws {
        let rig = try Rig(seed: "demo")

        #expect(rig.ask("GET", "/orders?page=2&pageSize=2").ids == [700_003, 700_004])
        #expect(rig.ask("GET", "/shipments?filterPageNumber=2&filterPageSize=2").ids.count == 2)
        #expect(rig.ask("GET", "/shipments?page=2&pageSize=2").ids == rig.ask("GET", "/shipments").ids)
        #expect(rig.ask("GET", "/returns?pageNumber=2&pageSize=1").ids == [])
    }

    @Test func sizeIsLoweredToTheCapOfTheResource() throws {
        let rig = try Rig(seed: "demo", ["page.cap.parents": "5"])
        #expect(rig.ask("GET", "/listing/parents?pageSize=50").ids.count == 5)
        #expect(rig.ask("GET", "/listing/variants?pageSize=500").ids.count == 100)
    }

    @Test func walkToTheEmptyPageSeesEveryVariantOnce() throws {
        let rig = try Rig(seed: "demo")
        var seen: [Int] = []
        for page in 1... {
            let ids = rig.ask("GET", "/listing/variants?page=\(page)&pageSize=100").ids
            if ids.isEmpty { break }
            seen += ids
        }
        #expect(seen.count == 1180)
        #expect(Set(seen).count == 1180)
    }

    @Test func hugePageIsEmpty() throws {
        #expect(try Rig().ask("GET", "/listing/variants?page=\(Int.max)&pageSize=100").body == "[]")
    }

    @Test func boundsAreExclusiveUntilTold() throws {
        let rig = try Rig()
        let variant = rig.hub.catalogue.variants[0]
        let target = "/listing/variants?ids=\(variant.id)&updatedAfter=\(variant.updated.iso)"
        #expect(rig.ask("GET", target).ids == [])

        try rig.hub.switches.set("bounds", to: "inclusive")

        #expect(rig.ask("GET", target).ids == [variant.id])
    }

    @Test func ignoredFilterReturnsEverything() throws {
        let rig = try Rig(["query.ignore": "listOrders.orderNumber"])
        for number in ["1", "2"] { _ = rig.ask("POST", "/orders", rig.order(number)) }
        #expect(rig.ask("GET", "/orders?orderNumber=1").ids.count == 2)
    }

    @Test func pagesCanRepeatLackAndOverlap() throws {
        let rig = try Rig(["page.default": "3"])
        let all = rig.hub.catalogue.variants.map(\.id)
        func ids(_ page: Int) -> [Int] { rig.ask("GET", "/listing/variants?page=\(page)").ids }

        try rig.hub.switches.set("paging.duplicate", to: "2")
        #expect(ids(2) == Array(all[0..<3]))
        try rig.hub.switches.set("paging.duplicate", to: "0")
        try rig.hub.switches.set("paging.overlap", to: "1")
        #expect(ids(2) == Array(all[2..<5]))
    }

    @Test func foreignRowsAppearOnlyWhenTold() throws {
        let rig = try Rig(seed: "demo")
        #expect(rig.ask("GET", "/listing/variants?skus=OTHER-1-1").ids.isEmpty)
        try rig.hub.switches.set("foreign.rows", to: "listings")
        #expect(rig.ask("GET", "/listing/variants?skus=OTHER-1-1").ids.count == 1)
    }
}
