/// What a text may hold at most before it is refused.
///
/// Invariant: `depth`, `values` and `bytes` are capped, so that every offset and count fits the index of a document.
struct JSONLimits: Equatable {
    /// Arrays and objects within each other; the outermost counts.
    let depth: Int
    /// Bytes of one string as written, quotes not counted.
    let stringBytes: Int
    /// Members of one object, and elements of a list inside another value: each may cost a view of some hundred bytes.
    let members: Int
    /// Values and keys of one document, or of one record of a page; a page may hold four times as many.
    let values: Int
    /// Bytes of the whole text.
    let bytes: Int
    /// Records of a page.
    let records: Int

    /// Bytes of one number as written, and digits of its exponent. No price or id needs more, and what is longer is no
    /// number to many hosts, whose decoders then refuse the whole page.
    static let numberBytes = 1000
    static let exponentDigits = 4

    static let standard = JSONLimits()

    init(
        depth: Int = 64, stringBytes: Int = 1 << 20, members: Int = 50_000, values: Int = 1_000_000,
        bytes: Int = 32 << 20, records: Int = 10_000
    ) {
        self.depth = min(max(1, depth), 1024)
        self.stringBytes = stringBytes
        self.members = members
        self.values = min(values, 1 << 26)
        self.bytes = min(bytes, 1 << 30)
        self.records = records
    }
}
