import Testing

@testable import FlxChannel

@Suite struct JSONWriterTests {
    @Test func commasAreItsOwnBusiness() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", Int64(1))
        writer.key("b")
        writer.beginArray()
        writer.string("x")
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.raw(Array("[1, 2]".utf8))
        writer.endArray()
        writer.member("c", true)
        writer.member("d", number: "19.90")
        writer.endObject()

        #expect(writer.text == #"{"a":1,"b":["x",null,{},[],[1, 2]],"c":true,"d":19.90}"#)
    }

    @Test func onlyWhatMustBeEscapedIs() {
        var writer = JSONWriter()
        writer.string("\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1}\u{1F}\u{7F}é\u{2028}😀")

        #expect(writer.text == #""\"\\/\b\t\n\f\r\u0000\u0001\u001f"# + "\u{7F}é\u{2028}😀\"")
    }

    @Test func whatIsNoNumberIsWrittenAsText() {
        for text in ["", "x", "1,5", "NaN", "01", "1.", "1 ", "1}"] {
            var writer = JSONWriter()
            writer.number(text: text)
            #expect(writer.text == "\"\(text)\"")
        }
    }

    @Test func whatItWritesIsReadBack() throws {
        var writer = JSONWriter()
        let text = String(String.UnicodeScalarView((1..<0x3000).compactMap(Unicode.Scalar.init)))
        writer.beginArray()
        writer.string(text)
        writer.integer(Int64.min)
        writer.value(try JSONDocument.parse(Array("{\"a\": 1}".utf8)).root)
        writer.endArray()
        let root = try JSONDocument.parse(writer.bytes).root

        #expect(root.element(0)?.string == text)
        #expect(root.element(1)?.integer == Int64.min)
        #expect(root.element(2)?.text == "{\"a\": 1}")
    }
}
