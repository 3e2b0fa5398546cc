/// The form whose bytes are equal when two values mean the same: members sorted bytewise by name, no white space, text
/// with the fewest escapes, numbers in one spelling (19.90, 19.9 and 1.99e1 are "19.9"; -0 is "0").
///
/// - Parameters:
///   - ignored: names of members that do not count, at every depth.
///   - withEmpty: whether members without content count.
func canonical(_ value: JSONValue, without ignored: [String] = [], withEmpty: Bool = true) -> [UInt8] {
    var form = JSONCanonical(ignored: ignored, withEmpty: withEmpty)
    form.write(value)
    return form.writer.bytes
}

private struct JSONCanonical {
    let ignored: [String]
    let withEmpty: Bool
    var writer = JSONWriter()

    /// Recursive; the depth is what the document was read with.
    mutating func write(_ value: JSONValue) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for (key, value) in value.members.sorted(by: isBefore) where !ignored.contains(key) && (withEmpty || !value.isEmpty) {
                writer.key(key)
                write(value)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { write(element) }
            writer.endArray()
        case .string:
            writer.string(value.string ?? "")
        case .number:
            // Exponents beyond a billion are nobody's number; they stay as they are.
            writer.raw(JSONNumber(value.raw)?.canonical ?? Array(value.raw))
        case .bool, .null:
            writer.raw(value.raw)
        }
    }

    private func isBefore(_ a: (key: String, value: JSONValue), _ b: (key: String, value: JSONValue)) -> Bool {
        a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }
}
