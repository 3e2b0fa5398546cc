/// Why the hub does not do what was asked.
struct Refusal: Error, Equatable {
    var status: Int
    var message: String

    static func badRequest(_ message: String) -> Refusal { Refusal(status: 400, message: message) }
    static func notFound(_ what: String) -> Refusal { Refusal(status: 404, message: "\(what) not found") }

    /// The answer to a request for `path`, with a body of the wanted shape.
    func reply(body shape: String, path: String, now: Instant) -> Reply {
        switch shape {
        case "json": Reply.json(status, ["error": .string(message)])
        case "spring": Reply.json(status, springBody(path, now))
        case "text": Reply(status, .text(Array(message.utf8)))
        case "html": Reply.html(status, title: "\(status) \(Reason.phrase(status))")
        default: Reply(status)
        }
    }

    /// What Spring Boot writes by itself: `error` is the reason phrase, `message` what is wrong.
    private func springBody(_ path: String, _ now: Instant) -> JSONValue {
        [
            "timestamp": .string(now.iso.dropLast() + ".000+00:00"), "status": .integer(status),
            "error": .string(Reason.phrase(status)), "message": .string(message), "path": .string(path),
        ]
    }
}
