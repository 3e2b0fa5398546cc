/// Asks the hub, one question after the other, and keeps the answers.
///
/// It stands beside the channel: its state is its own and is thrown away. Its budget is not: it spends of the one that all
/// processes with this token share, as polls do.
final class Interview {
    /// About 55 are needed; more where sizes are refused, or names overlooked.
    static let most = 60
    private static let clocks = 5

    private let settings: Settings
    private let interrupt: Interrupt
    private let folder: ScratchFolder
    /// By what sets them apart: names on the wire, and how lists are written.
    private var clients: [String: Client] = [:]
    /// The last question that was answered: it tells whether the token is good still.
    private var proof: Question?
    /// Ends of requests that may be a bad moment or a hub that is gone.
    private var silences = 0

    private let progress = Progress("learn")

    private(set) var answers = Answers()
    /// Those that were tried, with or without an answer.
    private(set) var requests = 0
    /// Why it ended early.
    private(set) var end: Failure?

    /// - Parameter channel: the hub's id of this channel, if that is known
    init(_ settings: Settings, channel: String?, interrupt: Interrupt) throws {
        (self.settings, self.interrupt) = (settings, interrupt)
        folder = try ScratchFolder()
        answers.channel = channel
        answers.wire = try Interview.names(settings.own(.overrides))
    }

    /// The object of `hub.overrides` with its names written out: "listOrders.page".
    private static func names(_ text: String?) throws -> [String: String] {
        guard let text else { return [:] }
        var names: [String: String] = [:]
        func collect(_ value: JSON, _ path: String) {
            for member in value.members { collect(member.value, path.isEmpty ? member.key : "\(path).\(member.key)") }
            if let wire = value.string { names[path] = wire }
        }
        collect(try JSON.read(Array(text.utf8), what: SettingKey.overrides.name), "")
        return names
    }

    func run(_ probes: [Probe]) {
        for ask in probes.flatMap(\.asks) {
            guard end == nil, let question = ask(answers) else { continue }
            guard requests < Interview.most else {
                answers.ended = "\(Interview.most) requests were made"
                return
            }
            answers.add(put(question), to: question)
            judgeFirst()
            if let end { answers.ended = end.message }
        }
        confirm()
    }

    /// Asks again what a fact may not rest on as long as it was seen once.
    private func confirm() {
        for name in Confirmation(answers).doubts {
            guard end == nil, requests < Interview.most,
                let question = answers.all.first(where: { $0.question.name == name })?.question
            else { break }
            answers.again[name] = put(question)
        }
        answers.ended = end?.message ?? (requests < Interview.most ? nil : "\(Interview.most) requests were made")
    }

    private func put(_ question: Question) -> Answer {
        do {
            let body = try ask(question)
            guard let body, question.accepts(body) else { return .failed("the answer is not what the contract says") }
            proof = question
            return .body(body)
        } catch { return meet(error as? Failure ?? Failure(.fault, "\(error)")) }
    }

    private func ask(_ question: Question) throws -> JSON? {
        requests += 1
        progress.add(1)
        let client = try client(for: question)
        let bytes = try client.call(question.operation, Array(JSON.object(question.arguments).line.utf8))
        silences = 0
        noteClock(client)
        return (try? JSONParser.parse(bytes))?["body"]
    }

    /// Where counting and each list bring nothing, there is no hub, or not for this token.
    private func judgeFirst() {
        guard end == nil, answers.all.count == 1 + HubList.all.count, !answers.hasBody else { return }
        end = Failure(.hub, "nothing that was asked for was given: \(answers.why("count")); `flx doctor` says more")
    }

    private func meet(_ failure: Failure) -> Answer {
        switch failure.name {
        case _ where failure.httpStatus == 401 && !isTokenGood():
            end = end ?? failure
        case "FLX_E_TOKEN" where failure.httpStatus != 0, "FLX_E_REFUSED":
            return .refused(failure.httpStatus, failure.hubSaid)
        case "FLX_E_HUB", "FLX_E_CONTRACT", "FLX_E_PROTOCOL", "FLX_E_TOO_LARGE", "FLX_E_OPERATION", "FLX_E_CONFIG": break
        case "FLX_E_TIMEOUT", "FLX_E_NETWORK":
            silences += 1
            if silences > 1 || answers.all.isEmpty { end = failure }
        default: end = failure
        }
        return .failed(failure.message)
    }

    /// A hub may say 401 of one operation (row 15). So what it answered before is asked for once more: if that is refused as well,
    /// the token is no good any more, and nothing else is sent with it.
    private func isTokenGood() -> Bool {
        guard let proof, requests < Interview.most else { return false }
        return (try? ask(proof)) != nil
    }

    private func noteClock(_ client: Client) {
        guard answers.clockMs.count < Interview.clocks, let learnt = try? client.stats()["learnt"]?.elements else { return }
        for fact in learnt where fact["fact"]?.string == "clock" {
            if let offset = fact["value"]?.integer { answers.clockMs.append(offset) }
        }
    }

    private func client(for question: Question) throws -> Client {
        let names = answers.wire.merging(question.names) { $1 }.sorted { $0.key < $1.key }
        let overrides = JSON.object(names.map { .init(key: $0.key, value: .text($0.value)) }).line
        let key = "\(question.isJoined) \(overrides)"
        if let client = clients[key] { return client }
        let budget = settings.value(.rateLimitDirectory) ?? settings.value(.stateDirectory) ?? folder.path
        let config = try settings.config(
            [
                (.stateDirectory, folder.path), (.rateLimitDirectory, budget), (.logLevel, "error"), (.overrides, overrides),
                (.listSpelling, question.isJoined ? "joined" : "repeated"),
            ], usesLearnt: false)
        let client = try Client(config, interrupt: interrupt)
        clients[key] = client
        return client
    }
}
