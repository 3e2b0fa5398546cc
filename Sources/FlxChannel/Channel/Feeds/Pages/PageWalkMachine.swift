/// The state machine of a walk over the pages of a collection: what happened comes in, what to do next goes out. It knows no
/// hub and no clock but what is handed in.
///
/// Invariant: a page is handed out once, in order; once the walk has ended or was stopped nothing more is asked.
struct PageWalkMachine {
    enum State {
        /// The page `number` is asked for, now or when it is worth another try.
        case asking
        /// Its answer is being read: the end of a call may come in between.
        case reading(PageBody.Reading, HTTPResponse)
        case ended
        /// Before its end. The error is said again to whoever asks again, so that a stop is never taken for an end.
        case stopped(ChannelError)
    }

    /// What to do next.
    enum Step {
        /// Hand this page out.
        case give(ReadPage)
        /// Let time go by: the page failed.
        case wait(PageFailures.Wait)
        /// Ask for a page; the answer before is handed out at `witnessUntil` at the latest.
        case ask(Int, isRepeat: Bool, witnessUntil: Int64?)
        /// Read on.
        case read(PageBody.Reading, HTTPResponse)
        /// Stop: the walk came to this page without an end.
        case tooFar(Int)
        case stop(ChannelError)
        case end
    }

    /// What a good page means for the walk.
    enum Progress: Equatable {
        case goesOn
        case ends
        /// The hub cut the page; the walk begins anew with a smaller `pageSize`.
        case startsAgain(variants: Int)
        /// The hub does not turn pages.
        case repeats(Int)
    }

    /// A page that was read, before its instant is told.
    struct ReadPage {
        let body: JSONPage
        /// By the monotonic clock; nil if the answer told no time.
        let startedMs: Int64?
        let number: Int
    }

    /// What is walked over, and how its end is known.
    struct Plan {
        var pageSize: Int64
        /// Empty pages in a row that prove the end: one for a queue, whose rows stay until answered; two where a cursor
        /// will move (P-04).
        var emptiesNeeded: Int
        var mostPages: Int64
        /// The first page may wait for the answer after it, which comes anyway.
        var isWitnessed: Bool
        /// One record instead of a list.
        var isOne = false
        /// The hub cuts a page of parents at 4000 variants in all and does not say so (contract 3.6).
        var isOfParents = false
    }

    /// Rows, and pages that had any.
    struct Tally: Equatable {
        var rows = 0
        var pagesWithRows = 0
    }

    private struct FirstAnswer {
        let start: Start?
        /// Until when its page waits for a second witness of the hub's clock.
        let witnessUntil: Int64
    }

    /// When the first answer was asked for, by the monotonic clock, and by the hub's as it was known then.
    struct Start {
        let startedMs: Int64
        let instant: Int64
    }

    let plan: Plan
    private(set) var state = State.asking
    private(set) var number: Int
    private(set) var pageSize: Int64
    private(set) var tally = Tally()
    private(set) var repeats = PageRepeats()
    var failures: PageFailures
    private var empties = 0
    /// Nil before it.
    private var first: FirstAnswer?
    /// Pages that are read and not handed out.
    private var ready: [ReadPage] = []

    private static let longestWitnessMs: Int64 = 3000
    private static let variantCut = 4000

    init(_ plan: Plan, from number: Int = 1, patience: Patience) {
        self.plan = plan
        self.number = number
        pageSize = plan.pageSize
        failures = PageFailures(patience: patience)
    }

    // MARK: questions

    /// - Parameter needsWitness: whether the hub's clock and ours contradict each other as far as is known.
    func step(now: Int64, needsWitness: () -> Bool) -> Step {
        if let page = ready.first, !awaitsWitness(now, needsWitness) { return .give(page) }
        switch state {
        case .stopped(let error): return .stop(error)
        case .ended: return .end
        case .reading(let body, let response): return .read(body, response)
        case .asking: break
        }
        if let wait = failures.wait, wait.until > now { return .wait(wait) }
        guard Int64(number) <= plan.mostPages else { return .tooFar(number) }
        return .ask(number, isRepeat: failures.count > 0, witnessUntil: ready.isEmpty ? nil : first?.witnessUntil)
    }

    var hasBegun: Bool { first != nil }

    /// Nil if the hub told no time.
    var start: Start? { first?.start }

    /// Whether the first page waits for the answer after it, which is asked for anyway: with one answer the earlier of two
    /// clocks would count, so that rows would be held back (L-01).
    private func awaitsWitness(_ now: Int64, _ needsWitness: () -> Bool) -> Bool {
        guard plan.isWitnessed, ready.count == 1, isGoingOn, failures.count == 0, Int64(number) <= plan.mostPages,
            let first, now < first.witnessUntil
        else { return false }
        return needsWitness()
    }

    private var isGoingOn: Bool {
        switch state {
        case .asking, .reading: true
        case .ended, .stopped: false
        }
    }

    // MARK: events

    /// The page that `step` named was handed out.
    mutating func gave() {
        if !ready.isEmpty { ready.removeFirst() }
    }

    /// There is an answer to the page that was asked for.
    mutating func answered(_ body: PageBody.Reading, _ response: HTTPResponse) {
        if case .asking = state { state = .reading(body, response) }
    }

    /// The page that was asked for could not be had, or not be read.
    mutating func failed(_ error: ChannelError, retryAfterMs: Int64?, now: Int64, jitter: (Int64) -> Int64) -> PageFailures.Answer {
        if case .reading = state { state = .asking }
        return failures.failed(error, retryAfterMs: retryAfterMs, now: now, jitter: jitter)
    }

    /// The first good answer is there.
    mutating func began(_ start: Start?, now: Int64) {
        first = FirstAnswer(start: start, witnessUntil: now &+ PageWalkMachine.longestWitnessMs)
    }

    /// The page was read to its end.
    mutating func accepted(_ body: JSONPage, startedMs: Int64?) -> Progress {
        guard isGoingOn else { return .ends }
        state = .asking
        failures.ended()
        let page = number
        number += 1
        let rows = body.records.count + body.bad.count
        guard rows > 0 else {
            empties += 1
            return empties >= plan.emptiesNeeded ? ending() : .goesOn
        }
        let variants = variants(of: body)
        if variants >= PageWalkMachine.variantCut {
            startAgain()
            return .startsAgain(variants: variants)
        }
        empties = 0
        switch repeats.came(PageRepeats.ids(of: body)) {
        case .stuck: return .repeats(page)
        case .repeated: return .goesOn
        case .new: break
        }
        tally.pagesWithRows += 1
        tally.rows += rows
        ready.append(ReadPage(body: body, startedMs: startedMs, number: page))
        return plan.isOne ? ending() : .goesOn
    }

    /// Nothing more is to be asked. What is read already may still be handed out.
    mutating func ended() {
        if isGoingOn { state = .ended }
    }

    mutating func stopped(by error: ChannelError) {
        error.isFatal = true
        state = .stopped(error)
    }

    private mutating func ending() -> Progress {
        state = .ended
        return .ends
    }

    // MARK: a page that the hub cut

    /// Those of a page that can be asked for in smaller pages; 0 of any other.
    private func variants(of body: JSONPage) -> Int {
        guard plan.isOfParents, pageSize > 1 else { return 0 }
        return body.records.reduce(0) { $0 + (ListingFields(of: $1).value(.variants)?.count ?? 0) }
    }

    /// Reads again from the start with fewer parents a page. What was handed out already is known to the pull and left out.
    private mutating func startAgain() {
        pageSize = max(1, pageSize / 2)
        (number, empties) = (1, 0)
        repeats.restarted()
    }
}
