/// What is odd about an order that may be submitted all the same: somebody may have meant something else.
enum OrderWarnings {
    /// Clocks of shops differ by so much.
    private static let clockDoubtMs: Int64 = 5 * 60 * 1000
    /// Contract 9, row 31: nobody knows how long a number may be.
    private static let plainNumber = 50

    /// At most a hundred, by path; `now` is milliseconds since 1970.
    static func of(_ order: JSONValue, now: Int64) -> [Fault] {
        var warnings = FaultList()
        for name in ["orderNumber", "referenceNumber"] {
            let count = order.member(name)?.string?.unicodeScalars.count ?? 0
            if count > plainNumber {
                warnings.add("/" + name, "has \(count) characters; more than \(plainNumber) may not fit at the hub")
            }
        }
        if let at = order.member("orderedAt")?.string.flatMap({ Instant(iso: $0) }), at.ms > now &+ clockDoubtMs {
            warnings.add("/orderedAt", "is in the future")
        }
        if let total = order.member("orderTotal"), Decimal(text: total.string ?? total.numberText ?? "")?.isNegative == true {
            warnings.add("/orderTotal", "is negative")
        }
        for name in ["shippingAddress", "billingAddress"] { country(of: order.member(name), "/" + name, &warnings) }
        var index = 0
        for line in order.member("orderItems").map({ Array($0.elements) }) ?? [] {
            country(of: line.member("shippingAddress"), "/orderItems/\(index)/shippingAddress", &warnings)
            index += 1
        }
        return warnings.list
    }

    private static func country(of address: JSONValue?, _ path: String, _ warnings: inout FaultList) {
        guard let code = address?.member("countryCode")?.unescapedBytes, !code.isEmpty else { return }
        let isWord = code.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        let isUpper = code.allSatisfy { $0 & 0x20 == 0 }
        let what: String
        switch (isWord, code.count) {
        case (true, 2):
            guard !isUpper else { return }
            what = "is not in capital letters"
        case (true, 3): what = "has three letters"
        default: what = "is not a code; a name belongs into country"
        }
        warnings.add(path + "/countryCode", what + "; ISO 3166 codes of two capital letters, such as US, are understood everywhere")
    }
}
