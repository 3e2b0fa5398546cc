enum HTTPMethod: Int32 {
    case get, post, put, patch, delete

    var name: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        }
    }

    var isWrite: Bool { self != .get }
}

/// One request to the hub, without what every request has: origin, token, user agent.
struct HTTPRequest {
    /// Id of the contract's operation, for logs and errors.
    var operation: String
    var method: HTTPMethod
    /// Path and query from `URLBuilder`, starting with "/".
    var target: String
    /// JSON, or nil for none.
    var body: [UInt8]?
    var priority: RequestPriority
    /// Takes a new connection and gives it up afterwards. For order POSTs (decision 13).
    var fresh: Bool
    /// Largest answer in bytes after inflation; nil is the transport's own limit.
    var limit: Int?
    /// A 401 or 403 says that this token may not make this call, not that the token is wrong (contract 9, row 17).
    var isOptional = false
    /// It asks for one record: what becomes of it says nothing of the hub as a whole.
    var isOfOneRecord = false
    /// The same was asked before and failed: it draws on the budget of repeats.
    var isRepeat = false

    init(
        operation: String, method: HTTPMethod, target: String, body: [UInt8]? = nil, priority: RequestPriority,
        fresh: Bool = false, limit: Int? = nil
    ) {
        self.operation = operation
        self.method = method
        self.target = target
        self.body = body
        self.priority = priority
        self.fresh = fresh
        self.limit = limit
    }
}
