import CFlxChannel
import Testing

@testable import FlxChannel

/// What an answer of the hub means for an order: tables, without a hub, a state file or a clock.
struct OrderRoundTests {
    private typealias Rig = OrderRoundRig

    // MARK: a post

    private static let ours = #"{"id":7,"orderNumber":"A-1"}"#
    private static let other = #"{"id":9,"orderNumber":"B-2"}"#

    /// How an attempt ends, with which HTTP status, on which row, and what becomes of it.
    private static let posts: [(OrderEnd, status: Int64, Rig, becomes: String)] = [
        (.answered(order(ours), isNew: true), 201, Rig(), "end resolved applied 7"),
        (.answered(order(#"{"id":7}"#), isNew: false), 200, Rig(), "end resolved applied 7"),
        (.answered(order(other), isNew: true), 201, Rig(), "end queued possiblyApplied FLX_E_CONTRACT doubt told=9 in 1000"),
        (.refused(code: FLX_E_REFUSED, message: "no", mayExist: false), 404, Rig(), "end resolved refused FLX_E_REFUSED"),
        (.refused(code: FLX_E_REFUSED, message: "no", mayExist: true), 400, Rig(), "look up"),
        (.refused(code: FLX_E_REFUSED, message: "no", mayExist: false), 404, Rig(doubt: true), "look up"),
        (.exists(message: "has it"), 409, Rig(), "end queued possiblyApplied FLX_E_REFUSED doubt in 1000"),
        (.exists(message: "has it"), 409, Rig(attempts: 5), "end queued possiblyApplied FLX_E_REFUSED doubt in 16000"),
        // N-08: nobody knows. What was not answered is looked up soon; what a gateway answered may still be at work.
        (
            .unknown(code: FLX_E_NETWORK, message: "broke"), 0, Rig(attempts: 5),
            "end queued possiblyApplied FLX_E_NETWORK doubt in 5000"
        ),
        (.unknown(code: FLX_E_HUB, message: "502"), 502, Rig(attempts: 5), "end queued possiblyApplied FLX_E_HUB doubt in 16000"),
        (.unknown(code: FLX_E_HUB, message: "500"), 500, Rig(), "end queued possiblyApplied FLX_E_HUB doubt sent=-60000 in 1000"),
        (.notApplied(code: FLX_E_CONNECT, message: "nobody"), 0, Rig(attempts: 5), "end queued notApplied FLX_E_CONNECT in 5000"),
        (.notApplied(code: FLX_E_THROTTLED, message: "wait"), 429, Rig(attempts: 5), "end queued notApplied FLX_E_THROTTLED in 0"),
        (
            .notApplied(code: FLX_E_THROTTLED, message: "wait"), 429, Rig(doubt: true),
            "end queued possiblyApplied FLX_E_THROTTLED doubt in 0"
        ),
        (.paused(Told("refused", theirs: "")), 401, Rig(), "pause queued notApplied FLX_E_TOKEN in 0"),
        (.paused(Told("refused", theirs: "")), 401, Rig(doubt: true), "pause queued possiblyApplied FLX_E_TOKEN doubt in 0"),
    ]

    @Test(arguments: posts.indices)
    func endOfAPost(_ index: Int) {
        let (end, status, rig, becomes) = Self.posts[index]
        var round = rig.posting()
        var event = Event("posted")
        event.httpStatus = status
        let move = round.posted(end, event, Rig.moment)

        #expect(Rig.told(move, round) == becomes)
    }

    // MARK: a look-up

    private static let lookUps: [(OrderLookUp.Finding, Rig, becomes: String)] = [
        (.found([order(ours)]), Rig(doubt: true), "end resolved applied 7"),
        (.nothing, Rig(doubt: true, age: 70_000), "note, post again"),
        (.found([]), Rig(doubt: true, age: 70_000), "note, post again"),
        // The hub may be at work on a request whose sender was killed: soon, then once more at the end of its time.
        (.nothing, Rig(doubt: true, age: 25_000), "end queued possiblyApplied doubt sent=-25000 lookups=1 in 5000"),
        (.nothing, Rig(doubt: true, lookups: 1, age: 25_000), "end queued possiblyApplied doubt sent=-25000 lookups=2 in 40000"),
        (.nothing, Rig(doubt: true, lookups: 2, age: 64_900), "end queued possiblyApplied doubt sent=-64900 lookups=3 in 1000"),
        // C-02: our clock was set back by an hour since; the wait begins anew.
        (.nothing, Rig(doubt: true, lookups: 1, age: -3_600_000), "end queued possiblyApplied doubt sent=0 lookups=2 in 65000"),
        // The hub said no: it stands if there is no such order and none can come any more.
        (.nothing, Rig(refused: true), "note, end resolved refused FLX_E_REFUSED"),
        (.nothing, Rig(doubt: true, refused: true, age: 70_000), "note, end resolved refused FLX_E_REFUSED"),
        (.nothing, Rig(doubt: true, refused: true, age: 25_000), "end queued possiblyApplied doubt sent=-25000 lookups=1 in 5000"),
        (.unclear("?"), Rig(refused: true), "end resolved refused FLX_E_REFUSED"),
        (
            .unclear("?"), Rig(doubt: true, refused: true, age: 70_000),
            "end queued possiblyApplied doubt sent=-70000 lookups=1 in 1000"
        ),
        (.denied, Rig(refused: true), "end resolved refused FLX_E_REFUSED"),
        // The hub said that it has the order, or named another: it is looked for again and again, and never posted.
        (
            .nothing, Rig(doubt: true, lookups: 4, code: FLX_E_REFUSED),
            "end queued possiblyApplied FLX_E_REFUSED doubt sent=-1000 lookups=5 in 16000"
        ),
        (.nothing, Rig(doubt: true, lookups: 5, code: FLX_E_REFUSED), "end resolved possiblyApplied FLX_E_REFUSED doubt given up"),
        (.nothing, Rig(doubt: true, lookups: 2, told: "9"), "end queued possiblyApplied doubt told=9 sent=-1000 lookups=3 in 4000"),
        (.nothing, Rig(doubt: true, lookups: 3, told: "9"), "end resolved possiblyApplied doubt told=9 given up"),
        (.denied, Rig(doubt: true, lookups: 2, told: "9"), "end resolved possiblyApplied doubt told=9 given up"),
        // A token that may not look: three times, and not while the request may travel; the hub promises to deduplicate.
        (.denied, Rig(doubt: true, lookups: 1, age: 70_000), "end queued possiblyApplied doubt sent=-70000 lookups=2 in 2000"),
        (.denied, Rig(doubt: true, lookups: 2, age: 25_000), "end queued possiblyApplied doubt sent=-25000 lookups=3 in 40000"),
        (.denied, Rig(doubt: true, lookups: 2, age: 70_000), "note, post again"),
        (
            .unclear("?"), Rig(doubt: true, lookups: 9, age: 70_000),
            "end queued possiblyApplied doubt sent=-70000 lookups=10 in 512000"
        ),
        // Too old to be sent again.
        (.nothing, Rig(doubt: true, isLast: true), "end resolved possiblyApplied doubt given up"),
        (.found([order(ours)]), Rig(doubt: true, isLast: true), "end resolved applied 7"),
        (
            .unclear("?"), Rig(doubt: true, lookups: 1, age: 70_000, isLast: true),
            "end queued possiblyApplied doubt sent=-70000 lookups=2 in 2000"
        ),
        (.unclear("?"), Rig(doubt: true, lookups: 2, age: 70_000, isLast: true), "end resolved possiblyApplied doubt given up"),
        (.denied, Rig(doubt: true, lookups: 2, age: 70_000, isLast: true), "end resolved possiblyApplied doubt given up"),
    ]

    @Test(arguments: lookUps.indices)
    func endOfALookUp(_ index: Int) {
        let (finding, rig, becomes) = Self.lookUps[index]
        var round = rig.lookingUp()
        let move = round.lookedUp(finding, Event("looked_up"), Rig.moment)

        #expect(Rig.told(move, round) == becomes)
    }

    /// Over all rows that there can be: bytes leave a second time only where the hub has shown that the first are not there, or
    /// has denied to tell, and never while they may be on their way.
    @Test func orderInDoubtIsPostedAgainOnlyOnProof() {
        var again = 0
        for rig in Rig.all {
            for finding in [OrderLookUp.Finding.nothing, .found([]), .denied, .unclear("?")] {
                var round = rig.lookingUp()
                _ = round.lookedUp(finding, Event("looked_up"), Rig.moment)
                guard case .post = round.step else { continue }
                again += 1
                let wasAnswered = rig.code == FLX_E_REFUSED
                #expect(!rig.isLast && rig.told == nil && (rig.age >= 65_000 || wasAnswered))
                switch finding {
                case .nothing, .found: #expect(!rig.refused && !wasAnswered)
                case .denied: #expect(rig.lookups >= 2)
                case .unclear: Issue.record("an unclear answer is no proof")
                }
            }
        }

        #expect(again > 0)
    }

    /// Refused is final, and frees the number: only without a doubt, or after the hub showed that there is none.
    @Test func orderInDoubtIsRefusedOnlyOnProof() {
        for rig in Rig.all where rig.doubt {
            for finding in [OrderLookUp.Finding.nothing, .denied, .unclear("?")] {
                var round = rig.lookingUp()
                guard case .end(.refuse, _, _) = round.lookedUp(finding, Event("looked_up"), Rig.moment) else { continue }
                guard case .nothing = finding else {
                    Issue.record("\(finding) is no proof")
                    continue
                }
                #expect(rig.refused && (rig.age >= 65_000 || rig.told != nil || rig.code == FLX_E_REFUSED))
            }
        }
    }

    @Test func orderOfTheHubThatIsAnotherOnesIsLookedForAndNotPosted() throws {
        var row = Rig(attempts: 5).posting().row
        OrderChange.another(try #require(HubOrder(try parsed(Self.ours)))).apply(to: &row, at: 1000) { $0 }

        #expect((row.state, row.verdict, row.toldId, row.hubId) == (.queued, .possiblyApplied, "7", nil))
        #expect((row.ambiguous, row.code, row.nextAt) == (true, Int64(FLX_E_CONTRACT), 2000))
    }

    // MARK: the beginning

    @Test(
        arguments: [
            (OutboxState.queued, false, nil, "post"), (.queued, true, nil, "look up"), (.queued, false, "9", "look up"),
            (.sending, false, nil, "look up"),
        ] as [(OutboxState, Bool, String?, String)])
    func orderThatMayBeAtTheHubIsLookedUpFirst(_ state: OutboxState, _ doubt: Bool, _ told: String?, _ first: String) {
        let round = Rig(doubt: doubt, told: told, state: state).round()

        #expect(Rig.step(round) == first)
        #expect(round.row.ambiguous == (doubt || state == .sending))
    }

    @Test func wordsThatWereSaidLastStandWhileItIsLookedUp() throws {
        let rig = Rig(doubt: true, lookups: 1, code: FLX_E_NETWORK, message: "the connection broke")
        var round = rig.lookingUp()
        let row = try #require(Rig.saved(round.lookedUp(.unclear("no list"), Event("looked_up"), Rig.moment), round))
        #expect((row.code, row.message) == (Int64(FLX_E_NETWORK), "the connection broke"))

        var last = Rig(doubt: true, lookups: 2, code: FLX_E_NETWORK, message: "the connection broke", age: 70_000, isLast: true)
            .lookingUp()
        let given = try #require(Rig.saved(last.lookedUp(.unclear("no list"), Event("looked_up"), Rig.moment), last))
        #expect((given.code, given.message) == (Int64(FLX_E_NETWORK), "the connection broke"))
    }

    private static func order(_ text: String) -> HubOrder {
        guard let record = try? parsed(text), let order = HubOrder(record) else { preconditionFailure(text) }
        return order
    }
}
