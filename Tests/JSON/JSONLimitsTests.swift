import Testing

@testable import FlxChannel

/// J-11: what is too much is refused before it costs much.
@Suite struct JSONLimitsTests {
    @Test func aTextBeyondTheByteLimitIsNotReadJ11() {
        let text = [UInt8](repeating: 0x78, count: 50 << 20)

        #expect(throws: JSONFault.size(found: 50 << 20, limit: 32 << 20)) { try JSONDocument.parse(text) }
    }

    @Test func aStringOfOneMegabyteIsReadAndOneByteMoreIsNotJ11() throws {
        let allowed = [0x22] + [UInt8](repeating: 0x78, count: 1 << 20) + [0x22]
        let tooMuch = [0x22] + [UInt8](repeating: 0x78, count: (1 << 20) + 1) + [0x22]

        #expect(try JSONDocument.parse(allowed).root.string?.utf8.count == 1 << 20)
        #expect(throws: JSONFault.stringSize(at: 0, limit: 1 << 20)) { try JSONDocument.parse(tooMuch) }
    }

    @Test func aNumberHasAThousandBytesAndFourDigitsOfExponentJ07() throws {
        let allowed = [UInt8](repeating: 0x31, count: 1000)

        #expect(try JSONDocument.parse(allowed).root.numberText?.utf8.count == 1000)
        #expect(throws: JSONFault.numberSize(at: 0)) { try JSONDocument.parse(allowed + [0x31]) }
        #expect(try JSONDocument.parse(Array("-1.5e-9999".utf8)).root.numberText == "-1.5e-9999")
        for number in ["1e99999", "0E+10000", "1e9999999999999999999"] {
            #expect(throws: JSONFault.numberSize(at: 1)) { try JSONDocument.parse(Array("[\(number)]".utf8)) }
        }
    }

    @Test func aListInsideAnotherValueHolds50000ElementsJ11() throws {
        func list(_ elements: Int) -> [UInt8] {
            Array((#"{"variants":["# + String(repeating: "{},", count: elements - 1) + "{}]}").utf8)
        }

        #expect(try JSONDocument.parse(list(50_000)).root.member("variants")?.count == 50_000)
        #expect(throws: JSONFault.self) { try JSONDocument.parse(list(50_001)) }
    }

    @Test func anObjectHoldsAtMost50000MembersJ11() throws {
        func object(_ members: Int) -> [UInt8] {
            Array(("{" + (0..<members).map { "\"\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }

        #expect(try JSONDocument.parse(object(50_000)).root.count == 50_000)
        #expect(throws: JSONFault.self) { try JSONDocument.parse(object(50_001)) }
        #expect(throws: JSONFault.self) { try JSONDocument.parse(object(1_000_000)) }
    }

    @Test func aDocumentHoldsAtMostAMillionValuesJ11() throws {
        let many = Array(("[" + String(repeating: "{},", count: 999_998) + "{}]").utf8)
        let tooMany = Array(("[" + String(repeating: "{},", count: 999_999) + "{}]").utf8)

        #expect(try JSONDocument.parse(many).root.count == 999_999)
        #expect(throws: JSONFault.values(at: 3_000_001 - 3, limit: 1_000_000)) { try JSONDocument.parse(tooMany) }
    }

    @Test func aPageHoldsAtMost10000RecordsJ11() throws {
        let full = Array(("[" + String(repeating: "{},", count: 9_999) + "{}]").utf8)
        let tooFull = Array(("[" + String(repeating: "{},", count: 10_000) + "{}]").utf8)

        #expect(try JSONDocument.parsePage(full).records.count == 10_000)
        #expect(throws: JSONFault.records(at: 30_001, limit: 10_000)) { try JSONDocument.parsePage(tooFull) }
    }

    @Test func collidingNamesCostNoMoreThanOthersJ11() throws {
        // Long common beginnings and many names: a comparison of each with each would take minutes.
        let stem = String(repeating: "n", count: 500)
        let text = "{" + (0..<40_000).map { "\"\(stem)\($0)\":0" }.joined(separator: ",") + "}"

        #expect(try JSONDocument.parse(Array(text.utf8)).root.count == 40_000)
    }

    @Test func limitsThatDoNotFitTheIndexAreCapped() {
        let limits = JSONLimits(depth: .max, values: .max, bytes: .max)

        #expect(limits == JSONLimits(depth: 1024, values: 1 << 26, bytes: 1 << 30))
        #expect(JSONLimits(depth: -1).depth == 1)
    }

    /// J-20: names that were made to have one hash cost no more than a few comparisons.
    @Test func namesOfOneHashAreRefusedSoon() {
        let object = Array("{\((0..<200).map { "\"n\($0)\":0" }.joined(separator: ","))}".utf8)
        let blind = HashKey(first: 1, second: 0)  // with it every name has the same hash

        let fault = object.withUnsafeBufferPointer { bytes -> JSONFault? in
            do throws(JSONFault) {
                var scanner = try JSONScanner(bytes, limits: .standard, key: blind)
                try scanner.value(within: 0)
                return nil
            } catch { return error }
        }

        guard case .collisions = fault else {
            Issue.record("it was read to its end: \(String(describing: fault))")
            return
        }
    }

    /// The same in an object of more names than are compared one by one.
    @Test func manyNamesOfOneHashAreRefusedSoon() {
        let object = Array("{\((0..<5000).map { "\"n\($0)\":0" }.joined(separator: ","))}".utf8)

        for key in [HashKey(first: 1, second: 0), .ours] {
            let fault = object.withUnsafeBufferPointer { bytes -> JSONFault? in
                do throws(JSONFault) {
                    var scanner = try JSONScanner(bytes, limits: .standard, key: key)
                    try scanner.value(within: 0)
                    return nil
                } catch { return error }
            }
            #expect((fault == nil) == (key.second != 0))
        }
    }
}
