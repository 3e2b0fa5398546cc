import Testing

@testable import FlxChannel

/// Two spellings of one meaning have one canonical form, and two meanings never do.
@Suite struct JSONCanonicalTests {
    private func form(_ text: String) throws -> String {
        String(decoding: canonical(try JSONDocument.parse(Array(text.utf8)).root), as: UTF8.self)
    }

    @Test(arguments: [
        ("19.90", "19.9"), ("19.9", "19.9"), ("1.99e1", "19.9"), ("199E-1", "19.9"), ("0.0", "0"), ("-0", "0"),
        ("-0.0e5", "0"), ("100", "100"), ("1e2", "100"), ("1E+2", "100"), ("0.05", "0.05"), ("-5e-2", "-0.05"),
        ("9007199254740993", "9007199254740993"), ("0.1000000000000000055", "0.1000000000000000055"),
        ("1e30", "1e30"), ("10e29", "1e30"), ("1e29", "100000000000000000000000000000"), ("1e-31", "1e-31"),
        ("15e400", "15e400"), ("1.5e401", "15e400"), ("1e9999", "1e9999"),
    ])
    func aNumberHasOneSpelling(_ text: String, _ expected: String) throws {
        #expect(try form(text) == expected)
        #expect(try form(expected) == expected)
    }

    @Test func membersAreSortedByTheirBytes() throws {
        #expect(
            try form(#"{"b":1,"a":{"z":[2,1],"y":0},"B":2,"":3,"é":4,"ab":5}"#)
                == #"{"":3,"B":2,"a":{"y":0,"z":[2,1]},"ab":5,"b":1,"é":4}"#)
    }

    @Test func spacesAndEscapesDoNotMatter() throws {
        #expect(
            try form(#" { "\u0061" : "\u00e9\/\u000a" , "b" : [ true , null ] } "#) == #"{"a":"é/\n","b":[true,null]}"#)
    }

    @Test func differentMeaningsStayDifferent() throws {
        let texts = [
            "1", "\"1\"", "[1]", "{\"1\":1}", "true", "\"true\"", "null", "\"\"", "1.01", "-1", "[1,null]", "[]", "{}",
            "10",
        ]
        #expect(Set(try texts.map(form)).count == texts.count)
    }

    @Test func membersThatDoNotCountAreLeftOutAtEveryDepth() throws {
        let value = try JSONDocument.parse(Array(#"{"b":1,"at":2,"a":[{"at":3,"c":{"at":4}}]}"#.utf8)).root

        #expect(String(decoding: canonical(value, without: ["at"]), as: UTF8.self) == #"{"a":[{"c":{}}],"b":1}"#)
    }
}
