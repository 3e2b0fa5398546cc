/// A request that was let in: who asks, for which operation, with which parts of the path.
struct Call {
    var request: Request
    var operation: Operation
    var caller: Caller
    var arguments: [ByteText: String]
    var query: Query
    /// The parsed body, if it is JSON.
    var body: JSONValue?

    func id(_ name: String) throws(Refusal) -> Int {
        guard let text = arguments[name], let id = Int(text) else { throw .notFound(name) }
        return id
    }

    func needBody() throws(Refusal) -> JSONValue {
        guard let body else { throw .badRequest("the body is not JSON") }
        return body
    }

    func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let text = query[name] else { return nil }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw .badRequest("\(name) is not a boolean")
        }
    }

    func integer(_ name: String) throws(Refusal) -> Int? {
        guard let text = query[name] else { return nil }
        guard let value = Int(text) else { throw .badRequest("\(name) is not an integer") }
        return value
    }

    /// A date-time with a zone; without one it is refused.
    func instant(_ name: String) throws(Refusal) -> Instant? {
        guard let text = query[name] else { return nil }
        guard let instant = Instant(iso: text) else { throw .badRequest("\(name) is not a date-time with a zone") }
        return instant
    }

    /// An array parameter, repeated or joined with commas as the `arrays` switch allows; nil when it is absent.
    func list(_ name: String, _ switches: Switches) -> [String]? {
        let values = query.all(name)
        guard !values.isEmpty else { return nil }
        switch switches[.arrays] {
        case "repeated": return values
        case "joined": return values[0].split(separator: ",").map(String.init)
        default: return values.flatMap { $0.split(separator: ",").map(String.init) }
        }
    }
}
