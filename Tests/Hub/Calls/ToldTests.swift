import Testing

@testable import FlxChannel

/// S-22: our words and the hub's are kept apart, also as one text.
struct ToldTests {
    @Test func bothComeBackFromOneText() {
        let told = Told("the hub refused the order with status 422", theirs: "Jane Buyer has no SKU")

        #expect(Told(text: told.text) == told)
        #expect(Told(text: "given up by the host") == Told("given up by the host"))
        #expect(Told(text: "") == Told(""))
    }

    @Test func reportsHaveThemAsTwoMembers() {
        var json = JSONWriter()
        json.beginObject()
        json.told("ours\ntheirs")
        json.endObject()

        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"message":"ours","hub_said":"theirs"}"#)
    }
}
