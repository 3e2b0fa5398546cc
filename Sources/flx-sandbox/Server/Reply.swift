/// What the hub answers, before it becomes bytes.
struct Reply {
    enum Content: Equatable {
        case json([UInt8])
        case text([UInt8])
        case html([UInt8])
        /// A file of the console, with its type.
        case file(type: String, [UInt8])
        case none

        var bytes: [UInt8] {
            switch self {
            case .json(let bytes), .text(let bytes), .html(let bytes), .file(_, let bytes): bytes
            case .none: []
            }
        }
    }

    var status: Int
    var content: Content
    var headers: [Header] = []
    var effect = Effect()

    init(_ status: Int, _ content: Content = .none) {
        (self.status, self.content) = (status, content)
    }

    static func json(_ status: Int = 200, reserving capacity: Int = 256, _ body: (inout JSONWriter) -> Void) -> Reply {
        var writer = JSONWriter(reserving: capacity)
        body(&writer)
        return Reply(status, .json(writer.bytes))
    }

    static func json(_ status: Int = 200, _ value: JSONValue) -> Reply {
        Reply(status, .json(value.bytes))
    }

    static func html(_ status: Int, title: String) -> Reply {
        let page = "<!DOCTYPE html>\n<html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n"
        return Reply(status, .html(Array(page.utf8)))
    }

    func having(_ effect: Effect) -> Reply {
        var reply = self
        reply.effect = effect
        return reply
    }
}

/// What a request changed at the hub, for the journal.
struct Effect: Equatable {
    /// Whether the hub did what the request asked, a repeat included.
    var isAccepted = false
    /// `read`, `order_created`, `order_repeated`, `acknowledged` and so on; `none` when nothing was done.
    var kind = "none"
    /// Rows read or changed.
    var rows = 0
    var orderNumber: String?

    static func read(_ rows: Int) -> Effect { Effect(isAccepted: true, kind: "read", rows: rows) }
    static func did(_ kind: String, rows: Int = 1, order: String? = nil) -> Effect {
        Effect(isAccepted: true, kind: kind, rows: rows, orderNumber: order)
    }
}

enum Reason {
    /// The usual phrase of a status.
    static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
