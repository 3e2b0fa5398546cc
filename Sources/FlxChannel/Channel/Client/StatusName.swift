import CFlxChannel

/// Every status of the header with its meaning: for `flx_status_name` and `flx_describe("errors")`.
enum StatusName {
    struct Entry: Sendable {
        let code: Int32
        let name: StaticString
        let meaning: StaticString
    }

    static let all: [Entry] = [
        // ---- made from tables/codes.toml by `make generate`: edit there, not here ----
        Entry(code: FLX_OK, name: "FLX_OK", meaning: "done"),
        Entry(code: FLX_AGAIN, name: "FLX_AGAIN", meaning: "the time given is over and there is more to do: call again"),
        Entry(code: FLX_DONE, name: "FLX_DONE", meaning: "the pull came to a proven end: no page"),
        Entry(code: FLX_BUSY, name: "FLX_BUSY", meaning: "another process does this work at the moment"),
        Entry(code: FLX_E_ARGUMENT, name: "FLX_E_ARGUMENT", meaning: "a pointer, length, number or name that is not allowed"),
        Entry(
            code: FLX_E_HANDLE, name: "FLX_E_HANDLE",
            meaning: "a handle that was freed, never made, or of another type or client"),
        Entry(code: FLX_E_UTF8, name: "FLX_E_UTF8", meaning: "text that is not UTF-8"),
        Entry(code: FLX_E_JSON, name: "FLX_E_JSON", meaning: "text that is not the JSON asked for"),
        Entry(code: FLX_E_CONFIG, name: "FLX_E_CONFIG", meaning: "a config key or value; the message names the nearest key"),
        Entry(
            code: FLX_E_ORDER, name: "FLX_E_ORDER",
            meaning: "an order with faults; the details list all of them with their paths"),
        Entry(code: FLX_E_ANSWER, name: "FLX_E_ANSWER", meaning: "an answer that the receipt does not allow; nothing was stored"),
        Entry(code: FLX_E_RECEIPT, name: "FLX_E_RECEIPT", meaning: "text that is not a receipt of this channel"),
        Entry(
            code: FLX_E_CONFLICT, name: "FLX_E_CONFLICT",
            meaning: "the order number is taken by an order of other content; nothing was sent"),
        Entry(
            code: FLX_E_USE, name: "FLX_E_USE",
            meaning: "not possible for this object, such as committing a page of a queue feed"),
        Entry(code: FLX_E_VERSION, name: "FLX_E_VERSION", meaning: "header and library do not fit"),
        Entry(
            code: FLX_E_OPERATION, name: "FLX_E_OPERATION",
            meaning: "an unknown operation, or arguments that do not fit its schema"),
        Entry(code: FLX_E_NOT_FOUND, name: "FLX_E_NOT_FOUND", meaning: "no such order, cursor or path here"),
        Entry(code: FLX_E_TOO_LARGE, name: "FLX_E_TOO_LARGE", meaning: "over a size limit"),
        Entry(
            code: FLX_E_STATE, name: "FLX_E_STATE",
            meaning: "the state file could not be read, written or made; the message says why"),
        Entry(
            code: FLX_E_STATE_BUSY, name: "FLX_E_STATE_BUSY",
            meaning: "another process or thread held the state for the whole wait; call again"),
        Entry(code: FLX_E_STATE_CORRUPT, name: "FLX_E_STATE_CORRUPT", meaning: "the state file is damaged; it was left as it is"),
        Entry(code: FLX_E_STATE_NEWER, name: "FLX_E_STATE_NEWER", meaning: "a newer release wrote the state file; upgrade"),
        Entry(
            code: FLX_E_IDENTITY, name: "FLX_E_IDENTITY",
            meaning: "the state belongs to another channel, origin or user; nothing was sent"),
        Entry(
            code: FLX_E_PATH, name: "FLX_E_PATH",
            meaning: "the state directory or a file in it cannot be used: the message names each and what to do"),
        Entry(
            code: FLX_E_CLIENT_BUSY, name: "FLX_E_CLIENT_BUSY",
            meaning: "another thread drives this client, or somebody else has the feed: who, says the message"),
        Entry(
            code: FLX_E_FORKED, name: "FLX_E_FORKED",
            meaning: "the object was opened before a fork; open a new one in the child"),
        Entry(code: FLX_E_CANCELED, name: "FLX_E_CANCELED", meaning: "the client's cancel was fired"),
        Entry(code: FLX_E_RATE_LIMIT, name: "FLX_E_RATE_LIMIT", meaning: "the rate limit file could not be used"),
        Entry(
            code: FLX_E_CONNECT, name: "FLX_E_CONNECT",
            meaning: "no connection to the hub: name, route, refused, connect timeout"),
        Entry(code: FLX_E_TLS, name: "FLX_E_TLS", meaning: "no trusted connection to the hub"),
        Entry(code: FLX_E_NETWORK, name: "FLX_E_NETWORK", meaning: "the connection broke or stalled after it was made"),
        Entry(code: FLX_E_PROTOCOL, name: "FLX_E_PROTOCOL", meaning: "bytes that are not HTTP, or over a limit"),
        Entry(code: FLX_E_TIMEOUT, name: "FLX_E_TIMEOUT", meaning: "the deadline of the call came first"),
        Entry(code: FLX_E_REDIRECT, name: "FLX_E_REDIRECT", meaning: "the hub answered with a redirect, which is never followed"),
        Entry(code: FLX_E_HUB, name: "FLX_E_HUB", meaning: "the hub answered with an error status"),
        Entry(
            code: FLX_E_TOKEN, name: "FLX_E_TOKEN",
            meaning: "401 or 403: the token is wrong or of another kind; the channel is paused"),
        Entry(
            code: FLX_E_THROTTLED, name: "FLX_E_THROTTLED",
            meaning: "the hub or the budget asks to wait; see FLX_ERROR_RETRY_AFTER_MS"),
        Entry(
            code: FLX_E_CONTRACT, name: "FLX_E_CONTRACT",
            meaning: "an answer that is not what the contract says, such as HTML for JSON"),
        Entry(code: FLX_E_PAGING, name: "FLX_E_PAGING", meaning: "the hub repeats a page or has no end; the pull was stopped"),
        Entry(
            code: FLX_E_REFUSED, name: "FLX_E_REFUSED",
            meaning: "the hub refused this request: 400, 404, 409, 413, 422 and the like"),
        Entry(
            code: FLX_E_UNAVAILABLE, name: "FLX_E_UNAVAILABLE",
            meaning: "the hub is failing; requests are held back until FLX_ERROR_RETRY_AFTER_MS"),
        Entry(code: FLX_E_INTERNAL, name: "FLX_E_INTERNAL", meaning: "a fault of this library; please report the message"),
        Entry(code: FLX_E_MEMORY, name: "FLX_E_MEMORY", meaning: "memory ran out"),
        // ---- end of what is made ----
    ]

    static let unknown: StaticString = "FLX_?"

    static func constant(_ code: Int32) -> StaticString {
        all.first { $0.code == code }?.name ?? unknown
    }

    static func of(_ code: Int32) -> String { "\(constant(code))" }
}
