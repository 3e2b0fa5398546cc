import Testing

@testable import flx_sandbox

@Suite struct AccessTests {
    @Test func tokenMustBeKnownAndOfTheRightKind() throws {
        let rig = try Rig()
        #expect(rig.ask("GET", "/orders", token: nil).status == 401)
        #expect(rig.ask("GET", "/orders", token: "wrong").status == 401)
        #expect(rig.ask("GET", "/account").status == 403)
        #expect(rig.ask("GET", "/account", token: "sandbox-account-token").status == 200)
        #expect(rig.ask("POST", "/shipments", [:]).status == 403)
    }

    @Test func journalNamesTheKindAndNeverTheToken() throws {
        let rig = try Rig()
        _ = rig.ask("GET", "/orders")
        _ = rig.ask("GET", "/orders", token: "secret-of-somebody")
        let text = rig.hub.journal.entries.map { String(decoding: $0.json.bytes, as: UTF8.self) }.joined()
        #expect(rig.hub.journal.entries.map(\.token) == ["channel", "unknown"])
        #expect(text.range(of: "secret") == nil && text.range(of: "sandbox-channel") == nil)
    }

    @Test func adminIsOutsideJournalAndPool() throws {
        let rig = try Rig(["limiter": "strict"])
        for _ in 0..<5 { #expect(rig.ask("GET", "/_admin/totals", token: nil).status == 200) }
        #expect(rig.hub.journal.entries.isEmpty)
    }

    @Test func everyOperationHasItsOwnNameAndPlace() {
        #expect(Set(Operation.all.map(\.id)).count == Operation.all.count)
        #expect(Set(Operation.all.map { $0.method + $0.template.joined(separator: "/") }).count == Operation.all.count)
        #expect(Operation.find("GET", ["listing", "variants", "count"])?.0.id == "getListingVariantsCount")
        #expect(Operation.find("PATCH", ["orders", "link"])?.0.id == "linkUnmanagedOrders")
    }
}

@Suite struct SwitchTests {
    @Test func everyDefaultIsASetting() {
        for which in Switch.all { #expect(which.accepts(which.initial), "\(which.name)") }
    }

    @Test func everyRowOfTheUnknownsThatHasAChoiceHasASwitch() {
        let rows = Set(Switch.all.compactMap { Int($0.row) })
        // 25 and 26 offer no choice: no webhooks, and the token matrix, which row 17 covers.
        #expect(Set(1...33).subtracting(rows) == [25, 26])
    }

    @Test func misspeltNameLeadsToTheNearest() {
        var switches = Switches()
        #expect(throws: Switches.Unknown.self) { try switches.set("limter", to: "none") }
        do { try switches.set("limter", to: "none") } catch {
            #expect(error.description == "no switch limter; the nearest is limiter")
        }
    }

    @Test func settingsAreTakenAllOrNone() throws {
        let rig = try Rig()
        #expect(throws: Refusal.self) { try rig.hub.setSwitches(["page.default": 5, "bounds": "sideways"]) }
        #expect(rig.hub.switches.number(.pageDefault) == 20)
    }
}

@Suite struct FaultTests {
    @Test func faultHappensAtItsTurnAndThenNoMore() throws {
        let rig = try Rig()
        _ = try rig.hub.act("faults", ["do": "status", "status": 503, "path": "/orders", "nth": 2])
        #expect((1...4).map { _ in rig.ask("GET", "/orders").status } == [200, 503, 200, 200])
    }

    @Test func wordsAndObjectsSayTheSame() throws {
        let (match, action, times) = try Fault.read(Fault.object(words: "do=truncate path=/listing bytes=10 times=0"))
        #expect((match.path, action.kind, action.number("bytes", or: 0), times) == ("/listing", .truncate, 10, 0))
    }

    @Test func truncatedBodyKeepsItsAnnouncedLength() throws {
        let rig = try Rig()
        _ = try rig.hub.act("faults", ["do": "truncate", "bytes": 10])
        let whole = rig.ask("GET", "/listing/variants?ids=1").body
        #expect(whole == "[]")
        _ = try rig.hub.act("faults", ["do": "truncate", "bytes": 10])

        let cut = rig.ask("GET", "/listing/variants")

        #expect(cut.body.utf8.count == 10)
        #expect(cut.steps.last == .close)
    }

    @Test func stepWaitsForItsRequest() throws {
        let rig = try Rig()
        let sku = rig.hub.catalogue.variants[0].sku
        _ = try rig.hub.act("steps", [["at_request": 2, "listings": ["sku": .string(sku), "quantity": 77]]])
        _ = rig.ask("GET", "/orders")
        #expect(rig.hub.catalogue.variants[0].quantity != 77)

        _ = rig.ask("GET", "/orders")

        #expect(rig.hub.catalogue.variants[0].quantity == 77)
    }
}

@Suite struct SeedTests {
    @Test(arguments: [("tiny", 9), ("demo", 1180), ("variants=2000", 2000)])
    func seedHasExactlyItsVariants(text: String, count: Int) throws {
        let rig = try Rig(seed: text)
        #expect(rig.hub.catalogue.variants.filter { $0.parent.channelId == Hub.channelId }.count == count)
    }

    @Test func sameSeedSameCatalogue() throws {
        let (first, second) = (try Rig(seed: "demo"), try Rig(seed: "demo"))
        #expect(first.hub.catalogue.variants.map(\.sku) == second.hub.catalogue.variants.map(\.sku))
        #expect(first.hub.catalogue.variants.map(\.price) == second.hub.catalogue.variants.map(\.price))
        #expect(Set(first.hub.catalogue.variants.map(\.sku)).count == first.hub.catalogue.variants.count)
    }

    @Test func everythingOfASeedLiesInThePast() throws {
        let rig = try Rig(seed: "demo")
        let latest = rig.hub.now - 3600
        #expect(rig.hub.catalogue.variants.allSatisfy { $0.updated <= latest && $0.dynamic.updated ?? latest <= latest })
        #expect(rig.hub.shipments.shipments.allSatisfy { $0.updated <= rig.hub.now })
    }

    @Test func demoHasOneOfEachException() throws {
        let rig = try Rig(seed: "demo")
        let changes = Set(rig.hub.catalogue.variants.compactMap(\.change))
        #expect(changes == [.hidden, .delisted, .listed, .published, .overwriteData])
        #expect(rig.hub.catalogue.parents.count >= 200)
        #expect(rig.hub.shipments.shipments.contains { $0.isSuppressed })
        #expect(rig.hub.shipments.shipments.contains { $0.rmaId != nil })
        #expect(rig.hub.shipments.shipments.contains { $0.crossDockId != nil })
    }
}

@Suite struct HostileInputTests {
    @Test(arguments: [
        "/listing/variants?page=9223372036854775807&pageSize=9223372036854775807", "/listing/variants?ids=-9223372036854775808",
        "/listing/variants?page=-1", "/orders/9223372036854775807", "/orders?orderedAfter=%FF%00", "//", "/%2F",
        "/listing//variants",
        "/shipments?findByOrderId=-9223372036854775808", "/channel/99999999999999999999",
    ])
    func oddTargetsAreAnswered(target: String) throws {
        let rig = try Rig(["page.first": "0", "page.cap": "0"])
        #expect((200..<500).contains(rig.ask("GET", target).status))
    }

    @Test(arguments: [
        #"[]"#, #"{"orderNumber":1}"#, #"{"orderNumber":"1","shippingAddress":{},"orderItems":[{"quantity":9223372036854775807}]}"#,
        #"{"orderNumber":"1","shippingAddress":{},"orderItems":[{"quantity":1,"productVariantId":-9223372036854775808}],"orderTotal":1e999}"#,
        #"{"orderNumber":"1","shippingAddress":{"name":5},"orderItems":[{"quantity":1}]}"#,
    ])
    func oddOrdersAreAnswered(body: String) throws {
        let rig = try Rig()
        #expect((200..<500).contains(rig.ask("POST", "/orders", try JSONParser.parse(body)).status))
    }

    @Test func oddFaultNumbersDoNotStopTheHub() throws {
        let rig = try Rig()
        for kind in FaultAction.Kind.allCases where kind != .huge && kind != .deep && kind != .endless && kind != .informational {
            _ = try rig.hub.act(
                "faults",
                [
                    "do": .string(kind.rawValue), "bytes": -5, "size": -1, "ms": -1, "percent": -7, "delta": -100_000, "count": 2,
                    "drop": "-4",
                ])
            _ = rig.ask("GET", "/listing/variants")
        }
        #expect(rig.ask("GET", "/_admin/totals").status == 200)
    }
}
