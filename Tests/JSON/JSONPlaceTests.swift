import Testing

@testable import FlxChannel

struct JSONPlaceTests {
    /// The mark `^` stands before the byte that is asked for.
    @Test(arguments: [
        (#"{"a":{"b":[1,{"title":"x^y"}]}}"#, "/a/b/1/title"), (#"{"a":"x",^"b":1}"#, "/b"), (#"{"a":1,"b^c":2}"#, ""),
        (#"{"a":{"b":1,^"b":2}}"#, "/a/b"), (#"[[1,2],[3,^4]]"#, "/1/1"), (#"{"a":[{"b":1}],"c":^x}"#, "/c"),
        (#"{"a":[1,2]^"#, "/a"), (#"{"a":[1,2^"#, "/a/1"), (#"^{"a":1}"#, ""), (#"{"a":1}^x"#, ""), ("^", ""), ("}]^", ""),
        (#"{"x{[\"":{"\u0061/b~":"^"}}"#, "/x{[\"/a~1b~0"), (#"{"a":"{\"b\":[","c":^1}"#, "/c"),
    ])
    func byteIsNamedByTheValueItStandsIn(_ marked: String, _ path: String) {
        let parts = marked.split(separator: "^", omittingEmptySubsequences: false)

        #expect(JSONPlace.path(of: parts[0].utf8.count, in: Array((parts[0] + parts[1]).utf8)) == path)
    }

    @Test func pathOfAnEndlessDepthIsNotTold() {
        let deep = [UInt8](repeating: JSONByte.openBracket, count: 1_000_000)

        #expect(JSONPlace.path(of: deep.count, in: deep) == "")
    }

    @Test func longNameIsCut() {
        let name = String(repeating: "n", count: 100_000)

        #expect(JSONPlace.path(of: name.utf8.count + 6, in: Array(#"{"\#(name)": x}"#.utf8)).utf8.count < 200)
    }
}
