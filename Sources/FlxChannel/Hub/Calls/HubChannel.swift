/// A channel as the hub shows it (contract 2.2), as far as it decides what becomes of orders (4.4).
struct HubChannel {
    let id: String
    let name: String
    /// `flxpoint.api.custom` for a sales channel, `flxpoint.api.dealers` for a reseller's.
    let type: String
    let invoiceStatus: String
    let generatesOnImport: Bool?

    /// Reads a record, or nil if it has no id.
    init?(_ record: JSONValue) {
        guard record.kind == .object, let id = record.member("id").flatMap(OrderField.idText) else { return nil }
        self.id = id
        name = Redaction.clean(record.member("name")?.string ?? "", longest: 200)
        type = Redaction.clean(record.member("channelType")?.string ?? "", longest: 100)
        invoiceStatus = Redaction.clean(record.member("channelInvoiceDefaultStatus")?.string ?? "", longest: 100)
        generatesOnImport = record.member("autoGeneratePoOnImport")?.bool
    }

    /// What its settings do to an order that was pushed without a word on payment; empty if they let it go on by itself, or
    /// are not told.
    var orders: String {
        if type == "flxpoint.api.dealers" {
            return "it is a reseller channel: its token covers products, orders need the token of the reseller portal"
        }
        let isPaid = invoiceStatus.isEmpty || invoiceStatus == "Paid" || invoiceStatus == "Deferred"
        if !isPaid {
            return
                "orders arrive as \(invoiceStatus) and wait until a person marks them paid or deferred; the channel's default invoice status decides that"
        }
        if generatesOnImport == false {
            return
                "fulfillment requests are not generated on import: each order waits for a person; the channel has a switch for that"
        }
        return ""
    }
}
