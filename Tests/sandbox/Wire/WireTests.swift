import Testing

@testable import flx_sandbox

@Suite struct WireTests {
    @Test(arguments: [
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"), ("2024-05-01T12:00:00.999Z", "2024-05-01T12:00:00Z"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z"), ("1999-12-31T23:59:59-0100", "2000-01-01T00:59:59Z"),
    ])
    func instantIsReadAndWrittenInUTC(text: String, want: String) {
        #expect(Instant(iso: text)?.iso == want)
    }

    @Test(arguments: [
        "2024-05-01T12:00:00", "2024-05-01", "2023-02-29T00:00:00Z", "2024-05-01T24:00:00Z", "", "2024-05-01T12:00:00 00:00",
    ])
    func textWithoutZoneOrDayIsNoInstant(text: String) {
        #expect(Instant(iso: text) == nil)
    }

    @Test func threeFormsOfAnHTTPDate() {
        let instant = Instant(seconds: 784_111_777)
        #expect(instant.httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(instant.rfc850Date == "Sunday, 06-Nov-94 08:49:37 GMT")
        #expect(instant.asctimeDate == "Sun Nov  6 08:49:37 1994")
    }

    @Test(arguments: [("19.9", 199_000, "19.9"), ("-0.0001", -1, "-0.0001"), ("20", 200_000, "20")])
    func moneyIsExact(text: String, units: Int, want: String) {
        #expect(Money(text)?.units == units)
        #expect(Money(units: units).text() == want)
    }

    @Test(arguments: ["19,99", "1e2", "", "1.23456", "."])
    func otherTextIsNoMoney(text: String) {
        #expect(Money(text) == nil)
    }

    @Test func jsonKeepsNumberTextAndMemberOrder() throws {
        let text = #"{"b":19.90,"a":[1e2,-0,"\u00e9\n"],"b":null}"#
        #expect(String(decoding: try JSONParser.parse(text).bytes, as: UTF8.self) == #"{"b":19.90,"a":[1e2,-0,"é\n"],"b":null}"#)
    }

    @Test(arguments: ["[1,]", "{\"a\"}", "01", "\"\\ud800\"", "[1] 2", "nul", ""])
    func brokenTextIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }

    @Test func digestHasThePublishedValue() {
        #expect(SHA256.hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func checksumHasThePublishedValue() {
        #expect(Gzip.crc(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test func mutationReplacesAddsAndRemoves() throws {
        var value = try JSONParser.parse(#"[{"id":1,"price":2},{"id":3}]"#)
        value.replace(["0", "price"], with: "\"19,99\"")
        value.replace(["*", "id"], with: "1.5")
        value.replace(["1", "new"], with: "null")
        value.replace(["0", "id"], with: "-")
        #expect(String(decoding: value.bytes, as: UTF8.self) == #"[{"price":"19,99"},{"id":1.5,"new":null}]"#)
    }
}

@Suite struct DescriptionTests {
    @Test func mixedDescriptionsHaveEveryForm() throws {
        let rig = try Rig(seed: "variants=60", ["descriptions": "mixed"])
        let texts = (rig.ask("GET", "/listing/parents").json.array ?? []).compactMap { $0["description"]?.text }

        for mark in ["<li>", "&lt;", "&amp;lt;", "<o:p>", "{\"ops\":"] {
            #expect(texts.contains { $0.range(of: mark) != nil }, "\(mark)")
        }
    }
}
