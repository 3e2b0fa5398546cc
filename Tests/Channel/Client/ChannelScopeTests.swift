import CFlxChannel
import Testing

@testable import FlxChannel

/// Row 18 of contract 9: a hub that shows rows of other channels than ours, which is 3 here.
@Suite(.serialized) struct ChannelScopeTests {
    private static func listing(_ id: Int, _ channel: Int) -> String {
        #"{"id":\#(id),"sku":"S\#(id)","channelId":\#(channel)}"#
    }

    /// A hub with one page of rows that lets the token read the channels of `readable`.
    private static func rig(_ rows: [String], readable: [Int]) -> HubRig {
        HubRig { request in
            guard request.path.hasPrefix("/channel/") else {
                return .onlyPage(rows.joined(separator: ","), of: request)
            }
            let id = Int(request.path.split(separator: "/").last ?? "") ?? 0
            return readable.contains(id) ? .reply(#"{"id":\#(id)}"#) : .status("403 Forbidden")
        }
    }

    private static func asked(_ rig: HubRig) -> [String] {
        rig.requests.map { $0.path }.filter { $0.hasPrefix("/channel/") }
    }

    @Test func listingsOfOneChannelAreBelievedWithoutAQuestion() throws {
        let rig = Self.rig([Self.listing(1, 3), Self.listing(2, 3)], readable: [3])
        let client = try rig.client()

        #expect(try client.open(.listings).pages().map { $0.ids } == [["1", "2"]])
        #expect(Self.asked(rig) == [])
        client.close()
    }

    @Test func listingsOfTwoChannelsAreToldApartByAskingTheHub() throws {
        let rig = Self.rig([Self.listing(1, 4), Self.listing(2, 3)], readable: [3])
        let client = try rig.client()

        #expect(try client.open(.listings).pages().map { $0.ids } == [["2"]])
        #expect(Self.asked(rig) == ["/channel/4", "/channel/3"])
        client.close()
    }

    @Test func whatTheHubToldIsRemembered() throws {
        let rig = Self.rig([Self.listing(1, 4), Self.listing(2, 3)], readable: [3])
        let first = try rig.client()
        _ = try first.open(.listings).pages()
        first.close()
        let second = try rig.client()

        #expect(try second.open(.orders).pages().map { $0.ids } == [["2"]])
        #expect(Self.asked(rig) == ["/channel/4", "/channel/3"])
        second.close()
    }

    @Test func nothingIsAskedWhereTheConfigNamesTheChannel() throws {
        let rig = Self.rig([Self.listing(1, 4), Self.listing(2, 3)], readable: [])
        let client = try rig.client(["hub.channel_id": "3"])

        #expect(try client.open(.listings).pages().map { $0.ids } == [["2"]])
        #expect(Self.asked(rig) == [])
        client.close()
    }

    @Test(arguments: [[], [3, 4]]) func listingsThatCannotBeToldApartAreAnError(readable: [Int]) throws {
        let rig = Self.rig([Self.listing(1, 4), Self.listing(2, 3)], readable: readable)
        let client = try rig.client()

        let error = #expect(throws: ChannelError.self) { try client.open(.listings).pages() }
        #expect(error?.code == FLX_E_CONTRACT)
        #expect(error?.isFatal == true)
        #expect(try client.cursor(.listings) == nil)
        client.close()
    }

    // MARK: what was left out is counted

    @Test(arguments: [Feed.listings, .listingsToSync, .listingsToPublish])
    func rowsThatAreLeftOutAreCounted(_ feed: Feed) throws {
        let pages = [
            [Self.listing(1, 3), Self.listing(2, 4)], [Self.listing(3, 4), Self.listing(2, 4)],
            [Self.listing(5, 4), Self.listing(6, 3), Self.listing(7, 4)],
        ]
        let rig = HubRig {
            .reply("[" + (pages.indices.contains($0.page - 1) ? pages[$0.page - 1].joined(separator: ",") : "") + "]")
        }
        let client = try rig.client(["hub.channel_id": "3"])
        let pull = try client.open(feed)
        let given = try pull.pages()

        #expect(given.map { $0.ids } == [["1"], ["6"]])
        #expect(given.map { $0.leftOut } == [1, 3], "row 2 came twice")
        #expect(client.leftOutRows == 4)
        #expect(try parsed(client.stats()).member("left_out")?.integer == 4)
        pull.close()
        #expect(client.leftOutRows == 4)
        client.close()
    }

    @Test func logSaysOnceAPullWhatWasLeftOut() throws {
        let rig = Self.rig([Self.listing(1, 3), Self.listing(2, 4)], readable: [3])
        let lines = Box<[String]>([])
        let client = try rig.client(["hub.channel_id": "3"])
        let target = LogTarget(
            { data, _, line, length in
                guard let data, let line else { return }
                let text = String(decoding: UnsafeRawBufferPointer(start: line, count: length), as: UTF8.self)
                Unmanaged<Box<[String]>>.fromOpaque(data).takeUnretainedValue().change { $0.append(text) }
            }, Unmanaged.passUnretained(lines).toOpaque(), nil)
        let logged = try Client(client.settings, sink: target.write)
        for _ in 0..<2 {
            let pull = try logged.open(.listingsToSync)
            _ = try pull.pages()
            #expect(try pull.page() == nil)
            pull.close()
        }

        #expect(lines.value.count { $0.contains("pull.left_out") } == 2)
        #expect(lines.value.contains { $0.contains("pull.left_out") && $0.contains("warn") && $0.contains(#""rows":1"#) })
        logged.close()
        client.close()
    }

    @Test(arguments: [Feed.listings, .listingsToSync, .listingsToPublish], [true, false])
    func listOfOtherChannelsAloneIsNoEnd(_ feed: Feed, _ isNamed: Bool) throws {
        let rows = Box([Self.listing(1, 3), Self.listing(2, 4)])
        let rig = HubRig { request in
            guard request.path.hasPrefix("/channel/") else { return .onlyPage(rows.value.joined(separator: ","), of: request) }
            return request.path == "/channel/3" ? .reply(#"{"id":3}"#) : .status("403 Forbidden")
        }
        let client = try rig.client(isNamed ? ["hub.channel_id": "4"] : [:])
        if isNamed { rows.value = [Self.listing(1, 3)] } else { #expect(try client.open(.listings).pages().count == 1) }
        let before = try client.cursor(feed)
        rows.value = [Self.listing(9, isNamed ? 3 : 4)]
        let pull = try client.open(feed)

        for _ in 0..<2 {
            let error = refusal { try pull.pages() }
            #expect(error?.code == FLX_E_CONTRACT)
            #expect(error?.message.contains("channel \(isNamed ? 3 : 4)") == true)
            #expect(error?.message.contains("ours is \(isNamed ? 4 : 3)") == true)
            #expect(error?.isFatal == true)
        }
        if feed == .listings { #expect(try client.cursor(feed) == before) }
        client.close()
    }

    /// Else a quiet hour at such a hub would be an error.
    @Test func channelThatTheConfigNamesIsBelievedOnceARowBoreIt() throws {
        let rows = Box([Self.listing(1, 3), Self.listing(2, 4)])
        let rig = HubRig { .onlyPage(rows.value.joined(separator: ","), of: $0) }
        let client = try rig.client(["hub.channel_id": "3"])
        #expect(try client.open(.listingsToSync).pages().map { $0.ids } == [["1"]])
        client.close()
        rows.value = [Self.listing(2, 4)]
        let next = try rig.client(["hub.channel_id": "3"])

        #expect(try next.open(.listingsToSync).pages().isEmpty)
        #expect(next.leftOutRows == 1)
        next.close()
    }

    @Test func ordersOfOtherChannelsAloneAreLeftOutAndHoldTheCursor() throws {
        let rig = Self.rig([Self.listing(1, 4)], readable: [3])
        let client = try rig.client()

        #expect(try client.open(.orders).pages().isEmpty)
        #expect(try client.cursor(.orders) == nil)
        client.close()
    }
}
