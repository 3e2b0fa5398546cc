/// The arguments of one operation, checked before anything is sent: the hub ignores unknown parameters in silence.
///
/// Invariant: made only from arguments without a fault, so that `target` and `body` fit the contract.
struct CallArguments {
    /// Path and query, percent-encoded.
    let target: String
    /// The host's own JSON of "body", with ids, money and instants in the spelling of the wire.
    let body: [UInt8]?

    /// Checks `given`, a JSON object with arguments by name and "body", or nil. Throws every fault at once.
    init(_ operation: Operation, _ given: JSONValue?, names: WireNames = WireNames()) throws(Faults) {
        var check = ArgumentCheck()
        var values: [(argument: Argument, texts: [String])] = []
        var bytes: [UInt8]?
        if let given, !given.isObject { check.fault("", "is not a JSON object; arguments are given by name") }

        for (key, value) in given.members where key != "body" {
            let path = "/" + Fault.pointerToken(key)
            guard let argument = operation.arguments.first(where: { $0.name == key }) else {
                check.fault(path, "is not an argument of \(operation.id)" + operation.hint(key))
                continue
            }
            values.append((argument, check.texts(value, argument, path)))
        }
        for argument in operation.arguments where argument.isRequired && given.member(argument.name) == nil {
            check.fault("/" + argument.name, "is missing")
        }
        if let value = given.member("body") {
            bytes = Self.body(value, operation, &check)
        } else if operation.body?.isRequired == true {
            check.fault("/body", "is missing")
        }
        Self.checkTogether(operation, values, &check)
        try check.faults.check()

        self.target = try Self.target(operation, values, names)
        self.body = bytes
    }

    /// What a value is in the query.
    enum QueryValues {
        /// One text, or one for each member of a list.
        case values([String])
        case faults([Fault])
    }

    /// Checks one value, such as a filter of a feed.
    static func queryValues(_ value: JSONValue, _ argument: Argument, path: String) -> QueryValues {
        var check = ArgumentCheck()
        let texts = check.texts(value, argument, path)
        return check.faults.list.isEmpty ? .values(texts) : .faults(check.faults.list)
    }

    private static func target(
        _ operation: Operation, _ values: [(argument: Argument, texts: [String])], _ names: WireNames
    ) throws(Faults) -> String {
        var segments: [(String, String)] = []
        var query: [(String, String)] = []
        for value in values {
            for text in value.argument.place == .query ? names.spelled(value.texts) : value.texts {
                switch value.argument.place {
                case .path: segments.append((value.argument.name, text))
                case .query, .body: query.append((names.parameter(operation.id, value.argument.name), text))
                }
            }
        }
        do { return try URLBuilder.target(operation.path, segments: segments, query: query) } catch {
            throw Faults(faults: [Fault(path: "", message: error.message)])
        }
    }

    private static func body(_ value: JSONValue, _ operation: Operation, _ check: inout ArgumentCheck) -> [UInt8]? {
        guard let body = operation.body else {
            check.fault("/body", "is not taken by \(operation.id)")
            return nil
        }
        var json = JSONWriter()
        check.write(value, body.type, nil, "/body", to: &json)
        return json.bytes
    }

    /// Rules about more than one argument.
    private static func checkTogether(
        _ operation: Operation, _ values: [(argument: Argument, texts: [String])], _ check: inout ArgumentCheck
    ) {
        if !operation.exactlyOneOf.isEmpty {
            let given = operation.exactlyOneOf.filter { name in values.contains { $0.argument.name == name } }
            if given.count != 1 {
                let names = ArgumentCheck.joined(operation.exactlyOneOf)
                check.fault("", "needs exactly one of \(names), has \(given.count)")
            }
        }
        let sizeName = operation.pages.parameters.size
        let size = values.first { $0.argument.name == sizeName }.flatMap { $0.texts.first }.flatMap { Int64($0) }
        for value in values where value.argument.isBoundByPageSize {
            let allowed = size ?? PageSize.leastDefault
            if value.texts.count > allowed {
                check.fault(
                    "/" + value.argument.name,
                    "has \(value.texts.count) members, at most \(sizeName) are allowed, which is \(allowed) here")
            }
        }
    }
}

/// Sizes of pages that the contract tells or that are in use (contract 1.5).
enum PageSize {
    /// The smallest default that a page of the hub's documentation names.
    static let leastDefault: Int64 = 20
    static let parents: Int64 = 50
    static let others: Int64 = 100
}

extension Operation {
    func hint(_ word: String) -> String {
        Text.suggestion(for: word, in: arguments.map { $0.name } + (body == nil ? [] : ["body"]))
    }
}

/// No arguments are an object without members.
extension JSONValue? {
    fileprivate func member(_ name: String) -> JSONValue? {
        switch self {
        case .some(let value): value.member(name)
        case .none: nil
        }
    }

    fileprivate var members: [(key: String, value: JSONValue)] {
        guard case .some(let value) = self else { return [] }
        var members: [(key: String, value: JSONValue)] = []
        for (key, member) in value.members { members.append((key, member)) }
        return members
    }
}
