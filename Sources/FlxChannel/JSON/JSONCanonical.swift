/// The form whose bytes are equal when two values mean the same: members sorted bytewise by name, no white space, text
/// with the fewest escapes, numbers in one spelling (19.90, 19.9 and 1.99e1 are "19.9"; -0 is "0").
///
/// - Parameter ignored: names of members that do not count, at every depth.
func canonical(_ value: JSONValue, without ignored: [String] = []) -> [UInt8] {
    var writer = JSONWriter()
    JSONCanonical.write(value, without: ignored, to: &writer)
    return writer.bytes
}

private enum JSONCanonical {
    /// Recursive; the depth is what the document was read with.
    static func write(_ value: JSONValue, without ignored: [String], to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for (key, value) in value.members.sorted(by: isBefore) where !ignored.contains(key) {
                writer.key(key)
                write(value, without: ignored, to: &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { write(element, without: ignored, to: &writer) }
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

    private static func isBefore(_ a: (key: String, value: JSONValue), _ b: (key: String, value: JSONValue)) -> Bool {
        a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }
}
