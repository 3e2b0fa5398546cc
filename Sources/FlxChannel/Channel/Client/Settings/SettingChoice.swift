/// The words of a setting whose value is one of a few.
protocol SettingChoice: CaseIterable, Sendable {
    /// As hosts write it.
    var word: String { get }
}

/// What goes to the hub as the reference number of an order that has none.
enum ReferenceNumber: SettingChoice {
    case orderNumber
    case asGiven

    var word: String {
        switch self {
        case .orderNumber: "order_number"
        case .asGiven: "as_given"
        }
    }
}

/// How a list is written in a query.
enum ListSpelling: SettingChoice {
    case repeated
    case joined

    var word: String {
        switch self {
        case .repeated: "repeated"
        case .joined: "joined"
        }
    }
}

extension LogLevel: SettingChoice {
    var word: String { name }
}
