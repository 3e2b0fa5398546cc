import Testing

@testable import flx_sandbox

@Suite struct ChannelTests {
    @Test func settingsAreShownByTheChannel() throws {
        let rig = try Rig(["channel.invoice_status": "Awaiting Clearance", "channel.generate_on_import": "false"])
        let channel = rig.ask("GET", "/channel/501").json

        #expect(channel["channelInvoiceDefaultStatus"] == "Awaiting Clearance")
        #expect(channel["autoGeneratePoOnImport"] == false)
    }

    @Test(arguments: [
        ("Paid", "true", 1), ("Deferred", "true", 1), ("Authorized", "true", 0), ("Declined", "true", 0), ("Paid", "false", 0),
    ])
    func requestComesIntoBeingOnlyForAPaidOrder(status: String, generates: String, requests: Int) throws {
        let rig = try Rig(["channel.invoice_status": status, "channel.generate_on_import": generates])
        let order = rig.ask("POST", "/orders", rig.order("1")).json

        #expect(order["orderStatus"] == "Open")
        #expect(order["fulfillmentRequests"]?.array?.count == requests)
        #expect(order["acknowledgedStatus"]?.text == (requests == 0 ? "Not Started" : "Completed"))
        _ = rig.ask("PATCH", "/orders/\(order["id"]?.integer ?? 0)/status?status=Open")
        #expect(rig.hub.orders.orders[0].requests.count == requests)
    }

    @Test func personMakesTheRequestOfAnOrderThatWaits() throws {
        let rig = try Rig(["channel.generate_on_import": "false"])
        _ = rig.ask("POST", "/orders", rig.order("1"))
        rig.pass(seconds: 60)

        _ = try rig.hub.act("order", ["order_number": "1", "generate": true])

        #expect(rig.hub.orders.orders[0].requests.count == 1)
        #expect(rig.hub.orders.orders[0].updated == rig.hub.now)
    }

    @Test(arguments: [
        ("all", [true, true, true]), ("none", [false, false, false]), ("orders", [false, true, false]),
        ("listings,returns", [true, false, true]),
    ])
    func rowsNameTheirChannelWhereTheSwitchSays(setting: String, wanted: [Bool]) throws {
        let rig = try Rig(seed: "demo", ["channel.id_in": setting])
        let lists = ["/listing/variants?includeParent=true&includeCategories=true", "/orders", "/returns"]
        #expect(lists.map { rig.ask("GET", $0).body.range(of: "\"channelId\":501") != nil } == wanted)
        #expect((rig.ask("GET", "/listing/parents").body.range(of: "\"channelId\"") != nil) == wanted[0])
        #expect((rig.ask("POST", "/orders", rig.order("1")).json["channelId"] != nil) == wanted[1])
    }

    /// One reply that names another channel, as a mix-up at the hub or a proxy would.
    @Test func oneReplyMayNameAnotherChannel() throws {
        let rig = try Rig()
        _ = try rig.hub.act("faults", ["do": "mutate", "set": ["channelId": "999"], "operation": "createOrder"])

        let replies = ["1", "2"].map { rig.ask("POST", "/orders", rig.order($0)) }

        #expect(replies.map { $0.json["channelId"]?.integer } == [999, 501])
        #expect(replies.map { $0.json["orderNumber"]?.text } == ["1", "2"])
        #expect(rig.hub.orders.orders.map(\.channelId) == [501, 501])
    }

    /// A channel made anew: the token is the same or another, its channel is not.
    @Test(arguments: ["sandbox-channel-token", "brand-new"], [502, 777])
    func tokenBelongsToTheChannelItWasGivenTo(token: String, channel: Int) throws {
        let rig = try Rig(seed: "demo")

        _ = try rig.hub.act("token", ["token": .string(token), "channel": .integer(channel)])

        #expect(rig.ask("GET", "/channel/\(channel)", token: token).json["id"]?.integer == channel)
        #expect(rig.ask("GET", "/channel/501", token: token).status == 403)
        #expect(rig.ask("GET", "/orders", token: token).json.array?.contains { $0["channelId"]?.integer != channel } == false)
        let made = rig.ask("POST", "/orders", rig.order("1"), token: token).json
        #expect(made["channelId"]?.integer == channel)
        #expect(rig.ask("GET", "/_admin/orders/1").json["id"] == made["id"])
        #expect(rig.hub.journal.entries.allSatisfy { $0.token == "channel" })
    }

    @Test(arguments: [("403", 403), ("404", 404), ("200", 200)])
    func foreignChannelIsRefusedAsTheSwitchSays(setting: String, status: Int) throws {
        let rig = try Rig(["auth.foreign_channel": setting])
        _ = try rig.hub.act("token", ["token": "sandbox-channel-token", "channel": 502])

        #expect(rig.ask("GET", "/channel/501").status == status)
        #expect(rig.ask("GET", "/channel/502").status == 200)
        #expect(rig.ask("GET", "/channel/503").status == (status == 200 ? 404 : status))
    }

    @Test func poolOfTheOwnChannelIsDrainedWhateverOtherTokensThereAre() throws {
        let rig = try Rig(["limiter": "bucket", "pool.size": "2"])
        _ = try rig.hub.act("token", ["token": "brand-new", "channel": 777])

        _ = try rig.hub.act("pool", ["take": 2])

        #expect(rig.ask("GET", "/orders").status == 429)
        #expect(rig.ask("GET", "/orders", token: "brand-new").status == 200)
    }
}
