/// The two acknowledgement calls.
extension Hub {
    func patchVariants(_ call: Call) throws(Refusal) -> Reply {
        try ackReply(call, try acknowledgeSync(try ackRows(call), caller: call.caller), kind: "sync_acknowledged")
    }

    func patchParents(_ call: Call) throws(Refusal) -> Reply {
        try ackReply(call, try acknowledgePublish(try ackRows(call), caller: call.caller), kind: "publish_acknowledged")
    }

    private func ackRows(_ call: Call) throws(Refusal) -> [JSONValue] {
        guard let rows = try call.needBody().array else { throw .badRequest("the body is not an array") }
        return rows
    }

    private func ackReply(_ call: Call, _ outcome: AckOutcome, kind: String) throws(Refusal) -> Reply {
        let status = switches.number(.ackStatus)
        if switches[.ackSuccess] == "false_object", outcome.refusal == nil {
            return successReply(outcome, status == 204 ? 200 : status).having(effect(outcome, kind))
        }
        let isByRow = switches[.ackPartial] == "rows" && outcome.rows.contains { $0.error != nil }
        var reply: Reply
        if let refusal = outcome.refusal {
            reply = refusal.reply(body: switches[.badRequestBody], path: call.request.path, now: now)
        } else if status == 204 {
            reply = Reply(204)
        } else if switches[.ackBody] == "rows" || isByRow {
            reply = Reply.json(status) { out in
                out.array(outcome.rows) { out, row in
                    out.object { out in
                        out.member("id", row.id)
                        out.member("success", row.error == nil)
                        out.member("error", row.error)
                    }
                }
            }
        } else {
            switch switches[.ackBody] {
            case "empty": reply = Reply(status)
            case "object": reply = Reply.json(status, ["success": true])
            case "html": reply = Reply.html(status, title: "Done")
            default: reply = Reply.json(status, [])
            }
        }
        reply.effect = effect(outcome, kind)
        return reply
    }

    /// A good status whose body alone tells whether the batch was taken.
    private func successReply(_ outcome: AckOutcome, _ status: Int) -> Reply {
        guard let failure = outcome.failure else { return Reply.json(status, ["success": true]) }
        return Reply.json(status, ["success": false, "error": .string(failure)])
    }

    private func effect(_ outcome: AckOutcome, _ kind: String) -> Effect {
        let isTaken = outcome.failure == nil && (outcome.applied > 0 || outcome.rows.isEmpty)
        return isTaken ? .did(kind, rows: outcome.applied) : Effect()
    }
}
