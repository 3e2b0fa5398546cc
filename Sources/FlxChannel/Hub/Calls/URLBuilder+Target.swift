/// Path and query of an operation's request.
extension URLBuilder {
    /// Longest path and query; most servers take no more than about 8,000 bytes.
    static let longestTarget = 8000

    /// `template` is the path of an operation, such as "/orders/{id}/status"; `segments` are the values of the names in
    /// its braces. `query` has wire names, a name once for each of its values: the repeated spelling of contract 1.6.
    static func target(
        _ template: String, segments: [(String, String)] = [], query: [(String, String)] = []
    ) throws(URLFault) -> String {
        var url = try path(template, segments)
        for (name, value) in query { try url.query(name, value) }
        let target = url.target
        guard target.utf8.count <= longestTarget else {
            throw URLFault(message: "makes a URL of \(target.utf8.count) bytes, at most \(longestTarget) are allowed")
        }
        return target
    }

    private static func path(_ template: String, _ segments: [(String, String)]) throws(URLFault) -> URLBuilder {
        var template = template
        guard template.withUTF8({ $0.contains(UInt8(ascii: "{")) }) else { return URLBuilder(template) }
        var url = URLBuilder()
        for part in Array(template.utf8).split(separator: UInt8(ascii: "/")) {
            guard part.first == UInt8(ascii: "{") else {
                try url.segment(String(decoding: part, as: UTF8.self))
                continue
            }
            let name = String(decoding: part.dropFirst().dropLast(), as: UTF8.self)
            guard let value = segments.first(where: { $0.0 == name })?.1 else {
                throw URLFault(message: "path part \(name) is missing")
            }
            try url.segment(value)
        }
        return url
    }
}
