/// The tables of operations and feeds as JSON, for `flx_describe`.
enum OperationsReport {
    static func operations() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for operation in OperationTable.all { write(operation, to: &json) }
        json.endArray()
        return json.bytes
    }

    static func feeds() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for feed in Feed.all { write(feed, to: &json) }
        json.endArray()
        return json.bytes
    }

    private static func write(_ operation: Operation, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", operation.id)
        json.member("method", operation.method.name)
        json.member("path", operation.path)
        json.member("summary", operation.summary)
        json.member("contract", operation.section)
        texts("tokens", operation.tokens.map { $0.name }, to: &json)
        json.member("tokens_inferred", operation.tokensInferred)
        json.member("inferred", operation.isInferred)
        json.member("for_channels", operation.isForChannels)
        json.member("callable", operation.refusal == nil)
        if let function = operation.reservedFor { json.member("reserved_for", function) }
        json.member("safe_to_repeat", operation.isRepeatable)
        json.member("pages", operation.pages.name)
        if !operation.exactlyOneOf.isEmpty { texts("exactly_one_of", operation.exactlyOneOf, to: &json) }
        arguments("arguments", operation.arguments, to: &json)
        if let body = operation.body {
            json.key("body")
            json.beginObject()
            json.member("required", body.isRequired)
            write(body.type, to: &json)
            json.endObject()
        }
        json.endObject()
    }

    private static func write(_ feed: Feed, to json: inout JSONWriter) {
        json.beginObject()
        json.member("feed", Int64(feed.rawValue))
        json.member("name", feed.name)
        json.member("kind", feed.isQueue ? "queue" : "cursor")
        json.member("operation", feed.operation.id)
        if let operation = feed.answerOperation { json.member("answer_operation", operation.id) }
        json.member("page_size", feed.pageSize)
        if let bound = feed.boundParameter { json.member("bound", bound) }
        pairs("fixed", feed.fixedArguments, to: &json)
        pairs("defaults", feed.defaultArguments, to: &json)
        arguments("filters", feed.filters, to: &json)
        json.endObject()
    }

    private static func arguments(_ name: String, _ arguments: [Argument], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for argument in arguments {
            json.beginObject()
            json.member("name", argument.name)
            if argument.place != .body { json.member("in", argument.place.name) }
            json.member("required", argument.isRequired)
            if argument.mayBeNull { json.member("nullable", true) }
            if argument.isInferred { json.member("inferred", true) }
            if !argument.choices.isEmpty { texts("choices", argument.choices, to: &json) }
            if let least = argument.least { json.member("least", least) }
            if let most = argument.most { json.member("most", most) }
            if argument.isBoundByPageSize { json.member("within_page_size", true) }
            write(argument.type, to: &json)
            json.endObject()
        }
        json.endArray()
    }

    /// Adds the members that say what a value may be to the object that is being written.
    private static func write(_ type: ArgumentType, to json: inout JSONWriter) {
        json.member("type", type.name)
        switch type {
        case .list(let member):
            json.key("of")
            json.beginObject()
            write(member, to: &json)
            json.endObject()
        case .object(let shape):
            json.member("open", shape.isOpen)
            if !shape.oneOf.isEmpty { texts("one_of", shape.oneOf, to: &json) }
            arguments("fields", shape.fields, to: &json)
        case .text, .integer, .decimal, .boolean, .instant, .any: break
        }
    }

    private static func pairs(_ name: String, _ pairs: [(name: String, value: String)], to json: inout JSONWriter) {
        json.key(name)
        json.beginObject()
        for pair in pairs { json.member(pair.name, pair.value) }
        json.endObject()
    }

    private static func texts(_ name: String, _ values: [String], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for value in values { json.string(value) }
        json.endArray()
    }
}
