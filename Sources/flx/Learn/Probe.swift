/// Questions that belong together, and what their answers mean.
///
/// Both are pure: a question is made from the answers before it, a reading from all of them. So each can be looked at without a hub.
struct Probe {
    /// The next request; nil where it cannot be asked, or has not to be.
    typealias Ask = @Sendable (Answers) -> Question?

    /// Of the contract's table of open questions.
    let rows: [Int]
    let about: String
    /// In their order.
    let asks: [Ask]
    let read: @Sendable (Answers) -> [Fact]

    /// In the order in which one needs the other.
    static let all: [Probe] =
        [count] + HubList.all.map(pages(of:)) + [channel, arrays, bounds, queue, flow, order, shipments, errors]
        + Filter.all.map(filter(_:)) + [listings, kinds, clock]

    /// What all answers mean, before they are confirmed.
    static func facts(_ answers: Answers) -> [Fact] { all.flatMap { $0.read(answers) } }

    /// The table of what only a write can settle: it needs a marked order on a channel without buyers.
    static let needAWrite: [(row: Int, text: String)] = [
        (1, "which names the fields of an order have is seen only once one is pushed"),
        (2, "with which status and body a new order and a repeat are answered"),
        (3, "which number makes an order a repeat, and what other content under it does"),
        (7, "what an acknowledgement is answered with"),
        (8, "how many rows an acknowledgement may have, and what one bad row does to the others"),
        (9, "whether a row that is answered with an error stays in its queue"),
        (19, "by which key the hub finds the listing of an item that has several"),
        (20, "what a cancel does to requests that a source has already"),
        (31, "how long an order number may be, and which characters it keeps"),
    ]

    /// The first question: it costs the least, and tells whether the token is any good (contract 1.2).
    private static let count = Probe(
        rows: [33], about: "what false means in the flags of a count",
        asks: [
            { _ in Question(name: "count", operation: "getListingVariantsCount") },
            { count("count.sync", sync: true, $0) }, { count("count.not", sync: false, $0) },
        ],
        read: { answers in
            let name = "count.false_flags"
            func number(_ question: String) -> Int64? { answers.body(question)?["count"]?.integer }
            guard let all = number("count"), let waiting = number("count.sync"), let others = number("count.not") else {
                return [.open(33, name, answers.why(answers.body("count") == nil ? "count" : "count.not"))]
            }
            if waiting == 0 { return [.open(33, name, "nothing waits to be synced, so that both meanings look alike")] }
            if others == all { return [.settled(33, name, "ignored", "sync=false counts all, as if it were left out")] }
            if others == all - waiting { return [.settled(33, name, "without", "sync=false counts those that do not wait")] }
            return [.open(33, name, "\(all) listings, \(waiting) with sync=true and \(others) with sync=false do not add up")]
        })

    private static func count(_ name: String, sync: Bool, _ answers: Answers) -> Question? {
        guard answers.body("count") != nil else { return nil }
        return Question(name: name, operation: "getListingVariantsCount", arguments: [.init(key: "sync", value: .bool(sync))])
    }

    private static let clock = Probe(
        rows: [29], about: "the hub's clock", asks: [],
        read: { answers in
            guard let offset = answers.clockMs.last else { return [.open(29, "clock", "the hub tells no time")] }
            let side = offset < 0 ? "behind" : "ahead of"
            let text =
                abs(offset) < 2000 ? "as this machine's, within two seconds" : "\(Instant.span(abs(offset))) \(side) this machine's"
            return [.settled(29, "clock", "\(offset) ms", "\(text), by \(answers.clockMs.count) answers")]
        })
}
