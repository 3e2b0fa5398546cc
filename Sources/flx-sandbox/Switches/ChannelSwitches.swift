extension Switch {
    private static let invoiceStatuses = [
        "Paid", "Deferred", "Not Authorized", "Authorized", "Awaiting Clearance", "Declined", "Refund Pending", "Refund Failed",
        "Refunded", "Credited",
    ]

    static let invoiceStatus = Switch(
        "32", "channel.invoice_status", .words(invoiceStatuses), "Paid",
        "what an order counts as; one that is neither Paid nor Deferred gets no fulfillment request by itself")
    static let generateOnImport = Switch(
        "32", "channel.generate_on_import", .words(["true", "false"]), "true",
        "whether an order gets its fulfillment request by itself or waits for a person")

    static let channelIdIn = Switch(
        "18", "channel.id_in", .list("all, none, or listings, orders, returns"), "all", "answers whose rows bear channelId")

    static let channelSwitches = [invoiceStatus, generateOnImport, channelIdIn]
}

extension Switches {
    /// Whether rows of that resource name their channel.
    func bearChannelId(_ resource: String) -> Bool {
        let named = list(.channelIdIn)
        return named.contains("all") || named.contains(resource)
    }
}
