/// Asks the hub, one question after the other, and keeps the answers.
///
/// It stands beside the channel: its state is its own and is thrown away. Its budget is not: it spends of the one that all
/// processes with this token share, as polls do.
final class Interview {
    /// About 45 are needed; more where sizes are refused, or names overlooked.
    static let most = 60
    private static let clocks = 5

    private let settings: Settings
    private let interrupt: Interrupt
    private let folder: ScratchFolder
    /// By what sets them apart: names on the wire, and how lists are written.
    private var clients: [String: Client] = [:]
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
        answers.wire = try Interview.names(settings.own("hub.overrides"))
    }

    /// The object of `hub.overrides` with its names written out: "listOrders.page".
    private static func names(_ text: String?) throws -> [String: String] {
        guard let text else { return [:] }
        var names: [String: String] = [:]
        func collect(_ value: JSON, _ path: String) {
            for member in value.members { collect(member.value, path.isEmpty ? member.key : "\(path).\(member.key)") }
            if let wire = value.string { names[path] = wire }
        }
        collect(try JSON.read(Array(text.utf8), what: "hub.overrides"), "")
        return names
    }

    func run(_ probes: [Probe]) {
        for ask in probes.flatMap(\.asks) {
            guard end == nil, let question = ask(answers) else { continue }
            guard requests < Interview.most else {
                answers.ended = "\(Interview.most) requests were made"
                return
            }
            put(question)
            judgeFirst()
            if let end { answers.ended = end.message }
        }
    }

    private func put(_ question: Question) {
        requests += 1
        progress.add(1)
        do {
            let client = try client(for: question)
            let bytes = try client.call(question.operation, Array(JSON.object(question.arguments).line.utf8))
            silences = 0
            let answer = (try? JSONParser.parse(bytes))?["body"].map { Answer.body($0) }
            answers.add(answer ?? .failed("the answer is empty"), to: question)
            noteClock(client)
        } catch {
            meet(error as? Failure ?? Failure(.fault, "\(error)"), question)
        }
    }

    /// A token that may not even count is no good, and what does not count is no hub.
    private func judgeFirst() {
        guard end == nil, answers.all.count == 1, answers.body("count")?["count"]?.integer == nil else { return }
        end = Failure(.hub, "the listings could not be counted: \(answers.why("count")); `flx doctor` says more")
    }

    private func meet(_ failure: Failure, _ question: Question) {
        switch failure.name {
        case "FLX_E_TOKEN" where failure.httpStatus != 0, "FLX_E_REFUSED":
            answers.add(.refused(failure.httpStatus, failure.hubSaid), to: question)
        case "FLX_E_HUB", "FLX_E_CONTRACT", "FLX_E_PROTOCOL", "FLX_E_TOO_LARGE", "FLX_E_OPERATION", "FLX_E_CONFIG":
            answers.add(.failed(failure.message), to: question)
        case "FLX_E_TIMEOUT", "FLX_E_NETWORK":
            answers.add(.failed(failure.message), to: question)
            silences += 1
            if silences > 1 { end = failure }
        default: end = failure
        }
    }

    private func noteClock(_ client: Client) {
        guard answers.all.count <= Interview.clocks, let learnt = try? client.stats()["learnt"]?.elements else { return }
        for fact in learnt where fact["fact"]?.string == "clock" {
            if let offset = fact["value"]?.integer { answers.clockMs.append(offset) }
        }
    }

    private func client(for question: Question) throws -> Client {
        let names = answers.wire.merging(question.names) { $1 }.sorted { $0.key < $1.key }
        let overrides = JSON.object(names.map { .init(key: $0.key, value: .text($0.value)) }).line
        let key = "\(question.isJoined) \(overrides)"
        if let client = clients[key] { return client }
        let budget = settings.value("rate_limit.dir") ?? settings.value("state_dir") ?? folder.path
        let config = try settings.config(
            [
                ("state_dir", folder.path), ("rate_limit.dir", budget), ("log.level", "error"), ("hub.overrides", overrides),
                ("hub.arrays", question.isJoined ? "joined" : "repeated"),
            ], usesLearnt: false)
        let client = try Client(config, interrupt: interrupt)
        clients[key] = client
        return client
    }
}
