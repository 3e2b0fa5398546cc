/// Reads a fault from a JSON object, or from `key=value` words on the command line.
extension Fault {
    /// The match, the action and the times of `{"do":"cut_after","method":"POST","path":"/orders","times":2}`.
    static func read(_ value: JSONValue) throws(Refusal) -> (FaultMatch, FaultAction, Int) {
        guard let members = value.members else { throw .badRequest("a fault is an object") }
        guard let name = value["do"]?.text else { throw .badRequest("do is missing; it is one of \(kinds)") }
        guard let kind = FaultAction.Kind(rawValue: name) else { throw .badRequest("no fault \(name); it is one of \(kinds)") }
        func number(_ key: String) throws(Refusal) -> Int? {
            guard let member = value[key] else { return nil }
            guard let number = member.integer ?? member.text.flatMap({ Int($0) }) else {
                throw .badRequest("\(key) is not a number")
            }
            return number
        }
        let match = FaultMatch(
            method: value["method"]?.text, path: value["path"]?.text, operation: value["operation"]?.text,
            query: value["query"]?.text, orderNumber: value["order_number"]?.looseText, request: try number("request"),
            connection: try number("connection"), nth: try number("nth"), every: try number("every"))
        let own = ["do", "method", "path", "operation", "query", "order_number", "request", "connection", "nth", "every", "times"]
        let parameters = members.filter { !own.contains($0.key) }
        let once = match.every == nil ? 1 : 0
        return (match, FaultAction(kind: kind, parameters: .object(parameters)), try number("times") ?? once)
    }

    /// The same from words such as `do=cut_after order_number=1001 times=2`.
    static func object(words text: String) -> JSONValue {
        .object(
            text.split(separator: " ").map { word in
                let halves = word.split(separator: "=", maxSplits: 1)
                return .init(key: String(halves[0]), value: .string(halves.count > 1 ? String(halves[1]) : "true"))
            })
    }

    static var kinds: String { FaultAction.Kind.allCases.map(\.rawValue).joined(separator: ", ") }

    var json: JSONValue {
        var members: [JSONValue.Member] = [.init(key: "id", value: .integer(id))]
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append(.init(key: name, value: value)) }
        }
        add("do", .string(action.kind.rawValue))
        add("method", match.method.map { .string($0) })
        add("path", match.path.map { .string($0) })
        add("operation", match.operation.map { .string($0) })
        add("query", match.query.map { .string($0) })
        add("order_number", match.orderNumber.map { .string($0) })
        add("request", match.request.map { .integer($0) })
        add("connection", match.connection.map { .integer($0) })
        add("nth", match.nth.map { .integer($0) })
        add("every", match.every.map { .integer($0) })
        add("times", .integer(times))
        members += action.parameters.members ?? []
        add("seen", .integer(seen))
        add("done", .integer(done))
        return .object(members)
    }
}
