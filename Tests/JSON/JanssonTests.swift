import Testing

@testable import FlxChannel

@Suite struct JanssonTests {
    private func parse(_ text: String) throws -> Jansson {
        try Jansson.parse(Array(text.utf8))
    }

    @Test func answersWhatWasRead() throws {
        let config = try parse(
            #"{"channel":"shop","rate_limit":{"dir":"/run"},"n":-5,"on":true,"off":false,"none":null,"list":[1,"b"]}"#)

        #expect(config.kind == .object && config.count == 7)
        #expect(config.member("channel")?.string == "shop")
        #expect(config.member("rate_limit")?.member("dir")?.string == "/run")
        #expect(config.member("n")?.integer == -5)
        #expect(config.member("on")?.bool == true && config.member("off")?.bool == false)
        #expect(config.member("none")?.isNull == true)
        #expect(config.member("list")?.element(1)?.string == "b")
        #expect(config.member("list")?.elements.map(\.kind) == [.number, .string])
        #expect(config.members.map(\.key) == ["channel", "rate_limit", "n", "on", "off", "none", "list"])
    }

    @Test func aWrongQuestionIsAnsweredWithNil() throws {
        let number = try parse("5")

        #expect(number.string == nil && number.bool == nil && number.member("a") == nil && number.element(0) == nil)
        #expect(number.elements.isEmpty && number.members.isEmpty && number.count == 0)
        #expect(try parse("\"5\"").integer == nil)
        #expect(try parse("[1]").element(-1) == nil)
        #expect(try parse("[1]").element(1) == nil)
    }

    @Test(arguments: ["1.5", "[1,2.0]", "{\"a\":1e3}", "9223372036854775808", "[-9223372036854775809]"])
    func neverSeesADecimal(_ text: String) {
        #expect { try parse(text) } throws: { error in
            if case .notInteger? = error as? JSONFault { true } else { false }
        }
    }

    @Test(arguments: ["", "{", "{\"a\":1,\"a\":2}", "\"\\u0000\"", "[1] 2", "{\"a\\u0000\":1}", "nul"])
    func refusesWhatTheScannerRefuses(_ text: String) {
        #expect(throws: JSONFault.self) { try parse(text) }
    }

    @Test func skipsAByteOrderMark() throws {
        #expect(try Jansson.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)).count == 1)
    }

    @Test func aPartLivesLongerThanItsWhole() throws {
        var whole: Jansson? = try parse("{\"a\":{\"b\":\"c\"}}")
        let part = whole?.member("a")
        whole = nil

        #expect(part?.member("b")?.string == "c")
        #expect(part.map { String(decoding: $0.text(), as: UTF8.self) } == "{\"b\":\"c\"}")
    }

    @Test(arguments: ["\"\"", "7", "true", "null"])
    func scalarsHaveTextToo(_ text: String) throws {
        #expect(try parse(text).text() == Array(text.utf8))
    }
}
