/// A text as a key that is compared by its bytes, as the hub compares what others name.
///
/// `String` compares by canonical equivalence: to it, two order numbers that spell "é" with one scalar and with two are equal.
struct ByteText: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ByteText, right: ByteText) -> Bool { left.text.hasBytes(of: right.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

// As in the library, `==` of texts is a comparison of bytes throughout the sandbox (Tests/packaging/bytes.sh).

extension String {
    /// The same bytes.
    static func == (a: String, b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
    static func != (a: String, b: String) -> Bool { !(a == b) }
    static func ~= (pattern: String, text: String) -> Bool { pattern == text }
    /// Bytewise order.
    static func < (a: String, b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
    func begins(_ part: String) -> Bool { utf8.starts(with: part.utf8) }
    func ends(_ part: String) -> Bool { utf8.reversed().starts(with: part.utf8.reversed()) }
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

extension String {
    /// Whether both texts are the same bytes.
    func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Optional<String> {
    /// Whether both texts are there and the same bytes.
    func hasBytes(of other: String) -> Bool { self.map { $0.hasBytes(of: other) } ?? false }
}

extension Dictionary where Key == ByteText {
    subscript(_ text: String) -> Value? {
        get { self[ByteText(text)] }
        set { self[ByteText(text)] = newValue }
    }
}

extension ByteText: ExpressibleByStringLiteral {
    init(stringLiteral text: StaticString) {
        self.init("\(text)")
    }
}

extension Dictionary where Key == ByteText {
    subscript(_ text: String, default value: @autoclosure () -> Value) -> Value {
        get { self[ByteText(text)] ?? value() }
        set { self[ByteText(text)] = newValue }
    }
}

extension Set where Element == ByteText {
    init(texts: some Sequence<String>) {
        self.init(texts.map { ByteText($0) })
    }

    func contains(_ text: String) -> Bool { contains(ByteText(text)) }
}
