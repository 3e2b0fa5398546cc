import Testing

@testable import FlxChannel

struct OrderWarningsTests {
    private static let now = Instant(iso: "2026-01-31T12:00:00Z")?.ms ?? 0

    @Test(arguments: [
        (#""shippingAddress":{"countryCode":"us"}"#, "/shippingAddress/countryCode"),
        (#""shippingAddress":{"countryCode":"Us"}"#, "/shippingAddress/countryCode"),
        (#""shippingAddress":{"countryCode":"USA"}"#, "/shippingAddress/countryCode"),
        (#""billingAddress":{"countryCode":"Germany"}"#, "/billingAddress/countryCode"),
        (#""billingAddress":{"countryCode":"Österreich"}"#, "/billingAddress/countryCode"),
        (#""orderItems":[{},{"shippingAddress":{"countryCode":"de"}}]"#, "/orderItems/1/shippingAddress/countryCode"),
        (#""orderedAt":"2026-01-31T12:05:01Z""#, "/orderedAt"), (#""orderTotal":"-0.01""#, "/orderTotal"),
        (#""orderTotal":-5"#, "/orderTotal"), (#""orderNumber":"\#(String(repeating: "é", count: 51))""#, "/orderNumber"),
        (#""referenceNumber":"\#(String(repeating: "n", count: 51))""#, "/referenceNumber"),
    ])
    func whatIsOddIsToldAtItsPath(_ member: String, _ path: String) throws {
        #expect(try OrderWarnings.of(parsed("{\(member)}"), now: Self.now).map { $0.path } == [path])
    }

    @Test(arguments: [
        "{}", "[]", #"{"shippingAddress":{"countryCode":"US"},"billingAddress":null}"#, #"{"shippingAddress":{"countryCode":""}}"#,
        #"{"orderedAt":"2026-01-31T12:04:59Z"}"#, #"{"orderTotal":"0.00"}"#, #"{"orderTotal":"-0"}"#, #"{"orderTotal":"x"}"#,
        #"{"orderNumber":"\#(String(repeating: "é", count: 50))"}"#,
        #"{"orderTotal":"1","orderItems":[{"quantity":2,"price":"3"}]}"#,  // taxes and discounts are the shop's business
    ])
    func whatIsUsualIsNot(_ order: String) throws {
        #expect(try OrderWarnings.of(parsed(order), now: Self.now).isEmpty)
    }

    @Test func warningsAreCountedTo100() throws {
        let lines = [String](repeating: #"{"shippingAddress":{"countryCode":"us"}}"#, count: 500).joined(separator: ",")

        #expect(try OrderWarnings.of(parsed(#"{"orderItems":[\#(lines)]}"#), now: Self.now).count == 100)
    }
}
