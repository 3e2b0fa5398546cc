import Testing

@testable import FlxChannel

/// What a value answers, and that it answers nil to what it is not.
@Suite struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue {
        try JSONDocument.parse(Array(text.utf8)).root
    }

    @Test func kindsAreTold() throws {
        let array = try value(#"[null,true,false,1,-1,"a",[],{}]"#)

        #expect(array.elements.map(\.kind) == [.null, .bool, .bool, .number, .number, .string, .array, .object])
    }

    @Test func aWrongQuestionIsAnsweredWithNil() throws {
        let text = try value("\"12\"")
        let number = try value("12")

        #expect(text.integer == nil && text.numberText == nil && text.bool == nil && text.member("a") == nil)
        #expect(text.element(0) == nil && text.count == 0 && !text.isNull && Array(text.elements).isEmpty)
        #expect(number.string == nil && number.unescapedBytes == nil && number.bool == nil)
        #expect(Array(number.members).isEmpty)
        #expect(try value("[1]").element(-1) == nil)
        #expect(try value("[1]").element(1) == nil)
        #expect(try value("{\"a\":1}").element(0) == nil)
    }

    @Test func membersAreFoundInTheirEscapedSpellingToo() throws {
        let object = try value(#"{"a":1,"\u0062":{"c":[]},"d\"":3,"":4,"é":5}"#)

        #expect(object.member("a")?.integer == 1)
        #expect(object.member("b")?.member("c")?.kind == .array)
        #expect(object.member("d\"")?.integer == 3)
        #expect(object.member("")?.integer == 4)
        #expect(object.member("é")?.integer == 5)
        #expect(object.member("e\u{301}") == nil)  // other bytes, though Swift calls the two equal
        #expect(object.member("c") == nil)
        #expect(object.members.map(\.key) == ["a", "b", "d\"", "", "é"])
    }

    @Test func textIsUnescaped() throws {
        let text = try value(#""\"\\\/\b\f\n\r\tA\u00e9\u20ac\ud83d\ude00é€😀""#)

        #expect(text.string == "\"\\/\u{8}\u{C}\n\r\tAé€😀é€😀")
        #expect(text.unescapedBytes == Array("\"\\/\u{8}\u{C}\n\r\tAé€😀é€😀".utf8))
        #expect(text.withStringBytes { $0.count } == text.string?.utf8.count)
    }

    @Test func numbersKeepTheirTextJ07() throws {
        let lexemes = ["19.99", "19.990", "1e2", "-0", "1234567890123456789012345678901234567890", "0.1E-7"]
        for lexeme in lexemes {
            #expect(try value(lexeme).numberText == lexeme)
        }
    }

    @Test(
        arguments: [
            ("12", 12), ("0", 0), ("-0", 0), ("-1", -1), ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil), ("1E0", nil), ("100000000000000000000", nil),
            ("true", nil), ("null", nil), ("{}", nil), ("\"1\"", nil),
        ] as [(String, Int64?)])
    func anIntegerIsExactOrNilJ06(_ text: String, _ expected: Int64?) throws {
        #expect(try value(text).integer == expected)
    }

    @Test func rawTextIsWhatWasWritten() throws {
        let object = try value(#" {"a" : [1 , 2],"b":"x"} "#)

        #expect(object.member("a")?.text == "[1 , 2]")
        #expect(object.member("b")?.text == "\"x\"")
        #expect(object.member("b")?.range == 20..<23)
        #expect(Array(object.raw) == Array(object.text.utf8))
    }

    @Test(
        arguments: [
            ("", nil), ("/foo", #"["bar","baz"]"#), ("/foo/0", "\"bar\""), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
            ("/m~0n", "8"),
            ("/foo/2", "absent"), ("/foo/00", "absent"), ("/foo/-1", "absent"), ("/foo/-", "absent"),
            ("/foo/0/0", "absent"),
            ("foo", "absent"), ("/~2", "absent"), ("/m~", "absent"), ("/foo/+1", "absent"),
            ("/foo/99999999999999999999", "absent"),
        ] as [(String, String?)])
    func aPointerLeadsToItsValue(_ pointer: String, _ expected: String?) throws {
        let root = try value(#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8}"#)

        #expect((root.at(pointer: pointer)?.text ?? "absent") == expected ?? root.text)
    }

    @Test func aPointerStepIsEscaped() {
        #expect(JSONPointer.step("a/b~c") == "/a~1b~0c")
        #expect(JSONPointer.steps("/a~1b~0c") == ["a/b~c"])
        #expect(JSONPointer.steps("") == [])
        #expect(JSONPointer.steps("/") == [""])
        #expect(JSONPointer.steps("a") == nil)
        #expect(JSONPointer.steps("/~") == nil)
    }
}
