/// Makes one of our errors of what the server or the way to it says. The words are libpq's, in which no password stands.
enum ServerFault {
    /// Of the code of an error (SQLSTATE), of which the first two characters are its class.
    static func error(_ sqlState: String, _ message: String) -> StateError {
        let text = Redaction.clean(message, longest: 300)
        let code: String? = sqlState
        if code.spells("23505") { return .exists }
        // Waits that were cut, by us or by a timeout of the role; and deadlocks, which none of ours make.
        for busy in ["55P03", "57014", "40001", "40P01"] where Text.isSame(sqlState, busy) { return .busy(waitedMs: 0) }
        if code.spells("53100") { return .full }
        if code.spells("53200") { return .memory }
        if code.spells("25006") || code.spells("25P02") {
            return .server(
                waitedMs: 0, "\(text); name the primary in \(SettingName.stateURL.text), or add target_session_attrs=read-write")
        }
        if code.spells("42501") {
            return .path(
                reason: "\(text); the role of \(SettingName.stateURL.text) must own a schema that comes first in its search_path")
        }
        if code.spells("3F000") {
            return .path(
                reason:
                    "\(text); make a schema for this channel and put it first in the search_path of \(SettingName.stateURL.text)")
        }
        for place in ["28", "3D"] where Text.begins(sqlState, place) {
            return .path(reason: "\(SettingName.stateURL.text): \(text)")
        }
        for damage in ["42", "XX"] where Text.begins(sqlState, damage) { return .corrupt(detail: text) }
        return .server(waitedMs: 0, text)
    }

    /// The way to it is not there, or is no more.
    static func way(_ message: String) -> StateError {
        let line = Array(message.utf8.prefix { $0 != UInt8(ascii: "\n") })
        // A server that refuses the session says so in its own words, behind a code: `FATAL:  28P01: ...`
        let mark = Array(":  ".utf8)
        for at in line.indices where line[at...].starts(with: mark) {
            let code = line[(at + 3)...].prefix(5)
            let isCode = code.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
            }
            guard code.count == 5, isCode, line[(at + 8)...].first == UInt8(ascii: ":") else { continue }
            return error(
                String(decoding: code, as: UTF8.self), String(decoding: line[(at + 9)...].drop { $0 == 0x20 }, as: UTF8.self))
        }
        let said = line.isEmpty ? "the session was lost" : String(decoding: line, as: UTF8.self)
        return .server(waitedMs: 0, Redaction.clean(said, longest: 300))
    }
}
