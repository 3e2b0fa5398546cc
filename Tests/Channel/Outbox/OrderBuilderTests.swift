import CFlxChannel
import Testing

@testable import FlxChannel

struct OrderBuilderTests {
    @Test func orderWrittenFieldByFieldIsTheOrderWrittenAsJSON() throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/orderedAt", "2026-01-31T12:00:00Z")
        try builder.set("/shippingAddress/name", "Ann Lee")
        try builder.set("/shippingAddress/city", "Oslo")
        try builder.addItem(sku: "A", quantity: 2, price: "19.90")
        try builder.addItem(sku: "B", quantity: 1, price: nil)
        try builder.set("/orderItems/1/title", "Tee \"red\"")
        try builder.set("/orderItems/1/quantity", "3")
        try builder.set("/tags/0", "gift")
        try builder.set("/extra/door/code", "7")
        let text = #"""
            {"orderNumber":"A-1","orderedAt":"2026-01-31T12:00:00Z","shippingAddress":{"name":"Ann Lee","city":"Oslo"},
             "orderItems":[{"sku":"A","quantity":2,"price":19.9},{"sku":"B","quantity":3,"title":"Tee \"red\""}],
             "tags":["gift"],"extra":{"door":{"code":"7"}}}
            """#

        let built = try OrderDocument.check(builder.json(), names: WireNames())
        #expect(try built.canonical == OrderDocument.check(Array(text.utf8), names: WireNames()).canonical)
    }

    @Test func laterValueTakesThePlaceOfTheEarlier() throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/note", "one")
        try builder.set("/note", "two")

        #expect(try json(builder).member("note")?.string == "two")
    }

    @Test func escapedStepsAreNames() throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/extra/a~1b~0c", "x")

        #expect(try json(builder).member("extra")?.member("a/b~c")?.string == "x")
    }

    @Test(arguments: ["", "note", "/", "//", "/note/", "/a~2", "/1/2/3/4/5/6/7/8/9"])
    func whatIsNoPathIsRefused(_ path: String) throws {
        let builder = try OrderBuilder(number: "A-1")

        #expect(refusal { try builder.set(path, "x") }?.code == FLX_E_ARGUMENT)
        #expect(builder.json() == Array(#"{"orderNumber":"A-1"}"#.utf8))
    }

    @Test(arguments: [
        "/tags/1", "/tags/x/y", "/orderItems/1/sku", "/orderItems/0/customFields/3/name", "/tags/10000", "/orderNumber/x",
    ])
    func pathThatLeavesAGapOrCannotBeChangesNothing(_ path: String) throws {
        let builder = try OrderBuilder(number: "A-1")
        if path == "/tags/x/y" { try builder.set("/tags/0", "a") }
        let before = builder.json()

        let refused = refusal { try builder.set(path, "x") }
        #expect(refused?.code == FLX_E_ARGUMENT)
        #expect(refused?.path == path)
        #expect(builder.json() == before)
    }

    @Test(arguments: ["x", "1.5", "+5", "007", "", " 1", "-0"])
    func quantityThatIsNoNumberIsNamedByTheCheck(_ text: String) throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/shippingAddress/city", "Oslo")
        try builder.addItem(sku: "A", quantity: 1, price: nil)
        try builder.set("/orderItems/0/quantity", text)

        do {
            _ = try OrderDocument.check(builder.json(), names: WireNames())
            Issue.record("was taken")
        } catch {
            guard case .faults(let faults) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(faults.map { $0.path } == ["/orderItems/0/quantity"])
        }
    }

    @Test func itemNeedsAQuantity() throws {
        let builder = try OrderBuilder(number: "A-1")

        #expect(refusal { try builder.addItem(sku: "A", quantity: 0, price: nil) }?.path == "/orderItems/0/quantity")
        #expect(try json(builder).member("orderItems") == nil)
    }

    @Test func itemGoesBehindThoseThatWereSetByPath() throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/orderItems/0/sku", "A")
        try builder.addItem(sku: "B", quantity: 1, price: nil)

        #expect(try json(builder).member("orderItems")?.elements.map { $0.member("sku")?.string } == ["A", "B"])
    }

    @Test func itemsWhereTextStandsAreRefused() throws {
        let builder = try OrderBuilder(number: "A-1")
        try builder.set("/orderItems", "text")

        #expect(refusal { try builder.addItem(sku: "B", quantity: 1, price: nil) }?.code == FLX_E_ARGUMENT)
    }

    @Test(arguments: ["", "a\nb", "\u{7F}"])
    func numberThatCannotBeIsRefused(_ number: String) {
        #expect(refusal { try OrderBuilder(number: number) }?.code == FLX_E_ARGUMENT)
    }

    private func json(_ builder: OrderBuilder) throws -> JSONValue { try parsed(builder.json()) }
}
