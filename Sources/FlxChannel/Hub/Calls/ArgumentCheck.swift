/// Checks values against what an operation takes, and gives them the spelling of the wire.
///
/// Ids and money may come as text, because the library gives them so; a body gets them as numbers. Instants become
/// whole seconds that end in Z (contract 1.4). All other text and numbers keep their spelling.
struct ArgumentCheck {
    static let mostTextInQuery = 1000

    private(set) var faults = FaultList()

    mutating func fault(_ path: String, _ message: String) {
        faults.add(path, message)
    }

    /// The texts of an argument for the path or the query: one, or one for each member of a list.
    mutating func texts(_ value: JSONValue, _ argument: Argument, _ path: String) -> [String] {
        guard case .list(let type) = argument.type else {
            return text(value, argument.type, argument, path).map { [$0] } ?? []
        }
        guard value.kind == .array else {
            fault(path, "is \(Self.word(value)), must be a list")
            return []
        }
        guard isLength(value.count, argument, path) else { return [] }
        if value.count == 0 { fault(path, "is empty; leave it out, the hub would ignore it") }
        var texts: [String] = []
        var index = 0
        for element in value.elements {
            let here = path + "/\(index)"
            if let text = text(element, type, nil, here) {  // the bounds are those of the list
                // contract 1.6: the joined spelling exists too, so that a comma may part a value in two
                if text.utf8.contains(UInt8(ascii: ",")) { fault(here, "holds a comma, at which the hub may part it") }
                texts.append(text)
            }
            index += 1
        }
        return texts
    }

    private mutating func text(
        _ value: JSONValue, _ type: ArgumentType, _ argument: Argument?, _ path: String
    ) -> String? {
        guard let scalar = scalar(value, type, argument, path) else { return nil }
        switch scalar {
        case .number(let text): return text
        case .bool(let bool): return bool ? "true" : "false"
        case .text(let text):
            if text.isEmpty {
                fault(path, "is empty; leave it out, the hub would ignore it")
            } else if text.utf8.count > Self.mostTextInQuery {
                fault(path, "has \(text.utf8.count) bytes, at most \(Self.mostTextInQuery) are allowed")
            } else if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                fault(path, "holds a control character")
            }
            return text
        }
    }

    /// Writes `value` as a body, or as a part of one.
    mutating func write(_ value: JSONValue, _ argument: Argument, _ path: String, to json: inout JSONWriter) {
        if value.isNull {
            if !argument.mayBeNull { fault(path, "is null; leave it out or give a value") }
            return json.null()
        }
        if case .list = argument.type, value.kind == .array, !isLength(value.count, argument, path) {
            return json.null()
        }
        write(value, argument.type, argument, path, to: &json)
    }

    mutating func write(
        _ value: JSONValue, _ type: ArgumentType, _ argument: Argument?, _ path: String, to json: inout JSONWriter
    ) {
        switch type {
        case .any: json.raw(value.raw)
        case .object(let shape): write(value, shape, path, to: &json)
        case .list(let type):
            guard value.kind == .array else {
                fault(path, "is \(Self.word(value)), must be a list")
                return json.null()
            }
            json.beginArray()
            var index = 0
            for element in value.elements {
                write(element, type, nil, path + "/\(index)", to: &json)
                index += 1
            }
            json.endArray()
        case .text, .integer, .decimal, .boolean, .instant:
            switch scalar(value, type, argument, path) {
            case .number(let text): json.number(text: text)
            case .bool(let bool): json.bool(bool)
            case .text(let text): json.string(text)
            case nil: json.null()
            }
        }
    }

    private mutating func write(_ value: JSONValue, _ shape: BodyShape, _ path: String, to json: inout JSONWriter) {
        guard value.isObject else {
            fault(path, "is \(Self.word(value)), must be an object")
            return json.null()
        }
        json.beginObject()
        for (key, member) in value.members {
            let here = path + "/" + Fault.pointerToken(key)
            if let field = shape.fields.first(where: { $0.name == key }) {
                json.key(key)
                write(member, field, here, to: &json)
            } else if shape.isOpen {
                json.key(key)
                json.raw(member.raw)
            } else {
                fault(here, "is not known here" + Text.suggestion(for: key, in: shape.fields.map { $0.name }))
            }
        }
        for field in shape.fields where field.isRequired && value.member(field.name) == nil {
            fault(path + "/" + field.name, "is missing")
        }
        if !shape.oneOf.isEmpty, !shape.oneOf.contains(where: { value.member($0)?.isNull == false }) {
            fault(path, "needs one of \(Self.joined(shape.oneOf))")
        }
        json.endObject()
    }

    /// A value without members, in the spelling of the wire.
    private enum Scalar {
        case text(String)
        case number(String)
        case bool(Bool)
    }

    private mutating func scalar(
        _ value: JSONValue, _ type: ArgumentType, _ argument: Argument?, _ path: String
    ) -> Scalar? {
        switch type {
        case .text:
            guard let text = value.string else { return mistyped(value, "text", path) }
            guard let argument, !argument.choices.isEmpty, !argument.choices.contains(text) else { return .text(text) }
            fault(path, "is none of \(Self.joined(argument.choices))")
        case .integer:
            guard let number = value.whole else { return mistyped(value, "a whole number", path) }
            if let argument, !isWithin(number, argument) { fault(path, "is \(number), \(Self.bounds(argument))") }
            return .number("\(number)")
        case .decimal:
            if let text = value.numberText { return .number(text) }
            guard let text = value.string else { return mistyped(value, "a decimal number such as \"19.99\"", path) }
            do { _ = try Decimal(submitted: text) } catch {
                fault(path, error.message)
                return nil
            }
            return .number(text)
        case .boolean:
            guard let bool = value.bool else { return mistyped(value, "true or false", path) }
            return .bool(bool)
        case .instant:
            guard let text = value.string else {
                return mistyped(value, "an instant such as 2026-01-31T12:00:00Z", path)
            }
            guard let instant = Instant(iso: text) else {
                fault(path, "is not an instant with a zone; write it like 2026-01-31T12:00:00Z")
                return nil
            }
            return .text(instant.isoSeconds)
        case .any, .list, .object: break
        }
        return nil
    }

    private mutating func mistyped(_ value: JSONValue, _ wanted: String, _ path: String) -> Scalar? {
        fault(path, "is \(Self.word(value)), must be \(wanted)")
        return nil
    }

    private mutating func isLength(_ count: Int, _ argument: Argument, _ path: String) -> Bool {
        guard !isWithin(Int64(count), argument) else { return true }
        fault(path, "has \(count) members, \(Self.bounds(argument))")
        return false
    }

    private func isWithin(_ number: Int64, _ argument: Argument) -> Bool {
        number >= argument.least ?? Int64.min && number <= argument.most ?? Int64.max
    }

    private static func bounds(_ argument: Argument) -> String {
        switch (argument.least, argument.most) {
        case (let least?, let most?): "\(least) to \(most) are allowed"
        case (let least?, nil): "at least \(least) is needed"
        case (nil, let most?): "at most \(most) are allowed"
        case (nil, nil): "any is allowed"
        }
    }

    /// What a value is, for a message. The value itself may be buyer data and is not told.
    private static func word(_ value: JSONValue) -> String {
        switch value.kind {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "another number"
        case .string: "text of another form"
        case .array: "a list"
        case .object: "an object"
        }
    }

    static func joined(_ words: [String]) -> String {
        var text = ""
        for word in words { text += text.isEmpty ? word : ", " + word }
        return text
    }
}
