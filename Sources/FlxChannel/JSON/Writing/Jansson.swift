import CJansson

/// A small document of a user in jansson's hands: the config. Never what carries money.
///
/// Invariant: `json` is one reference of ours, released in `deinit`. No number in it has a point or an exponent.
final class Jansson {
    private let json: UnsafeMutablePointer<json_t>?  // NULL only if memory is out; jansson takes NULL everywhere

    /// Takes over one reference.
    private init(_ json: UnsafeMutablePointer<json_t>?) {
        self.json = json
    }

    deinit {
        json_decref(json)
    }

    /// The version that is loaded.
    static var version: String { String(cString: jansson_version_str()) }

    /// Reads a document whose numbers are whole and fit 64 bits. Our scanner looks first: it knows the limits, and
    /// jansson would round a decimal.
    static func parse(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) -> Jansson {
        let document = try JSONDocument.parse(bytes, limits: limits)
        if let fraction = document.firstNumberThatIsNoInteger { throw .notInteger(at: fraction) }
        let json = document.root.raw.withUnsafeBytes { raw in
            // Safe: jansson reads `count` bytes and keeps none of them.
            json_loadb(raw.baseAddress, raw.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), nil)
        }
        guard let json else { throw .unexpected(at: document.root.range.lowerBound) }  // only if memory is out
        return Jansson(json)
    }

    /// The document as compact JSON, members in the order they were given.
    func text() -> [UInt8] {
        let flags = Int(JSON_COMPACT | JSON_ENCODE_ANY)
        var bytes = [UInt8](repeating: 0, count: json_dumpb(json, nil, 0, flags))
        let written = bytes.withUnsafeMutableBytes { buffer in
            // Safe: jansson writes at most `count` bytes, which is what it asked for above.
            json_dumpb(json, buffer.baseAddress, buffer.count, flags)
        }
        return written == bytes.count ? bytes : []
    }
}

/// Asking. What it is not gives nil.
extension Jansson {
    var kind: JSONKind {
        guard let json else { return .null }
        return switch json.pointee.type {  // Safe: `json` is not NULL and ours.
        case JSON_OBJECT: .object
        case JSON_ARRAY: .array
        case JSON_STRING: .string
        case JSON_INTEGER, JSON_REAL: .number
        case JSON_TRUE, JSON_FALSE: .bool
        default: .null
        }
    }

    var isNull: Bool { kind == .null }

    /// Whether it is an object, or the empty list in which PHP writes an empty one.
    var isObject: Bool { kind == .object || kind == .array && count == 0 }

    /// The document as one line of text.
    var line: String { String(decoding: text(), as: UTF8.self) }

    var string: String? {
        guard kind == .string, let start = json_string_value(json) else { return nil }
        // Safe: jansson's text has that many bytes and lives as long as `json`.
        let bytes = UnsafeRawBufferPointer(start: start, count: json_string_length(json))
        return String(decoding: bytes, as: UTF8.self)
    }

    var integer: Int64? { kind == .number ? Int64(json_integer_value(json)) : nil }

    var bool: Bool? { kind == .bool ? json?.pointee.type == JSON_TRUE : nil }  // Safe: see `kind`.

    /// Members of an object, elements of an array, else 0.
    var count: Int {
        switch kind {
        case .object: json_object_size(json)
        case .array: json_array_size(json)
        default: 0
        }
    }

    func member(_ name: String) -> Jansson? {
        guard Jansson.isName(name) else { return nil }
        return Jansson.borrowed(name.withCString { json_object_get(json, $0) })
    }

    func element(_ index: Int) -> Jansson? {
        index >= 0 ? Jansson.borrowed(json_array_get(json, index)) : nil
    }

    var elements: [Jansson] { (0..<json_array_size(json)).compactMap(element) }

    /// In the order they were given.
    var members: [(key: String, value: Jansson)] {
        var all: [(key: String, value: Jansson)] = []
        var place = json_object_iter(json)
        while let here = place {
            if let name = json_object_iter_key(here), let value = Jansson.borrowed(json_object_iter_value(here)) {
                all.append((String(cString: name), value))  // Safe: jansson ends names with a zero.
            }
            place = json_object_iter_next(json, here)
        }
        return all
    }

    /// Takes a reference to what another value owns.
    private static func borrowed(_ json: UnsafeMutablePointer<json_t>?) -> Jansson? {
        json.map { Jansson(json_incref($0)) }
    }

    /// A name with a zero character cannot be said in C.
    private static func isName(_ name: String) -> Bool { !name.utf8.contains(0) }
}

extension JSONDocument {
    /// Where the first number stands that is not a whole number of 64 bits.
    fileprivate var firstNumberThatIsNoInteger: Int? {
        for place in 0..<nodes.count {
            let node = nodes[place]
            let start = Int(node.start)
            let byte = bytes[start]
            guard byte == JSONByte.minus || byte >= JSONByte.zero && byte <= JSONByte.nine else { continue }
            if JSONNumber.integer(bytes[start..<Int(node.end)]) == nil { return start }
        }
        return nil
    }
}
