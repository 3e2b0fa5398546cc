extension Switch {
    static let latency = Switch("-", "latency.ms", .number(0...600_000), "0", "time an answer takes")
    static let jitter = Switch("-", "latency.jitter_ms", .number(0...600_000), "0", "up to so much more, drawn per request")
    static let latencyPlace = Switch(
        "-", "latency.place", .words(["after", "before", "split"]), "after",
        "whether the hub acts and then waits, waits and then acts, or half and half")
    static let framing = Switch(
        "-", "framing", .words(["length", "chunked", "gzip", "gzip_chunked", "close"]), "length",
        "how bodies travel; gzip only to a client that accepts it; close = until the connection ends")
    static let connection = Switch(
        "-", "connection", .words(["keep", "close"]), "keep", "close = Connection: close on every answer")
    static let contentType = Switch(
        "-", "content_type", .words(["json", "json_charset", "none", "text", "utf16"]), "json", "Content-Type of JSON bodies")
    static let byteMark = Switch("-", "byte_mark", .words(["off", "on"]), "off", "a UTF-8 byte order mark before JSON bodies")

    static let deliverySwitches = [latency, jitter, latencyPlace, framing, connection, contentType, byteMark]
}
