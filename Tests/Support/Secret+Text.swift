@testable import FlxChannel

/// Tests may write a secret down.
extension Secret: ExpressibleByStringLiteral {
    public convenience init(stringLiteral text: String) {
        self.init(text: text)
    }

    convenience init(text: String) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: text.utf8)
        // swift-format-ignore: NeverForceUnwrap
        self.init(UnsafeRawBufferPointer(bytes))!
    }
}
