import Testing

@testable import FlxChannel

struct PageRepeatsTests {
    private static func answers(_ pages: [String]) -> [PageRepeats.Answer] {
        var repeats = PageRepeats()
        return pages.map { repeats.came(Array($0.utf8)) }
    }

    @Test(
        arguments: [
            (["a", "b", "c"], [.new, .new, .new]),
            (["a", "a", "b"], [.new, .repeated, .new]),  // P-02: one may be an accident
            (["a", "b", "a", "c"], [.new, .new, .repeated, .new]),
            (["a", "a", "b", "b", "c"], [.new, .repeated, .new, .repeated, .new]),
            (["a", "a", "a"], [.new, .repeated, .stuck]),  // P-03
            (["a", "b", "a", "b"], [.new, .new, .repeated, .stuck]),
            (["a", "b", "c", "b"], [.new, .new, .new, .new]),  // neither the first nor the one before
        ] as [([String], [PageRepeats.Answer])])
    func pageThatCameBeforeIsTold(_ pages: [String], _ expected: [PageRepeats.Answer]) {
        #expect(Self.answers(pages) == expected)
    }

    @Test func walkThatStartsAgainMayHaveItsFirstPageAgain() {
        var repeats = PageRepeats()
        _ = repeats.came([1])
        _ = repeats.came([1])
        repeats.restarted()

        #expect(repeats.came([1]) == .new)
        #expect(repeats.hasAny, "a page may have been missed before")
    }

    @Test func idsAreToldApartAsTheyStand() throws {
        func ids(_ text: String) throws -> [UInt8] { PageRepeats.ids(of: try JSONDocument.parsePage(Array(text.utf8))) }

        #expect(try ids(#"[{"id":1,"a":1},{"id":2}]"#) == ids(#"[{"id":1,"a":2},{"id":2,"b":3}]"#))
        #expect(try ids(#"[{"id":1},{"id":23}]"#) != ids(#"[{"id":12},{"id":3}]"#))
        #expect(try ids(#"[{"id":1},{"id":2}]"#) != ids(#"[{"id":2},{"id":1}]"#))
        #expect(try ids(#"[{"id":1,"x":"\ud800"}]"#) != ids(#"[{"id":2,"x":"\ud800"}]"#), "records that cannot be read")
        let long = String(repeating: "9", count: 500)
        #expect(try ids(#"[{"id":"\#(long)"}]"#).count < 64)
    }
}
