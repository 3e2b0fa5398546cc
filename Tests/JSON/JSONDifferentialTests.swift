import CJansson
import Testing

@testable import FlxChannel

/// The scanner against jansson over made-up documents: the same accepted, the same refused, the same values.
///
/// Where they must differ: jansson cannot hold numbers beyond 64 bits and doubles, and 2.14 swallows a zero byte right
/// after a number or word.
@Suite struct JSONDifferentialTests {
    @Test func soundDocumentsReadTheSame() throws {
        var maker = JSONMaker(seed: 1)
        for _ in 0..<3_000 {
            let bytes = maker.document()
            let document = try JSONDocument.parse(bytes)
            let oracle = load(bytes)
            defer { json_decref(oracle.json) }

            let json = try #require(oracle.json, "jansson refused \(String(decoding: bytes, as: UTF8.self))")
            #expect(isSame(document.root, json))
        }
    }

    @Test func spoiltDocumentsAreRefusedAlikeJ01J03J04J05J12() {
        var maker = JSONMaker(seed: 2)
        var refused = 0
        for _ in 0..<30_000 {
            let bytes = maker.spoilt(maker.document())
            let document = try? JSONDocument.parse(bytes)
            let oracle = load(bytes)
            defer { json_decref(oracle.json) }

            if oracle.isOverflow || document == nil && swallowsZero(bytes) { continue }
            #expect((document != nil) == (oracle.json != nil), "\(bytes)")
            if let document, let json = oracle.json { #expect(isSame(document.root, json)) } else { refused += 1 }
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

    private func load(_ bytes: [UInt8]) -> (json: UnsafeMutablePointer<json_t>?, isOverflow: Bool) {
        var error = json_error_t()
        let json = bytes.withUnsafeBytes {
            json_loadb($0.baseAddress, $0.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), &error)
        }
        return (json, json == nil && json_error_code(&error) == json_error_numeric_overflow)
    }

    private func swallowsZero(_ bytes: [UInt8]) -> Bool {
        do throws(JSONFault) {
            _ = try JSONDocument.parse(bytes)
            return false
        } catch {
            return error.offset < bytes.count && bytes[error.offset] == 0
        }
    }

    private func isSame(_ value: JSONValue, _ json: UnsafeMutablePointer<json_t>) -> Bool {
        switch json.pointee.type {
        case JSON_OBJECT:
            guard value.kind == .object, value.count == json_object_size(json) else { return false }
            return value.members.allSatisfy { member in
                guard let other = json_object_get(json, member.key) else { return false }
                return value.member(member.key)?.node == member.value.node && isSame(member.value, other)
            }
        case JSON_ARRAY:
            guard value.kind == .array, value.count == json_array_size(json) else { return false }
            return value.elements.enumerated().allSatisfy { index, element in
                guard let other = json_array_get(json, index) else { return false }
                return value.element(index)?.node == element.node && isSame(element, other)
            }
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(json), count: json_string_length(json))
            return value.unescapedBytes == Array(bytes)
        case JSON_INTEGER: return value.integer == Int64(json_integer_value(json))
        case JSON_REAL:
            return value.integer == nil && value.numberText.flatMap { Double($0) } == json_real_value(json)
        case JSON_TRUE: return value.bool == true
        case JSON_FALSE: return value.bool == false
        default: return value.isNull
        }
    }
}
