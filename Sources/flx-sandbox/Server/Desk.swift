/// Where requests are taken in: token, limit, faults, the hub's work, the journal, the answer.
///
/// Invariant: an entry is in the journal before the first byte of its answer leaves.
final class Desk: @unchecked Sendable {
    /// Runs something after so many milliseconds.
    typealias Later = (Int, @escaping () -> Void) -> Void

    let hub: Hub
    let watch: Watch
    private var requests = 0
    private var connections = 0

    init(hub: Hub) {
        self.hub = hub
        watch = Watch(hub: hub)
    }

    /// Numbers a new connection and says what fault meets it.
    func accept() -> (number: Int, fault: FaultAction.Kind?) {
        connections += 1
        let fault = hub.faults.take { fault in
            fault.action.kind.isOnAccept && fault.match.connection.map { $0 == self.connections } ?? true
        }.first
        return (connections, fault?.kind)
    }

    func take(_ request: Request, later: @escaping Later, respond: @escaping (WireAnswer) -> Void) {
        if let answer = ownAnswer(to: request) { return respond(answer) }
        var visit = open(request)
        if let refused = admit(&visit) {
            return finish(visit, refused, later: later, respond: respond)
        }
        visit.faults = hub.faults.take { fault in
            !fault.action.kind.isOnAccept && fault.action.kind != .early
                && (fault.action.kind != .commitLate || (visit.operation?.id).spells("createOrder"))
                && fault.match.fits(request, number: visit.number, operation: visit.operation?.id, orderNumber: visit.orderNumber)
        }
        var before = visit.faults.filter { $0.kind == .delayBefore }.reduce(0) { $0 + $1.count("ms", or: 1000) }
        if let late = visit.faults.first(where: { $0.kind == .commitLate }) {
            before += max(0, late.count("ms", or: 1000) - (hub.clock.monotonicMicros() - request.arrival) / 1000)
            if late.text("how") != nil { return workUnseen(visit, after: before, late, later: later, respond: respond) }
        }
        let latency = drawnLatency()
        switch hub.switches[.latencyPlace] {
        case "before": before += latency
        case "split":
            before += latency / 2
            visit.latency = latency - latency / 2
        default: visit.latency = latency
        }
        guard before > 0 else { return work(visit, later: later, respond: respond) }
        later(before) { [visit] in self.work(visit, later: later, respond: respond) }
    }

    /// The answer to a request whose body has not come yet, if an `early` fault is meant for it.
    func takeEarly(_ request: Request) -> WireAnswer? {
        guard !isOwn(request), hub.faults.faults.contains(where: { $0.action.kind == .early && !$0.isSpent }) else { return nil }
        let operation = Operation.find(request.method, request.segments)?.0.id
        let fault = hub.faults.take {
            $0.action.kind == .early && $0.match.fits(request, number: self.requests + 1, operation: operation, orderNumber: nil)
        }.first
        guard let fault else { return nil }
        var visit = open(request)
        visit.faults = [fault]
        var draft = draft(faultReply(fault, request), for: request)
        draft.keepsOpen = fault.flag("keep")
        let answer = draft.answer
        record(visit, status: draft.status, answer)
        return answer
    }

    // MARK: steps

    /// What is known of a request while it is being handled.
    private struct Visit {
        var request: Request
        var number: Int
        var operation: Operation?
        var arguments: [ByteText: String] = [:]
        var token: String
        var caller: Caller?
        var body: JSONValue?
        var orderNumber: String?
        var attempt: Int?
        var poolHeaders: [Header] = []
        var faults: [FaultAction] = []
        var latency = 0
        var effect = Effect()
    }

    private func open(_ request: Request) -> Visit {
        requests += 1
        hub.runSteps(before: requests)
        let found = Operation.find(request.method, request.segments)
        let token = request.header("X-API-TOKEN").flatMap { $0.isEmpty ? nil : $0 }
        let caller = token.flatMap { hub.tokens.caller(of: $0) }
        var visit = Visit(
            request: request, number: requests, operation: found?.0, arguments: found?.1 ?? [:],
            token: caller?.kind.rawValue ?? (token == nil ? "none" : "unknown"), caller: caller)
        if !request.body.isEmpty { visit.body = try? JSONParser.parse(request.body) }
        if (visit.operation?.id).spells("createOrder") {
            visit.orderNumber = visit.body.flatMap { hub.renamed($0)["orderNumber"]?.looseText }
            visit.attempt = visit.orderNumber.map { hub.orders.countAttempt($0) }
        } else if let text = visit.arguments["id"] ?? visit.arguments["orderId"], request.segments.first.spells("orders") {
            visit.orderNumber = Int(text).flatMap { hub.orders[$0]?.sentNumber }
        }
        return visit
    }

    /// Checks the token and takes a place in its pool; the reply is for a request that does not get in.
    private func admit(_ visit: inout Visit) -> Reply? {
        let switches = hub.switches
        guard let caller = visit.caller, let token = visit.request.header("X-API-TOKEN") else {
            let which: Switch = visit.token == "none" ? .missingToken : .unknownToken
            return authReply(switches.number(which), "a valid X-API-TOKEN is needed", visit.request)
        }
        let now = hub.clock.monotonicMicros()
        let admission = hub.limiters[ByteText(token), default: Limiter()].arrive(at: now, under: .init(switches))
        visit.poolHeaders = PoolHeaders.of(admission, switches[.poolHeaders])
        guard admission.isAdmitted else {
            let refusal = Refusal(status: switches.number(.limitStatus), message: "too many requests")
            var reply = refused(refusal, visit.request, switches[.limitBody])
            reply.headers += RetryAfter.headers(
                switches[.limitRetryAfter], seconds: switches.number(.limitRetrySeconds), now: hub.now)
            return reply
        }
        guard let operation = visit.operation else {
            let isKnown = Operation.isKnown(path: visit.request.segments)
            return refused(Refusal(status: isKnown ? 405 : 404, message: "no such call"), visit.request, switches[.errorBody])
        }
        let isDenied = caller.kind == .channel && switches.list(.channelDenied).contains(operation.id)
        guard operation.kinds.contains(caller.kind), !isDenied else {
            return authReply(switches.number(.wrongKind), "a \(caller.kind.rawValue) token may not call this", visit.request)
        }
        return nil
    }

    private func authReply(_ status: Int, _ message: String, _ request: Request) -> Reply {
        let body = hub.switches[.authBody]
        if body == "html_200" { return Reply.html(200, title: "Sign in") }
        return refused(Refusal(status: status, message: message), request, body)
    }

    private func refused(_ refusal: Refusal, _ request: Request, _ body: String) -> Reply {
        refusal.reply(body: body, path: request.path, now: hub.now)
    }

    /// The hub's part: what happens before it acts, what it does, what it answers.
    private func work(_ visit: Visit, later: @escaping Later, respond: @escaping (WireAnswer) -> Void) {
        for action in visit.faults {
            switch action.kind {
            case .cutBefore:
                return finish(visit, WireAnswer(steps: [AnswerDraft.ending(action)], keepsOpen: false, isWhole: false), respond)
            case .hangBefore: return finish(visit, WireAnswer(steps: [.hang], keepsOpen: false, isWhole: false), respond)
            case .status, .refuse, .redirect:
                var reply = faultReply(action, visit.request)
                if action.flag("applied") { reply.effect = perform(visit).effect }
                return finish(visit, reply, later: later, respond: respond)
            default: continue
            }
        }
        finish(visit, perform(visit), later: later, respond: respond)
    }

    /// Lets go of the connection at once, and does the work all the same.
    private func workUnseen(
        _ visit: Visit, after millis: Int, _ late: FaultAction, later: Later, respond: (WireAnswer) -> Void
    ) {
        later(millis) {
            var visit = visit
            let reply = self.perform(visit)
            visit.effect = reply.effect
            self.record(
                visit, status: reply.status,
                WireAnswer(
                    steps: [], keepsOpen: false, bodyBytes: reply.content.bytes.count, isWhole: false))
        }
        respond(WireAnswer(steps: [AnswerDraft.ending(late)], keepsOpen: false, isWhole: false))
    }

    private func perform(_ visit: Visit) -> Reply {
        guard let operation = visit.operation, let caller = visit.caller else { return Reply(500) }
        let call = Call(
            request: visit.request, operation: operation, caller: caller, arguments: visit.arguments,
            query: query(visit.request, operation), body: visit.body)
        do throws(Refusal) {
            return try operation.run(hub, call)
        } catch {
            let shape: Switch = [400, 409, 422].contains(error.status) ? .badRequestBody : .errorBody
            return refused(error, visit.request, hub.switches[shape])
        }
    }

    /// The parameters as this hub understands them: renamed ones under their documented names, overlooked ones gone.
    private func query(_ request: Request, _ operation: Operation) -> Query {
        var query = Query(request.queryText)
        let pairs = hub.switches.list(.queryRename).map { $0.split(separator: ":").map(String.init) }.filter { $0.count == 2 }
        if !pairs.isEmpty {
            query.rename { name in
                if let pair = pairs.first(where: { $0[1] == name }) { return pair[0] }
                return pairs.contains { $0[0] == name } ? "unknown." + name : name
            }
        }
        let ignored = hub.switches.list(.queryIgnore)
        if !ignored.isEmpty { query.drop { ignored.contains($0) || ignored.contains("\(operation.id).\($0)") } }
        return query
    }

    private func faultReply(_ action: FaultAction, _ request: Request) -> Reply {
        if action.kind == .redirect {
            var reply = Reply(action.number("status", or: 302))
            reply.headers.append(Header("Location", action.text("location") ?? "/elsewhere"))
            return reply
        }
        let status = action.number("status", or: action.kind == .refuse ? 422 : action.kind == .early ? 413 : 500)
        let message = action.text("error") ?? (action.kind == .refuse ? "the order was refused" : Reason.phrase(status))
        let shape =
            action.text("body") ?? (action.kind == .refuse ? "json" : hub.switches[status == 400 ? .badRequestBody : .errorBody])
        var reply = refused(Refusal(status: status, message: message), request, shape)
        reply.headers += RetryAfter.headers(
            action.text("retry_after") ?? "none", seconds: action.number("retry_after_s", or: 1), now: hub.now)
        return reply
    }

    // MARK: answer

    private func finish(_ visit: Visit, _ reply: Reply, later: @escaping Later, respond: @escaping (WireAnswer) -> Void) {
        var draft = draft(reply, for: visit.request)
        draft.headers += visit.poolHeaders
        for action in visit.faults where !action.kind.isBefore {
            draft.apply(action, previousBody: hub.previousBody, now: hub.now)
        }
        hub.previousBody = reply.content.bytes
        let answer = draft.answer
        var visit = visit
        visit.effect = reply.effect
        record(visit, status: draft.status, answer)
        guard visit.latency > 0 else { return respond(answer) }
        later(visit.latency) { respond(answer) }
    }

    /// A request that gets no answer at all.
    private func finish(_ visit: Visit, _ answer: WireAnswer, _ respond: (WireAnswer) -> Void) {
        record(visit, status: 0, answer)
        respond(answer)
    }

    private func record(_ visit: Visit, status: Int, _ answer: WireAnswer) {
        let request = visit.request
        var effect = visit.effect
        effect.orderNumber = effect.orderNumber ?? visit.orderNumber
        hub.journal.record(
            JournalEntry(
                number: visit.number, arrival: request.arrival, wallMillis: hub.clock.wallMicros() / 1000, token: visit.token,
                method: request.method, path: request.path, query: String(request.queryText), operation: visit.operation?.id,
                status: status, effect: effect, attempt: visit.attempt, requestBytes: request.body.count,
                requestDigest: request.body.isEmpty ? "" : SHA256.hex(request.body), answerBytes: answer.bodyBytes,
                connection: request.connection, numberOnConnection: request.numberOnConnection,
                faults: visit.faults.map(\.kind.rawValue), isAnswered: answer.isWhole))
        watch.note(isChange: effect.isAccepted && effect.kind != "read")
    }

    private func drawnLatency() -> Int {
        let jitter = hub.switches.number(.jitter)
        return hub.switches.number(.latency) + (jitter > 0 ? hub.random.below(jitter + 1) : 0)
    }

    /// The parts of an answer, with the headers the switches ask for.
    func draft(_ reply: Reply, for request: Request) -> AnswerDraft {
        let switches = hub.switches
        var draft = AnswerDraft(
            status: reply.status, statusLine: "HTTP/1.1 \(reply.status) \(Reason.phrase(reply.status))",
            headers: AnswerHeaders.date(hub) + AnswerHeaders.contentType(reply.content, switches) + reply.headers,
            body: reply.content.bytes)
        if switches.isOn(.byteMark), case .json = reply.content { draft.body = [0xEF, 0xBB, 0xBF] + draft.body }
        let acceptsGzip = request.header("Accept-Encoding")?.contains("gzip") ?? false
        switch switches[.framing] {
        case "chunked": draft.framing = .chunked(hasEnd: true)
        case "close": draft.framing = .untilClose
        case "gzip", "gzip_chunked":
            if switches[.framing] == "gzip_chunked" { draft.framing = .chunked(hasEnd: true) }
            if acceptsGzip, !draft.body.isEmpty {
                draft.body = Gzip.stored(draft.body)
                draft.headers.append(Header("Content-Encoding", "gzip"))
            }
        default: break
        }
        if [204, 304].contains(reply.status) { draft.framing = .length }
        draft.keepsOpen = switches[.connection] == "keep"
        return draft
    }
}
