import CFlxChannel
import Testing

@testable import FlxChannel

/// A hub with one order and one parcel that answers only what a test lets it, as it is for rounds that end before another answer.
private final class SlowHub: @unchecked Sendable {
    /// The addresses that are answered begin with one of these.
    let answers = Box<[String]>([])
    let rig: HubRig

    init() {
        let answers = answers
        rig = HubRig { request in
            guard answers.value.contains(where: { request.path.hasPrefix($0) }) else { return .silence }
            switch request.path {
            case "/channel/5": return .reply(#"{"id":5}"#)
            case "/orders/9001", "/orders/9002":
                let id = request.path.suffix(4)
                return .reply(#"{"id":\#(id),"orderNumber":"B-\#(id)","channelId":5}"#)
            case "/orders":
                return .onlyPage(
                    #"{"id":7,"orderNumber":"B-7","channelId":5,"updatedAt":"2026-01-31T10:00:00Z"}"#, of: request)
            case "/listing/variants": return .onlyPage(#"{"id":3,"sku":"S3","channelId":5}"#, of: request)
            case "/shipments":
                return .onlyPage(
                    #"{"id":1,"orderId":9001,"updatedAt":"2026-01-31T10:00:00Z"},"#
                        + #"{"id":2,"orderId":9002,"updatedAt":"2026-01-31T10:00:00Z"}"#, of: request)
            default: return .empty
            }
        }
    }

    func asked(_ path: String) -> Int { rig.requests.count { $0.path == path } }

    /// A pull as a round has it that answers only these, until a page comes or the hub was asked for `path` once more.
    func pull(_ client: Client, _ feed: Feed, answers: [String], until path: String) throws -> [String]? {
        self.answers.value = answers
        let before = asked(path)
        let pull = try client.open(feed)
        defer { pull.close() }
        var ids: [String] = []
        let deadline = Deadline.after(ms: 60_000)
        while !deadline.isOver {
            switch try pull.next(by: .after(ms: 100)) {
            case .page(let page):
                if !feed.isQueue { try pull.commit(page) }
                ids += page.ids
                if !feed.isQueue { return ids }
            case .done: return ids
            case .again: if asked(path) > before { return nil }
            }
        }
        throw Pull.Late()
    }
}

/// Rounds whose time is over between one answer of the hub and the next: each must be a step further.
@Suite(.serialized) struct ShortRoundTests {
    @Test func channelOfAPageIsAskedFirstByTheNextPullAndThenThePageIsGiven() throws {
        let hub = SlowHub()
        let client = try hub.rig.client()

        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == nil)
        #expect(try hub.pull(client, .orders, answers: ["/channel"], until: "/orders") == nil)

        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == ["7"])
        #expect(hub.asked("/channel/5") == 2)
    }

    @Test func answerForAnotherTokenIsNotBelieved() throws {
        let hub = SlowHub()
        let client = try hub.rig.client()
        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == nil)
        #expect(try hub.pull(client, .orders, answers: ["/channel"], until: "/orders") == nil)

        client.identity.use(Secret(text: "another-token"))

        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == nil)
    }

    /// Lists of listings are of one channel by their documentation, so that theirs does not ask.
    @Test func pullThatDoesNotAskLeavesTheQuestionToTheNext() throws {
        let hub = SlowHub()
        let client = try hub.rig.client()
        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == nil)
        #expect(try hub.pull(client, .listingsToSync, answers: ["/listing"], until: "/never") == ["3"])

        #expect(try hub.pull(client, .orders, answers: ["/channel"], until: "/orders") == nil)
        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == ["7"])
    }

    @Test func pullThatCameToItsEndKeepsNothing() throws {
        let hub = SlowHub()
        let client = try hub.rig.client()
        #expect(try hub.pull(client, .orders, answers: ["/orders"], until: "/channel/5") == nil)
        hub.answers.value = ["/"]
        let pull = try client.open(.orders)
        for page in try pull.pages() { try pull.commit(page) }
        pull.close()

        #expect(try client.stored { store throws(StateError) in try store.meta.text("channels_asked") } == nil)
    }

    @Test func ordersOfParcelsAreAskedFirstByTheNextPullAndThenTheParcelsAreGiven() throws {
        let hub = SlowHub()
        let client = try hub.rig.client()

        #expect(try hub.pull(client, .shipments, answers: ["/shipments"], until: "/orders/9001") == nil)
        #expect(try hub.pull(client, .shipments, answers: ["/orders/9001"], until: "/orders/9002") == nil)
        #expect(try hub.pull(client, .shipments, answers: ["/orders/9002"], until: "/shipments") == nil)

        #expect(try hub.pull(client, .shipments, answers: ["/shipments"], until: "/orders/9001") == ["1", "2"])
        #expect(hub.asked("/orders/9001") == 2)
    }

    /// The hub answered, and the time was over: with another budget on a machine that is slow.
    @Test func roundWhoseTimeWasOverSaysSo() throws {
        for budget in [1000, 4000, 16_000, 64_000] {
            let hub = SlowHub()
            let client = try hub.rig.client()
            hub.answers.value = ["/orders"]
            let sync = try Sync(client, try SyncPlan.read(Array(#"{"parts":["orders"],"budget_ms":\#(budget)}"#.utf8)))
            defer { sync.close() }
            var summary: JSONValue?
            while summary == nil {
                if case .done(let event) = try sync.next(by: .after(ms: 200)) { summary = try parsed(event.json) }
            }
            guard hub.asked("/channel/5") > 0 else { continue }

            let why = summary?.member("parts")?.member("orders")?.member("why")?.element(0)?.string
            #expect(why?.contains("the time of this round was over") == true)
            return
        }
        throw Pull.Late()
    }
}
