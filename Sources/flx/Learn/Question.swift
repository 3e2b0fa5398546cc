/// One read-only request to the hub.
struct Question: Equatable {
    /// Its answer is found under it: "orders.many".
    let name: String
    let operation: String
    var arguments: [JSON.Member] = []
    /// Names on the wire for this request alone, by the keys of `hub.overrides`.
    var names: [String: String] = [:]
    /// A list is one value with commas.
    var isJoined = false

    /// Whether a body is of the kind that is asked for. Another tells nothing: it may be of a proxy, or a bad moment.
    func accepts(_ body: JSON) -> Bool {
        switch operation {
        case "getListingVariantsCount": return body["count"]?.integer != nil
        case "getChannelById", "getOrderById":
            return body["id"]?.id != nil && body["id"]?.id == arguments.first { $0.key == "id" }?.value.id
        default:
            guard case .list = body else { return false }
            return true
        }
    }
}

/// What became of a question.
enum Answer: Equatable {
    case body(JSON)
    /// The hub said no: its status, and its words as the library gives them.
    case refused(Int64, String)
    /// There was no answer that can be read, and why.
    case failed(String)

    /// It tells by what is missing, as a bad moment does.
    var isLacking: Bool {
        switch self {
        case .refused: true
        case .body(.list(let rows)): rows.isEmpty
        case .body, .failed: false
        }
    }
}

/// All answers so far, and what was known before the first.
struct Answers {
    private(set) var all: [(question: Question, answer: Answer)] = []
    /// What came when a question was asked again, by its name.
    var again: [String: Answer] = [:]
    /// Names on the wire that the configuration has already, by the keys of `hub.overrides`.
    var wire: [String: String] = [:]
    /// The hub's id of this channel, if the configuration or the state has it.
    var channel: String?
    /// By how much the hub's clock is ahead, as the library knew it after each of the first answers.
    var clockMs: [Int64] = []
    /// The size and the refill of the pool that the hub announces.
    var pool: (size: Int64, refill: String)?
    /// Why nothing more was asked; nil as long as all was.
    var ended: String?

    /// The value that a question was asked with, so that it is read by what was asked, whatever other answers became.
    func argument(_ key: String, of name: String) -> JSON? {
        all.first { $0.question.name == name }?.question.arguments.first { $0.key == key }?.value
    }

    subscript(name: String) -> Answer? { all.first { $0.question.name == name }?.answer }

    mutating func add(_ answer: Answer, to question: Question) { all.append((question, answer)) }

    /// The same with another answer to some questions, or with none.
    func replacing(_ others: [String: Answer?]) -> Answers {
        var answers = self
        answers.all = all.compactMap { question, answer in
            guard let other = others[question.name] else { return (question, answer) }
            return other.map { (question, $0) }
        }
        return answers
    }

    /// Whether anything was answered.
    var hasBody: Bool { all.contains { if case .body = $0.answer { true } else { false } } }

    func body(_ name: String) -> JSON? { if case .body(let body) = self[name] { body } else { nil } }

    /// The rows of a list; nil where the answer is none.
    func rows(_ name: String) -> [JSON]? { if case .list(let rows) = body(name) { rows } else { nil } }

    /// The status of a refusal.
    func refusal(_ name: String) -> Int64? { if case .refused(let status, _) = self[name] { status } else { nil } }

    /// Why a question has no answer that tells something.
    func why(_ name: String) -> String {
        switch self[name] {
        case nil: ended.map { "not asked: \($0)" } ?? "not asked, for what it needs is not known"
        case .refused(let status, _): "the hub refuses it with status \(status)"
        case .failed(let why): why
        case .body: "the answer is not what the contract says"
        }
    }
}
