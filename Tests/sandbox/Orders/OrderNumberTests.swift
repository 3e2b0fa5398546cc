import Testing

@testable import flx_sandbox

@Suite struct OrderNumberTests {
    private func order(_ rig: Rig, _ number: String, reference: String?) -> JSONValue {
        var members = rig.order(number).members ?? []
        if let reference { members.append(.init(key: "referenceNumber", value: .string(reference))) }
        return .object(members)
    }

    /// Three posts after `1/R-1`: another number with its reference, its number with another reference, and its number with none.
    @Test(arguments: [
        ("orderNumber", [201, 200, 200]), ("referenceNumber", [200, 201, 201]), ("either", [200, 200, 200]),
    ])
    func repeatIsKnownByTheKey(key: String, statuses: [Int]) throws {
        let rig = try Rig(["order.key": key])
        _ = rig.ask("POST", "/orders", order(rig, "1", reference: "R-1"))

        let posts = [order(rig, "2", reference: "R-1"), order(rig, "1", reference: "R-2"), order(rig, "1", reference: nil)]

        #expect(posts.map { rig.ask("POST", "/orders", $0).status } == statuses)
    }

    @Test func orderWithoutTheKeyIsNewEachTime() throws {
        let rig = try Rig(["order.key": "referenceNumber"])
        #expect((1...3).map { _ in rig.ask("POST", "/orders", rig.order("1")).status } == [201, 201, 201])
    }

    @Test func overwrittenOrderIsFoundUnderItsNewNumber() throws {
        let rig = try Rig(["order.key": "referenceNumber", "order.changed": "overwrite"])
        let first = rig.ask("POST", "/orders", order(rig, "1", reference: "R-1"))
        _ = rig.ask("POST", "/orders", order(rig, "2", reference: "R-1"))

        #expect(rig.ask("GET", "/_admin/orders/2").json["id"] == first.json["id"])
    }

    private static let kept: [(form: String, sent: String, shown: JSONValue)] = [
        ("as_sent", " #ab-1 ", " #ab-1 "), ("trimmed", " \tA 1\n", "A 1"), ("upper", "web-1", "WEB-1"), ("lower", "WEB-1", "web-1"),
        ("plain", "##1", "#1"), ("plain", "1#", "1#"), ("cut", "123456789012345678901", "12345678901234567890"),
        ("number", "0042", .number("42")), ("number", "000", .number("0")), ("number", "A-1", "A-1"),
        ("number", "123456789012345678901234", .number("123456789012345678901234")),
    ]

    @Test(arguments: kept)
    func numberIsShownAsTheHubKeepsIt(form: String, sent: String, shown: JSONValue) throws {
        let rig = try Rig(["order.number.form": form])
        let made = rig.ask("POST", "/orders", order(rig, sent, reference: sent))
        let read = rig.ask("GET", "/orders/\(made.json["id"]?.integer ?? 0)")

        for answer in [made, read] {
            #expect(answer.json["orderNumber"] == shown)
            #expect(answer.json["referenceNumber"] == shown)
        }
    }

    @Test(arguments: [("upper", "ab", "AB"), ("trimmed", "ab", "ab "), ("plain", "#ab", "ab"), ("number", "01", "1")])
    func numbersThatAreKeptAlikeAreOneOrder(form: String, one: String, other: String) throws {
        let rig = try Rig(["order.number.form": form])
        let first = rig.ask("POST", "/orders", rig.order(one))

        let second = rig.ask("POST", "/orders", rig.order(other))

        #expect((first.status, second.status) == (201, 200))
        #expect(first.json["id"] == second.json["id"])
    }

    @Test func listIsFilteredByTheKeptForm() throws {
        let rig = try Rig(["order.number.form": "upper"])
        let id = try #require(rig.ask("POST", "/orders", rig.order("ab-1")).json["id"]?.integer)

        #expect(rig.ask("GET", "/orders?orderNumber=ab-1").ids == [id])
        #expect(rig.ask("GET", "/orders?orderNumber=AB-1").ids == [id])
    }

    @Test func adminAndJournalKnowTheNumberAsItWasSent() throws {
        let rig = try Rig(["order.number.form": "upper"])
        _ = try rig.hub.act("refuse", ["order_number": "ab-2"])
        _ = rig.ask("POST", "/orders", rig.order("ab-1"))

        let report = rig.ask("GET", "/_admin/orders/ab-1").json

        #expect((report["order_number"], report["kept_number"]) == ("ab-1", "AB-1"))
        #expect(report["attempts"] == 1)
        #expect(rig.ask("GET", "/_admin/orders/AB-1").json["id"] == report["id"])
        #expect(rig.ask("POST", "/orders", rig.order("ab-2")).status == 422)
        _ = rig.ask("PATCH", "/orders/\(report["id"]?.integer ?? 0)/status?status=Closed")
        #expect(rig.hub.journal.entries.map(\.effect.orderNumber) == ["ab-1", "ab-2", "ab-1"])
    }

    @Test func longerNumberIsRefusedWithItsLimit() throws {
        let rig = try Rig(["order.number.limit": "4"])

        let answer = rig.ask("POST", "/orders", rig.order("12345"))

        #expect(answer.status == 400)
        #expect(answer.json["error"] == "orderNumber is longer than 4 characters")
        #expect(rig.ask("POST", "/orders", rig.order("1234")).status == 201)
        #expect(rig.hub.orders.orders.count == 1)
    }
}
