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

    @Test func ordersOfOtherChannelsAloneAreLeftOutAndHoldTheCursor() throws {
        let rig = Self.rig([Self.listing(1, 4)], readable: [3])
        let client = try rig.client()

        #expect(try client.open(.orders).pages().isEmpty)
        #expect(try client.cursor(.orders) == nil)
        client.close()
    }
}
