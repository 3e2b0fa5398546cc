import CJansson

@testable import FlxChannel

/// What jansson makes of a document, to hold the scanner against; for the tests and the fuzz targets.
///
/// Where they must differ: jansson cannot hold numbers beyond 64 bits and doubles, takes exponents of any length if the
/// number is small, and 2.14 swallows a zero byte right after a number or word.
enum JanssonOracle {
    static func load(_ bytes: [UInt8]) -> (json: UnsafeMutablePointer<json_t>?, isOverflow: Bool) {
        var error = json_error_t()
        let json = bytes.withUnsafeBytes {
            json_loadb($0.baseAddress, $0.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), &error)
        }
        return (json, json == nil && json_error_code(&error) == json_error_numeric_overflow)
    }

    /// Whether the scanner refuses `bytes` for what jansson lets pass.
    static func letsPass(_ bytes: [UInt8]) -> Bool {
        do throws(JSONFault) {
            _ = try JSONDocument.parse(bytes)
            return false
        } catch {
            if case .numberSize = error { return true }
            return error.offset < bytes.count && bytes[error.offset] == 0
        }
    }

    /// Whether arrays and objects are nested deeper than `depth`, by the brackets outside of strings.
    static func isDeeper(_ bytes: [UInt8], than depth: Int) -> Bool {
        var now = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"): if !isInString { now += 1 }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isInString { now -= 1 }
            default: break
            }
            if now > depth { return true }
        }
        return false
    }

    static func isSame(_ value: JSONValue, _ json: UnsafeMutablePointer<json_t>) -> Bool {
        switch json.pointee.type {
        case JSON_OBJECT:
            guard value.kind == .object, value.count == json_object_size(json) else { return false }
            return value.members.allSatisfy { member in
                guard let other = json_object_get(json, member.key) else { return false }
                return value.member(member.key)?.node == member.value.node && isSame(member.value, other)
            }
        case JSON_ARRAY:
            guard value.kind == .array, value.count == json_array_size(json) else { return false }
            return value.elements.enumerated().allSatisfy { index, element in
                guard let other = json_array_get(json, index) else { return false }
                return value.element(index)?.node == element.node && isSame(element, other)
            }
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(json), count: json_string_length(json))
            return value.unescapedBytes == Array(bytes)
        case JSON_INTEGER: return value.integer == Int64(json_integer_value(json))
        case JSON_REAL:
            return value.integer == nil && value.numberText.flatMap { Double($0) } == json_real_value(json)
        case JSON_TRUE: return value.bool == true
        case JSON_FALSE: return value.bool == false
        default: return value.isNull
        }
    }
}
