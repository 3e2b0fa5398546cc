/// What is asked of the sandbox and not of the hub that it plays: admin paths and console.
///
/// They need no token, take no place in a pool, are in no journal and meet no switch and no fault.
extension Desk {
    func isOwn(_ request: Request) -> Bool {
        request.path.begins("/_admin") || Console.has(request) || Console.isFrontDoor(request)
    }

    /// Nil if it is for the hub's API.
    func ownAnswer(to request: Request) -> WireAnswer? {
        guard isOwn(request) else { return nil }
        if Console.isFrontDoor(request) { return plain(Console.redirect, for: request).answer }
        if let refusal = ForeignPage.refusal(of: request) {
            return plain(Console.error(refusal.status, refusal.message), for: request).answer
        }
        if request.path.begins("/_admin") {
            let reply = hub.admin(request)
            if request.method != "GET" { watch.note(isChange: true) }
            return plain(reply, for: request).answer
        }
        if request.path == Console.eventsPath, request.method == "GET" { return events(request) }
        return plain(Console.reply(to: request), for: request).answer
    }

    private func events(_ request: Request) -> WireAnswer {
        guard watch.hasRoom else {
            return plain(Console.error(503, "\(Watch.mostStreams) streams are open, the most there may be"), for: request).answer
        }
        var reply = Reply(200, .file(type: "text/event-stream", []))
        reply.headers = Console.headers
        var draft = plain(reply, for: request)
        draft.framing = .untilClose
        // A reader that lost us comes again after so many milliseconds.
        draft.body = Array("retry: 2000\n\n".utf8)
        draft.ending = .events
        return draft.answer
    }

    /// An answer that no switch touches.
    private func plain(_ reply: Reply, for request: Request) -> AnswerDraft {
        var draft = AnswerDraft(
            status: reply.status, statusLine: "HTTP/1.1 \(reply.status) \(Reason.phrase(reply.status))",
            headers: [Header("Date", hub.now.httpDate)], body: reply.content.bytes)
        switch reply.content {
        case .json: draft.headers.append(Header("Content-Type", "application/json"))
        default: draft.headers += AnswerHeaders.contentType(reply.content, hub.switches)
        }
        draft.headers += reply.headers
        if request.method == "HEAD" {
            draft.announcedLength = draft.body.count
            draft.body = []
        }
        return draft
    }
}
