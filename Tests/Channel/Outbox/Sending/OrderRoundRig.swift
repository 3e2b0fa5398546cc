import CFlxChannel

@testable import FlxChannel

/// An order of the outbox in a few words, and what becomes of it in a line of text.
struct OrderRoundRig {
    var doubt = false
    /// The hub said no to this round's attempt.
    var refused = false
    var attempts: Int64 = 1
    var lookups: Int64 = 0
    var told: String?
    var code: Int32 = 0
    var message = ""
    /// How long ago it left.
    var age: Int64 = 1000
    var isLast = false
    var state = OutboxState.queued

    init(
        doubt: Bool = false, refused: Bool = false, attempts: Int64 = 1, lookups: Int64 = 0, told: String? = nil, code: Int32 = 0,
        message: String = "", age: Int64 = 1000, isLast: Bool = false, state: OutboxState = .queued
    ) {
        (self.doubt, self.refused, self.attempts, self.lookups, self.told) = (doubt, refused, attempts, lookups, told)
        (self.code, self.message, self.age, self.isLast, self.state) = (code, message, age, isLast, state)
    }

    /// Every combination that can stand in a row.
    static var all: [OrderRoundRig] {
        var all: [OrderRoundRig] = []
        for lookups: Int64 in 0...7 {
            for age: Int64 in [-1000, 0, 64_999, 65_000, 1_000_000] {
                for (told, code) in [(nil, 0), (nil, FLX_E_NETWORK), (nil, FLX_E_REFUSED), ("9", FLX_E_CONTRACT)]
                    as [(String?, Int32)]
                {
                    for flags in 0..<8 {
                        all.append(
                            OrderRoundRig(
                                doubt: flags & 1 != 0, refused: flags & 2 != 0, lookups: lookups, told: told, code: code, age: age,
                                isLast: flags & 4 != 0))
                    }
                }
            }
        }
        return all
    }

    private static let now: Int64 = 1_800_000_000_000
    static let moment = OrderRound.Moment(now: now, hubNow: now)

    private var row: OutboxRow {
        OutboxRow(
            id: 1, number: "A-1", digest: [], digestVersion: 1, wire: nil, revision: 1, isPurged: false, state: state,
            verdict: .none, hubId: nil, hubStatus: nil, attempts: attempts, lookups: lookups, ambiguous: doubt, nextAt: 0,
            sentAt: Self.now - age, firstSentAt: nil, toldId: told, fencingToken: 1, submittedAt: Self.now - 3_600_000,
            orderedAt: nil,
            resolvedAt: nil, settledAt: nil, code: Int64(code), message: message, watched: false)
    }

    /// As it begins.
    func round() -> OrderRound {
        OrderRound(
            row: row, number: "A-1", wire: Array("{}".utf8), names: WireNames(), attemptMs: 60_000, isLast: isLast, manners: .init()
        )
    }

    /// With its attempt on the wire.
    func posting() -> OrderRound {
        var round = round()
        var sending = row
        sending.state = .sending
        round.saved(sending)
        round.step = .post
        return round
    }

    func lookingUp() -> OrderRound {
        var round = round()
        let refusal = OrderRound.Refusal(code: FLX_E_REFUSED, event: Event("posted").saying("no"))
        round.step = .lookUp(round.lookUp(.init()), refusal: refused ? refusal : nil)
        return round
    }

    // MARK: in words

    static func step(_ round: OrderRound) -> String {
        if case .post = round.step { "post" } else { "look up" }
    }

    /// The row as a move saves it, or nil if it saves none; `jitter` gives the most.
    static func saved(_ move: OrderRound.Move, _ round: OrderRound) -> OutboxRow? {
        var row = round.row
        switch move {
        case .ask: return nil
        case .end(let change, _, _), .pause(let change, _, _): change.apply(to: &row, at: now) { $0 }
        }
        return row
    }

    static func told(_ move: OrderRound.Move, _ round: OrderRound) -> String {
        switch move {
        case .ask(let note): (note == nil ? "" : "note, ") + (step(round) == "post" ? "post again" : "look up")
        case .end(let change, _, let note): (note == nil ? "" : "note, ") + "end " + told(change, round.row)
        case .pause(let change, _, _): "pause " + told(change, round.row)
        }
    }

    private static func told(_ change: OrderChange, _ before: OutboxRow) -> String {
        var row = before
        change.apply(to: &row, at: now) { $0 }
        var words = ["\(row.state)", "\(row.verdict)"]
        if let id = row.hubId { words.append(id) }
        if row.code != 0 { words.append("\(StatusName.of(Int32(row.code)))") }
        if row.ambiguous { words.append("doubt") }
        if let id = row.toldId { words.append("told=\(id)") }
        if let sentAt = row.sentAt, sentAt != before.sentAt || row.lookups > before.lookups { words.append("sent=\(sentAt - now)") }
        if row.lookups > before.lookups { words.append("lookups=\(row.lookups)") }
        if row.state == .queued { words.append("in \(row.nextAt - now)") }
        if case .giveUp = change { words.append("given up") }
        return words.joined(separator: " ")
    }
}
