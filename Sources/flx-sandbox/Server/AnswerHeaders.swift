/// Headers every answer has, or lacks when a switch says so.
enum AnswerHeaders {
    static func date(_ hub: Hub) -> [Header] {
        let now = hub.now + hub.switches.number(.dateSkew)
        let values: [String] =
            switch hub.switches[.dateHeader] {
            case "off": []
            case "epoch": [Instant(seconds: 0).httpDate]
            case "two": [now.httpDate, (now + 3600).httpDate]
            case "garbage": ["yesterday"]
            case "rfc850": [now.rfc850Date]
            case "asctime": [now.asctimeDate]
            default: [now.httpDate]
            }
        return values.map { Header("Date", $0) }
    }

    static func contentType(_ content: Reply.Content, _ switches: Switches) -> [Header] {
        switch content {
        case .none: return []
        case .file(let type, _): return [Header("Content-Type", type)]
        case .text: return [Header("Content-Type", "text/plain; charset=utf-8")]
        case .html: return [Header("Content-Type", "text/html; charset=utf-8")]
        case .json:
            switch switches[.contentType] {
            case "none": return []
            case "text": return [Header("Content-Type", "text/plain")]
            case "json_charset": return [Header("Content-Type", "application/json;charset=UTF-8")]
            case "utf16": return [Header("Content-Type", "application/json; charset=utf-16")]
            default: return [Header("Content-Type", "application/json")]
            }
        }
    }
}
