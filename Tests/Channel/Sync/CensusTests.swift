import CFlxChannel
import Testing

@testable import FlxChannel

/// Which of the ids of a question a hub reads.
private enum Reads {
    case all, first, last, two, anotherOne

    func of(_ ids: [String]) -> [String] {
        switch self {
        case .all: ids
        case .first: Array(ids.prefix(1))
        case .last: Array(ids.suffix(1))
        case .two: Array(ids.prefix(2))
        case .anotherOne: ["3"]
        }
    }
}

/// A hub with a list of listings that a test changes.
private final class ListingHub: @unchecked Sendable {
    struct Manners {
        var ids: [Int]
        /// Left out of the whole list, and there all the same.
        var hidden: Set<Int> = []
        var knowsIds = true
        /// Which of the ids in a question it reads.
        var reads = Reads.all
        /// Of every request for the whole list.
        var failsFromPage = Int.max
        var isEmpty = false
        /// A page that comes empty.
        var hole = 0
        /// Requests that have no answer.
        var mute: @Sendable (HubRequest) -> Bool = { _ in false }
    }

    let manners: Box<Manners>
    let rig: HubRig

    init(_ ids: [Int]) {
        let manners = Box(Manners(ids: ids))
        self.manners = manners
        rig = HubRig { request in
            guard request.path == "/listing/variants", !request.isOfQueue else { return .empty }
            let now = manners.value
            if now.mute(request) { return .silence }
            var shown = now.ids.filter { !now.hidden.contains($0) }
            if now.knowsIds, let asked = Optional(request.values("ids")), !asked.isEmpty {
                let read = now.reads.of(asked)
                shown = now.ids.filter { read.contains("\($0)") }
            } else if request.page >= now.failsFromPage {
                return .status("400 Bad Request")
            }
            if now.isEmpty || now.hole > 0 && request.page == now.hole { shown = [] }
            let size = Int(request.query["pageSize"] ?? "") ?? 10
            let page = shown.dropFirst((request.page - 1) * size).prefix(size)
            return .reply("[" + page.map { #"{"id":\#($0),"sku":"S\#($0)","channelId":5}"# }.joined(separator: ",") + "]")
        }
    }
}

struct CensusTests {
    private func client(_ hub: ListingHub) throws -> Client { try hub.rig.client(["page.size": "10"]) }

    /// Runs a whole read; gives the ids that are gone, and what keeps others from being told.
    private func read(_ client: Client, isDue: Bool = true) throws -> (gone: [String], doubt: String) {
        let census = try Census(client, isDue: isDue)
        defer { census.close() }
        var gone: [String] = []
        let deadline = Deadline.after(ms: 30_000)
        while !deadline.isOver {
            switch try census.next(by: deadline) {
            case .waiting: continue
            case .gone(let rows): gone += rows.map { $0.id }
            case .end: return (gone, census.doubt)
            }
        }
        throw Pull.Late()
    }

    /// As if the last read had been long ago.
    private func passTime(_ client: Client, ms: Int64 = 7_200_000) throws {
        try client.write { store throws(StateError) in
            let change = try store.meta.database.change("UPDATE listings SET missed_at = missed_at - ?1")
            try change.bind(1, ms)
            try change.run()
        }
    }

    @Test func whatTheHubNoLongerHasIsGone() throws {
        let hub = ListingHub(Array(1...25))
        let client = try client(hub)

        #expect(try read(client).gone == [])
        hub.manners.change { $0.ids.removeAll { $0 == 7 || $0 == 19 } }

        #expect(Set(try read(client).gone) == ["7", "19"])
        // It is told until the host has it, and asked for each time.
        #expect(Set(try read(client, isDue: false).gone) == ["7", "19"])
        try take(client, ["7", "19"])
        #expect(try read(client).gone == [])
    }

    /// What a round writes down when its host has removed them.
    private func take(_ client: Client, _ ids: [String]) throws {
        try client.write { store throws(StateError) in
            for id in ids { try store.listings.noteGone(id, at: Clock.wallMs()) }
        }
    }

    /// The ids that a pull of the sync queue brings, all answered.
    private func synced(_ client: Client) throws -> [String] {
        let pull = try client.open(.listingsToSync)
        defer { pull.close() }
        let pages = try pull.pages()
        for page in pages {
            try client.acknowledge(page, "[" + page.ids.map { #"{"id":\#($0)}"# }.joined(separator: ",") + "]")
        }
        return pages.flatMap { $0.ids }
    }

    @Test func listingThatIsBackAfterItWasToldAsGoneComesWithTheSyncQueue() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change { $0.ids = [1, 2, 4, 5] }
        #expect(try read(client).gone == ["3"])
        try take(client, ["3"])
        #expect(try read(client).gone == [])
        #expect(try synced(client) == [])

        hub.manners.change { $0.ids = Array(1...5) }
        #expect(try read(client).gone == [])

        #expect(try synced(client) == ["3"])
        // Once, and it may go again.
        #expect(try read(client).gone == [])
        #expect(try synced(client) == [])
        hub.manners.change { $0.ids = [1, 2, 4, 5] }
        #expect(try read(client).gone == ["3"])
    }

    @Test func listingThatCameAndWentBetweenTwoReadsIsGone() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)
        _ = try read(client)
        try client.noteTold([ListingSeen(id: "9", sku: "S9"), ListingSeen(id: "2", sku: "")])
        #expect(try read(client, isDue: false).gone == [], "the last read need not have had it")

        #expect(try read(client).gone == ["9"])
        try take(client, ["9"])
        try client.noteTold([ListingSeen(id: "9", sku: "S9")])
        #expect(try client.stored { store throws(StateError) in try store.listings.isGone("9") } == false, "it was told once more")
        #expect(try read(client).gone == ["9"])
    }

    @Test func listingThatIsGoneIsForgottenInTheEnd() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)
        _ = try read(client)
        try client.write { store throws(StateError) in
            try store.listings.noteGone("3", at: Clock.wallMs() - 800 * 86_400_000)
            try store.listings.noteGone("4", at: Clock.wallMs())
        }
        #expect(try client.stored { store throws(StateError) in try store.listings.counts(before: 9) }.all == 3)

        try client.flushNow()

        let left = try client.stored { store throws(StateError) in (try store.listings.isGone("3"), try store.listings.isGone("4"))
        }
        #expect(left == (false, true))
    }

    // MARK: rounds that end before another answer

    /// A round in which the hub does not answer what `mute` says, until that was asked.
    private func cut(_ client: Client, _ hub: ListingHub, isDue: Bool, mute: @escaping @Sendable (HubRequest) -> Bool) throws
        -> [String]?
    {
        hub.manners.change { $0.mute = mute }
        let before = hub.rig.requests.count(where: mute)
        let census = try Census(client, isDue: isDue)
        defer { census.close() }
        let deadline = Deadline.after(ms: 60_000)
        while !deadline.isOver {
            switch try census.next(by: .after(ms: 100)) {
            case .waiting: if hub.rig.requests.count(where: mute) > before { return nil }
            case .gone(let rows): return rows.map { $0.id }
            case .end: return []
            }
        }
        throw Pull.Late()
    }

    @Test func roundsWithTimeForOneAnswerFindWhatIsGone() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change { $0.ids = [1, 2, 4, 5] }

        // Neither the answer for it alone, nor a second page of the first.
        let first = try cut(client, hub, isDue: true) { request in
            let count = request.values("ids").count
            return count == 1 || request.page == 2 && count > 1
        }
        #expect(first == nil)
        // The read is due until its end: it is not begun anew before that.
        #expect(try cut(client, hub, isDue: true) { $0.values("ids").count != 1 } == ["3"])
    }

    @Test func roundsWithTimeForOneAnswerComeToTheEndOfTheList() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)

        #expect(try cut(client, hub, isDue: true) { $0.page == 3 } == nil)
        #expect(try cut(client, hub, isDue: false) { $0.page < 3 } == [])
        #expect(try client.stored { store throws(StateError) in try store.meta.text(CensusNote.key) }?.contains("1 0 10") == true)
    }

    @Test func rowsBehindAnEmptyPageAreOfTheList() throws {
        let hub = ListingHub(Array(1...25))
        let client = try client(hub)
        hub.manners.change { $0.hole = 2 }

        #expect(try read(client).gone == [])

        #expect(try client.stored { store throws(StateError) in try store.listings.counts(before: 1) }.all == 15)
    }

    @Test func rowThatAPageMissedIsNotGone() throws {
        let hub = ListingHub(Array(1...25))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change { $0.hidden = [3, 4] }

        #expect(try read(client).gone == [])
        #expect(try read(client, isDue: false).gone == [])
    }

    @Test func readThatFailsSaysNothing() throws {
        let hub = ListingHub(Array(1...25))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change {
            $0.ids = Array(1...5)
            $0.failsFromPage = 1
        }

        #expect(refusal { try read(client) }?.code == FLX_E_REFUSED)
        hub.manners.change {
            $0.ids = Array(1...25)
            $0.failsFromPage = Int.max
        }
        #expect(try read(client, isDue: false).gone == [])
    }

    @Test func emptyReadSaysNothing() throws {
        let hub = ListingHub(Array(1...5))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change { $0.isEmpty = true }

        let seen = try read(client)

        #expect(seen.gone == [])
        #expect(seen.doubt.contains("no listing at all"))
    }

    @Test func hubThatDoesNotKnowIdsSaysNothing() throws {
        let hub = ListingHub(Array(1...9))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change {
            $0.knowsIds = false
            $0.ids.removeAll { $0 == 4 }
        }

        let seen = try read(client)

        #expect(seen.gone == [])
        #expect(seen.doubt.contains("asked by their ids"))
    }

    /// contract 1.6 leaves open how a list stands in a query.
    @Test(arguments: [Reads.first, .last, .two, .anotherOne], [8, 1])
    fileprivate func hubThatReadsSomeOfTheIdsSaysNothing(_ reads: Reads, _ left: Int) throws {
        let hub = ListingHub(Array(1...9))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change {
            $0.hidden = Set(1...9).subtracting([3, 4, 5, 6, 7, 8, 9, 1].prefix(left))
            $0.reads = reads
        }

        #expect(try read(client).gone == [])
    }

    @Test func halfOfAllIsGoneOnlyWhenALaterReadLacksItToo() throws {
        let hub = ListingHub(Array(1...30))
        let client = try client(hub)
        _ = try read(client)
        hub.manners.change { $0.ids = Array(1...8) }

        let first = try read(client)
        #expect(first.gone == [])
        #expect(first.doubt.contains("22 of 30"))
        #expect(try read(client).gone == [])
        try passTime(client)

        #expect(try read(client).gone.count == 22)
    }

    @Test func readGoesOnWhereItWasLeft() throws {
        let hub = ListingHub(Array(1...45))
        let client = try client(hub)
        hub.manners.change { $0.failsFromPage = 3 }
        #expect(refusal { try read(client) } != nil)
        let before = hub.rig.requests.count
        hub.manners.change { $0.failsFromPage = Int.max }

        #expect(try read(client, isDue: false).gone == [])

        #expect(hub.rig.requests.dropFirst(before).first?.page == 3)
        #expect(try client.stored { store throws(StateError) in try store.listings.counts(before: 1) }.all == 45)
    }

    @Test func noteThatIsNoNoteBeginsAnew() {
        #expect(CensusNote("1 2 100 5")?.text == "1 2 100 5")
        for text in ["", "1 2", "a b c d", "-1 1 1 1", "1 99999999999999 1 1"] { #expect(CensusNote(text) == nil) }
    }
}
