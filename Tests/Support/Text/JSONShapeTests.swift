import Testing

@testable import FlxChannel

/// A record apart and together again is the same bytes.
@Suite struct JSONShapeTests {
    private func again(_ text: [UInt8]) -> [UInt8]? {
        let parts = JSONShape(text)
        return JSONShape.text(shape: parts.shape, values: parts.values)
    }

    @Test func recordsOfOneShapeShareItAndNeitherHasAValueInIt() {
        let one = JSONShape(Array(#"{"id": 1, "sku":"A \"1\"", "sizes":[1.50,true,null], "of":{"id":-2e3}}"#.utf8))
        let other = JSONShape(Array(#"{"id": 22, "sku":"", "sizes":["{","}",":"], "of":{"id":"x"}}"#.utf8))

        #expect(one.shape == other.shape)
        #expect(String(decoding: one.values, as: UTF8.self) == "1\n\"A \\\"1\\\"\"\n1.50\ntrue\nnull\n-2e3\n")
        #expect(JSONShape(Array(#"{"id": 1, "sku":"A", "sizes":[1,2], "of":{"id":1}}"#.utf8)).shape != one.shape)
    }

    @Test func anyDocumentComesBackByteForByte() {
        var maker = JSONMaker(seed: 5)
        for _ in 0..<2000 {
            let text = maker.document()
            #expect(again(text) == text)
        }
        for text in ["", "1", "\"\"", "[]", "{\n\t\"a\" :\r\n1 }", "\"\\\\\"", "[\"\\\\\",\"a:b\"]"] {
            #expect(again(Array(text.utf8)) == Array(text.utf8))
        }
    }

    @Test func whatIsNotJSONEndsNothing() {
        var maker = JSONMaker(seed: 6)
        for _ in 0..<2000 { _ = again(maker.spoilt(maker.document())) }
        _ = again(Array("\"never ended".utf8))
    }

    @Test func partsOfTwoTextsAreRefused() {
        let (one, other) = (JSONShape(Array("[1,2]".utf8)), JSONShape(Array("[1]".utf8)))

        #expect(JSONShape.text(shape: one.shape, values: other.values) == nil)
        #expect(JSONShape.text(shape: other.shape, values: one.values) == nil)
    }
}
