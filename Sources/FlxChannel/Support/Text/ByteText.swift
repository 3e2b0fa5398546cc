/// A text as a key that is compared by its bytes, as the hub compares what others name.
///
/// `String` compares by canonical equivalence: to it, two order numbers that spell "é" with one scalar and with two are equal.
/// Here they never are (decision 25): a set or dictionary has this as its key, and the operators below take the
/// place of the standard ones throughout the module. `Tests/packaging/bytes.sh` looks into the compiled files that no other
/// comparison of texts is in them.
struct ByteText: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (a: ByteText, b: ByteText) -> Bool { a.text == b.text }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ByteText: ExpressibleByStringLiteral {
    init(stringLiteral text: StaticString) {
        self.init("\(text)")
    }
}

// The compiler prefers what a module says itself to what the standard library says.

extension String {
    /// The same bytes.
    static func == (a: String, b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
    static func != (a: String, b: String) -> Bool { !(a == b) }
    static func ~= (pattern: String, text: String) -> Bool { pattern == text }
    /// Bytewise order.
    static func < (a: String, b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}

extension Optional where Wrapped == String {
    static func == (a: String?, b: String?) -> Bool {
        switch (a, b) {
        case (let a?, let b?): a == b
        case (nil, nil): true
        default: false
        }
    }

    static func != (a: String?, b: String?) -> Bool { !(a == b) }

    /// Whether it is there and is this word. For a literal, which the compiler would give to the standard `==`.
    func spells(_ word: String) -> Bool {
        if case .some(let text) = self { text == word } else { false }
    }
}

extension Array where Element == String {
    static func == (a: [String], b: [String]) -> Bool { a.elementsEqual(b) { $0 == $1 } }
    static func != (a: [String], b: [String]) -> Bool { !(a == b) }
}

extension Sequence where Element == String {
    func contains(_ text: String) -> Bool { contains { $0 == text } }
}

extension Collection where Element == String {
    func firstIndex(of text: String) -> Index? { firstIndex { $0 == text } }
}

extension Dictionary where Key == ByteText {
    subscript(_ text: String) -> Value? {
        get { self[ByteText(text)] }
        set { self[ByteText(text)] = newValue }
    }
}

extension Set where Element == ByteText {
    func contains(_ text: String) -> Bool { contains(ByteText(text)) }

    @discardableResult
    mutating func insert(_ text: String) -> (inserted: Bool, memberAfterInsert: ByteText) { insert(ByteText(text)) }

    @discardableResult
    mutating func remove(_ text: String) -> ByteText? { remove(ByteText(text)) }
}
