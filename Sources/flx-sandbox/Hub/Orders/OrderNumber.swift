/// How the hub keeps the two numbers of an order, and which of them tells a repeat from a new order.
extension Hub {
    /// The number of a posted order as it was sent, checked.
    func sentNumber(_ body: JSONValue) throws(Refusal) -> String {
        guard body.members != nil else { throw .badRequest("an order is an object") }
        guard let number = body["orderNumber"]?.looseText, !number.isEmpty else { throw .badRequest("orderNumber is missing") }
        let most = switches.number(.orderNumberLimit)
        if most > 0, number.unicodeScalars.count > most { throw .badRequest("orderNumber is longer than \(most) characters") }
        return number
    }

    /// A number as this hub keeps, shows and compares it.
    func keptForm(_ number: String) -> String {
        switch switches[.orderNumberForm] {
        case "trimmed": Self.trimmed(number)
        case "upper": number.uppercased()
        case "lower": number.lowercased()
        case "plain": Self.withoutHash(number)
        case "cut": String(String.UnicodeScalarView(number.unicodeScalars.prefix(20)))
        case "number": Self.isNumber(number) ? Self.withoutLeadingZeros(number) : number
        default: number
        }
    }

    /// The order a POST repeats: the first of the channel that has the same key.
    func firstOrder(number: String, reference: String?, channelId: Int) -> Order? {
        let byNumber = orders.order(number: number, channelId: channelId)
        let byReference = reference.flatMap { orders.order(reference: $0, channelId: channelId) }
        switch switches[.orderKey] {
        case "referenceNumber": return byReference
        case "either": return byNumber ?? byReference
        default: return byNumber
        }
    }

    /// The order that people mean by a number: as it was sent, or as the hub keeps it; of the hub's own channel if there are two.
    func orderMeant(by number: String) -> Order? {
        let channels = [Hub.channelId] + tokens.channels.filter { $0 != Hub.channelId }
        for channel in channels {
            if let order = orders.order(sent: number, channelId: channel) { return order }
            if let order = orders.order(number: keptForm(number), channelId: channel) { return order }
        }
        return nil
    }

    static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func withoutHash(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.first == "#" ? String(String.UnicodeScalarView(scalars.dropFirst())) : text
    }

    /// A number in JSON may not begin with a zero.
    private static func withoutLeadingZeros(_ digits: String) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }

    /// Without the control characters and spaces at its ends, as Java's `trim` does.
    private static func trimmed(_ text: String) -> String {
        let bytes = text.utf8.drop { $0 <= 0x20 }
        let kept = bytes.reversed().drop { $0 <= 0x20 }.reversed()
        return String(decoding: Array(kept), as: UTF8.self)
    }
}
