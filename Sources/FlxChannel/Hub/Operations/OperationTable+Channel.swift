extension OperationTable {
    /// Contract 1.1. Not for a channel; it is here so that its refusal can say so.
    static let account: [Operation] = [
        Operation("getAccount", .get, "/account", "1.1", "reads the account", tokens: [.account])
    ]

    /// Contract 2.
    static let channel: [Operation] = [
        Operation(
            "getChannels", .get, "/channel/", "2.1", "lists the channels of the account",
            [.query("includeIntegrations", .boolean), .query("includeArchived", .boolean)], tokens: [.account]),
        Operation("getChannelById", .get, "/channel/{id}", "2.2", "reads one channel and its settings", [.id("id")]),
    ]
}
