import CJansson

/// The scanner against jansson, and against itself.
enum JSONTargets {
    private static let small = JSONLimits(depth: 8, stringBytes: 40, members: 40, values: 60, bytes: 4096, records: 6)

    /// The same accepted, the same refused, the same values as jansson; what is written from a document means the same.
    static let document: @Sendable ([UInt8]) -> Void = { bytes in
        _ = try? JSONDocument.parse(bytes, limits: small)
        let document = try? JSONDocument.parse(bytes)
        if let document {
            touch(document.root)
            let form = canonical(document.root)
            let again = try? JSONDocument.parse(form, limits: JSONLimits(depth: 64, stringBytes: 1 << 24))
            Fuzz.expect(again.map { canonical($0.root) } == form, "the canonical form is another after a second reading")
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }  // we skip a byte order mark, jansson does not
        let oracle = JanssonOracle.load(bytes)
        defer { json_decref(oracle.json) }
        if oracle.isOverflow || document == nil && JanssonOracle.letsPass(bytes) { return }
        if document == nil, oracle.json != nil, JanssonOracle.isDeeper(bytes, than: JSONLimits.standard.depth) { return }
        Fuzz.expect((document != nil) == (oracle.json != nil), "jansson \(oracle.json == nil ? "refuses" : "accepts") it")
        if let document, let json = oracle.json {
            Fuzz.expect(JanssonOracle.isSame(document.root, json), "jansson reads other values")
        }
    }

    /// A page is records and bad records in their order; a good record is JSON of its own, a bad one is not.
    static let page: @Sendable ([UInt8]) -> Void = { bytes in
        for limits in [JSONLimits.standard, small] {
            guard let page = try? JSONDocument.parsePage(bytes, limits: limits) else { continue }
            var parts = page.records.map { (range: $0.range, isGood: true) } + page.bad.map { (range: $0.range, isGood: false) }
            parts.sort { $0.range.lowerBound < $1.range.lowerBound }
            var last = 0
            for part in parts {
                Fuzz.expect(part.range.lowerBound > last && part.range.upperBound <= bytes.count, "ranges overlap")
                last = part.range.upperBound
                let alone = try? JSONDocument.parse(Array(bytes[part.range]))
                Fuzz.expect(!part.isGood || alone != nil, "a good record is no JSON")
            }
            for record in page.records { touch(record) }
            if page.bad.isEmpty, limits == .standard {
                let whole = try? JSONDocument.parse(bytes)
                Fuzz.expect(whole?.root.count == page.records.count, "a page without faults is no document")
            }
        }
    }

    static let decimal: @Sendable ([UInt8]) -> Void = { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for read in [Decimal.init(text:), Decimal.read] {
            guard let decimal = read(text) else { continue }
            Fuzz.expect(read(decimal.text) == decimal, "\(decimal.text) reads as another number")
        }
        _ = JSONPointer.steps(text)
    }

    private static func touch(_ value: JSONValue) {
        for member in value.members {
            Fuzz.expect(value.member(member.key)?.node == member.value.node, "a member is not found by its name")
            touch(member.value)
        }
        for (index, element) in value.elements.enumerated() {
            Fuzz.expect(value.element(index)?.node == element.node, "an element is not found by its place")
            touch(element)
        }
        _ = (value.string, value.integer, value.text)
    }
}
