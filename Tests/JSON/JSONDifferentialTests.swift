import CJansson
import Testing

@testable import FlxChannel

/// The scanner against jansson over made-up documents: the same accepted, the same refused, the same values.
@Suite struct JSONDifferentialTests {
    @Test func soundDocumentsReadTheSame() throws {
        var maker = JSONMaker(seed: 1)
        for _ in 0..<3_000 {
            let bytes = maker.document()
            let document = try JSONDocument.parse(bytes)
            let oracle = JanssonOracle.load(bytes)
            defer { json_decref(oracle.json) }

            let json = try #require(oracle.json, "jansson refused \(String(decoding: bytes, as: UTF8.self))")
            #expect(JanssonOracle.isSame(document.root, json))
        }
    }

    @Test func spoiltDocumentsAreRefusedAlikeJ01J03J04J05J12() {
        var maker = JSONMaker(seed: 2)
        var refused = 0
        for _ in 0..<30_000 {
            let bytes = maker.spoilt(maker.document())
            let document = try? JSONDocument.parse(bytes)
            let oracle = JanssonOracle.load(bytes)
            defer { json_decref(oracle.json) }

            if oracle.isOverflow || document == nil && JanssonOracle.letsPass(bytes) { continue }
            #expect((document != nil) == (oracle.json != nil), "\(bytes)")
            if let document, let json = oracle.json { #expect(JanssonOracle.isSame(document.root, json)) } else { refused += 1 }
        }

        #expect((5_000...29_000).contains(refused))  // else the generator does not test what it says
    }

    @Test func aSpoiltRecordDoesNotTouchItsNeighbours() {
        var maker = JSONMaker(seed: 3)
        var cut = 0
        for _ in 0..<5_000 {
            let left = maker.document()
            let right = maker.document()
            let middle = maker.spoilt(maker.document())
            let bytes = [0x5B] + left + [0x2C] + middle + [0x2C] + right + [0x5D]
            guard let page = try? JSONDocument.parsePage(bytes), page.bad.count == 1, page.bad[0].index == 1 else {
                continue
            }

            // One record set aside, in one piece: then the others are what was written, byte for byte.
            if page.records.count == 2 {
                cut += 1
                #expect(canonical(page.records[0]) == (try? canonical(JSONDocument.parse(left).root)))
                #expect(canonical(page.records[1]) == (try? canonical(JSONDocument.parse(right).root)))
            }
        }

        #expect(cut > 500)
    }

    @Test func whatIsWrittenFromADocumentMeansTheSame() throws {
        var maker = JSONMaker(seed: 4)
        for _ in 0..<1_000 {
            let root = try JSONDocument.parse(maker.document()).root
            let form = canonical(root)
            let again = try JSONDocument.parse(form).root

            #expect(canonical(again) == form)
        }
    }
}
