import Testing

@testable import FlxChannel

/// What is JSON and what is not. The fault rows are J of the catalogue.
@Suite struct JSONScannerTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "12", "-1.5", "1e3", "1E+30", "0.0001e-2", "\"\"", "\"a\"", "[]", "{}",
        " [ ] ",
        "[1,[2,[3]]]", #"{"a":{"b":[]},"c":null}"#, #""\"\\\/\b\f\n\r\tAé""#, #""\ud83d\ude00""#, "\"\u{10FFFF}é€😀\"",
        "\t\r\n {\r\n\t\"a\" :\t1 , \"b\":2\r\n}\r\n",
    ])
    func acceptsWhatTheStandardAllows(_ text: String) throws {
        let document = try JSONDocument.parse(Array(text.utf8))

        #expect(document.root.text == text.filter { !$0.isWhitespace } || text.contains(" "))
    }

    @Test(arguments: [
        ("{\"a\":1,}", JSONFault.unexpected(at: 7)), ("[1,]", .unexpected(at: 3)), ("[,1]", .unexpected(at: 1)),
        ("[1 2]", .unexpected(at: 3)), ("{\"a\" 1}", .unexpected(at: 5)), ("{a:1}", .unexpected(at: 1)),
        ("{1:1}", .unexpected(at: 1)), ("[1}", .unexpected(at: 2)), ("{\"a\":1]", .unexpected(at: 6)),
        ("nul!", .unexpected(at: 3)), ("True", .unexpected(at: 0)), ("NaN", .unexpected(at: 0)),
        ("-Infinity", .number(at: 1)), ("+1", .unexpected(at: 0)), (".5", .unexpected(at: 0)),
        ("'a'", .unexpected(at: 0)),
        ("1.x", .number(at: 2)), ("1e+x", .number(at: 3)), ("-a", .number(at: 1)), ("[01]", .unexpected(at: 2)),
        ("[0x1]", .unexpected(at: 2)), (#""\x""#, .escape(at: 1)), (#""\u12g4""#, .escape(at: 5)),
        (#""\U0041""#, .escape(at: 1)), ("\u{B}1", .unexpected(at: 0)), ("\u{A0}1", .unexpected(at: 0)),
    ])
    func namesTheByteThatIsWrong(_ text: String, _ fault: JSONFault) {
        #expect(throws: fault) { try JSONDocument.parse(Array(text.utf8)) }
    }

    @Test func everyPrefixOfADocumentIsTruncatedJ01() throws {
        let whole = Array(#" {"id":"1","n":-1.5e+3,"t":[true,false,null,[],{}],"s":"é€😀 \u00e9\ud83d\ude00\n"} "#.utf8)
        let end = try JSONDocument.parse(whole).root.range.upperBound

        for length in 0..<end {
            #expect(throws: JSONFault.truncated(at: length)) { try JSONDocument.parse(Array(whole[..<length])) }
        }
    }

    @Test func depth65IsRefusedAndDepth64IsNotJ02() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }

        #expect(try JSONDocument.parse(nested(64)).nodes.count == 64)
        #expect(throws: JSONFault.depth(at: 64, limit: 64)) { try JSONDocument.parse(nested(65)) }
        #expect(throws: JSONFault.depth(at: 64, limit: 64)) { try JSONDocument.parse(nested(2_049)) }
        #expect(throws: JSONFault.depth(at: 64, limit: 64)) { try JSONDocument.parse(nested(1_000_000)) }
        let objects = String(repeating: "{\"a\":", count: 64) + "[]" + String(repeating: "}", count: 64)
        #expect(throws: JSONFault.depth(at: 320, limit: 64)) { try JSONDocument.parse(Array(objects.utf8)) }
    }

    @Test func depthCountsWhatIsOpenAndNotWhatWasClosedJ02() throws {
        let wide = "[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]"

        #expect(try JSONDocument.parse(Array(wide.utf8), limits: JSONLimits(depth: 3)).root.count == 1000)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func brokenOverlongAndSurrogateBytesAreNotUtf8J03(_ bytes: [UInt8]) {
        #expect(throws: JSONFault.utf8(at: 1)) { try JSONDocument.parse([0x22] + bytes + [0x22]) }
        #expect(throws: JSONFault.utf8(at: 9)) { try JSONDocument.parse(Array("\"12345678".utf8) + bytes + [0x22]) }
    }

    @Test(arguments: [
        #""\ud800""#, #""\ud800x""#, #""\udc00""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\udbff\u0041""#,
        #""\uDFFF\uD800""#,
    ])
    func halfASurrogatePairIsRefusedJ03(_ text: String) {
        #expect(throws: JSONFault.surrogate(at: 1)) { try JSONDocument.parse(Array(text.utf8)) }
    }

    @Test func zeroCharactersAreRefusedInValuesAndNamesJ04() {
        #expect(throws: JSONFault.nul(at: 2)) { try JSONDocument.parse(Array("\"a\0\"".utf8)) }
        #expect(throws: JSONFault.nul(at: 2)) { try JSONDocument.parse(Array(#""a\u0000""#.utf8)) }
        #expect(throws: JSONFault.nul(at: 3)) { try JSONDocument.parse(Array("{\"a\0\":1}".utf8)) }
        #expect(throws: JSONFault.nul(at: 3)) { try JSONDocument.parse(Array(#"{"a\u0000":1}"#.utf8)) }
        #expect(throws: JSONFault.unexpected(at: 1)) { try JSONDocument.parse([0x5B, 0, 0x5D]) }
    }

    @Test(arguments: [
        (#"{"id":1,"id":1}"#, 8), (#"{"id":1,"a":{},"id":2}"#, 15), (#"{"id":1,"\u0069d":2}"#, 8),
        (#"{"\u0069d":1,"i\u0064":2}"#, 13), (#"{"":1,"":1}"#, 6), (#"{"x":{"a":[{"b":1,"b":1}]}}"#, 18),
        (#"{"é":1,"\u00e9":1}"#, 8), (#"{"😀":1,"\ud83d\ude00":1}"#, 10),
    ])
    func aNameTwiceIsRefusedInEverySpellingJ05(_ text: String, _ at: Int) {
        #expect(throws: JSONFault.duplicateKey(at: at)) { try JSONDocument.parse(Array(text.utf8)) }
    }

    @Test func aNameMayComeAgainInAnotherObjectJ05() throws {
        let text = #"[{"id":1,"in":{"id":2,"in":{"id":3}}},{"id":4},{"Id":1,"id":2,"ID":3}]"#

        #expect(try JSONDocument.parse(Array(text.utf8)).root.count == 3)
    }

    @Test(arguments: [2, 32, 33, 34, 65, 1000])
    func aNameTwiceIsFoundInObjectsOfEverySizeJ05(_ count: Int) throws {
        let names = (0..<count).map { "\"name\($0)\":\($0)" }
        let sound = "{" + names.joined(separator: ",") + "}"
        let first = "{" + (names + ["\"name0\":1"]).joined(separator: ",") + "}"
        let last = "{" + (names + ["\"n\\u0061me\(count - 1)\":1"]).joined(separator: ",") + "}"
        let at = sound.utf8.count

        #expect(try JSONDocument.parse(Array(sound.utf8)).root.count == count)
        #expect(throws: JSONFault.duplicateKey(at: at)) { try JSONDocument.parse(Array(first.utf8)) }
        #expect(throws: JSONFault.duplicateKey(at: at)) { try JSONDocument.parse(Array(last.utf8)) }
    }

    @Test func trailingTextIsRefusedJ12() {
        #expect(throws: JSONFault.trailing(at: 3)) { try JSONDocument.parse(Array("{} x".utf8)) }
        #expect(throws: JSONFault.trailing(at: 2)) { try JSONDocument.parse(Array("{}{}".utf8)) }
        #expect(throws: JSONFault.trailing(at: 2)) { try JSONDocument.parse(Array("12\0".utf8)) }
        #expect(throws: JSONFault.trailing(at: 3)) { try JSONDocument.parse(Array("[]\n// end".utf8)) }
        #expect(throws: JSONFault.unexpected(at: 1)) { try JSONDocument.parse(Array("[/* one */1]".utf8)) }
    }

    @Test func aByteOrderMarkIsSkippedOnceJ12() throws {
        #expect(try JSONDocument.parse([0xEF, 0xBB, 0xBF] + Array("{}".utf8)).root.range == 3..<5)
        #expect(throws: JSONFault.unexpected(at: 3)) {
            try JSONDocument.parse([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, 0x31])
        }
        #expect(throws: JSONFault.truncated(at: 3)) { try JSONDocument.parse([0xEF, 0xBB, 0xBF]) }
        #expect(throws: JSONFault.unexpected(at: 0)) { try JSONDocument.parse([0xFE, 0xFF, 0, 0x31]) }
    }

    @Test(arguments: 1..<0x20 as Range<UInt8>) func controlBytesInTextAreRefusedJ12(_ byte: UInt8) {
        #expect(throws: JSONFault.control(at: 1)) { try JSONDocument.parse([0x22, byte, 0x22]) }
        #expect(throws: JSONFault.control(at: 12)) {
            try JSONDocument.parse(Array("\"abcdefghijk".utf8) + [byte, 0x22])
        }
    }

    @Test func tenMegabytesOfWhiteSpaceAreOnlyWhiteSpaceJ12() throws {
        let space = [UInt8](repeating: 0x20, count: 10 << 20)

        #expect(try JSONDocument.parse(space + Array("[1]".utf8) + space).root.count == 1)
        #expect(throws: JSONFault.truncated(at: space.count)) { try JSONDocument.parse(space) }
    }

    @Test func everyPlaceInAWordOfEightFindsTheEndOfText() throws {
        for length in 0..<40 {
            let text = String(repeating: "x", count: length)
            #expect(try JSONDocument.parse(Array("\"\(text)\"".utf8)).root.string == text)
            #expect(try JSONDocument.parse(Array("\"\(text)\\n\"".utf8)).root.string == text + "\n")
            #expect(try JSONDocument.parse(Array("\"\(text)é\"".utf8)).root.string == text + "é")
            #expect(throws: JSONFault.truncated(at: length + 1)) { try JSONDocument.parse(Array("\"\(text)".utf8)) }
        }
    }
}
