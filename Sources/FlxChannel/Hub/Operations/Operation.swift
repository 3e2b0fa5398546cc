/// One operation of the contract, as data: how it is called, with what, and by whom.
///
/// Invariant: the rows of `OperationTable` agree with Tests/contract/openapi.yaml; a contract test compares them.
final class Operation: Sendable {
    /// Its name in the contract, such as "listOrders".
    let id: String
    let method: HTTPMethod
    /// Its path with the names of path arguments in braces, such as "/orders/{id}".
    let path: String
    let pages: PageStyle
    let tokens: [TokenKind]
    /// No page of the hub's documentation says which tokens it takes.
    let tokensInferred: Bool
    /// Sending it a second time after an unknown end does no harm: reads, and writes that set a state.
    let isRepeatable: Bool
    /// Path arguments in the order of the path, then query arguments.
    let arguments: [Argument]
    let body: RequestBody?
    /// The whole operation is reconstructed; no page of the hub's documentation describes it.
    let isInferred: Bool
    let summary: String
    /// Section of Tests/contract/contract.md.
    let section: String
    /// It only asks, by whatever method.
    let isQuery: Bool
    /// The function of the header that alone performs it, with the care it needs.
    let reservedFor: String?
    /// Exactly one of these arguments must be there; empty if there is no such rule.
    let exactlyOneOf: [String]

    init(
        _ id: String, _ method: HTTPMethod, _ path: String, _ section: String, _ summary: String,
        _ arguments: [Argument] = [], body: RequestBody? = nil, pages: PageStyle = .none,
        tokens: [TokenKind] = [.account, .channel], tokensInferred: Bool = false, repeatable: Bool? = nil,
        query: Bool = false, inferred: Bool = false, reservedFor: String? = nil, exactlyOneOf: [String] = []
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.section = section
        self.summary = summary
        self.arguments = arguments
        self.body = body
        self.pages = pages
        self.tokens = tokens
        self.tokensInferred = tokensInferred
        self.isRepeatable = repeatable ?? (method == .get)
        self.isInferred = inferred
        isQuery = query || method == .get
        self.reservedFor = reservedFor
        self.exactlyOneOf = exactlyOneOf
    }

    /// The hub may be another one after it.
    var isWrite: Bool { !isQuery }

    /// A channel token is good for it, as far as is known.
    var isForChannels: Bool { tokens.contains(.channel) }

    /// Why `flx_call` does not perform it, or nil if it does.
    var refusal: String? {
        if let reservedFor { return "\(id) goes through \(reservedFor)" }
        if isForChannels { return nil }
        let kinds = tokens.map { $0.name }.joined(separator: " or ")
        return "\(id) is not for channel tokens; it takes one of kind \(kinds), contract \(section)"
    }
}

/// A kind of the hub's tokens (contract 1.1). None is a superset of another.
enum TokenKind: Sendable {
    case account
    case source
    case channel

    var name: String {
        switch self {
        case .account: "account"
        case .source: "source"
        case .channel: "channel"
        }
    }
}

/// How an operation spells its paging arguments (contract 1.5). A wrong spelling is ignored by the hub in silence.
enum PageStyle: Sendable {
    case none
    case page
    case filterPage
    case pageNumber

    var name: String {
        switch self {
        case .none: "none"
        case .page: "page"
        case .filterPage: "filterPage"
        case .pageNumber: "pageNumber"
        }
    }

    /// Names of the number and of the size of a page, both empty for an operation without pages.
    var parameters: (number: String, size: String) {
        switch self {
        case .none: ("", "")
        case .page: ("page", "pageSize")
        case .filterPage: ("filterPageNumber", "filterPageSize")
        case .pageNumber: ("pageNumber", "pageSize")
        }
    }
}
