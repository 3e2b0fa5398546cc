import CFlxChannel

/// What would be written to the hub, shown instead of sent: the request as it would leave, but for the token.
extension Client {
    /// - Parameter what: nil, or a named call: {"operation":"updateOrderStatus","arguments":{...}}.
    func preview(_ what: [UInt8]?) throws(ChannelError) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        if let what, !what.isEmpty { try previewCall(what, &json) } else { try previewFlush(&json) }
        json.endArray()
        return json.bytes
    }

    private static let mostShown = 1000

    private func previewCall(_ what: [UInt8], _ json: inout JSONWriter) throws(ChannelError) {
        let document: JSONDocument
        do { document = try JSONDocument.parse(what) } catch { throw ChannelError(json: error, in: what, what: "the call") }
        guard document.root.isObject else { throw ChannelError(FLX_E_JSON, "the call is not a JSON object") }
        let known = ["operation", "arguments"]
        if let strange = document.root.members.first(where: { !known.contains($0.0) }) {
            let near = Text.suggestion(for: strange.0, in: known)
            throw ChannelError(
                FLX_E_OPERATION,
                faults: [Fault(path: "/" + Fault.pointerToken(strange.0), message: "is not a member of a call\(near)")])
        }
        guard let id = document.root.member("operation")?.string, let operation = OperationTable.named(id) else {
            let id = document.root.member("operation")?.string ?? ""
            throw ChannelError(FLX_E_OPERATION, OperationTable.unknown(id).message, path: "/operation")
        }
        if let refusal = operation.refusal { throw ChannelError(FLX_E_OPERATION, refusal, path: "/operation") }
        let checked: CallArguments
        do { checked = try CallArguments(operation, document.root.member("arguments"), names: settings.names) } catch {
            throw ChannelError(
                FLX_E_OPERATION, faults: error.faults.map { Fault(path: "/arguments" + $0.path, message: $0.message) })
        }
        show(operation, target: checked.target, checked.body, &json) { _ in }
    }

    /// Orders first, then answers, as a flush takes them.
    private func previewFlush(_ json: inout JSONWriter) throws(ChannelError) {
        let most = Client.mostShown
        let now = store.clock.wallMs()
        let (orders, answers) = try stored { store throws(StateError) in
            var orders: [OutboxRow] = []
            for row in try store.outbox.list(state: .queued, after: 0, limit: most) {
                if let whole = try store.outbox.row(id: row.id) { orders.append(whole) }
            }
            var answers: [(feed: Feed, rows: [AnswerRow])] = []
            for feed in Feed.all where feed.isQueue {
                answers.append((feed, try store.answers.waiting(feed: feed.rawValue, now: now, limit: most)))
            }
            return (orders, answers)
        }
        for row in orders {
            guard let wire = row.wire else { continue }
            show(OperationTable.createOrder, target: OperationTable.createOrder.path, wire, &json) { json in
                json.member("order", row.number ?? "")
                // It may be there already: only if the hub does not show it, it is sent again.
                json.member("after_look_up", row.ambiguous || row.toldId != nil)
                json.instant("not_before", row.nextAt > now ? row.nextAt : nil)
            }
        }
        for (feed, rows) in answers {
            guard let operation = feed.answerOperation else { continue }
            for batch in AnswerSending.batches(of: rows, most: max(1, Int(settings.answersBatch))) {
                var body = JSONWriter()
                body.beginArray()
                for row in batch { body.raw(row.body) }
                body.endArray()
                show(operation, target: operation.path, body.bytes, &json) { json in json.member("feed", feed.name) }
            }
        }
    }

    private func show(
        _ operation: Operation, target: String, _ body: [UInt8]?, _ json: inout JSONWriter, _ more: (inout JSONWriter) -> Void
    ) {
        json.beginObject()
        json.member("operation", operation.id)
        json.member("method", operation.method.name)
        json.member("url", settings.origin.text + target)
        json.key("headers")
        json.beginObject()
        json.member("X-API-TOKEN", "***")
        if body != nil { json.member("Content-Type", "application/json") }
        json.endObject()
        json.key("body")
        if let body { json.raw(body) } else { json.null() }
        more(&json)
        json.endObject()
    }
}
