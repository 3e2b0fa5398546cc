/// How to get past a record that is not sound: by its quotes and brackets alone.
///
/// A stray quote turns inside and outside around, and what looks like a record then may be a buyer's text. An odd
/// number of them runs to the end of the input, which throws; for the rest, bytes that JSON knows inside text throw.
extension JSONScanner {
    /// Moves `at` from the start of a record to the comma or bracket behind it; gives the record's id if it is clear.
    mutating func skipRecord() throws(JSONFault) -> String? {
        let start = at
        var braces = 0
        var brackets = 0
        var ids: [String?] = []  // two at most: two are one too many
        while at < count {
            let byte = base[at]  // Safe: at is below count.
            if braces == 0, brackets == 0, isRecordEnd(byte) {
                guard at > start else { throw .unexpected(at: at) }
                return ids.count == 1 ? ids[0] : nil
            }
            switch byte {
            case JSONByte.openBrace: braces += 1
            case JSONByte.openBracket: brackets += 1
            case JSONByte.closeBrace:
                guard braces > 0 else { throw .unexpected(at: at) }
                braces -= 1
            case JSONByte.closeBracket:
                guard brackets > 0 else { throw .unexpected(at: at) }
                brackets -= 1
            case JSONByte.quote:
                let text = try skipText()
                // Safe: a place is below count.
                if braces == 1, brackets == 0, ids.count < 2, isId(text),
                    let colon = place(from: at), base[colon] == JSONByte.colon
                {
                    ids.append(plainValue(from: colon + 1))
                }
                continue
            case JSONByte.backslash, 0x27, 0x2F:  // an escape, an apostrophe, a comment
                throw .unexpected(at: at)
            default: break
            }
            at += 1
        }
        throw .truncated(at: count)
    }

    /// Moves `at` behind the text that begins there; gives what is between its quotes.
    private mutating func skipText() throws(JSONFault) -> UnsafeBufferPointer<UInt8> {
        let start = at + 1
        at = start
        while at < count {
            let byte = base[at]  // Safe: at is below count.
            if byte == JSONByte.quote {
                at += 1
                return UnsafeBufferPointer(start: base + start, count: at - 1 - start)  // Safe: it was walked.
            }
            at += byte == JSONByte.backslash ? 2 : 1
        }
        at = count
        throw .truncated(at: count)
    }

    private func isId(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
        guard raw.count <= 12 else { return false }  // two \u escapes at most
        var text: [UInt8] = []
        JSONText.unescape(raw, into: &text)
        return text == [0x69, 0x64]
    }

    /// The text without escapes, or the number, that stands next; nil if something else does.
    private func plainValue(from here: Int) -> String? {
        guard let first = place(from: here) else { return nil }
        let isText = base[first] == JSONByte.quote  // Safe: a place is below count.
        let start = isText ? first + 1 : first
        var end = start
        while end < count, isText ? isPlain(base[end]) : isNumeric(base[end]) { end += 1 }  // Safe: end is below count.
        guard end < count, (1...64).contains(end - start) else { return nil }
        let next = base[end]  // Safe: end is below count.
        let isOver = JSONByte.isSpace(next) || next == JSONByte.comma || next == JSONByte.closeBrace
        guard isText ? next == JSONByte.quote : isOver else { return nil }
        // Safe: start..<end was walked.
        return String(decoding: UnsafeBufferPointer(start: base + start, count: end - start), as: UTF8.self)
    }

    /// The next byte that is not white space.
    private func place(from start: Int) -> Int? {
        var here = start
        while here < count, JSONByte.isSpace(base[here]) { here += 1 }  // Safe: here is below count.
        return here < count ? here : nil
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != JSONByte.quote && byte != JSONByte.backslash
    }

    private func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case JSONByte.zero...JSONByte.nine, JSONByte.plus, JSONByte.minus, JSONByte.point, JSONByte.e, 0x45: true
        default: false
        }
    }
}
