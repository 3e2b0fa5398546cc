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

    @Test func buildsAReport() throws {
        let report = Jansson.object()
        report.set("text", "é\"\n\0")
        report.set("number", Int64.min)
        report.set("on", true)
        let list = Jansson.array()
        list.append("a")
        list.append(Int64(1))
        list.append(false)
        list.append(Jansson.object())
        report.set("list", list)
        report.set("on", false)
        report.set("bad\0name", "x")

        let text = String(decoding: report.text(), as: UTF8.self)
        let items = #"["a",1,false,{}]"#
        #expect(
            text == #"{"text":"é\"\n\u0000","number":-9223372036854775808,"on":false,"list":"# + items + "}")
    }

    @Test func aPartLivesLongerThanItsWhole() throws {
        var whole: Jansson? = try parse("{\"a\":{\"b\":\"c\"}}")
        let part = whole?.member("a")
        whole = nil

        #expect(part?.member("b")?.string == "c")
        #expect(part.map { String(decoding: $0.text(), as: UTF8.self) } == "{\"b\":\"c\"}")
    }

    @Test func scalarsHaveTextToo() {
        #expect(Jansson.string("").text() == Array("\"\"".utf8))
        #expect(Jansson.integer(7).text() == Array("7".utf8))
        #expect(Jansson.bool(true).text() == Array("true".utf8))
        #expect(Jansson.null().text() == Array("null".utf8))
    }

    @Test func settingOnWhatIsNoObjectDoesNothing() {
        let array = Jansson.array()
        array.set("a", "b")
        array.append(array)

        #expect(array.text() == Array("[]".utf8))
    }
}
