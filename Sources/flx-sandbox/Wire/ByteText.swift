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

extension Set where Element == ByteText {
    init(texts: some Sequence<String>) {
        self.init(texts.map { ByteText($0) })
    }

    func contains(_ text: String) -> Bool { contains(ByteText(text)) }
}
