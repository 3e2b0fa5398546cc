import CFlxChannel
import Testing

@testable import FlxChannel

/// Which channel a token is of, and what its settings do to orders (contract 2.2, 4.4).
@Suite(.serialized) struct ProbeTests {
    private static func rig(_ channel: String, listing: Int? = 501) -> HubRig {
        HubRig { request in
            switch request.path {
            case "/listing/variants/count": .reply(#"{"count":7}"#)
            case "/listing/variants": listing.map { .reply(#"[{"id":1,"sku":"A","channelId":\#($0)}]"#) } ?? .empty
            case "/channel/501": .reply(channel)
            default: .status("404 Not Found")
            }
        }
    }

    @Test(arguments: [
        (#"{"id":501,"name":"Shop","channelInvoiceDefaultStatus":"Paid","autoGeneratePoOnImport":true}"#, ""),
        (#"{"id":501,"channelInvoiceDefaultStatus":"Authorized","autoGeneratePoOnImport":true}"#, "Authorized"),
        (#"{"id":501,"channelInvoiceDefaultStatus":"Deferred","autoGeneratePoOnImport":false}"#, "not generated on import"),
        (#"{"id":501,"channelType":"flxpoint.api.dealers"}"#, "reseller"), (#"{"id":501}"#, ""),
    ])
    func reportSaysWhatTheSettingsOfTheChannelMean(_ channel: String, _ word: String) throws {
        let rig = Self.rig(channel)
        let client = try rig.client()
        let report = try parsed(client.probe(by: .after(ms: 5000)))

        #expect(report.member("token")?.string == "accepted")
        #expect(report.member("channel")?.member("id")?.string == "501")
        let orders = report.member("channel")?.member("orders")?.string ?? "none"
        #expect(word.isEmpty ? orders.isEmpty : orders.contains(word))
        #expect(report.member("advice")?.string == orders)
        #expect(rig.requests.count == 3)
        client.close()
    }

    @Test func tokenOfAnotherChannelThanTheStateIsNamed() throws {
        let rig = Self.rig(#"{"id":501,"name":"Shop"}"#)
        let client = try rig.client()
        for _ in 0..<2 { client.identity.hear("77", from: "createOrder") }
        let report = try parsed(client.probe(by: .after(ms: 5000)))

        #expect(report.member("channel")?.member("is_of_this_state")?.bool == false)
        #expect(report.member("advice")?.string?.contains("77") == true)
        #expect(report.member("advice")?.string?.contains("501") == true)
        client.close()
    }

    @Test func hubThatDoesNotTellItsChannelStillHasAReport() throws {
        let rig = Self.rig("", listing: nil)
        let client = try rig.client()
        let report = try parsed(client.probe(by: .after(ms: 5000)))

        #expect(report.member("channel")?.isNull == true)
        #expect(report.member("listings")?.integer == 7)
        #expect(report.member("advice")?.string == "")
        client.close()
    }
}
