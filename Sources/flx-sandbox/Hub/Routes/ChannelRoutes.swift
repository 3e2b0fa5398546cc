/// The account and its channels.
extension Hub {
    func getAccount() -> Reply {
        Reply.json(
            200,
            [
                "id": .integer(Hub.accountId), "productPriceWorkflowEventId": 11, "defaultOrderRoutingGroupId": 12,
                "orderRoutingWorkflowEventId": 13, "subdomain": "sandbox", "brandName": "Sandbox Supply",
                "companyName": "Sandbox Supply Company",
            ]
        ).having(.read(1))
    }

    func getChannels(_ call: Call) throws(Refusal) -> Reply {
        let integrations = try call.flag("includeIntegrations") ?? false
        let archived = try call.flag("includeArchived") ?? false
        let ids = Set([Hub.channelId, Hub.otherChannelId] + tokens.channels).sorted()
        var rows = ids.map { channelNode($0, integrations) }
        if archived { rows.append(channelNode(Hub.otherChannelId + 1, integrations, archived: true)) }
        return Reply.json(200, .array(rows)).having(.read(rows.count))
    }

    func getChannel(_ call: Call) throws(Refusal) -> Reply {
        let id = try call.id("id")
        if let own = call.caller.channelId, own != id, switches[.foreignChannel] != "200" {
            throw Refusal(status: switches.number(.foreignChannel), message: "channel \(id) is not this token's")
        }
        guard tokens.channels.contains(id) || [Hub.channelId, Hub.otherChannelId].contains(id) else {
            throw .notFound("channel \(id)")
        }
        return Reply.json(200, channelNode(id, true)).having(.read(1))
    }

    private func channelNode(_ id: Int, _ integrations: Bool, archived: Bool = false) -> JSONValue {
        let dates = DateWriter(switches[.dates])
        let made = dates.value(Instant(seconds: 1_700_000_000 + id))
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        add("id", .integer(id))
        add("name", .string(id == Hub.channelId ? "Sandbox Storefront" : archived ? "Old Storefront" : "Other Storefront"))
        add("description", "A channel of the sandbox")
        add("insertedAt", made)
        add("updatedAt", made)
        add("channelType", "flxpoint.api.custom")
        add("accountId", .integer(Hub.accountId))
        add("primary", .bool(id == Hub.channelId))
        add("paymentCollection", true)
        add("channelInvoiceDefaultStatus", .string(switches[.invoiceStatus]))
        add("channelInvoiceCc", nil)
        add("archivedAt", archived ? made : nil)
        add("autoGeneratePoOnImport", .bool(switches[.generateOnImport] == "true"))
        add("allowBackorder", false)
        add("allowDealers", false)
        add("inStoreOrder", false)
        if integrations { add("integrations", []) }
        add("listPriceProtection", .bool(switches[.priceProtection] != "off"))
        return .object(members)
    }
}
