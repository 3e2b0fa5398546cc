/// Why a part cannot go into a path or query.
struct URLFault: Error, Equatable {
    let message: String
}

/// Builds path and query of a request from parts, so that no part can change the shape of the whole (S-02).
struct URLBuilder {
    static let longestSegment = 256
    static let longestValue = 4096

    private var path: String
    private var query = ""

    /// `path` is a literal of ours such as "/orders", or empty.
    init(_ path: String = "") {
        self.path = path
    }

    /// Path and query, starting with "/".
    var target: String {
        let path = path.isEmpty ? "/" : path
        return query.isEmpty ? path : path + "?" + query
    }

    /// Whether `target` could be one of ours: a path, and visible ASCII only.
    static func isPlain(_ target: String) -> Bool {
        var target = target
        return target.withUTF8 { $0.first == UInt8(ascii: "/") && $0.allSatisfy { (0x21...0x7E).contains($0) } }
    }

    /// Adds one segment to the path: "a/b" becomes "/a%2Fb".
    mutating func segment(_ text: String) throws(URLFault) {
        let bytes = text.utf8
        guard !bytes.isEmpty else { throw URLFault(message: "path part is empty") }
        guard bytes.count <= URLBuilder.longestSegment else {
            throw URLFault(message: "path part has \(bytes.count) bytes, \(URLBuilder.longestSegment) are allowed")
        }
        guard text != ".", text != ".." else { throw URLFault(message: "path part is \(text)") }
        guard !bytes.contains(0) else { throw URLFault(message: "path part has a NUL") }
        path += "/" + URLBuilder.encoded(text)
    }

    /// Adds `name=value` to the query.
    mutating func query(_ name: String, _ value: String) throws(URLFault) {
        guard !name.utf8.isEmpty else { throw URLFault(message: "query name is empty") }
        guard name.utf8.count <= URLBuilder.longestSegment, value.utf8.count <= URLBuilder.longestValue else {
            throw URLFault(message: "query value of \(Redaction.clean(name, longest: 60)) is over \(URLBuilder.longestValue) bytes")
        }
        guard !name.utf8.contains(0), !value.utf8.contains(0) else { throw URLFault(message: "query has a NUL") }
        query += (query.isEmpty ? "" : "&") + URLBuilder.encoded(name) + "=" + URLBuilder.encoded(value)
    }

    /// Everything but the unreserved characters of RFC 3986 becomes %XX.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
            default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
