import CFlxChannel

/// Every other operation of the contract, by its id.
extension Client {
    /// Checks the arguments, asks once, and gives status and body of a 2xx answer.
    func call(_ id: String, _ arguments: [UInt8]?, by deadline: Deadline) throws(ChannelError) -> [UInt8] {
        guard let operation = OperationTable.named(id) else {
            throw ChannelError(FLX_E_OPERATION, OperationTable.unknown(id).message, path: "operation")
        }
        if let refusal = operation.refusal { throw ChannelError(FLX_E_OPERATION, refusal, path: "operation") }
        var root: JSONValue?
        if let arguments, !arguments.isEmpty {
            do { root = try JSONDocument.parse(arguments).root } catch {
                throw ChannelError(json: error, in: arguments, what: "the argument text")
            }
            guard root?.isObject == true else { throw ChannelError(FLX_E_JSON, "the arguments are not a JSON object") }
        }
        let checked: CallArguments
        do { checked = try CallArguments(operation, root, names: settings.names) } catch {
            let refusal = ChannelError(FLX_E_OPERATION, faults: error.faults)
            refusal.operation = id
            throw refusal
        }
        var request = HTTPRequest(
            operation: id, method: operation.method, target: checked.target, body: checked.body,
            priority: operation.isWrite ? .answer : .probe, fresh: !operation.isRepeatable)
        request.isOptional = true
        return try drive(by: deadline) { () throws(ChannelError) in
            if operation.isWrite { try confirmToken(by: deadline) }
            let response = try ask(request, by: deadline)
            guard ReplyClass(status: response.status) == .success else {
                let error = refusal(response, operation: id)
                error.effect = NamedCall.effect(status: response.status)
                throw error
            }
            return try NamedCall.result(response, operation: operation)
        }
    }
}

enum NamedCall {
    /// What an error status says of the effect of a write.
    static func effect(status: Int) -> Verdict {
        switch ReplyClass(status: status) {
        case .success: .applied
        case .throttled, .unauthorized: .notApplied
        case .refused: .refused
        case .passing: .possiblyApplied
        }
    }

    /// {"status":200,"body":...} with the hub's JSON in its own bytes; null for an empty body (contract 4.7).
    static func result(_ response: HTTPResponse, operation: Operation) throws(ChannelError) -> [UInt8] {
        var json = JSONWriter(reserving: response.body.count + 32)
        json.beginObject()
        json.member("status", response.status)
        json.key("body")
        if response.body.isEmpty {
            json.null()
        } else if let document = try? JSONDocument.parse(response.body) {
            json.raw(document.root.raw)
        } else {
            let what = ErrorBody.looksLikeHTML(response.body) ? "an HTML page" : "something that is not JSON"
            let error = ChannelError(FLX_E_CONTRACT, "the hub answered with \(what)")
            error.operation = operation.id
            error.httpStatus = response.status
            error.effect = .possiblyApplied
            throw error
        }
        json.endObject()
        return json.bytes
    }
}
