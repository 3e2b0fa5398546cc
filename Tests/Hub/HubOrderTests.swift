import Testing

@testable import FlxChannel

struct HubOrderTests {
    @Test func numberMayStandInEitherFieldAndBeANumber() throws {
        let order = try #require(HubOrder(parsed(#"{"id":1,"orderNumber":1001,"referenceNumber":"R"}"#)))

        #expect(order.hasNumber("1001"))
        #expect(order.hasNumber("R"))
        #expect(!order.hasNumber("1"))
    }

    @Test(arguments: [("Closed", true), ("Canceled", true), ("Open", false), ("On Hold", false), ("Failed", false)])
    func closedAndCanceledOrdersAreFinal(_ status: String, _ isFinal: Bool) throws {
        #expect(try HubOrder(parsed(#"{"id":1,"orderStatus":"\#(status)"}"#))?.isFinal == isFinal)
    }

    @Test(arguments: [
        (#"[{"sku":"A","quantity":2},{"sku":"B","quantity":1},{"sku":"A","quantity":3}]"#, ["A": 5, "B": 1] as [String: Int64]?),
        ("[]", nil), ("{}", nil), (#"[{"sku":"A","quantity":2},{"quantity":1}]"#, nil), (#"[{"sku":null,"quantity":1}]"#, nil),
        (#"[{"sku":"A","quantity":9223372036854775807},{"sku":"A","quantity":1}]"#, nil),
    ])
    func linesAreSummedBySKUOrNotComparedAtAll(_ lines: String, _ sums: [String: Int64]?) throws {
        #expect(try HubOrder(parsed(#"{"id":1,"orderItems":\#(lines)}"#))?.quantities == sums)
    }

    @Test(arguments: [#"{}"#, #"{"id":"x"}"#, #"{"id":1.0}"#, #"{"id":-1}"#, "[]", "7"])
    func recordWithoutAnExactIdIsNoOrder(_ text: String) throws {
        #expect(try HubOrder(parsed(text)) == nil)
    }
}
