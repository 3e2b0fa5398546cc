// Made from tables/operations.toml by `make generate`: edit there, not here.

extension OperationTable {
    static let channel: [Operation] = [
        getAccount,
        getChannels,
        getChannelById,
    ]

    static let getAccount = Operation(
        "getAccount", .get, "/account", "1.1",
        "reads the account",
        tokens: [.account])

    static let getChannels = Operation(
        "getChannels", .get, "/channel/", "2.1",
        "lists the channels of the account",
        [
            .query("includeIntegrations", .boolean),
            .query("includeArchived", .boolean),
        ],
        tokens: [.account])

    static let getChannelById = Operation(
        "getChannelById", .get, "/channel/{id}", "2.2",
        "reads one channel and its settings",
        [.id("id")])
}
