extension JSONValue {
    /// The value at a JSON pointer (RFC 6901), such as "/images/0/url"; "" is this value. nil if there is none, or if
    /// `pointer` is no pointer.
    func at(pointer: String) -> JSONValue? {
        guard let steps = JSONPointer.steps(pointer) else { return nil }
        var value = self
        for step in steps {
            let next = value.kind == .array ? JSONPointer.index(step).flatMap(value.element) : value.member(step)
            guard let next else { return nil }
            value = next
        }
        return value
    }
}

/// Paths into JSON (RFC 6901).
enum JSONPointer {
    /// The reference tokens of `pointer`, unescaped; nil if it is no pointer.
    static func steps(_ pointer: String) -> [String]? {
        var bytes = Array(pointer.utf8)
        guard let first = bytes.first else { return [] }
        guard first == 0x2F else { return nil }
        bytes.removeFirst()
        var steps: [String] = []
        for part in bytes.split(separator: 0x2F, omittingEmptySubsequences: false) {
            guard let step = unescaped(part) else { return nil }
            steps.append(step)
        }
        return steps
    }

    /// One step as it is written in a pointer, slash included: "a/b" becomes "/a~1b".
    static func step(_ name: String) -> String {
        var text: [UInt8] = [0x2F]
        for byte in name.utf8 {
            switch byte {
            case 0x7E: text.append(contentsOf: [0x7E, 0x30])
            case 0x2F: text.append(contentsOf: [0x7E, 0x31])
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// "0", "1", "23"; no sign, no leading zero.
    static func index(_ step: String) -> Int? {
        let bytes = Array(step.utf8)
        guard bytes.first != JSONByte.minus, let value = JSONNumber.integer(bytes) else { return nil }
        return Int(exactly: value)
    }

    private static func unescaped(_ part: ArraySlice<UInt8>) -> String? {
        var text: [UInt8] = []
        var isEscape = false
        for byte in part {
            switch (isEscape, byte) {
            case (true, 0x30): text.append(0x7E)
            case (true, 0x31): text.append(0x2F)
            case (true, _): return nil
            case (false, 0x7E):
                isEscape = true
                continue
            case (false, _): text.append(byte)
            }
            isEscape = false
        }
        return isEscape ? nil : String(decoding: text, as: UTF8.self)
    }
}
